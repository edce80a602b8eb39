#include "feeds/cfe.h"

#include "feeds/cfe_wire.h"
#include "feeds/pitch_text.h"

static bool decode_future(const unsigned char *from, size_t length, vw_pitch_future *future)
{
    vw_wire_future wire;
    vw_wire_future_dated dated = {.contract_date = 0};

    memcpy(&wire, from, sizeof wire);
    size_t legs_end = (size_t)wire.leg_offset + wire.leg_count * sizeof(vw_wire_future_leg);

    if (wire.leg_count > 0 && (wire.leg_offset < sizeof wire || legs_end > length)) {
        return false;
    }
    /* Before 2020-04-27 legs stood where the contract date is now. */
    if (length >= sizeof dated && (wire.leg_count == 0 || wire.leg_offset >= sizeof dated)) {
        memcpy(&dated, from, sizeof dated);
    }
    *future = (vw_pitch_future){.legs = wire.leg_count > 0 ? from + wire.leg_offset : NULL,
                                .price_increment = wire.price_increment,
                                .unit_timestamp = wire.unit_timestamp,
                                .expiration_date = wire.expiration_date,
                                .contract_date = dated.contract_date,
                                .contract_size = wire.contract_size,
                                .flags = wire.flags,
                                .leg_count = wire.leg_count,
                                .listing_state = wire.listing_state};
    vw_text_symbol(future->symbol, wire.symbol);
    vw_text_trim(future->report_symbol, wire.report_symbol, sizeof wire.report_symbol);
    return true;
}

static void decode_variance(const unsigned char *from, vw_pitch_variance *variance)
{
    vw_wire_variance wire;

    memcpy(&wire, from, sizeof wire);
    *variance = (vw_pitch_variance){.accrued = wire.accrued,
                                    .unit_timestamp = wire.unit_timestamp,
                                    .final_returns = wire.final_returns,
                                    .elapsed_returns = wire.elapsed_returns};
    vw_text_symbol(variance->symbol, wire.symbol);
    vw_text_trim(variance->futures_symbol, wire.futures_symbol, sizeof wire.futures_symbol);
}

static void decode_limits(const unsigned char *from, vw_pitch_range *range)
{
    vw_wire_price_limits wire;

    memcpy(&wire, from, sizeof wire);
    *range = (vw_pitch_range){.lower = wire.lower, .upper = wire.upper};
    vw_text_trim(range->name, wire.symbol, sizeof wire.symbol);
}

static void decode_settlement(const unsigned char *from, vw_pitch_day *day)
{
    vw_wire_settlement wire;

    memcpy(&wire, from, sizeof wire);
    *day = (vw_pitch_day){.price = wire.price, .trade_date = wire.trade_date, .issue = wire.issue};
    vw_text_symbol(day->symbol, wire.symbol);
}

static void decode_open_interest(const unsigned char *from, vw_pitch_day *day)
{
    vw_wire_open_interest wire;

    memcpy(&wire, from, sizeof wire);
    *day = (vw_pitch_day){.trade_date = wire.trade_date, .open_interest = wire.contracts};
    vw_text_symbol(day->symbol, wire.symbol);
}

static void decode_summary(const unsigned char *from, vw_pitch_day *day)
{
    vw_wire_day_summary wire;

    memcpy(&wire, from, sizeof wire);
    *day = (vw_pitch_day){.high = wire.high,
                          .low = wire.low,
                          .open = wire.open,
                          .close = wire.close,
                          .trade_date = wire.trade_date,
                          .open_interest = wire.open_interest,
                          .volume = wire.volume,
                          .block_volume = wire.block_volume,
                          .ecrp_volume = wire.ecrp_volume,
                          .flags = wire.flags};
    vw_text_symbol(day->symbol, wire.symbol);
}

bool vw_cfe_decode(const unsigned char *from, size_t length, vw_pitch_message *message)
{
    switch (message->type) {
    case VW_PITCH_FUTURE:
        return decode_future(from, length, &message->future);
    case VW_PITCH_VARIANCE:
        decode_variance(from, &message->variance);
        return true;
    case VW_PITCH_PRICE_LIMITS:
        decode_limits(from, &message->range);
        return true;
    case VW_PITCH_SETTLEMENT:
        decode_settlement(from, &message->day);
        return true;
    case VW_PITCH_OPEN_INTEREST:
        decode_open_interest(from, &message->day);
        return true;
    case VW_PITCH_DAY_SUMMARY:
        decode_summary(from, &message->day);
        return true;
    default:
        return false;
    }
}

static size_t encode_future(const vw_pitch_message *message, unsigned char *to)
{
    const vw_pitch_future *future = &message->future;
    size_t legs = future->leg_count * sizeof(vw_wire_future_leg);
    size_t size = sizeof(vw_wire_future_dated) + legs;
    vw_wire_future_dated wire = {
        .future = {.stamp = {{(uint8_t)size, VW_PITCH_FUTURE}, message->time_offset_ns},
                   .unit_timestamp = future->unit_timestamp,
                   .flags = future->flags,
                   .expiration_date = future->expiration_date,
                   .contract_size = future->contract_size,
                   .listing_state = future->listing_state,
                   .price_increment = future->price_increment,
                   .leg_count = future->leg_count,
                   .leg_offset = legs > 0 ? sizeof(vw_wire_future_dated) : 0},
        .contract_date = future->contract_date};

    if (size > UINT8_MAX) {
        return 0;
    }
    vw_text_pad(wire.future.symbol, future->symbol, sizeof wire.future.symbol);
    vw_text_pad(wire.future.report_symbol, future->report_symbol, sizeof wire.future.report_symbol);
    memcpy(to, &wire, sizeof wire);
    if (legs > 0) {
        memcpy(to + sizeof wire, future->legs, legs);
    }
    return size;
}

size_t vw_cfe_encode(const vw_pitch_message *message, unsigned char *to)
{
    const vw_pitch_day *day = &message->day;

    if (message->type == VW_PITCH_FUTURE) {
        return encode_future(message, to);
    }
    if (message->type == VW_PITCH_SETTLEMENT) {
        vw_wire_settlement wire = {
            .stamp = {{sizeof wire, VW_PITCH_SETTLEMENT}, message->time_offset_ns},
            .trade_date = day->trade_date,
            .price = day->price,
            .issue = day->issue};

        vw_text_pad(wire.symbol, day->symbol, sizeof wire.symbol);
        memcpy(to, &wire, sizeof wire);
        return sizeof wire;
    }
    if (message->type == VW_PITCH_OPEN_INTEREST) {
        vw_wire_open_interest wire = {
            .stamp = {{sizeof wire, VW_PITCH_OPEN_INTEREST}, message->time_offset_ns},
            .trade_date = day->trade_date,
            .contracts = day->open_interest};

        vw_text_pad(wire.symbol, day->symbol, sizeof wire.symbol);
        memcpy(to, &wire, sizeof wire);
        return sizeof wire;
    }
    return 0;
}
