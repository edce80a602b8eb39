#include "feeds/arbiter_state.h"

#include "core/base/clock.h"

#include <string.h>

enum { NONE = VW_HELD_NONE, STRAY_AHEAD = 1024 };
#define RESET_AGE_NS VW_NS_PER_SECOND
#define BACKWARDS_NS (100 * VW_NS_PER_MS)
#define SLOW_LINE_NS VW_NS_PER_SECOND

static size_t units_bytes(uint32_t units_max)
{
    return vw_round_up(units_max * sizeof(vw_unit_order), VW_LINE_PAIR);
}

static size_t held_bytes(uint32_t hold_packets)
{
    return vw_round_up(hold_packets * sizeof(vw_held), VW_LINE_PAIR);
}

size_t vw_arbiter_size(uint32_t units_max, uint32_t hold_packets)
{
    uint32_t most = 1U << 20;

    if (units_max == 0 || units_max > most || hold_packets == 0 || hold_packets > most) {
        return 0;
    }
    return vw_round_up(sizeof(vw_arbiter), VW_LINE_PAIR) + units_bytes(units_max) +
           held_bytes(hold_packets) + (size_t)hold_packets * VW_ARBITER_HOLD_BYTES;
}

vw_arbiter *vw_arbiter_init(void *mem, uint32_t units_max, uint32_t hold_packets,
                            const vw_arbiter_sink *sink, vw_counters *counters)
{
    size_t size = vw_arbiter_size(units_max, hold_packets);
    vw_arbiter *arbiter = mem;

    vw_check(size != 0);
    vw_check((uintptr_t)mem % VW_LINE_PAIR == 0);
    memset(mem, 0, size);
    arbiter->sink = *sink;
    arbiter->counters = counters;
    arbiter->units_max = units_max;
    arbiter->hold_packets = hold_packets;
    unsigned char *at = (unsigned char *)mem + vw_round_up(sizeof *arbiter, VW_LINE_PAIR);
    arbiter->units = (vw_unit_order *)(void *)at;
    at += units_bytes(units_max);
    arbiter->held = (vw_held *)(void *)at;
    arbiter->bytes = at + held_bytes(hold_packets);
    for (uint32_t i = 0; i < hold_packets; i++) {
        arbiter->held[i].next = i + 1 < hold_packets ? i + 1 : NONE;
    }
    return arbiter;
}

uint32_t vw_arbiter_unit(vw_arbiter *arbiter, int64_t wait_ns)
{
    if (arbiter->unit_count == arbiter->units_max) {
        return UINT32_MAX;
    }
    vw_unit_order *self = &arbiter->units[arbiter->unit_count];

    self->wait_ns = wait_ns;
    self->reset_stamp_ns = INT64_MIN;
    self->head = NONE;
    self->tail = NONE;
    return arbiter->unit_count++;
}

void vw_arbiter_measure(vw_arbiter *arbiter, uint32_t number, vw_measure *measure)
{
    vw_check(number < arbiter->unit_count);
    arbiter->units[number].measure = measure;
}

/* skip returns the size of the first `messages` messages; their lengths were checked before. */
static size_t skip(const vw_unit_order *self, const unsigned char *from, size_t size,
                   uint64_t messages)
{
    size_t at = 0;

    for (uint64_t i = 0; i < messages; i++) {
        size_t length = self->measure == NULL ? from[at] : self->measure(from + at, size - at);

        if (length == 0) {
            return size;
        }
        at += length;
    }
    return at;
}

/* whole returns how many of `most` messages have a length that fits, and their size. */
static uint32_t whole(const vw_unit_order *self, const unsigned char *from, size_t size,
                      uint32_t most, size_t *used)
{
    size_t at = 0;
    uint32_t messages = 0;

    *used = size;
    if (self->measure != NULL) {
        return most;
    }
    while (messages < most && at + sizeof(vw_wire_head) <= size &&
           from[at] >= sizeof(vw_wire_head) && from[at] <= size - at) {
        at += from[at];
        messages++;
    }
    *used = at;
    return messages;
}

