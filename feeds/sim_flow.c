#include "feeds/sim_flow.h"

#include <string.h>

enum { BID, ASK, SIDES };

/* One in so many. */
enum { EXPANDED = 64, REPLACED = 3, PRINTED = 200, BROKEN = 16, BEHIND = 32, AT_PRICE = 8 };

enum { BEHIND_STEP = 1000, BEHIND_STEPS = 4 }; /* 0.10 is a multiple of every tick */

static bool one_in(vw_sim_flow *flow, uint32_t count)
{
    return vw_sim_random_below(&flow->random, count) == 0;
}

static char side_letter(int side)
{
    return side == BID ? 'B' : 'S';
}

static void emit(const vw_sim_book *book, vw_pitch_message message)
{
    vw_sim_channel_add(book->channel, &message);
}

static void emit_change(const vw_sim_book *book, vw_pitch_type type, vw_pitch_change change)
{
    change.condition = book->channel->dialect == VW_DIALECT_CFE ? ' ' : 'I';
    emit(book, (vw_pitch_message){.type = type, .change = change});
}

static void add(vw_sim_flow *flow, const vw_sim_book *book, vw_sim_order *order, int side)
{
    vw_pitch_message message = {.type = VW_PITCH_ADD_LONG};

    order->id = ++flow->orders;
    if (vw_pitch_fits_short(order->price, order->size)) {
        message.type = VW_PITCH_ADD_SHORT;
    }
    if (book->channel->dialect == VW_DIALECT_OPTIONS && one_in(flow, EXPANDED)) {
        message.type = VW_PITCH_ADD_EXPANDED;
    }
    message.order = (vw_pitch_order){.order_id = order->id,
                                     .price = order->price,
                                     .quantity = order->size,
                                     .side = side_letter(side)};
    memcpy(message.order.symbol, book->symbol, sizeof message.order.symbol);
    if (message.type == VW_PITCH_ADD_EXPANDED) {
        memcpy(message.order.participant, "VWMM", 4);
        message.order.customer = 'N';
    }
    emit(book, message);
}

static void cancel(const vw_sim_book *book, vw_sim_order *order)
{
    if (order->id != 0) {
        emit_change(book, VW_PITCH_DELETE, (vw_pitch_change){.order_id = order->id});
        order->id = 0;
    }
}

static void modify(const vw_sim_book *book, vw_sim_order *order, int64_t price, uint32_t size)
{
    bool small = vw_pitch_fits_short(price, size);

    order->price = price;
    order->size = size;
    emit_change(book, small ? VW_PITCH_MODIFY_SHORT : VW_PITCH_MODIFY_LONG,
                (vw_pitch_change){.order_id = order->id, .price = price, .quantity = size});
}

static void begin(vw_sim_flow *flow, const vw_sim_book *book)
{
    vw_sim_channel_begin(book->channel, book->unit, flow->market_ns, flow->now_ns);
}

static void bracket(const vw_sim_book *book, vw_pitch_type type)
{
    emit(book, (vw_pitch_message){.type = type});
}

static bool better_or_equal(int side, int64_t price, int64_t than)
{
    return side == BID ? price >= than : price <= than;
}

static int64_t quote_price(const vw_sim_quote *quote, int side)
{
    return side == BID ? quote->bid : quote->ask;
}

static uint32_t quote_size(const vw_sim_quote *quote, int side)
{
    return side == BID ? quote->bid_size : quote->ask_size;
}

static void announce_side(vw_sim_flow *flow, vw_sim_book *book, const vw_sim_quote *quote, int side)
{
    vw_sim_order *best = &book->best[side];
    vw_sim_order *behind = &book->behind[side];
    bool keep = behind->id != 0;

    cancel(book, best);
    cancel(book, behind);
    best->price = quote_price(quote, side);
    best->size = quote_size(quote, side);
    if (best->price == 0) {
        return;
    }
    add(flow, book, best, side);
    if (keep && !better_or_equal(side, behind->price, best->price)) {
        add(flow, book, behind, side);
    }
}

