#include "feeds/c1.h"

#include "core/base/bytes.h"
#include "feeds/pitch_text.h"

static void decode_mapping(const unsigned char *from, size_t length, vw_pitch_message *message)
{
    vw_wire_mapping wire;
    vw_pitch_mapping *mapping = &message->mapping;

    memcpy(&wire, from, sizeof wire - sizeof wire.underlying);
    *mapping = (vw_pitch_mapping){.condition = wire.condition};
    vw_text_symbol(mapping->symbol, wire.symbol);
    memcpy(mapping->osi, wire.osi, sizeof wire.osi);
    if (length >= sizeof wire) {
        vw_text_trim(mapping->underlying,
                     (const char *)from + offsetof(vw_wire_mapping, underlying),
                     sizeof wire.underlying);
    }
    if (message->type == VW_PITCH_CONSTITUENT) {
        vw_text_trim(mapping->soq, (const char *)from + sizeof wire, sizeof mapping->soq - 1);
    }
    message->time_offset_ns = 0;
}

static void decode_auction_update(const unsigned char *from, vw_pitch_auction *auction)
{
    vw_wire_auction_update wire;

    memcpy(&wire, from, sizeof wire);
    *auction = (vw_pitch_auction){.price = wire.reference,
                                  .indicative = wire.indicative,
                                  .auction_only = wire.auction_only,
                                  .composite_bid = wire.composite_bid,
                                  .composite_offer = wire.composite_offer,
                                  .quantity = wire.buy,
                                  .quantity_sell = wire.sell,
                                  .auction = wire.auction,
                                  .opening = wire.opening};
    vw_text_trim(auction->symbol, wire.symbol, sizeof wire.symbol);
}

static void decode_auction_summary(const unsigned char *from, vw_pitch_auction *auction)
{
    vw_wire_auction_summary wire;

    memcpy(&wire, from, sizeof wire);
    *auction =
        (vw_pitch_auction){.price = wire.price, .quantity = wire.quantity, .auction = wire.auction};
    vw_text_trim(auction->symbol, wire.symbol, sizeof wire.symbol);
}

static void decode_notification(const unsigned char *from, vw_pitch_auction *auction)
{
    vw_wire_auction_notification wire;

    memcpy(&wire, from, sizeof wire);
    *auction = (vw_pitch_auction){.auction_id = wire.auction_id,
                                  .price = wire.price,
                                  .quantity = wire.quantity,
                                  .end_offset_ns = wire.end_offset_ns,
                                  .auction = wire.auction,
                                  .side = wire.side,
                                  .customer = wire.customer};
    vw_text_symbol(auction->symbol, wire.symbol);
    vw_text_trim(auction->participant, wire.participant, sizeof wire.participant);
    vw_text_trim(auction->client, wire.client, sizeof wire.client);
}

static void decode_auction_trade(const unsigned char *from, vw_pitch_auction *auction)
{
    vw_wire_auction_trade wire;

    memcpy(&wire, from, sizeof wire);
    *auction = (vw_pitch_auction){.auction_id = wire.auction_id,
                                  .execution_id = wire.execution_id,
                                  .price = wire.price,
                                  .quantity = wire.quantity};
}

static void decode_strike_range(const unsigned char *from, vw_pitch_range *range)
{
    vw_wire_strike_range wire;

    memcpy(&wire, from, sizeof wire);
    *range = (vw_pitch_range){.lower = wire.lower, .upper = wire.upper};
    vw_text_trim(range->name, wire.soq, sizeof wire.soq);
}

static void decode_width(const unsigned char *from, vw_pitch_range *range)
{
    vw_wire_width_update wire;

    memcpy(&wire, from, sizeof wire);
    *range = (vw_pitch_range){.multiplier = wire.multiplier, .width = wire.width};
    vw_text_trim(range->name, wire.underlying, sizeof wire.underlying);
}

static bool decode_complex(const unsigned char *from, size_t length, vw_pitch_future *future)
{
    vw_wire_complex_definition wire;

    memcpy(&wire, from, sizeof wire);
    if (wire.leg_count * sizeof(vw_wire_complex_leg) > length - sizeof wire) {
        return false;
    }
    *future = (vw_pitch_future){.legs = wire.leg_count > 0 ? from + sizeof wire : NULL,
                                .leg_count = wire.leg_count,
                                .auction = wire.auction};
    vw_text_symbol(future->symbol, wire.symbol);
    vw_text_trim(future->report_symbol, wire.underlying, sizeof wire.underlying);
    return true;
}

bool vw_c1_decode(const unsigned char *from, size_t length, vw_pitch_message *message)
{
    switch (message->type) {
    case VW_PITCH_MAPPING:
    case VW_PITCH_CONSTITUENT:
        decode_mapping(from, length, message);
        return true;
    case VW_PITCH_AUCTION_UPDATE:
        decode_auction_update(from, &message->auction);
        return true;
    case VW_PITCH_AUCTION_SUMMARY:
        decode_auction_summary(from, &message->auction);
        return true;
    case VW_PITCH_AUCTION_NOTIFICATION:
        decode_notification(from, &message->auction);
        return true;
    case VW_PITCH_AUCTION_CANCEL:
        message->auction = (vw_pitch_auction){
            .auction_id = vw_load_u64(from + offsetof(vw_wire_auction_cancel, auction_id))};
        return true;
    case VW_PITCH_AUCTION_TRADE:
        decode_auction_trade(from, &message->auction);
        return true;
    case VW_PITCH_STRIKE_RANGE:
        decode_strike_range(from, &message->range);
        return true;
    case VW_PITCH_WIDTH_UPDATE:
        decode_width(from, &message->range);
        return true;
    case VW_PITCH_COMPLEX_DEFINITION:
        return decode_complex(from, length, &message->future);
    default:
        return false;
    }
}