/* count_old tells what was given up (late) from what was delivered before (duplicate). */
void vw_arbiter_count_old(vw_arbiter *arbiter, const vw_unit_order *self, uint64_t first,
                          uint64_t end)
{
    uint64_t late = 0;

    if (first < self->start) {
        late += (end < self->start ? end : self->start) - first;
    }
    if (first < self->given_up_end) {
        uint32_t ranges =
            self->given_up_count < VW_GIVEN_UP_MAX ? self->given_up_count : VW_GIVEN_UP_MAX;

        for (uint32_t i = 0; i < ranges; i++) {
            const vw_sequence_range *range = &self->given_up[i];
            uint64_t from = first > range->first ? first : range->first;
            uint64_t to = end < range->end ? end : range->end;

            late += to > from ? to - from : 0;
        }
    }
    vw_arbiter_count(arbiter, VW_COUNT_MESSAGES_LATE, late);
    vw_arbiter_count(arbiter, VW_COUNT_MESSAGES_DUPLICATE, end - first - late);
}

static void deliver(vw_arbiter *arbiter, uint32_t number, const vw_run *run)
{
    uint32_t accepted = arbiter->sink.deliver(arbiter->sink.self, number, run);

    vw_arbiter_count(arbiter, VW_COUNT_MESSAGES_ACCEPTED, accepted);
    vw_arbiter_count(arbiter, VW_COUNT_MESSAGES_MALFORMED, run->count - accepted);
}

/* take delivers what is new of a packet, which does not begin behind a hole. */
static void take(vw_arbiter *arbiter, uint32_t number, const vw_held *packet,
                 const unsigned char *from)
{
    vw_unit_order *self = &arbiter->units[number];
    uint64_t first = packet->first, end = packet->end;
    size_t old_size = 0;

    if (first < self->expected) {
        uint64_t old_end = end < self->expected ? end : self->expected;

        vw_arbiter_count_old(arbiter, self, first, old_end);
        if (old_end == end) {
            return;
        }
        old_size = skip(self, from, packet->size, old_end - first);
        first = old_end;
    }
    if (first < end) {
        vw_run run = {from + old_size, packet->size - old_size, (uint32_t)(end - first),
                      (uint32_t)first, packet->receive_ns,      packet->block_ns};

        self->expected = end;
        deliver(arbiter, number, &run);
    }
}

static void release(vw_arbiter *arbiter, vw_unit_order *self)
{
    uint32_t index = self->head;
    vw_held *first = &arbiter->held[index];

    self->head = first->next;
    if (self->head == NONE) {
        self->tail = NONE;
    } else {
        arbiter->held[self->head].previous = NONE;
    }
    first->next = arbiter->free;
    arbiter->free = index;
    arbiter->held_count--;
}

static void open_hole(vw_arbiter *arbiter, vw_unit_order *self, int64_t now_ns)
{
    arbiter->holes += !self->hole;
    self->hole = true;
    self->hole_ns = now_ns;
}

/* drain takes the held packets that no hole stands before any more; then looks for the next. */
void vw_arbiter_drain(vw_arbiter *arbiter, uint32_t number)
{
    vw_unit_order *self = &arbiter->units[number];

    if (self->frozen) {
        return;
    }
    while (self->head != NONE && arbiter->held[self->head].first <= self->expected) {
        take(arbiter, number, &arbiter->held[self->head],
             arbiter->bytes + (size_t)self->head * VW_ARBITER_HOLD_BYTES);
        release(arbiter, self);
    }
    if (self->asked_end != 0 && self->expected >= self->asked_end) {
        self->asked_end = 0;
        arbiter->sink.filled(arbiter->sink.self, number);
    }
    if (self->head != NONE) {
        open_hole(arbiter, self, arbiter->held[self->head].now_ns);
    } else if (self->revealed > self->expected) {
        open_hole(arbiter, self, self->revealed_ns);
    } else if (self->hole) {
        self->hole = false;
        arbiter->holes--;
    }
}

