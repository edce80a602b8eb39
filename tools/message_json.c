#include "tools/message_json.h"

#include "core/market/event.h"
#include "tools/decision_json.h"

#include <inttypes.h>
#include <string.h>

typedef enum column_type {
    REAL,
    REAL_OR_NULL, /* 0 is null */
    I64,
    U64,
    U32,
    U32_OR_NULL, /* 0 is null */
    INSTRUMENT,  /* VW_INSTRUMENT_NONE is null */
    U8,
    YES_NO,
    LETTER,
    TEXT8,
    STATUS,
    QUALITY,
    ABSENT,
    CALC,
    FORWARD_SOURCE,
    MODEL,
    REGIME,
    UNIT_STATE,
} column_type;

/* Why a column may be null, beside its own value: make_row gets the reasons that hold. */
enum {
    NOT_COMPUTED = 1 << 0,
    NO_SVI = 1 << 1,
    NO_MODEL = 1 << 2,
    NO_SPOT = 1 << 3,
    NO_CONTANGO = 1 << 4,
    NO_CM30 = 1 << 5,
    NO_BOOK = 1 << 6,
    NO_RATIO = 1 << 7,
    NO_VX = 1 << 8,
};

typedef struct column {
    const char *name;
    column_type type;
    size_t offset;
    unsigned null_if;
} column;

#define AT(row, name) #name, .offset = offsetof(row, name)

static const column definition_columns[] = {
    {AT(vw_definition_row, instrument), .type = INSTRUMENT},
    {AT(vw_definition_row, type), .type = LETTER},
    {AT(vw_definition_row, expiry), .type = U32},
    {AT(vw_definition_row, settlement), .type = LETTER},
    {AT(vw_definition_row, settlement_ns), .type = I64},
    {AT(vw_definition_row, strike), .type = REAL_OR_NULL},
    {AT(vw_definition_row, multiplier), .type = U32},
    {AT(vw_definition_row, weekly), .type = YES_NO},
};

static const column greeks_columns[] = {
    {AT(vw_greeks_row, instrument), .type = INSTRUMENT},
    {AT(vw_greeks_row, type), .type = LETTER},
    {AT(vw_greeks_row, strike), .type = REAL},
    {AT(vw_greeks_row, bid), .type = REAL_OR_NULL},
    {AT(vw_greeks_row, ask), .type = REAL_OR_NULL},
    {AT(vw_greeks_row, bid_size), .type = U32},
    {AT(vw_greeks_row, ask_size), .type = U32},
    {AT(vw_greeks_row, vol), .type = REAL, .null_if = NOT_COMPUTED},
    {AT(vw_greeks_row, bid_vol), .type = REAL_OR_NULL},
    {AT(vw_greeks_row, ask_vol), .type = REAL_OR_NULL},
    {AT(vw_greeks_row, price), .type = REAL, .null_if = NOT_COMPUTED},
    {AT(vw_greeks_row, delta), .type = REAL, .null_if = NOT_COMPUTED},
    {AT(vw_greeks_row, gamma), .type = REAL, .null_if = NOT_COMPUTED},
    {AT(vw_greeks_row, vega), .type = REAL, .null_if = NOT_COMPUTED},
    {AT(vw_greeks_row, theta), .type = REAL, .null_if = NOT_COMPUTED},
    {AT(vw_greeks_row, theta_session), .type = REAL, .null_if = NOT_COMPUTED},
    {AT(vw_greeks_row, rho), .type = REAL, .null_if = NOT_COMPUTED},
    {AT(vw_greeks_row, vanna), .type = REAL, .null_if = NOT_COMPUTED},
    {AT(vw_greeks_row, volga), .type = REAL, .null_if = NOT_COMPUTED},
    {AT(vw_greeks_row, charm), .type = REAL, .null_if = NOT_COMPUTED},
    {AT(vw_greeks_row, status), .type = STATUS},
    {AT(vw_greeks_row, quality), .type = QUALITY},
    {AT(vw_greeks_row, calc), .type = CALC},
    {AT(vw_greeks_row, exchange_ns), .type = I64},
    {AT(vw_greeks_row, receive_ns), .type = I64},
    {AT(vw_greeks_row, sequence), .type = U32},
};