static void tell_settlement(const vw_sim_flow *flow, const vw_sim_book *book)
{
    vw_pitch_message message = {.type = VW_PITCH_SETTLEMENT,
                                .day = {.price = book->settlement,
                                        .trade_date = flow->settlement_date,
                                        .issue = book->known ? 'R' : 'S'}};

    memcpy(message.day.symbol, book->symbol, sizeof message.day.symbol);
    emit(book, message);
}

void vw_sim_flow_announce(vw_sim_flow *flow, size_t series, const vw_sim_quote *quote)
{
    vw_sim_book *book = &flow->books[series];
    vw_pitch_message status = {.type = VW_PITCH_TRADING_STATUS,
                               .status = {.status = 'T', .global_status = 'T'}};

    memcpy(status.status.symbol, book->symbol, sizeof status.status.symbol);
    begin(flow, book);
    emit(book, status);
    if (book->settlement != 0) {
        tell_settlement(flow, book);
    }
    bracket(book, VW_PITCH_TRANSACTION_BEGIN);
    announce_side(flow, book, quote, BID);
    announce_side(flow, book, quote, ASK);
    bracket(book, VW_PITCH_TRANSACTION_END);
    vw_sim_channel_end(book->channel);
    book->known = true;
}

/* ---- a quote that moves --------------------------------------------------------------------- */

static bool side_moves(const vw_sim_book *book, const vw_sim_quote *quote, int side)
{
    int64_t now = book->best[side].id != 0 ? book->best[side].price : 0;

    return now != quote_price(quote, side);
}

static void move_side(vw_sim_flow *flow, vw_sim_book *book, const vw_sim_quote *quote, int side,
                      bool replace)
{
    vw_sim_order *best = &book->best[side];
    vw_sim_order *behind = &book->behind[side];
    int64_t price = quote_price(quote, side);
    uint32_t size = quote_size(quote, side);

    if (price == 0 || better_or_equal(side, behind->price, price)) {
        cancel(book, behind);
    }
    if (price != 0 && best->id != 0 && !replace) {
        modify(book, best, price, size);
        return;
    }
    cancel(book, best);
    if (price != 0) {
        *best = (vw_sim_order){.price = price, .size = size};
        add(flow, book, best, side);
    }
}

static void move(vw_sim_flow *flow, vw_sim_book *book, const vw_sim_quote *quote)
{
    /* The side that gives way first, so that the book does not cross in between. */
    int first = quote->ask > book->best[ASK].price ? ASK : BID;
    int second = SIDES - 1 - first;
    bool both = side_moves(book, quote, BID) && side_moves(book, quote, ASK);
    bool replace = one_in(flow, REPLACED);
    bool bracketed = both || replace || book->behind[BID].id != 0 || book->behind[ASK].id != 0;

    if (bracketed) {
        bracket(book, VW_PITCH_TRANSACTION_BEGIN);
    }
    if (side_moves(book, quote, first)) {
        move_side(flow, book, quote, first, replace);
    }
    if (side_moves(book, quote, second)) {
        move_side(flow, book, quote, second, replace);
    }
    if (bracketed) {
        bracket(book, VW_PITCH_TRANSACTION_END);
    }
}

/* ---- a quote that stays --------------------------------------------------------------------- */

static void reduce(vw_sim_flow *flow, const vw_sim_book *book, vw_sim_order *order)
{
    uint32_t taken = 1 + vw_sim_random_below(&flow->random, order->size - 1);

    order->size -= taken;
    emit_change(book, taken <= UINT16_MAX ? VW_PITCH_REDUCE_SHORT : VW_PITCH_REDUCE_LONG,
                (vw_pitch_change){.order_id = order->id, .quantity = taken});
}

static void execute(vw_sim_flow *flow, const vw_sim_book *book, vw_sim_order *order, uint32_t taken)
{
    bool at_price = book->channel->dialect == VW_DIALECT_OPTIONS && one_in(flow, AT_PRICE);

    order->size -= taken;
    emit_change(book, at_price ? VW_PITCH_EXECUTED_AT : VW_PITCH_EXECUTED,
                (vw_pitch_change){.order_id = order->id,
                                  .execution_id = ++flow->executions,
                                  .price = order->price,
                                  .quantity = taken,
                                  .remaining = order->size});
}