void vw_arbiter_skip(vw_arbiter *arbiter, uint32_t number, uint64_t end, int64_t now_ns)
{
    vw_unit_order *self = &arbiter->units[number];
    uint64_t first = self->expected;

    self->given_up[self->given_up_count++ % VW_GIVEN_UP_MAX] = (vw_sequence_range){first, end};
    self->given_up_end = end;
    self->expected = end;
    self->asked_end = end < self->asked_end ? self->asked_end : 0;
    vw_arbiter_count(arbiter, VW_COUNT_GAPS, 1);
    vw_arbiter_count(arbiter, VW_COUNT_MESSAGES_MISSED, end - first);
    arbiter->sink.missed(arbiter->sink.self, number, (uint32_t)first, end - first, now_ns);
    vw_arbiter_drain(arbiter, number);
}

/* reveal notes that everything before sequence has been sent. */
static void reveal(vw_arbiter *arbiter, vw_unit_order *self, uint64_t sequence, int64_t now_ns)
{
    if (sequence > self->expected && sequence > self->revealed) {
        self->revealed = sequence;
        self->revealed_ns = now_ns;
        if (!self->hole) {
            open_hole(arbiter, self, now_ns);
        }
    }
}

/* hold keeps what came behind a hole, sorted; a copy of what is kept already is a duplicate. */
static void hold(vw_arbiter *arbiter, uint32_t number, const vw_held *packet,
                 const unsigned char *from)
{
    vw_unit_order *self = &arbiter->units[number];
    uint32_t before = self->tail;

    while (before != NONE && arbiter->held[before].first > packet->first) {
        before = arbiter->held[before].previous;
    }
    if (before != NONE && arbiter->held[before].end >= packet->end) {
        vw_arbiter_count(arbiter, VW_COUNT_MESSAGES_DUPLICATE, packet->end - packet->first);
        return;
    }
    uint32_t index = arbiter->free;
    vw_held *slot = &arbiter->held[index];

    arbiter->free = slot->next;
    *slot = *packet;
    slot->previous = before;
    slot->next = before == NONE ? self->head : arbiter->held[before].next;
    *(before == NONE ? &self->head : &arbiter->held[before].next) = index;
    *(slot->next == NONE ? &self->tail : &arbiter->held[slot->next].previous) = index;
    memcpy(arbiter->bytes + (size_t)index * VW_ARBITER_HOLD_BYTES, from, packet->size);
    arbiter->held_count++;
    vw_arbiter_count(arbiter, VW_COUNT_PACKETS_HELD, 1);
    if (!self->hole) {
        open_hole(arbiter, self, packet->now_ns);
    }
}

/* make_room gives up the oldest hole of a unit, or the image it waits for. */
static void make_room(vw_arbiter *arbiter, uint32_t number, const vw_held *packet)
{
    vw_unit_order *self = &arbiter->units[number];
    uint64_t end = self->head != NONE ? arbiter->held[self->head].first : packet->first;

    vw_arbiter_count(arbiter, VW_COUNT_HOLD_OVERFLOW, 1);
    if (self->frozen) {
        self->frozen = false;
        vw_arbiter_drain(arbiter, number);
    } else {
        vw_arbiter_skip(arbiter, number, end < packet->first ? end : packet->first, packet->now_ns);
    }
}

static void behind_hole(vw_arbiter *arbiter, uint32_t number, const vw_held *packet,
                        const unsigned char *from)
{
    vw_unit_order *self = &arbiter->units[number];

    while ((packet->first > self->expected || self->frozen) &&
           (arbiter->free == NONE || packet->size > VW_ARBITER_HOLD_BYTES)) {
        make_room(arbiter, number, packet);
    }
    if (packet->first > self->expected || self->frozen) {
        hold(arbiter, number, packet, from);
    } else {
        take(arbiter, number, packet, from);
        vw_arbiter_drain(arbiter, number);
    }
}

