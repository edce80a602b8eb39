#include "feeds/arbiter.h"

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "feeds/pitch.h"
#include "tests/check.h"

#include <string.h>
#include <time.h>

enum { LINES = 2, MESSAGES = 5000, ARRIVALS = 4 * MESSAGES, MESSAGE = 14, BLOCK_MAX = 8 };
#define WAIT_NS (20 * VW_NS_PER_MS)

/* What the sink saw. */
typedef struct sight {
    uint64_t next; /* sequence that may come next at the earliest */
    uint64_t delivered, missed, gaps, begins, resets, unsequenced;
    uint32_t began_at;
    bool got[2 * MESSAGES];
    uint64_t asks, filled, asked_first, asked_count; /* of the last ask */
    int64_t patience_ns;                             /* the answer to it */
} sight;

typedef struct arrival {
    int64_t at_ns;
    uint32_t line, first, count;
} arrival;

typedef struct fixture {
    vw_arbiter *arbiter;
    vw_counters *counters;
    sight seen;
} fixture;

static uint32_t deliver(void *self, uint32_t unit, const vw_run *run)
{
    sight *seen = &((fixture *)self)->seen;
    size_t at = 0;

    assert_int_equal(unit, 0);
    if (run->sequence == 0) {
        seen->unsequenced += run->count;
        return run->count;
    }
    for (uint32_t i = 0; i < run->count; i++) {
        uint64_t sequence = run->sequence + i;

        assert_true(sequence >= seen->next);
        assert_int_equal(vw_load_u64(run->from + at + 6), sequence);
        seen->next = sequence + 1;
        seen->got[sequence % VW_COUNT_OF(seen->got)] = true;
        at += run->from[at];
    }
    assert_int_equal(at, run->size);
    seen->delivered += run->count;
    return run->count;
}

static void missed(void *self, uint32_t unit, uint32_t first, uint64_t count, int64_t now_ns)
{
    sight *seen = &((fixture *)self)->seen;

    (void)unit, (void)now_ns;
    assert_true(first >= seen->next);
    seen->next = first + count;
    seen->missed += count;
    seen->gaps++;
}

static void begin(void *self, uint32_t unit, uint32_t sequence, bool reset, int64_t now_ns)
{
    sight *seen = &((fixture *)self)->seen;

    (void)unit, (void)now_ns;
    seen->next = sequence;
    seen->began_at = sequence;
    seen->begins++;
    seen->resets += reset;
}

static int64_t ask(void *self, uint32_t unit, uint32_t first, uint64_t count, int64_t now_ns)
{
    sight *seen = &((fixture *)self)->seen;

    (void)unit, (void)now_ns;
    seen->asked_first = first;
    seen->asked_count = count;
    seen->asks++;
    return seen->patience_ns;
}

static void filled(void *self, uint32_t unit)
{
    (void)unit;
    ((fixture *)self)->seen.filled++;
}

static fixture *make(uint32_t hold_packets)
{
    fixture *self = calloc(1, sizeof *self);
    vw_arbiter_sink sink = {.self = self,
                            .deliver = deliver,
                            .missed = missed,
                            .begin = begin,
                            .ask = ask,
                            .filled = filled};

    self->counters = aligned_alloc(VW_LINE_PAIR, sizeof *self->counters);
    memset(self->counters, 0, sizeof *self->counters);
    void *mem =
        aligned_alloc(VW_LINE_PAIR, vw_round_up(vw_arbiter_size(1, hold_packets), VW_LINE_PAIR));
    self->arbiter = vw_arbiter_init(mem, 1, hold_packets, &sink, self->counters);
    assert_int_equal(vw_arbiter_unit(self->arbiter, WAIT_NS), 0);
    assert_int_equal(vw_arbiter_unit(self->arbiter, WAIT_NS), UINT32_MAX);
    return self;
}

static void drop(fixture *self)
{
    free(self->arbiter);
    free(self->counters);
    free(self);
}

static uint64_t counted(const fixture *self, vw_counter counter)
{
    return vw_counters_get(self->counters, counter);
}

