#include "tools/decision_json.h"

#include "core/hedge/decision.h"
#include "core/hedge/solve.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *word_of(const char *const *words, size_t count, unsigned value)
{
    return value < count ? words[value] : "unknown";
}

const char *vw_posture_word(unsigned posture)
{
    static const char *const words[] = {"steward", "promoter"};

    return word_of(words, VW_COUNT_OF(words), posture);
}

const char *vw_sizing_word(unsigned sizing)
{
    static const char *const words[] = {"vega", "budget", "ladder", "none"};

    return word_of(words, VW_COUNT_OF(words), sizing);
}

const char *vw_regime_reason_word(unsigned reason)
{
    static const char *const words[] = {"none", "first", "threshold", "dwell", "roll"};

    return word_of(words, VW_COUNT_OF(words), reason);
}

void vw_decision_leg_name(const vw_decision_leg_row *leg, char name[64])
{
    static const char *const words[VW_KIND_COUNT] = {
        "", "", "call ", "call spread ", "calendar ", "credit spread ", "", "put ", "put spread ",
    };
    int used = snprintf(name, 64, "%.8s", leg->root);
    bool option = leg->strike > 0;

    if (leg->expiry != 0) {
        used += snprintf(name + used, 64 - (size_t)used, " %04u-%02u-%02u", leg->expiry / 10000,
                         leg->expiry / 100 % 100, leg->expiry % 100);
    }
    if (option) {
        used += snprintf(name + used, 64 - (size_t)used, " %s%g",
                         leg->kind < VW_KIND_COUNT ? words[leg->kind] : "", leg->strike);
    }
    if (option && leg->strike_far > 0) {
        snprintf(name + used, 64 - (size_t)used, "/%g", leg->strike_far);
    }
}

/* ---- parts ---------------------------------------------------------------------------------- */

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *seconds(int64_t ns)
{
    return json_real((double)ns / 1e9);
}

static json_t *date(uint32_t yyyymmdd)
{
    return yyyymmdd != 0 ? json_sprintf("%04u-%02u-%02u", yyyymmdd / 10000, yyyymmdd / 100 % 100,
                                        yyyymmdd % 100)
                         : json_null();
}

static json_t *text(const char *padded, size_t size)
{
    return json_stringn(padded, strnlen(padded, size));
}

static json_t *reason_words(vw_reason_set set)
{
    json_t *list = json_array();

    for (int i = 0; i < VW_REASON_COUNT; i++) {
        if ((set >> i & 1) != 0) {
            json_array_append_new(list, json_string(vw_reason_name((vw_reason)i)));
        }
    }
    return list;
}

static json_t *warning_words(vw_reason_set set)
{
    json_t *list = json_array();

    for (int i = 0; i < VW_WARNING_COUNT; i++) {
        if ((set >> i & 1) != 0) {
            json_array_append_new(list, json_string(vw_warning_name((vw_warning)i)));
        }
    }
    return list;
}

static json_t *signals_json(const vw_signal_row *rows, size_t count)
{
    json_t *object = json_object();

    for (size_t i = 0; i < count; i++) {
        const vw_signal_row *row = &rows[i];
        bool out = (row->flags & (VW_SIGNAL_ABSENT | VW_SIGNAL_STALE)) != 0;

        json_object_set_new(object, vw_signal_name((vw_signal_id)row->signal),
                            json_pack("{s:o, s:b, s:b, s:b}", "value",
                                      out ? json_null() : number(row->value), "absent",
                                      (row->flags & VW_SIGNAL_ABSENT) != 0, "stale",
                                      (row->flags & VW_SIGNAL_STALE) != 0, "flagged",
                                      (row->flags & VW_SIGNAL_FLAGGED) != 0));
    }
    return object;
}

static json_t *details_json(const vw_signal_row *rows, size_t count)
{
    json_t *object = json_object();

    for (size_t i = 0; i < count; i++) {
        json_object_set_new(object, vw_detail_name((vw_detail)rows[i].signal),
                            rows[i].flags != 0 ? json_null() : number(rows[i].value));
    }
    return object;
}

static json_t *timers_json(const vw_decision_row *head)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:i, s:i, s:i}", "dwell_left_s",
                     seconds(head->dwell_left_ns), "roll_dwell_left_s",
                     seconds(head->roll_dwell_left_ns), "level_dwell_left_s",
                     seconds(head->level_dwell_left_ns), "event_left_s",
                     seconds(head->event_left_ns), "batch_left_s", seconds(head->batch_left_ns),
                     "backwardation_closes", (int)head->backwardation_closes, "contango_closes",
                     (int)head->contango_closes, "tranche_closes", (int)head->tranche_closes);
}

