#include "core/hedge/turn.h"
#include "core/pricing/normal.h"

#include <math.h>
#include <string.h>

static const double MULTIPLIER = 100;

/* The four strikes of a condor as indices into the chain. */
typedef struct strikes {
    size_t put_wing, put_short, call_short, call_wing;
    double credit, delta, miss;
} strikes;

/* Q(S_T < level) between the listed strikes; NaN outside. */
static double below(const vw_entry_chain *chain, double level)
{
    size_t lo = 0, hi = chain->count - 1;

    if (!(level >= chain->strike[lo]) || !(level <= chain->strike[hi])) {
        return NAN;
    }
    while (hi - lo > 1) {
        size_t middle = (lo + hi) / 2;

        if (chain->strike[middle] <= level) {
            lo = middle;
        } else {
            hi = middle;
        }
    }
    double along = (level - chain->strike[lo]) / (chain->strike[hi] - chain->strike[lo]);

    return chain->below[lo] + along * (chain->below[hi] - chain->below[lo]);
}

/* The listed strike at least a wing away, or count. */
static size_t wing_of(const vw_entry_chain *chain, size_t short_strike, double away)
{
    double level = chain->strike[short_strike] + away;

    if (away > 0) {
        for (size_t i = short_strike + 1; i < chain->count; i++) {
            if (chain->strike[i] >= level) {
                return i;
            }
        }
        return chain->count;
    }
    for (size_t i = short_strike; i-- > 0;) {
        if (chain->strike[i] <= level) {
            return i;
        }
    }
    return chain->count;
}

static bool measure(const vw_entry_chain *chain, strikes *at)
{
    double put = chain->put[at->put_short] - chain->put[at->put_wing];
    double call = chain->call[at->call_short] - chain->call[at->call_wing];
    double width = fmax(chain->strike[at->put_short] - chain->strike[at->put_wing],
                        chain->strike[at->call_wing] - chain->strike[at->call_short]);

    at->credit = put + call;
    at->delta = chain->call_delta[at->put_wing] - chain->call_delta[at->put_short] +
                chain->call_delta[at->call_wing] - chain->call_delta[at->call_short];
    return put > 0 && call > 0 && at->credit < width && isfinite(at->delta);
}

/* The band of standard deviations as probabilities of ending beyond: compared as they are, a search
 * needs no quantiles. */
typedef struct z_band {
    double nearest, furthest, middle;
} z_band;

static z_band band_of(const vw_turn *turn)
{
    const vw_hedge_settings *set = turn->set;
    double shift = set->entry_macro_z * vw_turn_value(turn, VW_SIGNAL_MACRO, 0);
    double lo = set->entry_z_lo + shift, hi = set->entry_z_hi + shift;

    return (z_band){.nearest = vw_normal_cdf(-lo),
                    .furthest = vw_normal_cdf(-hi),
                    .middle = vw_normal_cdf(-0.5 * (lo + hi))};
}

static bool inside(const z_band *band, double beyond)
{
    return beyond <= band->nearest && beyond >= band->furthest;
}

/* Both break-evens inside the band; miss is how far from its middle. */
static bool fits(const vw_turn *turn, const vw_entry_chain *chain, const z_band *band, strikes *at)
{
    if (!measure(chain, at) || fabs(at->delta) > turn->set->entry_delta) {
        return false;
    }
    double put = below(chain, chain->strike[at->put_short] - at->credit);
    double call = 1 - below(chain, chain->strike[at->call_short] + at->credit);

    at->miss = fabs(put - band->middle) + fabs(call - band->middle);
    return inside(band, put) && inside(band, call);
}

/* A break-even lies beyond its short strike: a strike further out than the band is too far. */
static bool search(const vw_turn *turn, const vw_entry_chain *chain, strikes *best)
{
    const z_band band = band_of(turn);
    bool found = false;

    for (size_t put = 0; put < chain->count && chain->strike[put] < chain->forward; put++) {
        size_t put_wing = wing_of(chain, put, -turn->set->entry_wing);

        if (put_wing == chain->count || !(chain->below[put] >= band.furthest)) {
            continue;
        }
        for (size_t call = put + 1; call < chain->count; call++) {
            strikes at = {.put_wing = put_wing,
                          .put_short = put,
                          .call_short = call,
                          .call_wing = wing_of(chain, call, turn->set->entry_wing)};

            if (chain->strike[call] <= chain->forward || at.call_wing == chain->count ||
                !(1 - chain->below[call] >= band.furthest)) {
                continue;
            }
            if (fits(turn, chain, &band, &at) && (!found || at.miss < best->miss)) {
                *best = at;
                found = true;
            }
        }
    }
    return found;
}

static void propose(vw_turn *turn, const vw_entry_chain *chain, const strikes *at)
{
    const struct {
        char type;
        size_t strike;
        double contracts;
    } steps[] = {{'P', at->put_wing, 1},
                 {'C', at->call_wing, 1},
                 {'P', at->put_short, -1},
                 {'C', at->call_short, -1}};
    double width = fmax(chain->strike[at->put_short] - chain->strike[at->put_wing],
                        chain->strike[at->call_wing] - chain->strike[at->call_short]);
    double span = (chain->strike[at->call_short] - chain->strike[at->put_short]) / chain->forward;
    vw_proposal *proposal =
        vw_proposal_add(turn, VW_PROPOSAL_ENTRY, VW_REASON_ENTRY, VW_URGENCY_PATIENT);

    if (proposal == NULL) {
        return;
    }
    for (size_t i = 0; i < VW_COUNT_OF(steps); i++) {
        vw_proposal_step step = {.expiry = chain->expiry,
                                 .type = steps[i].type,
                                 .strike = chain->strike[steps[i].strike],
                                 .contracts = steps[i].contracts};

        memcpy(step.root, chain->root, sizeof step.root);
        vw_proposal_step_add(proposal, &step);
    }
    proposal->cash_usd = at->credit * MULTIPLIER;
    proposal->margin_usd = proposal->worst_loss_usd = (width - at->credit) * MULTIPLIER;
    vw_turn_reason(turn, VW_REASON_ENTRY);
    if (span < turn->set->span_lo || span > turn->set->span_hi) {
        vw_turn_warn(turn, VW_WARNING_CONDOR_SPAN);
    }
}

/* From the end of the window of an FOMC decision to the end of its session. */
static bool after_fomc(const vw_turn *turn)
{
    static const int64_t REST_OF_SESSION_NS = INT64_C(6) * 3600 * 1000000000;

    for (size_t i = 0; i < turn->in->event_count; i++) {
        int64_t since_ns = turn->in->now_ns - turn->in->events[i].instant_ns;

        if (turn->in->events[i].kind == VW_ANNOUNCEMENT_FOMC &&
            since_ns > turn->set->event_after_ns && since_ns < REST_OF_SESSION_NS) {
            return true;
        }
    }
    return false;
}

void vw_entry_take(vw_turn *turn)
{
    const vw_entry_chain *chain = turn->in->entry;
    strikes best = {0};

    if (chain == NULL || chain->count < 4 || !turn->may_sell ||
        !(turn->in->entry_asked || after_fomc(turn)) || chain->days < turn->set->entry_days_lo ||
        chain->days > turn->set->entry_days_hi) {
        return;
    }
    if (search(turn, chain, &best)) {
        propose(turn, chain, &best);
    }
}