enum { REPLAY = VW_ARBITER_LINES_MAX };

/* Sends messages first .. first + count - 1 (a heartbeat if count is 0) on a line. */
static void send_block(fixture *self, uint32_t line, uint32_t first, uint32_t count, int64_t now_ns)
{
    unsigned char payload[VW_PITCH_BLOCK_MAX], message[MESSAGE] = {MESSAGE, VW_PITCH_DELETE};
    vw_pitch_writer writer;
    vw_wire_block block;

    vw_pitch_begin(&writer, payload, sizeof payload, 1, first);
    for (uint32_t i = 0; i < count; i++) {
        vw_store_u64(message + 6, first + i);
        assert_true(vw_pitch_add(&writer, message, sizeof message));
    }
    assert_true(vw_pitch_block(payload, vw_pitch_end(&writer), &block));
    if (line == REPLAY) {
        vw_run run = vw_arbiter_run_of(&block, payload, now_ns);

        vw_arbiter_replay(self->arbiter, 0, &run, now_ns);
    } else {
        vw_arbiter_packet(self->arbiter, 0, line, &block, payload, now_ns, now_ns);
    }
}

static void check_sum(const fixture *self)
{
    assert_int_equal(vw_arbiter_held(self->arbiter), 0);
    assert_int_equal(
        counted(self, VW_COUNT_MESSAGES_IN),
        counted(self, VW_COUNT_MESSAGES_ACCEPTED) + counted(self, VW_COUNT_MESSAGES_DUPLICATE) +
            counted(self, VW_COUNT_MESSAGES_LATE) + counted(self, VW_COUNT_MESSAGES_MALFORMED));
}

static double share(void)
{
    return rand() / (RAND_MAX + 1.0);
}

static int by_time(const void *a, const void *b)
{
    const arrival *left = a, *right = b;

    return (left->at_ns > right->at_ns) - (left->at_ns < right->at_ns);
}

/* A line frames the messages its own way, loses packets, doubles and delays them.  lost marks what
 * the line never brought; with spare, no message is lost that spare marks. */
static size_t impair(uint32_t line, double loss, double disorder, const bool *spare, bool *lost,
                     arrival *to)
{
    size_t arrivals = 0;
    uint32_t first = 1;

    while (first <= MESSAGES) {
        uint32_t most = MESSAGES + 1 - first, count = 1 + (uint32_t)rand() % BLOCK_MAX;
        bool gone = share() < loss && first > 1;

        count = count < most ? count : most;
        for (uint32_t i = 0; spare != NULL && i < count; i++) {
            gone = gone && !spare[first + i];
        }
        for (uint32_t i = 0; i < count; i++) {
            lost[first + i] = gone;
        }
        for (int copies = gone ? 0 : share() < disorder ? 2 : 1; copies > 0; copies--) {
            int64_t delay = share() < disorder ? rand() % 100 : 0;

            to[arrivals++] =
                (arrival){first * 10000 + delay * 10000 + rand() % 9000, line, first, count};
        }
        first += count;
    }
    return arrivals;
}

static void play(fixture *self, arrival *arrivals, size_t count)
{
    int64_t last_ns = 0;

    qsort(arrivals, count, sizeof *arrivals, by_time);
    send_block(self, 0, 1, 0, 0);
    for (size_t i = 0; i < count; i++) {
        vw_arbiter_expire(self->arbiter, arrivals[i].at_ns);
        send_block(self, arrivals[i].line, arrivals[i].first, arrivals[i].count, arrivals[i].at_ns);
        last_ns = arrivals[i].at_ns;
    }
    send_block(self, 0, MESSAGES + 1, 0, last_ns); /* the heartbeat reveals a lost tail */
    vw_arbiter_expire(self->arbiter, last_ns + WAIT_NS);
}

