/* sim_listener.h: what a patient listener makes of the simulated exchange's packets; for tests.
 *
 * Takes packets of any line, puts the messages of each unit in order of sequence, keeps the orders
 * and says the best bid and offer of each series.  Fails the test on what a real exchange never
 * does: an order of an unknown series, a change of an unknown order, an order id used twice. */
#ifndef VW_TESTS_FEEDS_SIM_LISTENER_H
#define VW_TESTS_FEEDS_SIM_LISTENER_H

#include "core/base/bytes.h"
#include "feeds/pitch.h"
#include "feeds/sim.h"
#include "tests/check.h"

#include <string.h>

enum { LISTENER_UNITS = 34, LISTENER_SERIES = 1 << 15, LISTENER_ORDERS = 1 << 20 };
enum { LISTENER_STORE = 1 << 20, LISTENER_BYTES = 72 };

typedef struct listened_series {
    char symbol[8];
    char name[24]; /* OSI, or "VX 20260617" */
    size_t channel;
    int64_t best[2];
    uint32_t size[2];
    char status;
    int64_t announced_ns[2]; /* market time of the last add */
} listened_series;

typedef struct listened_order {
    uint64_t id; /* 0 = empty slot */
    int64_t price;
    uint32_t size, series;
    int side;
    bool gone;
} listened_order;

typedef struct listened_unit {
    bool begun;
    uint32_t next, highest; /* next to apply, highest seen + 1 */
    uint32_t second;
    unsigned char (*store)[LISTENER_BYTES]; /* by sequence; first byte 0 = not here */
} listened_unit;

typedef struct listener {
    bool lines[2]; /* which it hears */
    bool strict;   /* from the start: nothing may be unknown */
    listened_unit units[2][LISTENER_UNITS];
    listened_series *series;
    size_t series_count;
    uint32_t *by_symbol; /* hash of channel and symbol to series + 1 */
    uint32_t *by_name;   /* the same by OSI symbol */
    listened_order *orders;
    uint64_t packets[2][2], heartbeats[2][LISTENER_UNITS], types[256], applied;
    size_t quotes_in_packet_max;
    uint64_t hash;
    int64_t market_ns;
} listener;

static inline listener *listener_open(bool a, bool b, bool strict)
{
    listener *l = calloc(1, sizeof *l);

    l->lines[0] = a;
    l->lines[1] = b;
    l->strict = strict;
    l->series = calloc(LISTENER_SERIES, sizeof *l->series);
    l->by_symbol = calloc(4 * LISTENER_SERIES, sizeof *l->by_symbol);
    l->by_name = calloc(4 * LISTENER_SERIES, sizeof *l->by_name);
    l->orders = calloc(LISTENER_ORDERS, sizeof *l->orders);
    l->hash = UINT64_C(14695981039346656037);
    return l;
}

static inline void listener_close(listener *l)
{
    for (size_t c = 0; c < 2; c++) {
        for (size_t u = 0; u < LISTENER_UNITS; u++) {
            free(l->units[c][u].store);
        }
    }
    free(l->series);
    free(l->by_symbol);
    free(l->by_name);
    free(l->orders);
    free(l);
}

static inline uint32_t *listener_slot(listener *l, size_t channel, const char *symbol)
{
    uint64_t key = channel + 1;
    uint32_t i;

    for (int c = 0; c < 6; c++) {
        key = key * 131 + (unsigned char)symbol[c];
    }
    i = (uint32_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 47);
    while (l->by_symbol[i] != 0 &&
           (l->series[l->by_symbol[i] - 1].channel != channel ||
            memcmp(l->series[l->by_symbol[i] - 1].symbol, symbol, 6) != 0)) {
        i = (i + 1) & (4 * LISTENER_SERIES - 1);
    }
    return &l->by_symbol[i];
}

static inline uint32_t listener_name_slot(const listener *l, const char *name)
{
    uint64_t key = 0;
    uint32_t i;

    for (const char *c = name; *c != '\0'; c++) {
        key = key * 131 + (unsigned char)*c;
    }
    i = (uint32_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 47);
    while (l->by_name[i] != 0 && strcmp(l->series[l->by_name[i] - 1].name, name) != 0) {
        i = (i + 1) & (4 * LISTENER_SERIES - 1);
    }
    return i;
}

static inline void listener_define(listener *l, size_t channel, const char *symbol,
                                   const char *name)
{
    uint32_t *slot = listener_slot(l, channel, symbol);
    listened_series *series;

    if (*slot == 0) {
        assert_true(l->series_count < LISTENER_SERIES);
        series = &l->series[l->series_count++];
        *slot = (uint32_t)l->series_count;
        memcpy(series->symbol, symbol, 6);
        snprintf(series->name, sizeof series->name, "%s", name);
        series->channel = channel;
        l->by_name[listener_name_slot(l, name)] = *slot;
    }
    assert_string_equal(l->series[*slot - 1].name, name);
}

/* NULL if it was never defined. */
static inline listened_series *listener_find(listener *l, const char *name)
{
    uint32_t slot = l->by_name[listener_name_slot(l, name)];

    return slot == 0 ? NULL : &l->series[slot - 1];
}

