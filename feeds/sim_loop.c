#include "feeds/sim_loop.h"

#include "core/base/clock.h"
#include "core/market/event.h"
#include "feeds/cfe_wire.h"

#include <stdlib.h>
#include <string.h>

enum { CONTRACT_SIZE = 1000, PRICE_INCREMENT = 500 };

static void make_mapping(const vw_sim_series *series, const vw_sim_book *book,
                         const vw_sim_expiry *expiry, vw_pitch_message *message)
{
    char osi[22];

    *message = (vw_pitch_message){.type = VW_PITCH_MAPPING, .mapping = {.condition = 'N'}};
    vw_symbol_to_osi(&series->symbol, osi);
    memcpy(message->mapping.symbol, book->symbol, sizeof message->mapping.symbol);
    memcpy(message->mapping.osi, osi, sizeof message->mapping.osi);
    if (expiry->family == VW_FAMILY_OTHER) {
        memcpy(message->mapping.underlying, series->symbol.root, sizeof series->symbol.root);
    } else {
        memcpy(message->mapping.underlying, expiry->family == VW_FAMILY_VIX ? "VIX" : "SPX", 4);
    }
}

static void make_definition(const vw_sim_market *market, const vw_sim_series *series,
                            const vw_sim_book *book, vw_pitch_message *message)
{
    *message = (vw_pitch_message){
        .type = VW_PITCH_FUTURE,
        .future = {.unit_timestamp = (uint32_t)(market->start_ns / VW_NS_PER_SECOND),
                   .expiration_date = series->symbol.expiry,
                   .contract_date = series->symbol.expiry,
                   .contract_size = CONTRACT_SIZE,
                   .price_increment = PRICE_INCREMENT,
                   .listing_state = 'A',
                   .report_symbol = "VX"}};
    memcpy(message->future.symbol, book->symbol, sizeof message->future.symbol);
}

void vw_sim_loop_definition(const vw_sim_market *market, const vw_sim_book *books, size_t series,
                            vw_pitch_message *message)
{
    const vw_sim_series *of = &market->series[series];

    if (series < market->option_count) {
        make_mapping(of, &books[series], &market->expiries[of->expiry], message);
    } else {
        make_definition(market, of, &books[series], message);
    }
}

static void begin(vw_sim_loop *loop, vw_pitch_writer *writer, const vw_sim_book *book)
{
    vw_sim_loop_packet *next = &loop->packets[loop->count];

    next->channel = book->channel;
    vw_pitch_begin(writer, next->packet.bytes, sizeof next->packet.bytes,
                   book->channel->units[book->unit].number, 0);
}

static void end(vw_sim_loop *loop, vw_pitch_writer *writer)
{
    loop->packets[loop->count++].packet.size = vw_pitch_end(writer);
}

vw_err vw_sim_loop_open(vw_sim_loop *loop, const vw_sim_market *market, const vw_sim_book *books,
                        vw_error *error)
{
    size_t per_block = (VW_PITCH_BLOCK_MAX - sizeof(vw_wire_block)) / sizeof(vw_wire_future_dated);
    size_t room = market->series_count / per_block + market->expiry_count + 1;
    vw_pitch_writer writer = {0};
    const vw_sim_book *last = NULL;

    *loop = (vw_sim_loop){.packets = calloc(room, sizeof *loop->packets)};
    if (loop->packets == NULL) {
        return vw_fail(error, VW_ERR_SYSTEM, "out of memory for %zu definitions",
                       market->series_count);
    }
    for (size_t i = 0; i < market->series_count; i++) {
        unsigned char bytes[VW_PITCH_MESSAGE_MAX];
        vw_pitch_message message;
        size_t size;

        vw_sim_loop_definition(market, books, i, &message);
        size = vw_pitch_encode(books[i].channel->dialect, &message, bytes);
        vw_check(size > 0);
        if (last == NULL || last->channel != books[i].channel || last->unit != books[i].unit ||
            !vw_pitch_add(&writer, bytes, size)) {
            if (last != NULL) {
                end(loop, &writer);
            }
            vw_check(loop->count < room);
            begin(loop, &writer, &books[i]);
            vw_pitch_add(&writer, bytes, size);
        }
        last = &books[i];
    }
    end(loop, &writer);
    return VW_OK;
}

void vw_sim_loop_send(vw_sim_loop *loop, int64_t now_ns)
{
    const vw_sim_loop_packet *next = &loop->packets[loop->sent++ % loop->count];

    vw_sim_channel_loop(next->channel, &next->packet, now_ns);
}

void vw_sim_loop_close(vw_sim_loop *loop)
{
    free(loop->packets);
    *loop = (vw_sim_loop){0};
}
