#include "core/hedge/exposure.h"

#include <math.h>
#include <string.h>

static const double WING_POINTS = 100;

/* The listed strike nearest to one; of equals the lower. */
static size_t nearest(const double *strikes, size_t count, double strike)
{
    size_t lo = 0, hi = count - 1;

    while (hi - lo > 1) {
        size_t middle = (lo + hi) / 2;

        if (strikes[middle] <= strike) {
            lo = middle;
        } else {
            hi = middle;
        }
    }
    return fabs(strikes[hi] - strike) < fabs(strikes[lo] - strike) ? hi : lo;
}

/* Index of the first strike at least so far away; count: none. */
static size_t beyond(const double *strikes, size_t count, size_t from, double away)
{
    size_t i = from;

    while (i < count && (strikes[i] - strikes[from]) * (away > 0 ? 1 : -1) < fabs(away)) {
        i += away > 0 ? 1 : (size_t)-1; /* below 0 it is beyond count */
    }
    return i < count ? i : count;
}

static double price_of(const vw_exposure_smile *smile, char type, double strike, double *delta)
{
    vw_leg_mark mark;

    vw_exposure_mark(smile, type, strike, &mark);
    *delta = mark.greeks.delta;
    return mark.greeks.price;
}

/* The strike furthest from the money, from `bought` to `sold`, whose option costs at least so much:
 * it only grows dearer on the way. */
static size_t dear_enough(const vw_exposure_smile *smile, const double *strikes, char type,
                          size_t bought, size_t sold, double price)
{
    size_t cheap = bought, dear = sold;
    double delta;

    if (price_of(smile, type, strikes[bought], &delta) >= price) {
        return bought;
    }
    while (cheap + 1 < dear || dear + 1 < cheap) {
        size_t middle = (cheap + dear) / 2;

        if (price_of(smile, type, strikes[middle], &delta) >= price) {
            dear = middle;
        } else {
            cheap = middle;
        }
    }
    return dear;
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
    size_t wing = beyond(strikes, count, sold, way * WING_POINTS);
    char sold_type = sells_delta ? 'C' : 'P', bought_type = sells_delta ? 'P' : 'C';
    double sold_delta, bought_delta, wing_delta;

    if (wing == count) {
        return false;
    }
    double credit = price_of(smile, sold_type, strikes[sold], &sold_delta) -
                    price_of(smile, sold_type, strikes[wing], &wing_delta);

    bought = dear_enough(smile, strikes, bought_type, bought, sold, credit);
    double premium = price_of(smile, bought_type, strikes[bought], &bought_delta) - credit;

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

bool vw_exposure_has_deltas(const vw_hedge_inputs *inputs, const vw_hedge_condor *condor)
{
    for (size_t i = 0; i < inputs->delta_count; i++) {
        const vw_hedge_delta_candidate *one = &inputs->deltas[i];

        if (one->expiry == condor->expiry &&
            strncmp(one->root, condor->root, sizeof one->root) == 0) {
            return true;
        }
    }
    return inputs->delta_count == VW_HEDGE_DELTAS_MAX;
}

void vw_exposure_deltas(const vw_exposure_smile *smile, const vw_hedge_condor *condor,
                        char settlement, const double *strikes, size_t count,
                        vw_hedge_inputs *inputs)
{
    static const double deviations[] = {0, 1};

    for (size_t i = 0;
         count > 0 && i < 2 * VW_COUNT_OF(deviations) && inputs->delta_count < VW_HEDGE_DELTAS_MAX;
         i++) {
        vw_hedge_delta_candidate *to = &inputs->deltas[inputs->delta_count];

        if (make(smile, strikes, count, i % 2 == 0, deviations[i / 2], to)) {
            memcpy(to->root, condor->root, sizeof to->root);
            to->expiry = condor->expiry;
            to->settlement = settlement;
            inputs->delta_count++;
        }
    }
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
