#include "schemas/staging.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void vw_staging_init(vw_staging *staging, vw_counters *counters)
{
    *staging = (vw_staging){.counters = counters};
}

void vw_staging_free(vw_staging *staging)
{
    free(staging->definitions.first);
    free(staging->greeks.first);
    free(staging->points.first);
    free(staging->layers.first);
    free(staging->legs.first);
    free(staging->units.first);
    free(staging->signals.first);
    free(staging->details.first);
    free(staging->decision_layers.first);
    free(staging->decision_legs.first);
    free(staging->condors.first);
    free(staging->proposals.first);
    free(staging->steps.first);
    free(staging->given_up.first);
}

static void *add_row(vw_staging_rows *rows, const void *row, size_t size)
{
    void *place;

    if (rows->count == rows->capacity) {
        rows->capacity = rows->capacity > 0 ? 2 * rows->capacity : 64;
        rows->first = realloc(rows->first, rows->capacity * size);
        vw_check(rows->first != NULL);
    }
    place = (unsigned char *)rows->first + rows->count * size;
    rows->count++;
    return memcpy(place, row, size);
}

/* Sets what is not finite among the doubles [first, last] of a row to 0; returns how many. */
static size_t refuse(double *first, const double *last)
{
    size_t refused = 0;

    for (double *value = first; value <= last; value++) {
        if (!isfinite(*value)) {
            *value = 0;
            refused++;
        }
    }
    return refused;
}

static size_t clean_greeks(vw_greeks_row *row)
{
    size_t refused = refuse(&row->strike, &row->theta_session);

    row->status = refused > 0 ? VW_STATUS_BAD_INPUT : row->status;
    return refused;
}

static size_t clean_surface(vw_surface_row *row)
{
    size_t refused = refuse(&row->forward, &row->butterfly_min_g);

    row->status = refused > 0 ? VW_STATUS_BAD_INPUT : row->status;
    return refused;
}

static size_t clean_leg(vw_leg_row *row)
{
    size_t refused =
        refuse(&row->contracts, &row->v30_usd_per_point) + refuse(&row->strike, &row->strike);

    row->status = refused > 0 ? VW_STATUS_BAD_INPUT : row->status;
    return refused;
}

/* The rows of a decision. */
static size_t add_decision_row(vw_staging *staging, const vw_update *update)
{
    switch ((vw_update_kind)update->kind) {
    case VW_UPDATE_DECISION:
        staging->decided = true;
        staging->decision = update->decision;
        return refuse(&staging->decision.offset_v30, &staging->decision.hedge_notional_usd);
    case VW_UPDATE_DECISION_BOOK:
        staging->decision_book = update->decision_book;
        return refuse(&staging->decision_book.delta_usd_per_point,
                      &staging->decision_book.hedge_cost_monthly);
    case VW_UPDATE_SIGNAL: {
        vw_signal_row *row = add_row(&staging->signals, &update->signal, sizeof *row);
        return refuse(&row->value, &row->value);
    }
    case VW_UPDATE_DETAIL: {
        vw_signal_row *row = add_row(&staging->details, &update->signal, sizeof *row);
        return refuse(&row->value, &row->value);
    }
    case VW_UPDATE_DECISION_LAYER: {
        vw_decision_layer_row *row =
            add_row(&staging->decision_layers, &update->decision_layer, sizeof *row);
        return refuse(&row->condor_v30, &row->residual_v30);
    }
    case VW_UPDATE_DECISION_LEG: {
        vw_decision_leg_row *row =
            add_row(&staging->decision_legs, &update->decision_leg, sizeof *row);
        return refuse(&row->strike, &row->adverse);
    }
    case VW_UPDATE_DECISION_CONDOR: {
        vw_decision_condor_row *row =
            add_row(&staging->condors, &update->decision_condor, sizeof *row);
        return refuse(&row->contracts, &row->z_hi_entry);
    }
    case VW_UPDATE_PROPOSAL: {
        vw_proposal_row *row = add_row(&staging->proposals, &update->proposal, sizeof *row);
        return refuse(&row->cash_usd, &row->worst_loss_usd);
    }
    case VW_UPDATE_STEP: {
        vw_step_row *row = add_row(&staging->steps, &update->step, sizeof *row);
        return refuse(&row->strike, &row->contracts);
    }
    case VW_UPDATE_GIVEN_UP: {
        vw_given_up_row *row = add_row(&staging->given_up, &update->given_up, sizeof *row);
        return refuse(&row->price, &row->price);
    }
    default:
        return 0;
    }
}