static void messages_lost_on_one_line_only_are_all_delivered(void **state)
{
    static arrival arrivals[LINES * ARRIVALS];
    static bool lost[LINES][MESSAGES + 1];
    unsigned seed = (unsigned)time(NULL);

    (void)state;
    printf("seed %u\n", seed);
    srand(seed);
    for (int round = 0; round < 20; round++) {
        fixture *self = make(1024);
        size_t count = impair(0, 0.05, 0.1, NULL, lost[0], arrivals);

        count += impair(1, 0.05, 0.1, lost[0], lost[1], arrivals + count);
        play(self, arrivals, count);
        assert_int_equal(self->seen.delivered, MESSAGES);
        assert_int_equal(self->seen.missed, 0);
        assert_int_equal(counted(self, VW_COUNT_MESSAGES_ACCEPTED), MESSAGES);
        assert_int_equal(counted(self, VW_COUNT_GAPS), 0);
        assert_int_equal(counted(self, VW_COUNT_SEQUENCE_RESETS), 0);
        check_sum(self);
        drop(self);
    }
}

static void messages_lost_on_both_lines_are_counted_exactly(void **state)
{
    static arrival arrivals[LINES * ARRIVALS];
    static bool lost[LINES][MESSAGES + 1];
    unsigned seed = (unsigned)time(NULL);

    (void)state;
    printf("seed %u\n", seed);
    srand(seed);
    for (int round = 0; round < 20; round++) {
        fixture *self = make(1024);
        size_t count = impair(0, 0.2, 0.1, NULL, lost[0], arrivals);
        uint64_t both = 0;

        count += impair(1, 0.2, 0.1, NULL, lost[1], arrivals + count);
        play(self, arrivals, count);
        for (uint32_t i = 1; i <= MESSAGES; i++) {
            assert_int_equal(self->seen.got[i], !(lost[0][i] && lost[1][i]));
            both += lost[0][i] && lost[1][i];
        }
        assert_true(both > 50);
        assert_int_equal(self->seen.missed, both);
        assert_int_equal(counted(self, VW_COUNT_MESSAGES_MISSED), both);
        assert_int_equal(counted(self, VW_COUNT_GAPS), self->seen.gaps);
        assert_int_equal(self->seen.delivered, MESSAGES - both);
        check_sum(self);
        drop(self);
    }
}

static void a_store_too_small_for_the_disorder_loses_no_message_that_came(void **state)
{
    static arrival arrivals[LINES * ARRIVALS];
    static bool lost[LINES][MESSAGES + 1];
    unsigned seed = (unsigned)time(NULL);

    (void)state;
    printf("seed %u\n", seed);
    srand(seed);
    for (int round = 0; round < 20; round++) {
        fixture *self = make(3);
        size_t count = impair(0, 0.2, 0.3, NULL, lost[0], arrivals);

        count += impair(1, 0.2, 0.3, NULL, lost[1], arrivals + count);
        play(self, arrivals, count);
        assert_true(counted(self, VW_COUNT_HOLD_OVERFLOW) > 0);
        assert_int_equal(self->seen.delivered + self->seen.missed, MESSAGES);
        check_sum(self);
        drop(self);
    }
}

static void the_first_line_wins_and_the_second_is_a_duplicate(void **state)
{
    fixture *self = make(8);

    (void)state;
    send_block(self, 0, 1, 3, 10);
    send_block(self, 1, 1, 2, 11);
    send_block(self, 1, 3, 2, 12);
    assert_int_equal(self->seen.delivered, 4);
    assert_int_equal(counted(self, VW_COUNT_MESSAGES_DUPLICATE), 3);
    check_sum(self);
    drop(self);
}

static void a_hole_waits_for_the_other_line_and_no_longer(void **state)
{
    fixture *self = make(8);

    (void)state;
    send_block(self, 0, 1, 1, 0);
    send_block(self, 0, 3, 1, 100);
    assert_int_equal(self->seen.delivered, 1);
    vw_arbiter_expire(self->arbiter, 100 + WAIT_NS - 1);
    assert_int_equal(self->seen.gaps, 0);
    send_block(self, 1, 2, 1, 100 + WAIT_NS - 1);
    assert_int_equal(self->seen.delivered, 3);
    send_block(self, 0, 6, 1, 200 + WAIT_NS);
    vw_arbiter_expire(self->arbiter, 200 + 2 * WAIT_NS);
    assert_int_equal(self->seen.gaps, 1);
    assert_int_equal(self->seen.missed, 2);
    assert_int_equal(self->seen.delivered, 4);
    check_sum(self);
    drop(self);
}