static json_t *r_json(const vw_decision_row *head)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:i, s:o}", "asked", number(head->r_asked), "released",
                     number(head->r_released), "final", number(head->r_final), "attained",
                     number(head->r_attained), "tranche", (int)head->tranche, "capm_scale",
                     number(head->capm_scale));
}

static json_t *v30_json(const vw_decision_row *head)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "offset", number(head->offset_v30), "condors",
                     number(head->condor_v30), "hedges", number(head->hedge_v30), "net",
                     number(head->condor_v30 + head->hedge_v30), "drift", number(head->drift));
}

static json_t *layer_json(const vw_decision_layer_row *row)
{
    return json_pack("{s:i, s:i, s:o, s:o, s:o, s:o, s:o, s:i}", "layer", (int)row->layer,
                     "weight_ppm", (int)row->weight_ppm, "condor_v30", number(row->condor_v30),
                     "hedge_v30", number(row->hedge_v30), "target_v30", number(row->target_v30),
                     "hedge_ratio", row->condor_v30 != 0 ? number(row->hedge_ratio) : json_null(),
                     "residual_v30", number(row->residual_v30), "vx_month", (int)row->month);
}

static json_t *leg_json(const vw_decision_leg_row *row)
{
    char name[64];
    json_t *leg;

    vw_decision_leg_name(row, name);
    leg = json_pack("{s:s, s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:i, s:i, s:i, s:b}", "name", name,
                    "id", (json_int_t)row->id, "kind", vw_kind_name((vw_hedge_kind)row->kind),
                    "root", text(row->root, sizeof row->root), "expiry", date(row->expiry),
                    "expiry_far", date(row->expiry_far), "strike",
                    row->strike > 0 ? number(row->strike) : json_null(), "strike_far",
                    row->strike_far > 0 ? number(row->strike_far) : json_null(), "days", row->days,
                    "vx_month", (int)row->month, "layer", (int)row->layer, "permitted",
                    row->permitted != 0);
    json_object_update_new(
        leg, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "price", number(row->price),
                       "now", number(row->now), "wanted_unrounded", number(row->wanted_unrounded),
                       "wanted", number(row->wanted), "trade", number(row->wanted - row->now),
                       "v30", number(row->v30), "theta", number(row->theta), "theta_with_roll",
                       number(row->theta_with_roll), "delta", number(row->delta)));
    json_object_set_new(leg, "hint",
                        json_pack("{s:s, s:o, s:o, s:o, s:o, s:b}", "urgency",
                                  vw_urgency_name((vw_urgency)row->urgency), "slice",
                                  number(row->slice), "adverse_1ms", number(row->adverse_1ms),
                                  "adverse_10ms", number(row->adverse_10ms), "adverse",
                                  number(row->adverse), "passive", row->passive != 0));
    return leg;
}

static json_t *condor_json(const vw_decision_condor_row *row)
{
    json_t *condor =
        json_pack("{s:I, s:o, s:o, s:o, s:o, s:i, s:o, s:b, s:o}", "id", (json_int_t)row->id,
                  "root", text(row->root, sizeof row->root), "expiry", date(row->expiry),
                  "contracts", number(row->contracts), "v30", number(row->v30), "layer",
                  (int)row->layer, "z", number(row->z), "theta_inverted", row->theta_inverted != 0,
                  "warnings", warning_words(row->warnings));

    json_object_set_new(
        condor, "break_even",
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "lo", number(row->break_even_lo), "hi",
                  number(row->break_even_hi), "z_lo", number(row->z_lo), "z_hi", number(row->z_hi),
                  "z_lo_entry", number(row->z_lo_entry), "z_hi_entry", number(row->z_hi_entry)));
    return condor;
}

static json_t *step_json(const vw_step_row *row)
{
    const char type[2] = {(char)row->type, '\0'};

    return json_pack("{s:I, s:o, s:o, s:s, s:o, s:o}", "leg", (json_int_t)row->instrument, "root",
                     text(row->root, sizeof row->root), "expiry", date(row->expiry), "type", type,
                     "strike", row->strike > 0 ? number(row->strike) : json_null(), "contracts",
                     number(row->contracts));
}

static json_t *proposals_json(const vw_decision_rows *rows)
{
    json_t *list = json_array();
    size_t at = 0;

    for (size_t i = 0; i < rows->proposal_count; i++) {
        const vw_proposal_row *row = &rows->proposals[i];
        json_t *steps = json_array();

        for (size_t k = 0; k < row->steps && at < rows->step_count; k++) {
            json_array_append_new(steps, step_json(&rows->steps[at++]));
        }
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:s, s:I, s:o, s:o, s:o, s:o}", "kind",
                                        vw_proposal_kind_name((vw_proposal_kind)row->proposal),
                                        "reason", vw_reason_name((vw_reason)row->reason), "urgency",
                                        vw_urgency_name((vw_urgency)row->urgency), "condor",
                                        (json_int_t)row->condor, "cash_usd", number(row->cash_usd),
                                        "margin_usd", number(row->margin_usd), "worst_loss_usd",
                                        number(row->worst_loss_usd), "steps", steps));
    }
    return list;
}