/* Puts the row where its kind belongs; returns how many numbers it refused. */
static size_t add_row_of(vw_staging *staging, const vw_update *update)
{
    switch ((vw_update_kind)update->kind) {
    case VW_UPDATE_GROUP:
        break;
    case VW_UPDATE_DEFINITION: {
        vw_definition_row *row = add_row(&staging->definitions, &update->definition, sizeof *row);
        return refuse(&row->strike, &row->strike);
    }
    case VW_UPDATE_GREEKS:
        return clean_greeks(add_row(&staging->greeks, &update->greeks, sizeof update->greeks));
    case VW_UPDATE_SURFACE:
        staging->surface = update->surface;
        return clean_surface(&staging->surface);
    case VW_UPDATE_CURVE:
        staging->curve = update->curve;
        return refuse(&staging->curve.contango, &staging->curve.cm30);
    case VW_UPDATE_CURVE_POINT: {
        vw_curve_point *row = add_row(&staging->points, &update->curve_point, sizeof *row);
        return refuse(&row->price, &row->convexity);
    }
    case VW_UPDATE_HEDGE:
        staging->hedge = update->hedge;
        return refuse(&staging->hedge.delta_usd_per_point, &staging->hedge.hedge_ratio);
    case VW_UPDATE_HEDGE_LAYER: {
        vw_layer_row *row = add_row(&staging->layers, &update->layer, sizeof *row);
        return refuse(&row->condor_v30_usd_per_point, &row->residual_v30_usd_per_point);
    }
    case VW_UPDATE_HEDGE_LEG:
        return clean_leg(add_row(&staging->legs, &update->leg, sizeof update->leg));
    case VW_UPDATE_UNIT:
        add_row(&staging->units, &update->of_unit, sizeof update->of_unit);
        break;
    default:
        return add_decision_row(staging, update);
    }
    return 0;
}

bool vw_staging_waits(const vw_staging *staging)
{
    return staging->kind == VW_UPDATE_GREEKS && staging->calc == VW_CALC_CUT &&
           staging->greeks.count <= VW_STAGING_CUT_MAX;
}

bool vw_staging_joins(const vw_staging *staging, const vw_update *update)
{
    if (!staging->open || update->kind != staging->kind) {
        return false;
    }
    switch ((vw_update_kind)update->kind) {
    case VW_UPDATE_GREEKS:
        return update->greeks.calc == staging->calc && staging->tick_count < VW_STAGING_TICKS_MAX &&
               staging->greeks.count <= VW_STAGING_CUT_MAX;
    case VW_UPDATE_DEFINITION:
        return staging->definitions.count < VW_STAGING_DEFINITIONS_MAX;
    case VW_UPDATE_UNIT:
        return staging->units.count < VW_STAGING_TICKS_MAX;
    default:
        return false;
    }
}

static vw_message_kind message_kind(vw_update_kind kind)
{
    switch (kind) {
    case VW_UPDATE_DEFINITION:
        return VW_MESSAGE_DEFINITIONS;
    case VW_UPDATE_GREEKS:
        return VW_MESSAGE_GREEKS;
    case VW_UPDATE_SURFACE:
        return VW_MESSAGE_SURFACE;
    case VW_UPDATE_CURVE:
        return VW_MESSAGE_CURVE;
    case VW_UPDATE_HEDGE:
        return VW_MESSAGE_HEDGE;
    default:
        return VW_MESSAGE_STATUS;
    }
}