static void what_comes_after_it_was_given_up_is_late_not_duplicate(void **state)
{
    fixture *self = make(8);

    (void)state;
    send_block(self, 0, 1, 1, 0);
    send_block(self, 0, 4, 1, 0);
    vw_arbiter_expire(self->arbiter, WAIT_NS);
    send_block(self, 1, 1, 4, WAIT_NS + 1); /* 1 and 4 were delivered, 2 and 3 given up */
    assert_int_equal(self->seen.delivered, 2);
    assert_int_equal(counted(self, VW_COUNT_MESSAGES_LATE), 2);
    assert_int_equal(counted(self, VW_COUNT_MESSAGES_DUPLICATE), 2);
    check_sum(self);
    drop(self);
}

static void a_heartbeat_reveals_that_the_last_messages_were_lost(void **state)
{
    fixture *self = make(8);

    (void)state;
    send_block(self, 0, 1, 2, 0);
    send_block(self, 0, 6, 0, 10);
    vw_arbiter_expire(self->arbiter, WAIT_NS + 9);
    assert_int_equal(self->seen.missed, 0);
    send_block(self, 1, 3, 1, WAIT_NS + 9);
    vw_arbiter_expire(self->arbiter, WAIT_NS + 10);
    assert_int_equal(self->seen.missed, 2);
    send_block(self, 0, 6, 1, WAIT_NS + 11);
    assert_int_equal(self->seen.delivered, 4);
    assert_int_equal(counted(self, VW_COUNT_HEARTBEATS), 1);
    check_sum(self);
    drop(self);
}

static void a_start_in_mid_session_begins_at_the_first_packet(void **state)
{
    fixture *self = make(8);

    (void)state;
    send_block(self, 0, 700, 2, 0);
    send_block(self, 1, 698, 4, 1);
    assert_int_equal(self->seen.began_at, 700);
    assert_int_equal(self->seen.missed, 0);
    assert_int_equal(self->seen.delivered, 2);
    assert_int_equal(counted(self, VW_COUNT_MESSAGES_LATE), 2);
    assert_int_equal(counted(self, VW_COUNT_SEQUENCE_RESETS), 0);
    check_sum(self);
    drop(self);
}

static void unsequenced_blocks_pass_as_often_as_they_come(void **state)
{
    fixture *self = make(8);

    (void)state;
    send_block(self, 0, 0, 2, 0);
    send_block(self, 1, 0, 2, 0);
    assert_int_equal(self->seen.unsequenced, 4);
    assert_int_equal(self->seen.begins, 0);
    assert_int_equal(counted(self, VW_COUNT_MESSAGES_UNSEQUENCED), 4);
    check_sum(self);
    drop(self);
}

static void sequence_one_a_second_later_is_a_reset_and_before_that_a_copy(void **state)
{
    fixture *self = make(8);

    (void)state;
    send_block(self, 0, 1, 5, 0);
    send_block(self, 0, 9, 1, VW_NS_PER_MS); /* a hole that the reset gives up */
    send_block(self, 1, 1, 5, VW_NS_PER_SECOND - 1);
    assert_int_equal(self->seen.resets, 0);
    send_block(self, 0, 1, 2, VW_NS_PER_SECOND);
    assert_int_equal(self->seen.resets, 1);
    assert_int_equal(self->seen.missed, 3);
    assert_int_equal(self->seen.delivered, 8);
    send_block(self, 1, 1, 3, VW_NS_PER_SECOND + 1);
    assert_int_equal(self->seen.resets, 1);
    assert_int_equal(self->seen.delivered, 9);
    check_sum(self);
    drop(self);
}