static const column surface_columns[] = {
    {AT(vw_surface_row, forward), .type = REAL, .null_if = NOT_COMPUTED},
    {AT(vw_surface_row, forward_se), .type = REAL, .null_if = NOT_COMPUTED},
    {AT(vw_surface_row, forward_source), .type = FORWARD_SOURCE},
    {AT(vw_surface_row, discount), .type = REAL, .null_if = NOT_COMPUTED},
    {AT(vw_surface_row, rate), .type = REAL, .null_if = NOT_COMPUTED},
    {AT(vw_surface_row, years), .type = REAL},
    {AT(vw_surface_row, atm_vol), .type = REAL_OR_NULL, .null_if = NOT_COMPUTED},
    {AT(vw_surface_row, skew), .type = REAL, .null_if = NOT_COMPUTED | NO_MODEL},
    {AT(vw_surface_row, model), .type = MODEL},
    {AT(vw_surface_row, svi_a), .type = REAL, .null_if = NO_SVI},
    {AT(vw_surface_row, svi_b), .type = REAL, .null_if = NO_SVI},
    {AT(vw_surface_row, svi_rho), .type = REAL, .null_if = NO_SVI},
    {AT(vw_surface_row, svi_m), .type = REAL, .null_if = NO_SVI},
    {AT(vw_surface_row, svi_sigma), .type = REAL, .null_if = NO_SVI},
    {AT(vw_surface_row, rmse_vol), .type = REAL, .null_if = NOT_COMPUTED | NO_MODEL},
    {AT(vw_surface_row, butterfly_min_g), .type = REAL, .null_if = NOT_COMPUTED | NO_MODEL},
    {AT(vw_surface_row, quotes), .type = U32},
    {AT(vw_surface_row, inside), .type = U32},
    {AT(vw_surface_row, status), .type = STATUS},
    {AT(vw_surface_row, quality), .type = QUALITY},
    {AT(vw_surface_row, exchange_ns), .type = I64},
    {AT(vw_surface_row, receive_ns), .type = I64},
};

static const column curve_columns[] = {
    {AT(vw_curve_row, contango), .type = REAL, .null_if = NO_CONTANGO},
    {AT(vw_curve_row, inversion), .type = REAL, .null_if = NO_CONTANGO},
    {AT(vw_curve_row, basis), .type = REAL, .null_if = NO_SPOT},
    {AT(vw_curve_row, cm30), .type = REAL, .null_if = NO_CM30},
    {AT(vw_curve_row, regime), .type = REGIME, .null_if = NO_CONTANGO},
    {AT(vw_curve_row, regime_since_ns), .type = I64, .null_if = NO_CONTANGO},
    {AT(vw_curve_row, absent), .type = ABSENT},
    {AT(vw_curve_row, quality), .type = QUALITY},
    {AT(vw_curve_row, exchange_ns), .type = I64},
    {AT(vw_curve_row, receive_ns), .type = I64},
};

static const column point_columns[] = {
    {AT(vw_curve_point, instrument), .type = INSTRUMENT},
    {AT(vw_curve_point, expiry), .type = U32},
    {AT(vw_curve_point, monthly), .type = YES_NO},
    {AT(vw_curve_point, days), .type = REAL},
    {AT(vw_curve_point, price), .type = REAL_OR_NULL},
    {AT(vw_curve_point, bid), .type = REAL_OR_NULL},
    {AT(vw_curve_point, ask), .type = REAL_OR_NULL},
    {AT(vw_curve_point, beta), .type = REAL},
    {AT(vw_curve_point, beta_r2), .type = REAL},
    {AT(vw_curve_point, beta_observations), .type = U32},
    {AT(vw_curve_point, forward_beta), .type = REAL_OR_NULL},
    {AT(vw_curve_point, roll_per_day), .type = REAL},
    {AT(vw_curve_point, bound), .type = REAL_OR_NULL},
    {AT(vw_curve_point, convexity), .type = REAL},
    {AT(vw_curve_point, flags), .type = U8},
    {AT(vw_curve_point, quality), .type = QUALITY},
};

static const column hedge_columns[] = {
    {AT(vw_hedge_row, delta_usd_per_point), .type = REAL, .null_if = NO_BOOK},
    {AT(vw_hedge_row, gamma_usd_per_point2), .type = REAL, .null_if = NO_BOOK},
    {AT(vw_hedge_row, vega_usd_per_point), .type = REAL, .null_if = NO_BOOK},
    {AT(vw_hedge_row, theta_usd_per_day), .type = REAL, .null_if = NO_BOOK},
    {AT(vw_hedge_row, condor_v30_usd_per_point), .type = REAL, .null_if = NO_BOOK},
    {AT(vw_hedge_row, hedge_v30_usd_per_point), .type = REAL, .null_if = NO_BOOK},
    {AT(vw_hedge_row, hedge_ratio), .type = REAL, .null_if = NO_BOOK | NO_RATIO},
    {AT(vw_hedge_row, unpriced), .type = U32},
    {AT(vw_hedge_row, regime), .type = REGIME},
    {AT(vw_hedge_row, absent), .type = ABSENT},
    {AT(vw_hedge_row, quality), .type = QUALITY},
    {AT(vw_hedge_row, exchange_ns), .type = I64},
    {AT(vw_hedge_row, receive_ns), .type = I64},
};

