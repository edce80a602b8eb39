/* samples.h: one message of every kind with a distinct value in every field, for tests. */
#ifndef VW_TESTS_SCHEMAS_SAMPLES_H
#define VW_TESTS_SCHEMAS_SAMPLES_H

#include "core/market/event.h"
#include "schemas/message.h"
#include "schemas/topics.h"

#include <string.h>

#define SAMPLE_NS INT64_C(1654868700000000000) /* 2022-06-10 13:45:00 UTC */

static const vw_group_row sample_group = {
    .settlement_ns = SAMPLE_NS + 22500000000000,
    .expiry = 20220610,
    .root = "SPXW",
    .settlement = 'P',
};

static inline vw_definition_row sample_definition(uint32_t instrument)
{
    return (vw_definition_row){
        .strike = 3900 + 5.0 * instrument,
        .settlement_ns = sample_group.settlement_ns,
        .instrument = instrument,
        .expiry = 20220610,
        .multiplier = 100,
        .type = instrument % 2 == 0 ? 'C' : 'P',
        .settlement = 'P',
        .weekly = 0,
    };
}

static inline vw_greeks_row sample_greeks(uint32_t instrument, vw_calc calc)
{
    return (vw_greeks_row){
        .exchange_ns = SAMPLE_NS + instrument,
        .receive_ns = SAMPLE_NS + 20000 + instrument,
        .strike = 3900 + 5.0 * instrument,
        .bid = 24.5,
        .ask = 25.1,
        .vol = 0.2875,
        .bid_vol = 0.2841,
        .ask_vol = 0.2909,
        .price = 24.8,
        .delta = 0.4875,
        .gamma = 0.0063,
        .vega = 0.83,
        .theta = -21.7,
        .rho = 0.0053,
        .vanna = 0.011,
        .volga = 0.0007,
        .charm = -0.13,
        .theta_session = -31.1,
        .instrument = instrument,
        .sequence = 7000 + instrument,
        .bid_size = 12,
        .ask_size = 34,
        .type = instrument % 2 == 0 ? 'C' : 'P',
        .status = VW_STATUS_OK,
        .quality = VW_QUOTE_CARRIED,
        .calc = (uint8_t)calc,
    };
}

static inline vw_surface_row sample_surface(void)
{
    return (vw_surface_row){
        .exchange_ns = SAMPLE_NS + 1,
        .receive_ns = SAMPLE_NS + 2,
        .forward = 3905.25,
        .forward_se = 0.02,
        .discount = 0.9998,
        .rate = 0.0151,
        .years = 0.0007,
        .atm_vol = 0.2876,
        .skew = -1.7,
        .svi_a = 0.0001,
        .svi_b = 0.002,
        .svi_rho = -0.31,
        .svi_m = 0.004,
        .svi_sigma = 0.03,
        .rmse_vol = 0.0011,
        .butterfly_min_g = 0.21,
        .quotes = 140,
        .inside = 139,
        .forward_source = VW_FORWARD_PARITY,
        .model = VW_MODEL_SVI,
        .status = VW_STATUS_OK,
        .quality = VW_QUOTE_STALE,
    };
}

static inline vw_curve_row sample_curve(uint32_t points)
{
    return (vw_curve_row){
        .exchange_ns = SAMPLE_NS + 3,
        .receive_ns = SAMPLE_NS + 4,
        .contango = 0.021,
        .inversion = -0.55,
        .basis = 0,
        .cm30 = 27.4,
        .regime_since_ns = SAMPLE_NS - 60000000000,
        .points = points,
        .regime = VW_REGIME_CONTANGO,
        .absent = VW_ABSENT_SPOT_VIX,
        .quality = 0,
    };
}

static inline vw_curve_point sample_point(uint32_t index)
{
    return (vw_curve_point){
        .price = 27.25 + 0.55 * index,
        .bid = 27.2 + 0.55 * index,
        .ask = 27.3 + 0.55 * index,
        .days = 5.5 + 28 * index,
        .beta = 0.7 - 0.05 * index,
        .roll_per_day = 0.02 * index,
        .beta_r2 = 0.8,
        .forward_beta = 0.9 - 0.1 * index,
        .bound = 28 + 0.6 * index,
        .convexity = 0.75 + 0.05 * index,
        .beta_observations = 40 + index,
        .flags = VW_POINT_PRIOR,
        .instrument = 30000 + index,
        .expiry = 20220615 + 700 * index,
        .monthly = 1,
        .quality = 0,
    };
}

static inline vw_hedge_row sample_hedge(uint32_t layers, uint32_t legs)
{
    return (vw_hedge_row){
        .exchange_ns = SAMPLE_NS + 5,
        .receive_ns = SAMPLE_NS + 6,
        .delta_usd_per_point = 1250.5,
        .gamma_usd_per_point2 = -40.25,
        .vega_usd_per_point = -8800,
        .theta_usd_per_day = 5100.75,
        .condor_v30_usd_per_point = -9500,
        .hedge_v30_usd_per_point = 7125,
        .hedge_ratio = 0.75,
        .layers = layers,
        .legs = legs,
        .unpriced = 1,
        .regime = VW_REGIME_CONTANGO,
        .absent = VW_ABSENT_SPX,
        .quality = VW_QUOTE_ONE_SIDED,
    };
}