static void a_count_that_begins_anew_elsewhere_is_seen_within_100_ms(void **state)
{
    fixture *self = make(8);
    int64_t now_ns = 5 * VW_NS_PER_SECOND;

    (void)state;
    send_block(self, 0, 1, 5, 0);
    send_block(self, 0, 6, 500 / MESSAGE, 1);
    for (uint32_t first = 2; first < 14; first++) { /* 1 was lost on both lines */
        send_block(self, first % 2, first, 1, now_ns);
        now_ns += 10 * VW_NS_PER_MS;
    }
    assert_int_equal(self->seen.resets, 1);
    assert_int_equal(self->seen.began_at, 12);
    send_block(self, 0, 14, 1, now_ns);
    assert_int_equal(self->seen.missed, 0);
    assert_int_equal(self->seen.next, 15);
    check_sum(self);
    drop(self);
}

static void a_slow_line_is_no_reset(void **state)
{
    fixture *self = make(8);
    int64_t now_ns = 0;

    (void)state;
    for (uint32_t first = 1; first <= 200; first++) { /* line 1 is 30 packets, 300 ms, behind */
        if (first < 100 || first >= 130) {
            send_block(self, 0, first < 100 ? first : first - 30, 1, now_ns);
        }
        if (first > 30) {
            send_block(self, 1, first - 30, 1, now_ns);
        }
        now_ns += 10 * VW_NS_PER_MS;
    }
    assert_int_equal(self->seen.resets, 0);
    assert_int_equal(self->seen.delivered, 170);
    check_sum(self);
    drop(self);
}

static void leftovers_in_the_other_socket_do_not_follow_a_reset(void **state)
{
    fixture *self = make(8);
    unsigned char payload[8 + MESSAGE] = {8 + MESSAGE, 0, 1, 1, 0x40, 0x9c, 0, 0, MESSAGE, 0x29};
    vw_wire_block block;

    (void)state;
    send_block(self, 0, 39990, 5, 0);
    send_block(self, 0, 1, 1, 2 * VW_NS_PER_SECOND);
    assert_true(vw_pitch_block(payload, sizeof payload, &block)); /* 40000, stamped before */
    vw_arbiter_packet(self->arbiter, 0, 1, &block, payload, VW_NS_PER_SECOND, 2 * VW_NS_PER_SECOND);
    vw_arbiter_expire(self->arbiter, 3 * VW_NS_PER_SECOND);
    assert_int_equal(self->seen.missed, 0);
    assert_int_equal(counted(self, VW_COUNT_MESSAGES_LATE), 1);
    check_sum(self);
    drop(self);
}

static void messages_that_do_not_fit_their_block_are_malformed_and_may_come_again(void **state)
{
    fixture *self = make(8);
    unsigned char payload[8 + 2 * MESSAGE] = {8 + 2 * MESSAGE, 0, 2, 1, 2, 0, 0, 0, MESSAGE, 0x29};
    vw_wire_block block;

    (void)state;
    send_block(self, 0, 1, 1, 0);
    vw_store_u64(payload + 8 + 6, 2);
    payload[8 + MESSAGE] = MESSAGE + 1; /* one byte beyond the block */
    assert_true(vw_pitch_block(payload, sizeof payload, &block));
    vw_arbiter_packet(self->arbiter, 0, 0, &block, payload, 1, 1);
    assert_int_equal(self->seen.delivered, 2);
    assert_int_equal(counted(self, VW_COUNT_MESSAGES_MALFORMED), 1);
    send_block(self, 1, 3, 1, 2);
    assert_int_equal(self->seen.delivered, 3);
    vw_arbiter_expire(self->arbiter, WAIT_NS + 2);
    assert_int_equal(self->seen.missed, 0);
    check_sum(self);
    drop(self);
}