static const column layer_columns[] = {
    {AT(vw_layer_row, layer), .type = U8},
    {AT(vw_layer_row, condor_v30_usd_per_point), .type = REAL},
    {AT(vw_layer_row, hedge_v30_usd_per_point), .type = REAL},
    {AT(vw_layer_row, residual_v30_usd_per_point), .type = REAL},
    {AT(vw_layer_row, hedge_ratio), .type = REAL, .null_if = NO_RATIO},
    {AT(vw_layer_row, vx_expiry), .type = U32_OR_NULL},
    {AT(vw_layer_row, vx_beta), .type = REAL, .null_if = NO_VX},
    {AT(vw_layer_row, vx_full_offset), .type = REAL, .null_if = NO_VX},
};

static const column leg_columns[] = {
    {AT(vw_leg_row, instrument), .type = INSTRUMENT},
    {AT(vw_leg_row, root), .type = TEXT8},
    {AT(vw_leg_row, type), .type = LETTER},
    {AT(vw_leg_row, expiry), .type = U32},
    {AT(vw_leg_row, strike), .type = REAL_OR_NULL},
    {AT(vw_leg_row, contracts), .type = REAL},
    {AT(vw_leg_row, hedge), .type = YES_NO},
    {AT(vw_leg_row, layer), .type = U8},
    {AT(vw_leg_row, price), .type = REAL, .null_if = NOT_COMPUTED},
    {AT(vw_leg_row, delta_usd_per_point), .type = REAL, .null_if = NOT_COMPUTED},
    {AT(vw_leg_row, gamma_usd_per_point2), .type = REAL, .null_if = NOT_COMPUTED},
    {AT(vw_leg_row, vega_usd_per_point), .type = REAL, .null_if = NOT_COMPUTED},
    {AT(vw_leg_row, theta_usd_per_day), .type = REAL, .null_if = NOT_COMPUTED},
    {AT(vw_leg_row, v30_usd_per_point), .type = REAL, .null_if = NOT_COMPUTED},
    {AT(vw_leg_row, status), .type = STATUS},
    {AT(vw_leg_row, quality), .type = QUALITY},
};

static const column unit_columns[] = {
    {AT(vw_unit_row, feed), .type = U8},          {AT(vw_unit_row, unit), .type = U8},
    {AT(vw_unit_row, state), .type = UNIT_STATE}, {AT(vw_unit_row, first), .type = U32},
    {AT(vw_unit_row, missed), .type = U64},       {AT(vw_unit_row, series), .type = U32},
    {AT(vw_unit_row, exchange_ns), .type = I64},  {AT(vw_unit_row, receive_ns), .type = I64},
};

json_t *vw_json_whole(uint64_t value)
{
    return value <= INT64_MAX ? json_integer((json_int_t)value) : json_sprintf("%" PRIu64, value);
}

static json_t *make_words(vw_vocabulary vocabulary, unsigned bits)
{
    json_t *list = json_array();

    for (unsigned bit = 0; bit < 8; bit++) {
        const char *word = vw_message_word(vocabulary, bit);

        if ((bits >> bit & 1) != 0 && word != NULL) {
            json_array_append_new(list, json_string(word));
        }
    }
    return list;
}

static json_t *make_word(vw_vocabulary vocabulary, unsigned value)
{
    const char *word = vw_message_word(vocabulary, value);

    return word != NULL ? json_string(word) : json_null();
}

static json_t *make_text(const char *text, size_t size)
{
    return json_stringn(text, strnlen(text, size));
}

