/* black.h: Black (1976) price and greeks of European options on a forward.
 *
 * vw_black is the reference: one option at a time, libm, written to be read beside the paper.
 * The engine computes the same through vw_kernels, lanes at a time.
 *
 * Units    index points, years, vol as a fraction (0.20 is 20 %).  Greeks are plain derivatives
 *          (per 1.00 vol, per year, discounted); desk units are made in hedge/portfolio.c only.
 * Shapes   every array has `count` elements, one per option; outputs do not overlap inputs.  An
 *          output pointer that is NULL is not computed.
 * Domain   forward, strike, discount > 0, vol >= 0, all finite, side +1 or -1.  years <= 0: status
 *          expired, intrinsic, delta 0 or side * discount (dual delta its negative), all else 0.
 *          vol sqrt(years) = 0 with years > 0: status at_intrinsic, the same values.  Anything
 *          else outside gets status bad_input and NaN in every output: the only NaN there is,
 *          and callers keep it inside.  A derivative beyond the doubles is +-DBL_MAX, never
 *          infinite.  A density below 3e-307, 37.5 deviations out, may count as 0, as may one
 *          times the forward.
 * Errors   price: 2^-52 (64 + 8 d^2) of the out-of-the-money value, d = max(|d1|, |d2|); delta,
 *          gamma, vega, duals 2^-52 8 (1 + d^2) of themselves, the others 16 (1 + d^2) of the sum
 *          of their terms; theta besides what the price in it has.
 * Threads  pure functions of their arguments.
 * Source   F. Black, "The pricing of commodity contracts", J. Financial Economics 3 (1976);
 *          formulas of the second row: mathematics.md section 3. */
#ifndef VW_CORE_PRICING_BLACK_H
#define VW_CORE_PRICING_BLACK_H

#include "core/base/status.h"

typedef struct vw_black_inputs {
    const double *forward, *strike, *years, *vol, *discount;
    const double *side; /* +1 call, -1 put */
    const double *rate; /* continuous; NULL: -ln(discount) / years, which loses the rate's last
                           digits when years are few */
} vw_black_inputs;

/* The same with what one expiry shares given once; log_strike is ln(strike), stored by the owner.
 * The rounding of the stored logarithm is the one loss: 2^-52 L (1 + d) / s relative, s = vol
 * sqrt(years), L the larger of |ln(forward)| and |ln(strike)|; twice that near a forward of 1. */
typedef struct vw_expiry_inputs {
    double forward, years, discount;
    const double *strike, *log_strike, *vol;
    const double *side; /* +1 call, -1 put */
} vw_expiry_inputs;

typedef struct vw_black_outputs {
    double *price; /* discounted */
    double *delta; /* d price / d forward */
    double *gamma; /* d2 price / d forward2 */
    double *vega;  /* d price / d vol */
    double *theta; /* d price / d time passing, forward and vol fixed */
    double *rho;   /* d price / d rate at fixed forward: -years * price */
    double *vanna; /* d2 price / d forward d vol */
    double *volga; /* d2 price / d vol2 */
    double *charm; /* d delta / d time passing */
    /* On request: */
    double *veta, *speed, *color, *zomma, *ultima, *dual_delta, *dual_gamma;
    uint8_t *status; /* vw_status */
} vw_black_outputs;

/* vw_black_outputs_from returns the arrays from element i on; NULL stays NULL. */
vw_black_outputs vw_black_outputs_from(const vw_black_outputs *out, size_t i);

/* vw_black_discount returns exp(-rate years), 1 for years <= 0; right to the last digits also where
 * the exponent is large and its own rounding would cost as many epsilons. */
double vw_black_discount(double rate, double years);

/* vw_black prices `count` options and returns how many were bad_input. */
size_t vw_black(const vw_black_inputs *in, const vw_black_outputs *out, size_t count);

/* vw_black_expiry does the same for options of one expiry. */
size_t vw_black_expiry(const vw_expiry_inputs *in, const vw_black_outputs *out, size_t count);

/* vw_black_strikes prices the call and the put of each strike, the same bits as either alone; side
 * is not read.  Returns how many strikes were bad_input. */
size_t vw_black_strikes(const vw_expiry_inputs *in, const vw_black_outputs *call,
                        const vw_black_outputs *put, size_t count);

#endif