static void a_stray_sequence_far_ahead_is_left_behind_again(void **state)
{
    fixture *self = make(8);
    int64_t now_ns = 100;

    (void)state;
    send_block(self, 0, 1, 1, 0);
    send_block(self, 0, 4000000000U, 1, 1);
    for (uint32_t first = 2; first < 140; first++) { /* the line itself goes on: 1 s */
        vw_arbiter_expire(self->arbiter, now_ns);
        send_block(self, 0, first, 1, now_ns);
        now_ns += 10 * VW_NS_PER_MS;
    }
    assert_int_equal(self->seen.resets, 1);
    assert_int_equal(self->seen.next, 140);
    check_sum(self);
    drop(self);
}

/* ---- what is asked for ---------------------------------------------------------------------- */

/* A hole of 5 .. 9 whose time has run out at WAIT_NS + 2. */
static fixture *with_asked_hole(int64_t patience_ns)
{
    fixture *self = make(16);

    self->seen.patience_ns = patience_ns;
    send_block(self, 0, 1, 4, 1);
    send_block(self, 0, 10, 2, 2);
    vw_arbiter_expire(self->arbiter, 2 + WAIT_NS);
    assert_int_equal(self->seen.asks, 1);
    assert_int_equal(self->seen.asked_first, 5);
    assert_int_equal(self->seen.asked_count, 5);
    return self;
}

static void check_passed(const fixture *self, uint64_t passed)
{
    check_sum(self);
    assert_int_equal(counted(self, VW_COUNT_MESSAGES_ACCEPTED) +
                         counted(self, VW_COUNT_MESSAGES_MISSED) +
                         counted(self, VW_COUNT_MESSAGES_COVERED),
                     passed);
}

static void a_hole_that_was_asked_for_is_filled_by_the_replay(void **state)
{
    fixture *self = with_asked_hole(1000);

    (void)state;
    vw_arbiter_expire(self->arbiter, 900 + WAIT_NS); /* waits, and asks no more */
    send_block(self, REPLAY, 5, 3, 900 + WAIT_NS);
    assert_int_equal(self->seen.filled, 0);
    vw_arbiter_expire(self->arbiter, 950 + WAIT_NS);
    send_block(self, REPLAY, 8, 2, 950 + WAIT_NS);
    assert_int_equal(self->seen.filled, 1);
    assert_int_equal(self->seen.asks, 1);
    assert_int_equal(self->seen.delivered, 11);
    assert_int_equal(counted(self, VW_COUNT_GAPS), 0);
    check_passed(self, 11);
    drop(self);
}

static void what_was_asked_for_and_does_not_come_in_time_is_given_up(void **state)
{
    fixture *self = with_asked_hole(1000);

    (void)state;
    send_block(self, REPLAY, 5, 1, 500 + WAIT_NS);
    send_block(self, 1, 7, 1, 600 + WAIT_NS); /* the other line, late: holes of 6 and of 8, 9 */
    vw_arbiter_expire(self->arbiter, 1001 + WAIT_NS);
    assert_int_equal(self->seen.missed, 0);
    vw_arbiter_expire(self->arbiter, 1002 + WAIT_NS);
    assert_int_equal(self->seen.missed, 3);
    assert_int_equal(self->seen.asks, 1);
    check_passed(self, 11);
    drop(self);
}

static void what_is_refused_is_given_up_at_once_but_nothing_that_came(void **state)
{
    fixture *self = with_asked_hole(1000);

    (void)state;
    send_block(self, 1, 6, 2, 500 + WAIT_NS);
    send_block(self, 0, 20, 1, 510 + WAIT_NS); /* another hole, which has its own time */
    vw_arbiter_refused(self->arbiter, 0, 520 + WAIT_NS);
    assert_int_equal(self->seen.missed, 3);
    assert_int_equal(self->seen.gaps, 2);
    assert_int_equal(self->seen.delivered, 8);
    assert_int_equal(vw_arbiter_held(self->arbiter), 1);
    vw_arbiter_refused(self->arbiter, 0, 530 + WAIT_NS); /* nothing is asked for */
    assert_int_equal(self->seen.missed, 3);
    vw_arbiter_expire(self->arbiter, 510 + 2 * WAIT_NS);
    assert_int_equal(self->seen.asked_first, 12);
    assert_int_equal(self->seen.asked_count, 8);
    send_block(self, REPLAY, 12, 8, 520 + 2 * WAIT_NS);
    check_passed(self, 20);
    drop(self);
}