static inline vw_layer_row sample_layer(uint8_t layer)
{
    return (vw_layer_row){
        .condor_v30_usd_per_point = -2400.0 * layer,
        .hedge_v30_usd_per_point = 1800.0 * layer,
        .hedge_ratio = 0.75,
        .vx_full_offset = 0.875 * layer,
        .vx_beta = 0.6,
        .residual_v30_usd_per_point = -600.0 * layer,
        .vx_expiry = 20220720,
        .layer = layer,
    };
}

static inline vw_leg_row sample_leg(uint32_t index)
{
    return (vw_leg_row){
        .contracts = index % 2 == 0 ? -100 : 100,
        .price = 4.15 + index,
        .delta_usd_per_point = -310.5,
        .gamma_usd_per_point2 = -4.5,
        .vega_usd_per_point = -990,
        .theta_usd_per_day = 410,
        .v30_usd_per_point = -1010,
        .instrument = 100 + index,
        .expiry = 20220617,
        .strike = 3500 + 100.0 * index,
        .root = "SPXW",
        .type = 'P',
        .hedge = 0,
        .layer = 2,
        .status = VW_STATUS_OK,
        .quality = 0,
    };
}

static inline vw_unit_row sample_unit(uint8_t unit, vw_unit_state state)
{
    return (vw_unit_row){
        .exchange_ns = SAMPLE_NS + 7,
        .receive_ns = SAMPLE_NS + 8,
        .missed = 3,
        .first = 4711,
        .series = 250,
        .feed = 1,
        .unit = unit,
        .state = (uint8_t)state,
    };
}

static inline vw_message sample_header(vw_message_kind kind)
{
    return (vw_message){
        .kind = kind,
        .epoch = (uint64_t)SAMPLE_NS - 1000000000,
        .sequence = 42,
        .exchange_ns = SAMPLE_NS,
        .receive_ns = SAMPLE_NS + 15000,
        .publish_ns = SAMPLE_NS + 31000,
        .source = "synthetic",
        .group = sample_group,
    };
}

/* sample_message fills in a message of that kind; its rows live in static memory. */
static inline vw_message sample_message(vw_message_kind kind)
{
    static vw_definition_row definitions[2];
    static vw_greeks_row greeks[3];
    static vw_surface_row surface;
    static vw_curve_row curve;
    static vw_curve_point points[3];
    static vw_hedge_row hedge;
    static vw_layer_row layers[VW_LAYERS];
    static vw_leg_row legs[2];
    static vw_unit_row units[2];
    static const vw_heartbeat heartbeat = {
        .uptime_ns = 5000000000, .losses = 9, .latency = {1000, 17000, 81000, 950000, 4000000}};
    static const vw_counter_value counters[] = {{"packets_in", 123456, false},
                                                {"gaps", UINT64_C(1) << 63, true}};
    vw_message message = sample_header(kind);

    switch (kind) {
    case VW_MESSAGE_DEFINITIONS:
        message.group = (vw_group_row){.root = "SPXW"};
        definitions[0] = sample_definition(1);
        definitions[1] = sample_definition(2);
        message.definitions = definitions;
        message.definition_count = 2;
        break;
    case VW_MESSAGE_GREEKS:
        for (uint32_t i = 0; i < 3; i++) {
            greeks[i] = sample_greeks(i, VW_CALC_CUT);
        }
        message.greeks = greeks;
        message.greeks_count = 3;
        break;
    case VW_MESSAGE_SURFACE:
        surface = sample_surface();
        message.surface = &surface;
        break;
    case VW_MESSAGE_CURVE:
        curve = sample_curve(3);
        for (uint32_t i = 0; i < 3; i++) {
            points[i] = sample_point(i);
        }
        message.curve = &curve;
        message.curve_points = points;
        message.curve_point_count = 3;
        break;
    case VW_MESSAGE_HEDGE:
        hedge = sample_hedge(VW_LAYERS, 2);
        for (uint8_t i = 0; i < VW_LAYERS; i++) {
            layers[i] = sample_layer((uint8_t)(i + 1));
        }
        legs[0] = sample_leg(0);
        legs[1] = sample_leg(1);
        message.hedge = &hedge;
        message.layers = layers;
        message.layer_count = VW_LAYERS;
        message.legs = legs;
        message.leg_count = 2;
        break;
    case VW_MESSAGE_STATUS:
        units[0] = sample_unit(1, VW_UNIT_GAP);
        units[1] = sample_unit(2, VW_UNIT_CLEAR);
        message.units = units;
        message.unit_count = 2;
        break;
    case VW_MESSAGE_HEARTBEAT:
        message.heartbeat = &heartbeat;
        message.counters = counters;
        message.counter_count = VW_COUNT_OF(counters);
        break;
    }
    if (kind > VW_MESSAGE_SURFACE) {
        message.group = (vw_group_row){0};
    }
    return message;
}

static inline vw_topic sample_topic(vw_message_kind kind)
{
    return vw_topic_of(kind, &sample_group, "main");
}

#endif
