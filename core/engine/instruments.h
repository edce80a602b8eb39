/* instruments.h: what the feeds' numbers stand for, and the expiry groups they fall into.
 *
 * A feed numbers its series; the engine keeps them densely in the order of their definitions, and
 * in groups of one root, expiry and settlement.  An option's place in its group is its strike's
 * row, which moves when a strike comes in below it: quotes.c keeps row right.
 *
 * Threads  the engine's.
 * Memory   vw_instruments_size bytes from the caller.
 * Full     add returns VW_INSTRUMENT_NONE and says which table is full.
 * Order    indices of instruments and groups are given in order of definition and stay. */
#ifndef VW_CORE_ENGINE_INSTRUMENTS_H
#define VW_CORE_ENGINE_INSTRUMENTS_H

#include "core/base/counters.h"
#include "core/market/calendar.h"
#include "core/market/event.h"

#define VW_GROUP_NONE UINT16_MAX

typedef struct vw_instrument {
    double strike;   /* index points; 0 for futures */
    uint32_t number; /* the feed's, as published */
    uint32_t row;    /* of its strike in the group; for futures the index among them */
    uint32_t multiplier;
    uint16_t group;
    uint8_t type; /* 'C', 'P', 'F' */
    uint8_t feed, unit;
    bool weekly;
    bool in_book; /* a leg of the portfolio */
    bool dirty;   /* on the list of series to re-price */
} vw_instrument;

typedef struct vw_group {
    char root[8]; /* NUL-padded */
    uint32_t expiry;
    char settlement; /* 'A' or 'P' */
    bool futures;
    bool announced; /* the GROUP update is out */
    vw_family family;
    int64_t settlement_ns;
} vw_group;

typedef struct vw_instruments {
    vw_instrument *instruments;
    vw_group *groups;
    uint32_t *slots; /* index of the instrument by hash of its number, or VW_INSTRUMENT_NONE */
    uint32_t count, count_max;
    uint32_t group_count, groups_max;
    uint32_t slot_mask;
    uint32_t slot_shift;
} vw_instruments;

/* vw_instruments_size returns the bytes for these limits, or 0 unless instruments_max is in
 * [1, 2^24] and groups_max in [1, 65,535). */
size_t vw_instruments_size(uint32_t instruments_max, uint32_t groups_max);

/* vw_instruments_init lays the tables out in mem, 16-byte aligned. */
void vw_instruments_init(vw_instruments *table, void *mem, uint32_t instruments_max,
                         uint32_t groups_max);

/* vw_instruments_find returns the index of a number, or VW_INSTRUMENT_NONE. */
static inline uint32_t vw_instruments_find(const vw_instruments *table, uint32_t number);

/* vw_instruments_add takes a DEFINITION of a number that find does not know and returns its index.
 * VW_INSTRUMENT_NONE when a table is full, with *full the counter to grow.  row is the caller's to
 * fill. */
uint32_t vw_instruments_add(vw_instruments *table, const vw_event *event,
                            const vw_calendar *calendar, vw_counter *full);

/* ---- inline definitions --------------------------------------------------------------------- */

/* Fibonacci hashing: the top bits of number * 2^32 / golden ratio spread runs of numbers evenly. */
static inline uint32_t vw_instruments_slot(const vw_instruments *table, uint32_t number)
{
    return (number * UINT32_C(2654435769)) >> table->slot_shift;
}

static inline uint32_t vw_instruments_find(const vw_instruments *table, uint32_t number)
{
    uint32_t slot = vw_instruments_slot(table, number);

    while (table->slots[slot] != VW_INSTRUMENT_NONE) {
        if (table->instruments[table->slots[slot]].number == number) {
            return table->slots[slot];
        }
        slot = (slot + 1) & table->slot_mask;
    }
    return VW_INSTRUMENT_NONE;
}

#endif