static void a_refusal_gives_up_what_was_asked_for_and_no_more(void **state)
{
    fixture *self = make(16);

    (void)state;
    self->seen.patience_ns = 1000;
    send_block(self, 0, 1, 4, 1);
    send_block(self, 0, 10, 0, 2); /* a heartbeat: 5 .. 9 were sent */
    vw_arbiter_expire(self->arbiter, 2 + WAIT_NS);
    assert_int_equal(self->seen.asked_count, 5);
    send_block(self, 0, 20, 1, 10 + WAIT_NS); /* 10 .. 19 are missing since now */
    vw_arbiter_refused(self->arbiter, 0, 20 + WAIT_NS);
    assert_int_equal(self->seen.missed, 5);
    send_block(self, 1, 10, 10, 30 + WAIT_NS);
    assert_int_equal(self->seen.delivered, 15);
    check_passed(self, 20);
    drop(self);
}

static void replays_that_others_asked_for_change_nothing(void **state)
{
    fixture *self = make(16);

    (void)state;
    send_block(self, REPLAY, 100, 3, 1); /* before anything was heard */
    send_block(self, 0, 10, 4, 2);
    send_block(self, REPLAY, 10, 2, 3); /* delivered: duplicate */
    send_block(self, REPLAY, 12, 9, 4); /* ahead in part: late */
    send_block(self, REPLAY, 500, 3, 5);
    send_block(self, REPLAY, 0, 0, 6);                        /* the group's heartbeat */
    send_block(self, REPLAY, 1, 1, 7 + 3 * VW_NS_PER_SECOND); /* no reset */
    vw_arbiter_expire(self->arbiter, 8 + 3 * VW_NS_PER_SECOND);
    assert_int_equal(self->seen.begins, 1);
    assert_int_equal(self->seen.asks, 0);
    assert_int_equal(self->seen.delivered, 4);
    assert_int_equal(counted(self, VW_COUNT_MESSAGES_DUPLICATE), 2);
    assert_int_equal(counted(self, VW_COUNT_MESSAGES_LATE), 3 + 9 + 3 + 1);
    check_passed(self, 4);
    drop(self);
}

/* ---- frozen for an image -------------------------------------------------------------------- */

static void a_frozen_unit_holds_everything_and_goes_on_behind_the_image(void **state)
{
    fixture *self = make(16);

    (void)state;
    send_block(self, 0, 1, 4, 1);
    assert_int_equal(vw_arbiter_freeze(self->arbiter, 0), 5);
    send_block(self, 0, 3, 4, 2); /* 3, 4 are old */
    send_block(self, 1, 7, 3, 3);
    send_block(self, 0, 12, 3, 4); /* behind a hole */
    vw_arbiter_expire(self->arbiter, 5 + WAIT_NS);
    assert_int_equal(self->seen.delivered, 4);
    assert_int_equal(self->seen.asks, 0);
    self->seen.next = 9; /* the image is of 8 */
    vw_arbiter_thaw(self->arbiter, 0, 9);
    assert_false(vw_arbiter_is_frozen(self->arbiter, 0));
    assert_int_equal(self->seen.delivered, 5);
    assert_int_equal(counted(self, VW_COUNT_MESSAGES_COVERED), 4);
    assert_int_equal(vw_arbiter_held(self->arbiter), 1); /* its hole has its own time */
    vw_arbiter_expire(self->arbiter, 6 + WAIT_NS);
    assert_int_equal(self->seen.missed, 2);
    check_passed(self, 14);
    drop(self);
}