static inline listened_order *listener_order(listener *l, uint64_t id)
{
    uint32_t i = (uint32_t)((id * UINT64_C(0x9E3779B97F4A7C15)) >> 44);

    while (l->orders[i].id != 0 && l->orders[i].id != id) {
        i = (i + 1) & (LISTENER_ORDERS - 1);
    }
    return &l->orders[i];
}

static inline void listener_add(listener *l, size_t channel, const vw_pitch_message *m)
{
    uint32_t slot = *listener_slot(l, channel, m->order.symbol);
    listened_order *order = listener_order(l, m->order.order_id);

    if (l->strict) {
        assert_true(slot != 0);
    }
    assert_true(order->id == 0); /* never used before */
    if (slot == 0) {
        return;
    }
    *order = (listened_order){m->order.order_id, m->order.price,       m->order.quantity,
                              slot - 1,          m->order.side == 'S', false};
    l->series[slot - 1].announced_ns[order->side] = l->market_ns;
}

static inline void listener_change(listener *l, const vw_pitch_message *m)
{
    listened_order *order = listener_order(l, m->change.order_id);

    if (order->id == 0) {
        assert_false(l->strict);
        return;
    }
    assert_false(order->gone);
    switch (m->type) {
    case VW_PITCH_DELETE:
        order->size = 0;
        break;
    case VW_PITCH_MODIFY_LONG:
    case VW_PITCH_MODIFY_SHORT:
        order->size = m->change.quantity;
        order->price = m->change.price;
        break;
    case VW_PITCH_EXECUTED_AT:
        assert_int_equal(order->size, m->change.quantity + m->change.remaining);
        order->size = m->change.remaining;
        break;
    default:
        assert_true(m->change.quantity > 0 && m->change.quantity <= order->size);
        order->size -= m->change.quantity;
    }
    order->gone = order->size == 0;
}

static inline void listener_apply(listener *l, size_t channel, listened_unit *unit,
                                  const unsigned char *bytes)
{
    vw_pitch_message m;
    int used =
        vw_pitch_decode(channel == 0 ? VW_DIALECT_OPTIONS : VW_DIALECT_CFE, bytes, bytes[0], &m);

    assert_int_equal(used, bytes[0]);
    l->types[m.wire_type]++;
    l->applied++;
    l->market_ns = (int64_t)unit->second * 1000000000 + m.time_offset_ns;
    switch (m.type) {
    case VW_PITCH_TIME:
        assert_true(m.time.epoch >= unit->second);
        unit->second = m.time.epoch;
        break;
    case VW_PITCH_ADD_LONG:
    case VW_PITCH_ADD_SHORT:
    case VW_PITCH_ADD_EXPANDED:
        listener_add(l, channel, &m);
        break;
    case VW_PITCH_EXECUTED:
    case VW_PITCH_EXECUTED_AT:
    case VW_PITCH_REDUCE_LONG:
    case VW_PITCH_REDUCE_SHORT:
    case VW_PITCH_MODIFY_LONG:
    case VW_PITCH_MODIFY_SHORT:
    case VW_PITCH_DELETE:
        listener_change(l, &m);
        break;
    case VW_PITCH_TRADING_STATUS:
        if (*listener_slot(l, channel, m.status.symbol) != 0) {
            l->series[*listener_slot(l, channel, m.status.symbol) - 1].status = m.status.status;
        }
        break;
    default:
        break;
    }
}

static inline void listener_loop(listener *l, size_t channel, const unsigned char *bytes)
{
    vw_pitch_message m;
    char name[24] = "";

    vw_pitch_decode(channel == 0 ? VW_DIALECT_OPTIONS : VW_DIALECT_CFE, bytes, bytes[0], &m);
    l->types[m.wire_type]++;
    if (m.type == VW_PITCH_MAPPING) {
        memcpy(name, m.mapping.osi, sizeof m.mapping.osi);
        listener_define(l, channel, m.mapping.symbol, name);
    } else if (m.type == VW_PITCH_FUTURE) {
        snprintf(name, sizeof name, "%s %u", m.future.report_symbol, m.future.expiration_date);
        listener_define(l, channel, m.future.symbol, name);
    }
}

/* Distinct books that one packet touches: orders by their series, adds by their symbol. */
static inline void listener_count(listener *l, size_t channel, const unsigned char *at,
                                  unsigned count)
{
    uint32_t seen[64];
    size_t distinct = 0;

    for (unsigned i = 0; i < count; i++, at += at[0]) {
        vw_pitch_message m;
        uint32_t series = 0;
        size_t j = 0;

        vw_pitch_decode(channel == 0 ? VW_DIALECT_OPTIONS : VW_DIALECT_CFE, at, at[0], &m);
        if (m.type == VW_PITCH_ADD_LONG || m.type == VW_PITCH_ADD_SHORT ||
            m.type == VW_PITCH_ADD_EXPANDED) {
            series = *listener_slot(l, channel, m.order.symbol);
        } else if (m.type >= VW_PITCH_EXECUTED && m.type <= VW_PITCH_DELETE &&
                   listener_order(l, m.change.order_id)->id != 0) {
            series = listener_order(l, m.change.order_id)->series + 1;
        }
        while (j < distinct && seen[j] != series) {
            j++;
        }
        if (series != 0 && j == distinct) {
            seen[distinct++] = series;
        }
    }
    if (distinct > l->quotes_in_packet_max) {
        l->quotes_in_packet_max = distinct;
    }
}

