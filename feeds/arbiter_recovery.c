#include "feeds/arbiter_state.h"

/* until returns how far the oldest hole reaches: not beyond what was asked for. */
static uint64_t until(const vw_arbiter *arbiter, const vw_unit_order *self)
{
    uint64_t end = vw_arbiter_hole_end(arbiter, self);

    return self->asked_end != 0 && self->asked_end < end ? self->asked_end : end;
}

/* wait_on says whether the hole may stay: its time is not over, or what was asked for may come. */
static bool wait_on(vw_arbiter *arbiter, uint32_t number, int64_t now_ns)
{
    vw_unit_order *self = &arbiter->units[number];
    uint64_t end = vw_arbiter_hole_end(arbiter, self);

    if (now_ns - self->hole_ns < self->wait_ns) {
        return true;
    }
    if (self->asked_end == 0) {
        int64_t patience_ns =
            arbiter->sink.ask != NULL
                ? arbiter->sink.ask(arbiter->sink.self, number, (uint32_t)self->expected,
                                    end - self->expected, now_ns)
                : 0;

        if (patience_ns <= 0) {
            return false;
        }
        self->asked_end = end;
        self->asked_for_ns = now_ns + patience_ns;
    }
    return now_ns < self->asked_for_ns;
}

void vw_arbiter_expire(vw_arbiter *arbiter, int64_t now_ns)
{
    if (arbiter->holes == 0) {
        return;
    }
    for (uint32_t i = 0; i < arbiter->unit_count && arbiter->holes > 0; i++) {
        vw_unit_order *self = &arbiter->units[i];

        while (self->hole && !self->frozen && !wait_on(arbiter, i, now_ns)) {
            vw_arbiter_skip(arbiter, i, until(arbiter, self), now_ns);
        }
    }
}

void vw_arbiter_refused(vw_arbiter *arbiter, uint32_t number, int64_t now_ns)
{
    vw_check_hot(number < arbiter->unit_count);
    vw_unit_order *self = &arbiter->units[number];

    if (self->frozen) { /* the image stands for it */
        self->asked_end = 0;
    }
    while (self->hole && self->asked_end != 0) {
        vw_arbiter_skip(arbiter, number, until(arbiter, self), now_ns);
    }
}

void vw_arbiter_replay(vw_arbiter *arbiter, uint32_t number, const vw_run *run, int64_t now_ns)
{
    vw_check_hot(number < arbiter->unit_count);
    vw_unit_order *self = &arbiter->units[number];
    vw_held packet = vw_arbiter_take_in(arbiter, number, run, now_ns);

    if (run->sequence == 0 || !self->begun) {
        vw_arbiter_count(arbiter, VW_COUNT_MESSAGES_LATE, packet.end - packet.first);
    } else if (packet.end <= self->expected) {
        vw_arbiter_count_old(arbiter, self, packet.first, packet.end);
    } else if (packet.end > self->asked_end || self->frozen) { /* asked for by somebody else */
        vw_arbiter_count(arbiter, VW_COUNT_MESSAGES_LATE, packet.end - packet.first);
    } else {
        vw_arbiter_sort(arbiter, number, &packet, run->from);
    }
}

uint32_t vw_arbiter_freeze(vw_arbiter *arbiter, uint32_t number)
{
    vw_check_hot(number < arbiter->unit_count);
    arbiter->units[number].frozen = true;
    return (uint32_t)arbiter->units[number].expected;
}

bool vw_arbiter_is_frozen(const vw_arbiter *arbiter, uint32_t number)
{
    vw_check_hot(number < arbiter->unit_count);
    return arbiter->units[number].frozen;
}

void vw_arbiter_thaw(vw_arbiter *arbiter, uint32_t number, uint32_t sequence)
{
    vw_check_hot(number < arbiter->unit_count);
    vw_unit_order *self = &arbiter->units[number];

    self->frozen = false;
    if (sequence > self->expected) {
        vw_arbiter_count(arbiter, VW_COUNT_MESSAGES_COVERED, sequence - self->expected);
        self->expected = sequence;
    }
    vw_arbiter_drain(arbiter, number);
}

uint64_t vw_arbiter_expected(const vw_arbiter *arbiter, uint32_t number)
{
    vw_check_hot(number < arbiter->unit_count);
    return arbiter->units[number].expected;
}

uint32_t vw_arbiter_held(const vw_arbiter *arbiter)
{
    return arbiter->held_count;
}