static void begin(vw_arbiter *arbiter, uint32_t number, uint64_t sequence, bool reset,
                  int64_t receive_ns, int64_t now_ns)
{
    vw_unit_order *self = &arbiter->units[number];

    if (self->frozen) {
        self->frozen = false;
        vw_arbiter_drain(arbiter, number);
    }
    while (self->hole) {
        vw_arbiter_skip(arbiter, number, vw_arbiter_hole_end(arbiter, self), now_ns);
    }
    *self = (vw_unit_order){.expected = sequence,
                            .start = sequence,
                            .wait_ns = self->wait_ns,
                            .measure = self->measure,
                            .begun_ns = now_ns,
                            .reset_stamp_ns = reset ? receive_ns : INT64_MIN,
                            .begun = true,
                            .head = NONE,
                            .tail = NONE};
    vw_arbiter_count(arbiter, VW_COUNT_SEQUENCE_RESETS, reset);
    arbiter->sink.begin(arbiter->sink.self, number, (uint32_t)sequence, reset, now_ns);
}

/* counts_anew says whether this packet, first..end of line, shows that the unit was reset. */
static bool counts_anew(vw_unit_order *self, uint32_t line, uint64_t first, uint64_t end,
                        int64_t now_ns)
{
    bool nothing_new = first == end ? first < self->expected : end <= self->expected;
    bool backwards = first < self->line_next[line];

    if (first == 1 && self->expected > 1 && now_ns - self->begun_ns >= RESET_AGE_NS) {
        return true;
    }
    self->line_next[line] = end;
    if (!nothing_new) {
        self->old = false;
        self->line_back[line] = false;
        return false;
    }
    self->line_back[line] |= backwards;
    if (!self->old) {
        self->old = true;
        self->old_ns = now_ns;
    }
    return now_ns - self->old_ns >= (self->line_back[line] ? BACKWARDS_NS : SLOW_LINE_NS);
}

/* unsequenced delivers a block of a definition loop: as often as it comes. */
static void unsequenced(vw_arbiter *arbiter, uint32_t number, const vw_run *run)
{
    uint32_t accepted = arbiter->sink.deliver(arbiter->sink.self, number, run);

    vw_arbiter_count(arbiter, VW_COUNT_MESSAGES_ACCEPTED, accepted);
    vw_arbiter_count(arbiter, VW_COUNT_MESSAGES_UNSEQUENCED, accepted);
    vw_arbiter_count(arbiter, VW_COUNT_MESSAGES_MALFORMED, run->count - accepted);
}

void vw_arbiter_sort(vw_arbiter *arbiter, uint32_t number, const vw_held *packet,
                     const unsigned char *from)
{
    vw_unit_order *self = &arbiter->units[number];

    if (packet->first > self->expected || (self->frozen && packet->end > self->expected)) {
        behind_hole(arbiter, number, packet, from);
        return;
    }
    take(arbiter, number, packet, from);
    if (self->hole) {
        vw_arbiter_drain(arbiter, number);
    }
}

vw_held vw_arbiter_take_in(vw_arbiter *arbiter, uint32_t number, const vw_run *run, int64_t now_ns)
{
    size_t size;
    uint32_t messages = whole(&arbiter->units[number], run->from, run->size, run->count, &size);

    vw_arbiter_count(arbiter, VW_COUNT_HEARTBEATS, run->count == 0);
    vw_arbiter_count(arbiter, VW_COUNT_MESSAGES_IN, run->count);
    vw_arbiter_count(arbiter, VW_COUNT_MESSAGES_MALFORMED, run->count - messages);
    return (vw_held){.first = run->sequence,
                     .end = (uint64_t)run->sequence + messages,
                     .receive_ns = run->receive_ns,
                     .now_ns = now_ns,
                     .block_ns = run->block_ns,
                     .size = (uint32_t)size};
}