static inline void listener_hear(listener *l, size_t channel, const vw_wire_block *block,
                                 const unsigned char *at)
{
    listened_unit *unit = &l->units[channel][block->unit];

    if (unit->store == NULL) {
        unit->store = calloc(LISTENER_STORE, LISTENER_BYTES);
    }
    if (!unit->begun) {
        unit->begun = true;
        unit->next = block->sequence;
    }
    for (unsigned i = 0; i < block->count; i++, at += at[0]) {
        assert_true(at[0] <= LISTENER_BYTES && block->sequence + i < LISTENER_STORE);
        memcpy(unit->store[block->sequence + i], at, at[0]);
    }
    if (block->sequence + block->count > unit->highest) {
        unit->highest = block->sequence + block->count;
    }
    while (unit->store[unit->next][0] != 0) {
        listener_apply(l, channel, unit, unit->store[unit->next]);
        unit->next++;
    }
}

static inline void listener_sink(void *self, size_t channel, size_t line, const void *packet,
                                 size_t size, int64_t now_ns)
{
    listener *l = self;
    const unsigned char *bytes = packet;
    vw_wire_block block = {0};

    (void)now_ns;
    if (!l->lines[line]) {
        return;
    }
    for (size_t i = 0; i < size; i++) {
        l->hash = (l->hash ^ bytes[i]) * UINT64_C(1099511628211);
    }
    l->hash = (l->hash ^ (channel * 2 + line)) * UINT64_C(1099511628211);
    l->packets[channel][line]++;
    assert_true(vw_pitch_block(bytes, size, &block));
    assert_int_equal(block.length, size);
    bytes += sizeof block;
    if (block.count == 0) {
        listened_unit *unit = &l->units[channel][block.unit];

        l->heartbeats[channel][block.unit]++;
        assert_true(block.sequence >= unit->highest);
        unit->highest = block.sequence;
        return;
    }
    if (block.sequence == 0) {
        for (unsigned i = 0; i < block.count; i++, bytes += bytes[0]) {
            listener_loop(l, channel, bytes);
        }
        return;
    }
    listener_count(l, channel, bytes, block.count);
    listener_hear(l, channel, &block, bytes);
}

/* Fills best prices and sizes of every series from its orders. */
static inline void listener_settle(listener *l)
{
    for (size_t i = 0; i < l->series_count; i++) {
        memset(l->series[i].best, 0, sizeof l->series[i].best);
        memset(l->series[i].size, 0, sizeof l->series[i].size);
    }
    for (size_t i = 0; i < LISTENER_ORDERS; i++) {
        const listened_order *order = &l->orders[i];
        listened_series *series = &l->series[order->series];
        int64_t *best = &series->best[order->side];
        uint32_t *size = &series->size[order->side];

        if (order->id == 0 || order->gone) {
            continue;
        }
        if (*best == 0 || (order->side == 0 ? order->price > *best : order->price < *best)) {
            *best = order->price;
            *size = 0;
        }
        *size += order->price == *best ? order->size : 0;
    }
}

static inline uint64_t listener_missing(const listener *l)
{
    uint64_t missing = 0;

    for (size_t c = 0; c < 2; c++) {
        for (size_t u = 0; u < LISTENER_UNITS; u++) {
            const listened_unit *unit = &l->units[c][u];

            for (uint32_t s = 1; s < unit->highest; s++) {
                missing += unit->store[s][0] == 0;
            }
        }
    }
    return missing;
}

/* Runs a sim into a listener from second `from` on, polled each ms until second `to`. */
static inline vw_sim_totals listener_play(listener *l, vw_sim_config config, double from, double to)
{
    const int64_t start_ns = INT64_C(1800000000) * 1000000000;
    vw_sim_totals totals;
    vw_error error = {""};
    vw_sim *sim = NULL;

    config.sink = listener_sink;
    config.sink_self = l;
    if (vw_sim_open(&config, &sim, &error) != VW_OK || vw_sim_begin(sim, &error) != VW_OK) {
        fail_msg("%s", error.text);
    }
    for (int64_t ms = 0; (double)ms <= to * 1000; ms++) {
        bool hear[2] = {l->lines[0], l->lines[1]};

        l->lines[0] = hear[0] && (double)ms >= from * 1000;
        l->lines[1] = hear[1] && (double)ms >= from * 1000;
        vw_sim_poll(sim, start_ns + ms * 1000000);
        l->lines[0] = hear[0];
        l->lines[1] = hear[1];
    }
    vw_sim_end(sim);
    totals = vw_sim_totals_get(sim);
    vw_sim_close(sim);
    return totals;
}

#endif