static json_t *given_up_json(const vw_decision_rows *rows)
{
    json_t *list = json_array();

    for (size_t i = 0; i < rows->given_up_count; i++) {
        const vw_given_up_row *row = &rows->given_up[i];

        json_array_append_new(list, json_pack("{s:s, s:o}", "constraint",
                                              vw_constraint_name((vw_constraint)row->constraint),
                                              "price", number(row->price)));
    }
    return list;
}

static json_t *book_json(const vw_decision_book_row *row)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o}", "delta_usd_per_point", number(row->delta_usd_per_point),
        "gamma_usd_per_point2", number(row->gamma_usd_per_point2), "vega_usd_per_point",
        number(row->vega_usd_per_point), "theta_usd_per_day", number(row->theta_usd_per_day),
        "theta_with_roll_usd_per_day", number(row->theta_with_roll_usd_per_day));
}

static json_t *capital_json(const vw_decision_row *head, const vw_decision_book_row *row)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "quick_ratio", number(row->quick_ratio),
        "quick_ratio_after", number(row->quick_ratio_after), "margin_usd", number(row->margin_usd),
        "margin_after_usd", number(row->margin_after_usd), "wacc_before", number(row->wacc_before),
        "wacc_after", number(row->wacc_after), "hedge_cost_monthly",
        number(row->hedge_cost_monthly), "notional_cap_usd", number(head->notional_cap_usd),
        "hedge_notional_usd", number(head->hedge_notional_usd));
}

static json_t *head_json(const vw_decision_row *head)
{
    char hash[20], level[8];
    json_t *object;

    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)head->settings_hash);
    snprintf(level, sizeof level, "E%u", (unsigned)head->level);
    object =
        json_pack("{s:I, s:I, s:s, s:o, s:s, s:s, s:s, s:s, s:I, s:s, s:I}", "decision",
                  (json_int_t)head->decision, "market_ns", (json_int_t)head->market_ns,
                  "settings_hash", hash, "preset", text(head->preset, sizeof head->preset),
                  "posture", vw_posture_word(head->posture), "sizing", vw_sizing_word(head->sizing),
                  "regime", vw_regime_name((vw_regime)head->regime), "regime_reason",
                  vw_regime_reason_word(head->regime_reason), "regime_since_ns",
                  (json_int_t)head->regime_since_ns, "level", level, "level_since_ns",
                  (json_int_t)head->level_since_ns);
    json_object_update_new(object, json_pack("{s:b, s:b, s:b, s:b, s:b}", "held",
                                             (head->flags & VW_DECISION_HELD) != 0, "in_event",
                                             (head->flags & VW_DECISION_IN_EVENT) != 0, "solved",
                                             (head->flags & VW_DECISION_SOLVED) != 0, "infeasible",
                                             (head->flags & VW_DECISION_INFEASIBLE) != 0, "paper",
                                             (head->flags & VW_DECISION_PAPER) != 0));
    return object;
}

#define LIST(rows, name, make)                                                                     \
    json_t *name = json_array();                                                                   \
    for (size_t i = 0; i < (rows)->name##_count; i++) {                                            \
        json_array_append_new(name, make(&(rows)->name##s[i]));                                    \
    }

json_t *vw_decision_json(const vw_decision_rows *rows)
{
    const vw_decision_row *head = rows->head;
    json_t *object = head_json(head);
    LIST(rows, layer, layer_json)
    LIST(rows, leg, leg_json)
    LIST(rows, condor, condor_json)

    json_object_set_new(object, "timers", timers_json(head));
    json_object_set_new(object, "r", r_json(head));
    json_object_set_new(object, "v30", v30_json(head));
    json_object_set_new(object, "heavy_layer",
                        head->heavy != 0 ? json_integer(head->heavy) : json_null());
    json_object_set_new(object, "layers", layer);
    json_object_set_new(object, "legs", leg);
    json_object_set_new(object, "proposals", proposals_json(rows));
    json_object_set_new(object, "condors", condor);
    json_object_set_new(object, "book", book_json(rows->book));
    json_object_set_new(object, "capital", capital_json(head, rows->book));
    json_object_set_new(object, "signals", signals_json(rows->signals, rows->signal_count));
    json_object_set_new(object, "details", details_json(rows->details, rows->detail_count));
    json_object_set_new(object, "reasons", reason_words(head->reasons));
    json_object_set_new(object, "warnings", warning_words(head->warnings));
    json_object_set_new(object, "given_up", given_up_json(rows));
    return object;
}