/* The whole order trades and a new one takes its place. */
static void fill(vw_sim_flow *flow, const vw_sim_book *book, vw_sim_order *order, int side,
                 uint32_t size)
{
    bracket(book, VW_PITCH_TRANSACTION_BEGIN);
    execute(flow, book, order, order->size);
    order->size = size;
    add(flow, book, order, side);
    bracket(book, VW_PITCH_TRANSACTION_END);
}

static void resize(vw_sim_flow *flow, vw_sim_book *book, const vw_sim_quote *quote, int side)
{
    vw_sim_order *order = &book->best[side];
    uint32_t size = quote_size(quote, side);
    uint32_t wanted = size / 2 + 1 + vw_sim_random_below(&flow->random, size);
    uint32_t roll = vw_sim_random_below(&flow->random, 16);

    if (roll < 2 && order->size > 1) {
        execute(flow, book, order, 1 + vw_sim_random_below(&flow->random, order->size - 1));
    } else if (roll == 2) {
        fill(flow, book, order, side, wanted);
    } else if (roll < 6 && order->size > 1) {
        reduce(flow, book, order);
    } else {
        modify(book, order, order->price, wanted == order->size ? wanted + 1 : wanted);
    }
}

/* An order appears behind the best one, or the one that was there goes.  The best is announced
 * along with it: a listener who missed it would take the one behind for the best. */
static void stir_behind(vw_sim_flow *flow, vw_sim_book *book, int side)
{
    vw_sim_order *best = &book->best[side];
    vw_sim_order *behind = &book->behind[side];
    int64_t away = BEHIND_STEP * (1 + vw_sim_random_below(&flow->random, BEHIND_STEPS));

    if (behind->id != 0) {
        cancel(book, behind);
        return;
    }
    behind->price = best->price + (side == BID ? -away : away);
    behind->size = 1 + vw_sim_random_below(&flow->random, 99);
    if (behind->price > 0) {
        bracket(book, VW_PITCH_TRANSACTION_BEGIN);
        cancel(book, best);
        add(flow, book, best, side);
        add(flow, book, behind, side);
        bracket(book, VW_PITCH_TRANSACTION_END);
    }
}

static void print_trade(vw_sim_flow *flow, const vw_sim_book *book, const vw_sim_order *order,
                        int side)
{
    uint32_t size = 1 + vw_sim_random_below(&flow->random, 50);
    bool options = book->channel->dialect == VW_DIALECT_OPTIONS;
    vw_pitch_message message = {.type = vw_pitch_fits_short(order->price, size)
                                            ? VW_PITCH_TRADE_SHORT
                                            : VW_PITCH_TRADE_LONG};

    if (options && one_in(flow, AT_PRICE)) {
        message.type = VW_PITCH_TRADE_EXPANDED;
    }
    message.trade = (vw_pitch_trade){.order_id = ++flow->orders,
                                     .execution_id = ++flow->executions,
                                     .price = order->price,
                                     .quantity = size,
                                     .side = side_letter(side),
                                     .condition = options ? 'f' : 'B'};
    memcpy(message.trade.symbol, book->symbol, sizeof message.trade.symbol);
    emit(book, message);
    if (one_in(flow, BROKEN)) {
        emit(book, (vw_pitch_message){.type = VW_PITCH_TRADE_BREAK,
                                      .trade = {.execution_id = flow->executions}});
    }
}

bool vw_sim_flow_change(vw_sim_flow *flow, size_t series, const vw_sim_quote *quote)
{
    vw_sim_book *book = &flow->books[series];
    int side = (int)vw_sim_random_below(&flow->random, SIDES);

    if (side_moves(book, quote, BID) || side_moves(book, quote, ASK)) {
        begin(flow, book);
        move(flow, book, quote);
        vw_sim_channel_end(book->channel);
        return true;
    }
    if (book->best[side].id == 0) {
        side = SIDES - 1 - side;
    }
    if (book->best[side].id == 0) {
        return false;
    }
    begin(flow, book);
    if (one_in(flow, PRINTED)) {
        print_trade(flow, book, &book->best[side], side);
    }
    if (one_in(flow, BEHIND)) {
        stir_behind(flow, book, side);
    }
    resize(flow, book, quote, side);
    vw_sim_channel_end(book->channel);
    return true;
}