static void begin(vw_staging *staging, const vw_update *update)
{
    bool starts = update->kind == VW_UPDATE_DEFINITION || update->kind == VW_UPDATE_GREEKS ||
                  update->kind == VW_UPDATE_SURFACE || update->kind == VW_UPDATE_CURVE ||
                  update->kind == VW_UPDATE_HEDGE || update->kind == VW_UPDATE_UNIT;

    vw_check(starts && (update->flags & VW_UPDATE_FIRST));
    staging->open = true;
    staging->kind = update->kind;
    staging->calc = update->kind == VW_UPDATE_GREEKS ? update->greeks.calc : VW_CALC_NONE;
    staging->message = (vw_message){.kind = message_kind((vw_update_kind)update->kind)};
    staging->definitions.count = staging->greeks.count = staging->points.count = 0;
    staging->layers.count = staging->legs.count = staging->units.count = 0;
    staging->signals.count = staging->details.count = staging->decision_layers.count = 0;
    staging->decision_legs.count = staging->condors.count = staging->proposals.count = 0;
    staging->steps.count = staging->given_up.count = 0;
    staging->decided = false;
    staging->tick_count = 0;
}

void vw_staging_add(vw_staging *staging, const vw_update *update)
{
    vw_message *message = &staging->message;
    size_t refused;

    if (!staging->open) {
        begin(staging, update);
    } else {
        vw_check(staging->whole ? vw_staging_joins(staging, update)
                                : !(update->flags & VW_UPDATE_FIRST));
    }
    refused = add_row_of(staging, update);
    if (refused > 0) {
        vw_counters_add(staging->counters, VW_COUNT_NUMBERS_REFUSED, refused);
    }
    if (update->kind == VW_UPDATE_GREEKS && update->greeks.calc == VW_CALC_TICK &&
        (update->flags & VW_UPDATE_LAST) != 0) {
        staging->tick_receive_ns[staging->tick_count++] = update->receive_ns;
    }
    if (update->exchange_ns > message->exchange_ns) {
        message->exchange_ns = update->exchange_ns;
    }
    if (update->receive_ns > message->receive_ns) {
        message->receive_ns = update->receive_ns;
    }
    staging->whole = (update->flags & VW_UPDATE_LAST) != 0;
}

static void take_decision(const vw_staging *staging, vw_decision_rows *rows)
{
    *rows = (vw_decision_rows){.head = &staging->decision,
                               .book = &staging->decision_book,
                               .signals = staging->signals.first,
                               .details = staging->details.first,
                               .layers = staging->decision_layers.first,
                               .legs = staging->decision_legs.first,
                               .condors = staging->condors.first,
                               .proposals = staging->proposals.first,
                               .steps = staging->steps.first,
                               .given_up = staging->given_up.first,
                               .signal_count = staging->signals.count,
                               .detail_count = staging->details.count,
                               .layer_count = staging->decision_layers.count,
                               .leg_count = staging->decision_legs.count,
                               .condor_count = staging->condors.count,
                               .proposal_count = staging->proposals.count,
                               .step_count = staging->steps.count,
                               .given_up_count = staging->given_up.count};
}

vw_message *vw_staging_take(vw_staging *staging)
{
    vw_message *message = &staging->message;

    vw_check(staging->open && staging->whole);
    staging->open = false;
    message->definitions = staging->definitions.first;
    message->definition_count = staging->definitions.count;
    message->greeks = staging->greeks.first;
    message->greeks_count = staging->greeks.count;
    message->units = staging->units.first;
    message->unit_count = staging->units.count;
    message->curve_points = staging->points.first;
    message->curve_point_count = staging->points.count;
    message->layers = staging->layers.first;
    message->layer_count = staging->layers.count;
    message->legs = staging->legs.first;
    message->leg_count = staging->legs.count;
    staging->curve.points = (uint32_t)staging->points.count;
    staging->hedge.layers = (uint32_t)staging->layers.count;
    staging->hedge.legs = (uint32_t)staging->legs.count;
    message->surface = message->kind == VW_MESSAGE_SURFACE ? &staging->surface : NULL;
    message->curve = message->kind == VW_MESSAGE_CURVE ? &staging->curve : NULL;
    message->hedge = message->kind == VW_MESSAGE_HEDGE ? &staging->hedge : NULL;
    if (staging->decided) {
        take_decision(staging, &message->decision);
    }
    return message;
}
