/* chain.h: option chains as files: the exchange's delayed-quotes CSV and its relatives.
 *
 * Reads, plain or gz, or "-": the Cboe delayed-quotes page in each of its layouts (quotedata.csv,
 * the older quotedata.dat), the normalised CSV (expiry,root,strike,c_bid,...), and the
 * one-option-a-row layouts; columns by header name (chain_columns.h).  BOM, CRLF, blank lines and
 * `#` comments are accepted.  Of a file with quotes of several instants one instant is taken.
 *
 * Units    prices in index points as printed; vols as fractions; vendor greeks as printed; sizes
 *          in contracts; instants ns.
 * Memory   rows are allocated by vw_chain_read and handed back by vw_chain_free: start-up and
 *          commands only, never a feed or engine thread.
 * Errors   VW_ERR_DATA names file, line, and what was expected there.  Single bad rows are skipped
 *          and counted; more bad rows than good ones, binary data, a cut end are errors. */
#ifndef VW_FEEDS_CHAIN_H
#define VW_FEEDS_CHAIN_H

#include "core/base/error.h"
#include "core/market/calendar.h"
#include "core/market/symbol.h"

typedef struct vw_chain_row {
    vw_symbol symbol;
    char settlement;             /* 'A' or 'P', by the root */
    double bid, ask;             /* 0 = no such side */
    uint32_t bid_size, ask_size; /* 0 = not in the file */
    double vendor_iv, vendor_delta, vendor_gamma, vendor_theta,
        vendor_vega; /* NaN = not in the file; an IV of 0 means that none was computed */
    size_t line;     /* in the file, from 1 */
} vw_chain_row;

typedef struct vw_chain {
    char path[256];
    char underlying[8];   /* "SPX", "VIX", else the root of the first row */
    double spot;          /* NaN if unsaid */
    int64_t download_ns;  /* instant in the header; 0 if unsaid */
    char unread_time[96]; /* "line: 'text'" where the header has one that cannot be read */
    int64_t quote_ns;     /* instant of the quotes: a stated one, else by the delay rule (fit --at);
                             0 if the file says neither */
    bool synthetic;       /* a comment says so: made by a model, no market data */
    vw_chain_row *rows;   /* by root, expiry, strike, C before P; each symbol once */
    size_t count;
    size_t bad_rows;     /* skipped: unreadable, or given again further down */
    char first_bad[256]; /* "file:line: why" of the first of them */
} vw_chain;

/* vw_chain_read reads path.  The quote instant: a `# quote_time_ET=` or `asof_ET=` line, or a
 * column of quote times (the latest counts); else the download time minus 15 minutes when that
 * falls in 09:30-16:15 of a session, else 16:15 of the last session (13:15 on early closes). */
vw_err vw_chain_read(const char *path, const vw_calendar *calendar, vw_chain *chain,
                     vw_error *error);

/* vw_chain_read_at is vw_chain_read for a given `--at` (or NULL): where a file has quotes of
 * several instants and `at` is an instant, those of the last one not after it are taken. */
vw_err vw_chain_read_at(const char *path, const char *at, const vw_calendar *calendar,
                        vw_chain *chain, vw_error *error);

/* vw_chain_instant resolves `--at`: "quote" or NULL, "download", "vendor" (min(download, quote + 15
 * min); without a download time quote + 15 min), or an instant "2023-09-14T16:15:00" (New York),
 * "...Z" or "...-04:00"; a date alone is 16:15 of that day.  VW_ERR_USAGE if it is none of these,
 * VW_ERR_DATA if the file does not say what is asked for. */
vw_err vw_chain_instant(const vw_chain *chain, const char *at, int64_t *instant_ns,
                        vw_error *error);

void vw_chain_free(vw_chain *chain);

#endif