static json_t *make_wide_value(const column *from, const void *at)
{
    double real;
    int64_t i64;
    uint64_t u64;
    uint32_t u32;

    switch (from->type) {
    case I64:
        memcpy(&i64, at, sizeof i64);
        return json_integer(i64);
    case U64:
        memcpy(&u64, at, sizeof u64);
        return vw_json_whole(u64);
    case U32:
    case U32_OR_NULL:
    case INSTRUMENT:
        memcpy(&u32, at, sizeof u32);
        return (from->type == U32_OR_NULL && u32 == 0) ||
                       (from->type == INSTRUMENT && u32 == VW_INSTRUMENT_NONE)
                   ? json_null()
                   : json_integer(u32);
    default:
        memcpy(&real, at, sizeof real);
        return from->type == REAL_OR_NULL && real == 0 ? json_null() : json_real(real);
    }
}

static json_t *make_value(const column *from, const void *at)
{
    uint8_t byte = *(const uint8_t *)at;

    switch (from->type) {
    case U8:
        return json_integer(byte);
    case YES_NO:
        return json_boolean(byte != 0);
    case LETTER:
        return make_text(at, 1);
    case TEXT8:
        return make_text(at, 8);
    case STATUS:
        return make_word(VW_WORDS_STATUS, byte);
    case QUALITY:
        return make_words(VW_WORDS_QUALITY, byte);
    case ABSENT:
        return make_words(VW_WORDS_ABSENT, byte);
    case CALC:
        return make_word(VW_WORDS_CALC, byte);
    case FORWARD_SOURCE:
        return make_word(VW_WORDS_FORWARD_SOURCE, byte);
    case MODEL:
        return make_word(VW_WORDS_MODEL, byte);
    case REGIME:
        return make_word(VW_WORDS_REGIME, byte);
    case UNIT_STATE:
        return make_word(VW_WORDS_UNIT_STATE, byte);
    default:
        return make_wide_value(from, at);
    }
}

static json_t *make_row(const column *columns, size_t count, const void *row, unsigned reasons)
{
    json_t *object = json_object();

    for (size_t i = 0; i < count; i++) {
        const void *at = (const unsigned char *)row + columns[i].offset;

        json_object_set_new_nocheck(
            object, columns[i].name,
            (columns[i].null_if & reasons) != 0 ? json_null() : make_value(&columns[i], at));
    }
    return object;
}

#define MAKE_ROW(columns, row, reasons) make_row((columns), VW_COUNT_OF(columns), (row), (reasons))

/* Whether numbers that stand beside this status are numbers at all. */
static bool computed(unsigned status)
{
    return status == VW_STATUS_OK || status == VW_STATUS_STALE || status == VW_STATUS_ONE_SIDED;
}

static json_t *make_greeks(const vw_greeks_row *row)
{
    return MAKE_ROW(greeks_columns, row, computed(row->status) && row->vol > 0 ? 0 : NOT_COMPUTED);
}

static json_t *make_surface(const vw_surface_row *row)
{
    bool forward = computed(row->status) && row->forward_source != VW_FORWARD_NONE;
    unsigned reasons = (forward ? 0u : NOT_COMPUTED) |
                       (row->model != VW_MODEL_NONE ? 0u : NO_MODEL) |
                       (row->svi_b > 0 || row->svi_a > 0 ? 0u : NO_SVI);

    return MAKE_ROW(surface_columns, row, reasons);
}

static json_t *make_curve(const vw_curve_row *row)
{
    unsigned reasons = ((row->absent & VW_ABSENT_SPOT_VIX) != 0 ? NO_SPOT : 0u) |
                       ((row->absent & VW_ABSENT_CONTANGO) != 0 ? NO_CONTANGO : 0u) |
                       ((row->absent & VW_ABSENT_CM30) != 0 ? NO_CM30 : 0u);

    return MAKE_ROW(curve_columns, row, reasons);
}

static json_t *make_hedge(const vw_hedge_row *row)
{
    unsigned reasons = ((row->absent & VW_ABSENT_BOOK) != 0 ? NO_BOOK : 0u) |
                       (row->condor_v30_usd_per_point == 0 ? NO_RATIO : 0u);

    return MAKE_ROW(hedge_columns, row, reasons);
}

static json_t *make_layer(const vw_layer_row *row)
{
    unsigned reasons =
        (row->condor_v30_usd_per_point == 0 ? NO_RATIO : 0u) | (row->vx_expiry == 0 ? NO_VX : 0u);

    return MAKE_ROW(layer_columns, row, reasons);
}

