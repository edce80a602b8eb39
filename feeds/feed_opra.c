#include "core/market/symbol.h"
#include "feeds/feed_hot.h"

#include <string.h>

/* Quotes that bind nobody are no quotes to trade on; the engine halts on 'H' alone. */
static char status_of(char type)
{
    switch (type) {
    case 'T':
        return 'H';
    case 'R':
        return 'R';
    case 'F':
    case 'I':
    case 'X':
    case 'Y':
        return 'Q';
    default:
        return 'T';
    }
}

/* find returns the series of a message, made when first seen: OPRA has no definitions.  NONE: of a
 * root we do not price, or no room; counted. */
static uint32_t find(const vw_feed_place *at, const vw_opra_series *named)
{
    const vw_root *root = named->symbol[0] == 'S' || named->symbol[0] == 'V'
                              ? vw_root_find(named->symbol, sizeof named->symbol)
                              : NULL;
    bool fresh;

    if (root == NULL || root->family == VW_FAMILY_VX) {
        vw_feed_count(at->feed, VW_COUNT_MESSAGES_IGNORED);
        return VW_SERIES_NONE;
    }
    vw_contract contract = {.type = named->option,
                            .settlement = vw_root_settlement(root, named->expiry),
                            .expiry = named->expiry,
                            .multiplier = root->multiplier,
                            .strike = vw_opra_price_scaled(named->strike)};

    memcpy(contract.root, root->name, sizeof contract.root);
    uint32_t index = vw_series_contract(at->feed->series, at->unit->channel, &contract, &fresh);

    vw_feed_defined(at, index, fresh);
    if (index != VW_SERIES_NONE) {
        vw_series_at(at->feed->series, index)->unit = (uint8_t)at->number;
    }
    return index;
}

static void apply_side(const vw_feed_place *at, uint32_t index, uint8_t side, vw_opra_bbo bbo,
                       const vw_opra_side *own, const vw_opra_side *other)
{
    const vw_opra_side *best = bbo == VW_OPRA_BBO_THIS ? own : other;

    if (bbo == VW_OPRA_BBO_NONE) {
        vw_feed_top(at, index, side, 0, 0);
    } else if (bbo != VW_OPRA_BBO_SAME) {
        vw_feed_top(at, index, side, vw_opra_price_scaled(best->price), best->size);
    }
}

static void apply_quote(const vw_feed_place *at, const vw_opra_message *message)
{
    const vw_opra_quote *quote = &message->quote;
    uint32_t index = find(at, &quote->series);

    if (index == VW_SERIES_NONE) {
        return;
    }
    vw_feed_trading(at, index, status_of(message->type));
    apply_side(at, index, VW_BOOK_BID, quote->bbo_bid, &quote->bid, &quote->best_bid);
    apply_side(at, index, VW_BOOK_OFFER, quote->bbo_offer, &quote->offer, &quote->best_offer);
}

static void apply_sale(const vw_feed_place *at, const vw_opra_message *message)
{
    const vw_opra_sale *sale = &message->sale;
    uint32_t index = sale->cancel ? VW_SERIES_NONE : find(at, &sale->series);

    if (sale->cancel) {
        vw_feed_count(at->feed, VW_COUNT_MESSAGES_IGNORED);
    } else if (index != VW_SERIES_NONE) {
        vw_feed_flush(at->feed); /* its definition goes first */
        vw_feed_send_trade(at, index, 0, vw_opra_price_scaled(sale->price), sale->volume,
                           sale->trade_id, message->type);
    }
}

static bool apply_index(const vw_feed_place *at, const vw_opra_index *index)
{
    bool quoted = index->quoted;
    vw_opra_price bid = quoted ? index->bid : index->value;
    vw_opra_price offer = quoted ? index->offer : index->value;

    if (offer.value > INT32_MAX || offer.value < INT32_MIN) {
        return false; /* the width of the offer is disputed */
    }
    vw_feed_send_index(at, index->symbol, vw_opra_price_scaled(bid), vw_opra_price_scaled(offer));
    return true;
}

static bool apply(const vw_feed_place *at, const vw_opra_message *message)
{
    switch (message->category) {
    case VW_OPRA_LONG_QUOTE:
    case VW_OPRA_SHORT_QUOTE:
        apply_quote(at, message);
        return true;
    case VW_OPRA_LAST_SALE:
        apply_sale(at, message);
        return true;
    case VW_OPRA_INDEX:
        return apply_index(at, &message->index);
    default:
        vw_feed_count(at->feed, VW_COUNT_MESSAGES_IGNORED);
        return true;
    }
}

uint32_t vw_feed_apply_opra(vw_feed *feed, uint32_t number, const vw_run *run)
{
    vw_feed_place at = {feed, &feed->units[number], number, run->receive_ns};
    const vw_opra_form *form = &feed->config.channels[at.unit->channel].opra;
    const unsigned char *from = run->from;
    size_t left = run->size;
    uint32_t well_formed = 0;

    vw_feed_unit_clock(&at, run->block_ns);
    for (uint32_t i = 0; i < run->count; i++) {
        vw_opra_message message;
        int used = vw_opra_decode(form, from, left, &message);

        at.unit->sequence = run->sequence + i;
        if (message.length == 0 || used == VW_OPRA_MORE) {
            /* No way on.  What quotes stood behind it is not known; if it was the last, none. */
            if (i + 1 < run->count) {
                vw_feed_unit_missed(feed, number, run->sequence + i, 0, feed->now_ns);
            }
            break;
        }
        well_formed += used > 0 && apply(&at, &message);
        from += message.length;
        left -= message.length;
    }
    return well_formed;
}

static bool is_line_integrity(const vw_opra_block *block, const unsigned char *from, size_t size)
{
    vw_opra_wire_head head;

    if (block->count != 1 || size < sizeof head) {
        return false;
    }
    memcpy(&head, from, sizeof head);
    return head.category == VW_OPRA_CONTROL && head.type == 'N';
}

/* step_over takes a line integrity message for one that was counted, when the next block says so:
 * versions differ in that.  Where one was not, none is. */
static void step_over(vw_feed *feed, uint32_t number, size_t line, const vw_run *run)
{
    static const unsigned char integrity[sizeof(vw_opra_wire_head)] = {'O', VW_OPRA_CONTROL, 'N'};
    vw_feed_unit *unit = &feed->units[number];

    if (unit->integrity == 0) {
        return;
    }
    if (run->sequence == unit->integrity) {
        unit->integrity_uncounted = true;
    } else if (run->sequence == unit->integrity + 1 && !unit->integrity_uncounted) {
        vw_run counted = *run;

        counted.from = integrity;
        counted.size = sizeof integrity;
        counted.count = 1;
        counted.sequence = unit->integrity;
        vw_arbiter_run(feed->arbiter, number, (uint32_t)line, &counted, feed->now_ns);
    }
    unit->integrity = 0;
}

void vw_feed_take_opra(vw_feed *feed, uint32_t number, size_t line, const vw_opra_block *block,
                       const unsigned char *payload, int64_t receive_ns)
{
    vw_run run = {.from = payload + sizeof(vw_opra_wire_block),
                  .size = block->size - sizeof(vw_opra_wire_block),
                  .count = block->count,
                  .sequence = block->sequence,
                  .receive_ns = receive_ns,
                  .block_ns = block->time_ns};

    if (is_line_integrity(block, run.from, run.size)) {
        feed->units[number].integrity = block->sequence;
        run.count = 0;
    } else {
        step_over(feed, number, line, &run);
    }
    vw_arbiter_run(feed->arbiter, number, (uint32_t)line, &run, feed->now_ns);
}