/* follow_on delivers the packet that goes on where the unit stands, which nearly all that are not
 * copies do; false: look closer. */
static inline bool follow_on(vw_arbiter *arbiter, uint32_t number, uint32_t line, vw_run *run)
{
    vw_unit_order *self = &arbiter->units[number];
    size_t size;

    if (run->sequence != self->expected || !self->begun || self->hole || self->frozen ||
        run->count == 0 || whole(self, run->from, run->size, run->count, &size) != run->count) {
        return false;
    }
    run->size = size;
    self->expected += run->count;
    self->line_next[line] = self->expected;
    self->line_back[line] = self->old = false;
    vw_counters_add(arbiter->counters, VW_COUNT_MESSAGES_IN, run->count);
    deliver(arbiter, number, run);
    return true;
}

/* repeats counts the packet that another line has brought already, of a line that goes forward;
 * false: look closer. */
static inline bool repeats(vw_arbiter *arbiter, vw_unit_order *self, uint32_t line,
                           const vw_run *run, int64_t now_ns)
{
    uint64_t end = (uint64_t)run->sequence + run->count;

    if (end > self->expected || run->count == 0 || run->sequence <= self->start ||
        run->sequence < self->given_up_end || run->sequence < self->line_next[line] ||
        self->frozen || (self->old && now_ns - self->old_ns >= BACKWARDS_NS)) {
        return false;
    }
    self->line_next[line] = end;
    if (!self->old) {
        self->old = true;
        self->old_ns = now_ns;
    }
    vw_counters_add(arbiter->counters, VW_COUNT_MESSAGES_IN, run->count);
    vw_counters_add(arbiter->counters, VW_COUNT_MESSAGES_DUPLICATE, run->count);
    return true;
}

/* sort_out takes the packet that is neither. */
static __attribute__((noinline)) void sort_out(vw_arbiter *arbiter, uint32_t number, uint32_t line,
                                               vw_run *run, int64_t now_ns)
{
    vw_unit_order *self = &arbiter->units[number];
    uint64_t claimed_end = (uint64_t)run->sequence + run->count;
    vw_held packet = vw_arbiter_take_in(arbiter, number, run, now_ns);
    uint32_t messages = (uint32_t)(packet.end - packet.first);

    if (run->sequence == 0) {
        run->size = packet.size;
        run->count = messages;
        unsequenced(arbiter, number, run);
        return;
    }
    if (!self->begun) {
        begin(arbiter, number, packet.first, false, run->receive_ns, now_ns);
    }
    if (run->receive_ns < self->reset_stamp_ns && packet.first > self->expected + STRAY_AHEAD) {
        /* left over from before the reset */
        vw_arbiter_count(arbiter, VW_COUNT_MESSAGES_LATE, messages);
        return;
    }
    if (counts_anew(self, line, packet.first, claimed_end, now_ns)) {
        begin(arbiter, number, packet.first, true, run->receive_ns, now_ns);
    }
    if (messages > 0) {
        vw_arbiter_sort(arbiter, number, &packet, run->from);
    }
    if (messages < run->count || run->count == 0) {
        reveal(arbiter, self, claimed_end, now_ns);
    }
}

void vw_arbiter_run(vw_arbiter *arbiter, uint32_t number, uint32_t line, vw_run *run,
                    int64_t now_ns)
{
    vw_check_hot(number < arbiter->unit_count && line < VW_ARBITER_LINES_MAX);
    if (!repeats(arbiter, &arbiter->units[number], line, run, now_ns) &&
        !follow_on(arbiter, number, line, run)) {
        sort_out(arbiter, number, line, run, now_ns);
    }
}

void vw_arbiter_packet(vw_arbiter *arbiter, uint32_t number, uint32_t line,
                       const vw_wire_block *block, const unsigned char *payload, int64_t receive_ns,
                       int64_t now_ns)
{
    vw_run run = vw_arbiter_run_of(block, payload, receive_ns);

    vw_arbiter_run(arbiter, number, line, &run, now_ns);
}
