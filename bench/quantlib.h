/* quantlib.h: QuantLib's SVI fit, begun where it can succeed.
 *
 * Threads  the main thread. */
#ifndef VW_BENCH_QUANTLIB_H
#define VW_BENCH_QUANTLIB_H

#include "bench/rivals/rivals.h"
#include "core/pricing/svi.h"
#include "core/vol/smile.h"

/* vw_quantlib_fit fits vols at the smile's strikes, at most VW_QUANTLIB_QUOTES_MAX; all NaN where
 * QuantLib throws.  Its own guess throws below 0.22 years: this one is read off the quotes. */
#define VW_QUANTLIB_QUOTES_MAX 1024
vw_svi vw_quantlib_fit(const vw_smile *smile, const double *vol);

#endif
