#include "core/vol/regime.h"

#include "core/market/event.h"

static const int64_t MINUTE_NS = INT64_C(60000000000);
static const int64_t PRICE_MAX = INT64_C(1000000000) * VW_PRICE_ONE; /* products stay in int64 */

const vw_regime_limits vw_regime_defaults = {
    .contango_permille = 35,
    .contango_return_permille = 40,
    .flat_return_permille = 5,
    .inverted_points = 3 * VW_PRICE_ONE,
    .armed_points = 2 * VW_PRICE_ONE,
    .inverted_leave_points = 3 * VW_PRICE_ONE / 2,
    .dwell_ns = 15 * MINUTE_NS,
};

static bool contango_at_least(const vw_vx_pair *pair, int64_t permille)
{
    return pair->vx2 * 1000 >= pair->vx1 * (1000 + permille);
}

static vw_regime raw_regime(const vw_regime_limits *limits, const vw_vx_pair *pair)
{
    if (pair->vx1 - pair->vx2 > limits->inverted_points) {
        return VW_REGIME_INVERTED;
    }
    if (pair->vx2 < pair->vx1) {
        return VW_REGIME_BACKWARDATION;
    }
    return contango_at_least(pair, limits->contango_permille) ? VW_REGIME_CONTANGO : VW_REGIME_FLAT;
}

/* Where the pair leads from the present regime, dwells apart. */
static vw_regime next_regime(const vw_regime_machine *machine, const vw_vx_pair *pair)
{
    const vw_regime_limits *limits = &machine->limits;
    vw_regime now = machine->regime, raw = raw_regime(limits, pair);

    if (now == VW_REGIME_UNKNOWN || raw >= now) {
        return raw;
    }
    if (now == VW_REGIME_INVERTED && pair->vx1 - pair->vx2 >= limits->inverted_leave_points) {
        return now;
    }
    if (contango_at_least(pair, limits->contango_return_permille)) {
        return VW_REGIME_CONTANGO;
    }
    if (now == VW_REGIME_FLAT || contango_at_least(pair, limits->flat_return_permille)) {
        return VW_REGIME_FLAT;
    }
    return VW_REGIME_BACKWARDATION;
}

static void change(vw_regime_machine *machine, vw_regime to, vw_regime_reason reason, int64_t at_ns)
{
    machine->regime = to;
    machine->reason = reason;
    machine->since_ns = at_ns;
    machine->roll_target = VW_REGIME_UNKNOWN;
}

/* Lets market time pass with the market as it last stood. */
static void pass_time(vw_regime_machine *machine, int64_t market_ns)
{
    int64_t dwell_ns = machine->limits.dwell_ns;
    int64_t passed_ns = market_ns - machine->last_ns;

    if (!machine->live || passed_ns <= 0) {
        return;
    }
    if (machine->roll_target != VW_REGIME_UNKNOWN) {
        int64_t left_ns = dwell_ns - machine->roll_ns;

        machine->roll_ns += passed_ns;
        if (passed_ns >= left_ns) {
            change(machine, machine->roll_target, VW_REGIME_REASON_ROLL,
                   machine->last_ns + left_ns);
        }
    }
    if (machine->last.vx1 - machine->last.vx2 > machine->limits.armed_points) {
        int64_t left_ns = dwell_ns - machine->armed_ns;

        machine->armed_ns += passed_ns;
        if (passed_ns >= left_ns && machine->regime != VW_REGIME_INVERTED) {
            int64_t passed_by_ns = left_ns > 0 ? left_ns : 0;
            change(machine, VW_REGIME_INVERTED, VW_REGIME_REASON_DWELL,
                   machine->last_ns + passed_by_ns);
        }
    }
}

static void take_pair(vw_regime_machine *machine, const vw_vx_pair *pair, int64_t market_ns)
{
    vw_regime target = next_regime(machine, pair), now = machine->regime;

    if (now == VW_REGIME_UNKNOWN) {
        change(machine, target, VW_REGIME_REASON_FIRST, market_ns);
    } else if (pair->vx1_expiry != machine->last.vx1_expiry) {
        machine->armed_ns = 0;
        machine->roll_ns = 0;
        machine->roll_target = target != now ? target : VW_REGIME_UNKNOWN;
    } else if (target == now) {
        machine->roll_target = VW_REGIME_UNKNOWN;
    } else if (machine->roll_target == VW_REGIME_UNKNOWN ||
               (target > now && target > machine->roll_target)) {
        change(machine, target, VW_REGIME_REASON_THRESHOLD, market_ns);
    } else {
        machine->roll_target = target;
    }
    if (pair->vx1 - pair->vx2 <= machine->limits.armed_points) {
        machine->armed_ns = 0;
    }
    machine->last = *pair;
}

void vw_regime_init(vw_regime_machine *machine, const vw_regime_limits *limits)
{
    *machine = (vw_regime_machine){.limits = *limits};
}

vw_regime vw_regime_update(vw_regime_machine *machine, const vw_vx_pair *pair, int64_t market_ns)
{
    bool live = pair->live && pair->vx1 > 0 && pair->vx2 > 0 && pair->vx1 <= PRICE_MAX &&
                pair->vx2 <= PRICE_MAX;

    pass_time(machine, market_ns);
    if (live) {
        take_pair(machine, pair, market_ns);
    }
    machine->live = live;
    if (market_ns > machine->last_ns) {
        machine->last_ns = market_ns;
    }
    return machine->regime;
}

const char *vw_regime_name(vw_regime regime)
{
    static const char *const names[] = {"unknown", "contango", "flat", "backwardation", "inverted"};

    return (size_t)regime < VW_COUNT_OF(names) ? names[regime] : "unknown";
}