static json_t *make_heartbeat(const vw_message *message)
{
    const vw_heartbeat *heartbeat = message->heartbeat;
    json_t *counters = json_object(), *losses = json_array();

    for (size_t i = 0; i < message->counter_count; i++) {
        const vw_counter_value *counter = &message->counters[i];

        json_object_set_new(counters, counter->name, vw_json_whole(counter->value));
        if (counter->loss) {
            json_array_append_new(losses, json_string(counter->name));
        }
    }
    return json_pack("{s:I, s:o, s:{s:o, s:o, s:o, s:o, s:o}, s:o, s:o}", "uptime_ns",
                     (json_int_t)heartbeat->uptime_ns, "losses", vw_json_whole(heartbeat->losses),
                     "wire_to_publish", "count", vw_json_whole(heartbeat->latency.count), "p50_ns",
                     vw_json_whole(heartbeat->latency.p50_ns), "p99_ns",
                     vw_json_whole(heartbeat->latency.p99_ns), "p999_ns",
                     vw_json_whole(heartbeat->latency.p999_ns), "max_ns",
                     vw_json_whole(heartbeat->latency.max_ns), "counters", counters,
                     "loss_counters", losses);
}

static void set_list(json_t *object, const char *name, json_t *list)
{
    json_object_set_new(object, name, list);
}

/* make_body adds what the kind has beyond the header. */
static void make_body(json_t *object, const vw_message *message)
{
    json_t *list = json_array();

    switch (message->kind) {
    case VW_MESSAGE_DEFINITIONS:
        for (size_t i = 0; i < message->definition_count; i++) {
            json_array_append_new(list, MAKE_ROW(definition_columns, &message->definitions[i], 0));
        }
        set_list(object, "definitions", list);
        return;
    case VW_MESSAGE_GREEKS:
        for (size_t i = 0; i < message->greeks_count; i++) {
            json_array_append_new(list, make_greeks(&message->greeks[i]));
        }
        set_list(object, "greeks", list);
        return;
    case VW_MESSAGE_SURFACE:
        json_object_set_new(object, "surface", make_surface(message->surface));
        break;
    case VW_MESSAGE_CURVE:
        json_object_set_new(object, "curve", make_curve(message->curve));
        for (size_t i = 0; i < message->curve_point_count; i++) {
            json_array_append_new(list, MAKE_ROW(point_columns, &message->curve_points[i], 0));
        }
        set_list(object, "points", list);
        return;
    case VW_MESSAGE_HEDGE:
        json_object_set_new(object, "hedge", make_hedge(message->hedge));
        for (size_t i = 0; i < message->layer_count; i++) {
            json_array_append_new(list, make_layer(&message->layers[i]));
        }
        set_list(object, "layers", list);
        list = json_array();
        for (size_t i = 0; i < message->leg_count; i++) {
            const vw_leg_row *leg = &message->legs[i];

            json_array_append_new(
                list, MAKE_ROW(leg_columns, leg, computed(leg->status) ? 0 : NOT_COMPUTED));
        }
        set_list(object, "legs", list);
        if (message->decision.head != NULL) {
            json_object_set_new(object, "decision", vw_decision_json(&message->decision));
        }
        return;
    case VW_MESSAGE_STATUS:
        for (size_t i = 0; i < message->unit_count; i++) {
            json_array_append_new(list, MAKE_ROW(unit_columns, &message->units[i], 0));
        }
        set_list(object, "units", list);
        return;
    case VW_MESSAGE_HEARTBEAT:
        json_object_set_new(object, "heartbeat", make_heartbeat(message));
        break;
    }
    json_decref(list);
}

json_t *vw_message_json(const char *topic, const vw_message *message, bool repeat)
{
    json_t *object = json_pack(
        "{s:s, s:o, s:s, s:o, s:o, s:I, s:I, s:I}", "topic", topic, "kind",
        make_word(VW_WORDS_KIND, (unsigned)message->kind), "source", message->source, "epoch",
        vw_json_whole(message->epoch), "sequence", vw_json_whole(message->sequence), "exchange_ns",
        (json_int_t)message->exchange_ns, "receive_ns", (json_int_t)message->receive_ns,
        "publish_ns", (json_int_t)message->publish_ns);

    vw_check(object != NULL);
    if (repeat) {
        json_object_set_new(object, "repeat", json_true());
    }
    if (message->group.root[0] != '\0') {
        json_object_set_new(object, "root",
                            make_text(message->group.root, sizeof message->group.root));
    }
    if (message->group.expiry != 0) {
        json_object_set_new(object, "expiry", json_integer(message->group.expiry));
        json_object_set_new(object, "settlement", make_text(&message->group.settlement, 1));
        json_object_set_new(object, "settlement_ns", json_integer(message->group.settlement_ns));
    }
    make_body(object, message);
    return object;
}
