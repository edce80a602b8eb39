#include "tools/decode_tally.h"

#include <stdlib.h>
#include <string.h>

#define RESET_NS INT64_C(1000000000) /* sooner, sequence 1 is a copy */

static bool is_of(const vw_tally *tally, uint32_t host, uint16_t port, uint8_t unit,
                  uint8_t protocol)
{
    return tally->host == host && tally->port == port && tally->unit == unit &&
           tally->protocol == protocol;
}

vw_tally *vw_tally_get(vw_tallies *tallies, uint32_t host, uint16_t port, uint8_t unit,
                       uint8_t protocol)
{
    if (tallies->last != NULL && is_of(tallies->last, host, port, unit, protocol)) {
        return tallies->last;
    }
    for (size_t i = 0; i < tallies->count; i++) {
        if (is_of(tallies->list[i], host, port, unit, protocol)) {
            tallies->last = tallies->list[i];
            return tallies->last;
        }
    }
    if (tallies->count == VW_TALLY_MAX) {
        return tallies->list[VW_TALLY_MAX - 1];
    }
    if (tallies->count == tallies->room) {
        tallies->room = 2 * tallies->room + 8;
        tallies->list = realloc(tallies->list, tallies->room * sizeof *tallies->list);
        vw_check(tallies->list != NULL);
    }
    vw_tally *tally = calloc(1, sizeof *tally);

    vw_check(tally != NULL);
    tally->host = host;
    tally->port = port;
    tally->unit = unit;
    tally->protocol = protocol;
    tallies->list[tallies->count++] = tally;
    tallies->last = tally;
    return tally;
}

static void drop_hole(vw_tally *tally, size_t index)
{
    tally->hole_count--;
    memmove(&tally->holes[index], &tally->holes[index + 1],
            (tally->hole_count - index) * sizeof *tally->holes);
}

static void push_hole(vw_tally *tally, uint64_t first, uint64_t count)
{
    if (tally->hole_count == VW_TALLY_HOLES_MAX) {
        drop_hole(tally, 0); /* the oldest: what comes of it is taken for a copy */
    }
    if (tally->hole_count == tally->hole_room) {
        tally->hole_room = 2 * tally->hole_room + 8;
        tally->holes = realloc(tally->holes, tally->hole_room * sizeof *tally->holes);
        vw_check(tally->holes != NULL);
    }
    tally->holes[tally->hole_count++] = (vw_tally_hole){first, count};
}

/* fill takes [first, end) out of one hole and returns how many messages that were. */
static uint64_t fill(vw_tally *tally, size_t index, uint64_t first, uint64_t end)
{
    vw_tally_hole hole = tally->holes[index];
    uint64_t hole_end = hole.first + hole.count;
    uint64_t from = first > hole.first ? first : hole.first;
    uint64_t to = end < hole_end ? end : hole_end;

    if (from >= to) {
        return 0;
    }
    if (from > hole.first) {
        tally->holes[index].count = from - hole.first;
        if (to < hole_end) {
            push_hole(tally, to, hole_end - to);
        }
    } else if (to < hole_end) {
        tally->holes[index] = (vw_tally_hole){to, hole_end - to};
    } else {
        drop_hole(tally, index);
    }
    return to - from;
}

static void take_old(vw_tally *tally, uint64_t first, uint64_t end)
{
    uint64_t late = 0;

    for (size_t i = tally->hole_count; i-- > 0;) {
        late += fill(tally, i, first, end);
    }
    tally->late += late;
    tally->missed -= late;
    tally->duplicates += end - first - late;
}

void vw_tally_sequence(vw_tally *tally, uint64_t first, uint64_t count, int64_t capture_ns)
{
    bool reset = first == 1 && tally->next > 1 && capture_ns - tally->begin_ns >= RESET_NS;

    if (tally->next == 0 || reset) {
        tally->resets += reset;
        tally->breaks += reset;
        tally->hole_count = 0;
        tally->begin_ns = capture_ns;
        tally->next = first;
    }
    if (tally->next_may_be_one_later && first == tally->next + 1) {
        tally->next = first;
    }
    if (count > 0) {
        tally->next_may_be_one_later = false;
    }
    if (first > tally->next) {
        push_hole(tally, tally->next, first - tally->next);
        tally->gaps++;
        tally->missed += first - tally->next;
        tally->breaks++;
        tally->next = first;
    }
    uint64_t end = first + count;
    uint64_t old_end = end < tally->next ? end : tally->next;

    if (first < old_end) {
        take_old(tally, first, old_end);
        tally->breaks++;
    }
    if (end > tally->next) {
        tally->next = end;
    }
}

void vw_tallies_free(vw_tallies *tallies)
{
    for (size_t i = 0; i < tallies->count; i++) {
        free(tallies->list[i]->holes);
        free(tallies->list[i]);
    }
    free(tallies->list);
    *tallies = (vw_tallies){.list = NULL};
}
