#include "core/hedge/exposure.h"

#include <math.h>
#include <string.h>

static size_t nearest(const double *strikes, size_t count, double strike)
{
    size_t best = 0;

    for (size_t i = 1; i < count; i++) {
        best = fabs(strikes[i] - strike) < fabs(strikes[best] - strike) ? i : best;
    }
    return best;
}

static double price_of(const vw_exposure_smile *smile, char type, double strike, double *delta)
{
    vw_leg_mark mark;

    vw_exposure_mark(smile, type, strike, &mark);
    *delta = mark.greeks.delta;
    return mark.greeks.price;
}

/* Buys one option, sells another, and buys the wing of what is sold; the long strike moves towards
 * the money until the package is paid for, not paid out. */
static bool make(const vw_exposure_smile *smile, const double *strikes, size_t count,
                 bool sells_delta, double deviations, vw_hedge_delta_candidate *to)
{
    double sd = vw_slice_at(smile->slice, 0, smile->years).vol * sqrt(smile->years) * deviations;
    int way = sells_delta ? 1 : -1; /* of the sold call above, or the sold put below */
    size_t sold = nearest(strikes, count, smile->forward * exp(way * sd));
    size_t bought = nearest(strikes, count, smile->forward * exp(-way * sd));
    size_t wing = sells_delta ? sold + 4 : sold - 4; /* wraps to a number beyond count */
    char sold_type = sells_delta ? 'C' : 'P', bought_type = sells_delta ? 'P' : 'C';
    double sold_delta, bought_delta, wing_delta, premium;

    if (wing >= count) {
        return false;
    }
    for (;;) {
        premium = price_of(smile, bought_type, strikes[bought], &bought_delta) +
                  price_of(smile, sold_type, strikes[wing], &wing_delta) -
                  price_of(smile, sold_type, strikes[sold], &sold_delta);
        if (premium >= 0 || bought == sold) {
            break;
        }
        bought = bought < sold ? bought + 1 : bought - 1;
    }
    *to = (vw_hedge_delta_candidate){.long_type = bought_type,
                                     .short_type = sold_type,
                                     .long_strike = strikes[bought],
                                     .short_strike = strikes[sold],
                                     .wing_strike = strikes[wing],
                                     .delta = bought_delta + wing_delta - sold_delta,
                                     .premium = premium,
                                     .days = smile->days};
    return premium >= 0;
}

size_t vw_exposure_deltas(const vw_exposure_smile *smile, const double *strikes, size_t count,
                          vw_hedge_delta_candidate *to, size_t room)
{
    static const double deviations[] = {0, 1};
    size_t made = 0;

    for (size_t i = 0; count > 0 && i < 2 * VW_COUNT_OF(deviations) && made < room; i++) {
        made += make(smile, strikes, count, i % 2 == 0, deviations[i / 2], &to[made]);
    }
    return made;
}

/* FNV-1a; never 0. */
static uint32_t add(uint32_t hash, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ ((const unsigned char *)bytes)[i]) * UINT32_C(16777619);
    }
    return hash;
}

uint32_t vw_exposure_id(const vw_hedge_instrument *of)
{
    uint32_t hash = UINT32_C(2166136261);

    hash = add(hash, &of->kind, sizeof of->kind);
    hash = add(hash, of->root, strnlen(of->root, sizeof of->root));
    hash = add(hash, &of->expiry, sizeof of->expiry);
    hash = add(hash, &of->expiry_far, sizeof of->expiry_far);
    hash = add(hash, &of->strike, sizeof of->strike);
    hash = add(hash, &of->strike_far, sizeof of->strike_far);
    return hash != 0 ? hash : 1;
}

uint32_t vw_exposure_condor_id(const vw_condor *of)
{
    uint32_t hash = UINT32_C(2166136261);

    hash = add(hash, of->root, strnlen(of->root, sizeof of->root));
    hash = add(hash, &of->expiry, sizeof of->expiry);
    hash = add(hash, &of->put_short, sizeof of->put_short); /* wings may move */
    hash = add(hash, &of->call_short, sizeof of->call_short);
    hash = add(hash, &of->debit, sizeof of->debit);
    return hash != 0 ? hash : 1;
}
