/* sample_book.h: a book that fits a chain, so that a demo without a portfolio file has one.
 *
 * 100 credit condors on the SPX expiry nearest 45 days (there the inner strikes are 6 % below and
 * 4 % above the forward and the wings 2 % further, nearer by the square root of shorter time, at
 * the nearest listed strikes), the next two VX months against them, and, with a VIX chain, a call
 * spread 25 % to 75 % above the VIX forward.  What a chain cannot give is left out.
 *
 * Memory   plain values.
 * Threads  the main thread, at start. */
#ifndef VW_TOOLS_SAMPLE_BOOK_H
#define VW_TOOLS_SAMPLE_BOOK_H

#include "core/hedge/portfolio.h"
#include "feeds/chain.h"

/* vw_sample_book_make fills portfolio for chains of one instant. */
void vw_sample_book_make(const vw_chain *chains, size_t count, int64_t instant_ns,
                         const vw_calendar *calendar, vw_portfolio *portfolio);

#endif