static void a_unit_that_thaws_without_an_image_has_lost_nothing(void **state)
{
    fixture *self = make(16);

    (void)state;
    send_block(self, 0, 1, 4, 1);
    vw_arbiter_freeze(self->arbiter, 0);
    send_block(self, 0, 5, 4, 2);
    vw_arbiter_thaw(self->arbiter, 0, 0);
    send_block(self, 0, 9, 1, 3);
    assert_int_equal(self->seen.delivered, 9);
    check_passed(self, 9);
    drop(self);
}

static void a_frozen_unit_with_too_much_to_hold_thaws(void **state)
{
    fixture *self = make(4);

    (void)state;
    send_block(self, 0, 1, 4, 1);
    vw_arbiter_freeze(self->arbiter, 0);
    for (uint32_t i = 0; i < 5; i++) {
        assert_true(vw_arbiter_is_frozen(self->arbiter, 0));
        send_block(self, 0, 5 + i, 1, 2);
    }
    assert_false(vw_arbiter_is_frozen(self->arbiter, 0));
    assert_int_equal(self->seen.delivered, 9);
    assert_int_equal(counted(self, VW_COUNT_HOLD_OVERFLOW), 1);
    check_passed(self, 9);
    drop(self);
}

static void a_reset_ends_what_was_asked_for_and_the_frost(void **state)
{
    fixture *self = with_asked_hole(1000 * VW_NS_PER_SECOND);

    (void)state;
    vw_arbiter_freeze(self->arbiter, 0);
    send_block(self, 0, 1, 2, 2 * VW_NS_PER_SECOND);
    assert_int_equal(self->seen.resets, 1);
    assert_false(vw_arbiter_is_frozen(self->arbiter, 0));
    assert_int_equal(self->seen.missed, 5);
    assert_int_equal(self->seen.delivered, 8);
    vw_arbiter_refused(self->arbiter, 0, 3 * VW_NS_PER_SECOND);
    assert_int_equal(self->seen.missed, 5);
    check_passed(self, 13);
    drop(self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_lost_on_one_line_only_are_all_delivered),
        cmocka_unit_test(messages_lost_on_both_lines_are_counted_exactly),
        cmocka_unit_test(a_store_too_small_for_the_disorder_loses_no_message_that_came),
        cmocka_unit_test(the_first_line_wins_and_the_second_is_a_duplicate),
        cmocka_unit_test(a_hole_waits_for_the_other_line_and_no_longer),
        cmocka_unit_test(what_comes_after_it_was_given_up_is_late_not_duplicate),
        cmocka_unit_test(a_heartbeat_reveals_that_the_last_messages_were_lost),
        cmocka_unit_test(a_start_in_mid_session_begins_at_the_first_packet),
        cmocka_unit_test(unsequenced_blocks_pass_as_often_as_they_come),
        cmocka_unit_test(sequence_one_a_second_later_is_a_reset_and_before_that_a_copy),
        cmocka_unit_test(a_count_that_begins_anew_elsewhere_is_seen_within_100_ms),
        cmocka_unit_test(a_slow_line_is_no_reset),
        cmocka_unit_test(leftovers_in_the_other_socket_do_not_follow_a_reset),
        cmocka_unit_test(messages_that_do_not_fit_their_block_are_malformed_and_may_come_again),
        cmocka_unit_test(a_stray_sequence_far_ahead_is_left_behind_again),
        cmocka_unit_test(a_hole_that_was_asked_for_is_filled_by_the_replay),
        cmocka_unit_test(what_was_asked_for_and_does_not_come_in_time_is_given_up),
        cmocka_unit_test(what_is_refused_is_given_up_at_once_but_nothing_that_came),
        cmocka_unit_test(a_refusal_gives_up_what_was_asked_for_and_no_more),
        cmocka_unit_test(replays_that_others_asked_for_change_nothing),
        cmocka_unit_test(a_frozen_unit_holds_everything_and_goes_on_behind_the_image),
        cmocka_unit_test(a_unit_that_thaws_without_an_image_has_lost_nothing),
        cmocka_unit_test(a_frozen_unit_with_too_much_to_hold_thaws),
        cmocka_unit_test(a_reset_ends_what_was_asked_for_and_the_frost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
