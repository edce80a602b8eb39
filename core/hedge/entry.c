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

/* Q(S_T < level) between the listed strikes; NaN outside.  The search begins at a strike near it.
 */
static double below(const vw_entry_chain *chain, size_t near, double level)
{
    size_t lo = near;

    while (lo > 0 && chain->strike[lo] > level) {
        lo--;
    }
    while (lo + 2 < chain->count && chain->strike[lo + 1] <= level) {
        lo++;
    }
    lo = lo + 1 < chain->count ? lo : lo - 1;
    if (!(level >= chain->strike[lo]) || !(level <= chain->strike[lo + 1])) {
        return NAN;
    }
    double along = (level - chain->strike[lo]) / (chain->strike[lo + 1] - chain->strike[lo]);

    return chain->below[lo] + along * (chain->below[lo + 1] - chain->below[lo]);
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
    double put = below(chain, at->put_short, chain->strike[at->put_short] - at->credit);

    if (!inside(band, put)) {
        return false;
    }
    double call = 1 - below(chain, at->call_short, chain->strike[at->call_short] + at->credit);

    at->miss = fabs(put - band->middle) + fabs(call - band->middle);
    return inside(band, call);
}

/* No side is wider, and so no credit greater: a wing is the first strike far enough away. */
static double widest(const vw_turn *turn, const vw_entry_chain *chain)
{
    double gap = 0;

    for (size_t i = 1; i < chain->count; i++) {
        gap = fmax(gap, chain->strike[i] - chain->strike[i - 1]);
    }
    return turn->set->entry_wing + gap;
}

/* Strikes [first, last) of one side that may be sold: a break-even lies beyond its short strike, so
 * one further out than the band is too far; and it is no further from it than the widest credit,
 * so some are too near. */
typedef struct shorts {
    size_t first, last;
} shorts;

static shorts put_shorts(const vw_entry_chain *chain, const z_band *band, double credit)
{
    shorts range = {0, 0};

    while (range.first < chain->count && !(chain->below[range.first] >= band->furthest)) {
        range.first++;
    }
    range.last = range.first;
    while (range.last < chain->count && chain->strike[range.last] < chain->forward &&
           !(below(chain, range.last, chain->strike[range.last] - credit) > band->nearest)) {
        range.last++;
    }
    return range;
}

static shorts call_shorts(const vw_entry_chain *chain, const z_band *band, double credit)
{
    shorts range = {chain->count, chain->count};

    while (range.last > 0 && !(1 - chain->below[range.last - 1] >= band->furthest)) {
        range.last--;
    }
    range.first = range.last;
    while (range.first > 0 && chain->strike[range.first - 1] > chain->forward &&
           !(1 - below(chain, range.first - 1, chain->strike[range.first - 1] + credit) >
             band->nearest)) {
        range.first--;
    }
    return range;
}

static bool search(const vw_turn *turn, const vw_entry_chain *chain, strikes *best)
{
    const z_band band = band_of(turn);
    double credit = widest(turn, chain);
    shorts puts = put_shorts(chain, &band, credit), calls = call_shorts(chain, &band, credit);
    size_t wings[VW_ENTRY_STRIKES_MAX];
    bool found = false;

    for (size_t call = calls.first; call < calls.last; call++) {
        wings[call] = wing_of(chain, call, turn->set->entry_wing);
    }
    for (size_t put = puts.first; put < puts.last; put++) {
        size_t put_wing = wing_of(chain, put, -turn->set->entry_wing);

        for (size_t call = calls.first; put_wing < chain->count && call < calls.last; call++) {
            strikes at = {.put_wing = put_wing,
                          .put_short = put,
                          .call_short = call,
                          .call_wing = wings[call]};

            if (at.call_wing < chain->count && fits(turn, chain, &band, &at) &&
                (!found || at.miss < best->miss)) {
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
static bool after_fomc(const vw_hedge_settings *settings, const vw_hedge_inputs *inputs)
{
    static const int64_t REST_OF_SESSION_NS = INT64_C(6) * 3600 * 1000000000;

    for (size_t i = 0; i < inputs->event_count; i++) {
        int64_t since_ns = inputs->now_ns - inputs->events[i].instant_ns;

        if (inputs->events[i].kind == VW_ANNOUNCEMENT_FOMC && since_ns > settings->event_after_ns &&
            since_ns < REST_OF_SESSION_NS) {
            return true;
        }
    }
    return false;
}

bool vw_policy_wants_entry(const vw_hedge_settings *settings, const vw_hedge_inputs *inputs)
{
    return inputs->entry_asked || after_fomc(settings, inputs);
}

void vw_entry_take(vw_turn *turn)
{
    const vw_entry_chain *chain = turn->in->entry;
    strikes best = {0};

    if (chain == NULL || chain->count < 4 || chain->count > VW_ENTRY_STRIKES_MAX ||
        !turn->may_sell || !vw_policy_wants_entry(turn->set, turn->in) ||
        chain->days < turn->set->entry_days_lo || chain->days > turn->set->entry_days_hi) {
        return;
    }
    if (search(turn, chain, &best)) {
        propose(turn, chain, &best);
    }
}
