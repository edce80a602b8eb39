/* reasons.h: why the hedge engine decided as it did, and what it warns of, as enumerations.
 *
 * A decision carries sets of them (vw_reason_set); proposals carry one.  The texts are for
 * `--explain` and watch: one phrase each.
 *
 * Source   hedge-engine.md sections 3 and 4; the numbers in the texts are the rules'. */
#ifndef VW_CORE_HEDGE_REASONS_H
#define VW_CORE_HEDGE_REASONS_H

#include "core/base/base.h"

/* clang-format off */
#define VW_REASONS(X) \
    X(FIRST,              "first",              "first decision: raw thresholds") \
    X(REGIME_CHANGED,     "regime_changed",     "S1: the regime changed") \
    X(REGIME_ROLL,        "regime_roll",        "S1: changed by a new VX1 alone, after its dwell") \
    X(LEVEL_CHANGED,      "level_changed",      "S2: the level changed") \
    X(HELD_STALE,         "held_stale",         "input stale: regime, level and r held, nothing sold") \
    X(HELD_ABSENT,        "held_absent",        "input never given: nothing sold, no new risk") \
    X(FLAT_RSI,           "flat_rsi",           "1: RSI of VIX in the middle, 25 % asked") \
    X(NEAR_BREAK_EVEN,    "near_break_even",    "12: spot near a break-even") \
    X(TRANCHE_UP,         "tranche_up",         "12: a tranche more released") \
    X(TRANCHE_DOWN,       "tranche_down",       "12: a tranche less after its closes") \
    X(HEADLINE,           "headline",           "11: a headline: at most a third until the close") \
    X(E1_CAP,             "e1_cap",             "1: r capped in E1") \
    X(CAPM_SCALED,        "capm_scaled",        "4: r scaled by the hedge's fair cost") \
    X(MACRO_SCALED,       "macro_scaled",       "1: r scaled by S13") \
    X(HEAVY_BREAK_EVEN,   "heavy_break_even",   "2: heavy layer by break-even distance") \
    X(HEAVY_TIE,          "heavy_tie",          "2: heavy layer L3 by tie, breadth or REER") \
    X(HEAVY_POSTURE,      "heavy_posture",      "2: heavy layer by posture after its closes") \
    X(HEAVY_SHIFTED,      "heavy_shifted",      "2: heavy layer one longer, MACD of the spread") \
    X(ROTATED,            "rotated",            "3: decoupled: VX1 legs to a later month") \
    X(SHIFTED,            "shifted",            "6: RSI of VX1/VX2: hedge one month out") \
    X(SHIFT_WAITS,        "shift_waits",        "6, 10: a roll waits for the event window's end") \
    X(SHIFT_REFUSED,      "shift_refused",      "6: no roll into a dearer month") \
    X(THETA_INVERTED,     "theta_inverted",     "6: a condor's decay has inverted") \
    X(SOLVED,             "solved",             "4: solved anew") \
    X(SOLVE_WAITS,        "solve_waits",        "5: one batch at a time: a solve waits") \
    X(DRIFT_FLAGGED,      "drift_flagged",      "5: drift beyond the band") \
    X(GUARDRAIL,          "guardrail",          "5: drift traded back to the edge of the band") \
    X(SALE_KEYS,          "sale_keys",          "16: a sale wants two keys") \
    X(SALE_EVENT,         "sale_event",         "10: a sale waits for the event window's end") \
    X(STOP,               "stop",               "7: sold premium stopped") \
    X(EXIT_RSI,           "exit_rsi",           "7: RSI(21) of CM30 low") \
    X(TRIMMED,            "trimmed",            "7: long legs trimmed to target") \
    X(PROFIT,             "profit",             "7: option hedge worth a multiple of its cost") \
    X(QUICK_RATIO_SALE,   "quick_ratio_sale",   "7: the furthest leg sold to restore the quick ratio") \
    X(CASH_PRESS,         "cash_press",         "3: VIX premium sold") \
    X(CALENDAR,           "calendar",           "3: a VIX calendar while decoupled") \
    X(PUT_SPREAD,         "put_spread",         "3: near put spreads sold against the condor") \
    X(DELTA,              "delta",              "8: delta beyond its limit") \
    X(WING_NEARER,        "wing_nearer",        "13: a wing one strike nearer") \
    X(WING_BACK,          "wing_back",          "13: a wing one strike back") \
    X(ENTRY,              "entry",              "14: a new condor") \
    X(BUDGET,             "budget",             "preset: spend by the level of VX1") \
    X(LADDER,             "ladder",             "preset: calls per unit of book") \
    X(NO_INSTRUMENT,      "no_instrument",      "3: nothing listed that this regime may buy") \
    X(NOTIONAL_CAP,       "notional_cap",       "1: hedge notional at its cap")

#define VW_WARNINGS(X) \
    X(CONDOR_SIZE,        "condor_size",        "9: a condor above 5 % of capital") \
    X(CONDOR_DAYS,        "condor_days",        "9: entered outside 45-60 days") \
    X(CONDOR_SPAN,        "condor_span",        "9: short strikes span below 15 % or above 20 %") \
    X(CONDOR_CREDIT,      "condor_credit",      "9: weekly credit outside 1-2 %") \
    X(HEDGE_COST,         "hedge_cost",         "9: hedge above 0.3 % of equity a month") \
    X(EROSION,            "erosion",            "9: hedge to expiry above 10 % of the credit") \
    X(PAPER,              "paper",              "9: on paper: two volatility cycles not yet seen") \
    X(INFEASIBLE,         "infeasible",         "4: band unreachable: cut condors") \
    X(REDUCE_CONDORS,     "reduce_condors",     "7: the quick ratio needs fewer condors") \
    X(QUICK_RATIO,        "quick_ratio",        "7: quick ratio below its least") \
    X(NAKED,              "naked",              "the book holds a short that nothing covers") \
    X(LAYER_FAR,          "layer_far",          "a condor beyond 90 days counts as layer 4") \
    X(LAYER_NO_VEGA,      "layer_no_vega",      "hedges in a layer without condor vega") \
    X(BREACHED,           "breached",           "a break-even is breached") \
    X(INPUT_REFUSED,      "input_refused",      "an input was not finite or out of range, left out") \
    X(PROPOSALS_FULL,     "proposals_full",     "more to propose than one decision holds") \
    X(VOLGA,              "volga",              "a condor so near expiry that a full offset misses by 20 %") \
    X(LEG_UNPRICED,       "leg_unpriced",       "a leg of the book has no price: held") \
    X(LEG_APART,          "leg_apart",          "a hedge leg that no rule trades: not in r")
/* clang-format on */

typedef enum vw_reason {
#define X(name, text, phrase) VW_REASON_##name,
    VW_REASONS(X)
#undef X
        VW_REASON_COUNT,
} vw_reason;

typedef enum vw_warning {
#define X(name, text, phrase) VW_WARNING_##name,
    VW_WARNINGS(X)
#undef X
        VW_WARNING_COUNT,
} vw_warning;

typedef uint64_t vw_reason_set; /* bit per vw_reason, or per vw_warning */

/* The word ("regime_changed") and the phrase of each. */
const char *vw_reason_name(vw_reason reason);
const char *vw_reason_text(vw_reason reason);
const char *vw_warning_name(vw_warning warning);
const char *vw_warning_text(vw_warning warning);

#endif
