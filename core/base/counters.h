/* counters.h: every loss and every piece of work has a number here that a user can see.
 *
 * One table (VW_COUNTERS) names each counter, its unit and its meaning; `vegawire run` prints what
 * changed, heartbeats carry the losses.  Add a row, and it is visible everywhere.
 *
 * Threads  each worker has its own vw_counters and is its only writer; anyone may read.  A reader
 *          may see a value a moment old, which does no harm: counters only grow.
 * Memory   plain struct of the caller's. */
#ifndef VW_CORE_BASE_COUNTERS_H
#define VW_CORE_BASE_COUNTERS_H

#include "core/base/base.h"

/* clang-format off */
/*    name                    unit        loss   meaning */
#define VW_COUNTERS(X) \
    X(PACKETS_IN,             "packets",  false, "datagrams received, all lines") \
    X(BYTES_IN,               "bytes",    false, "payload bytes received, all lines") \
    X(SOCKET_DROPS,           "packets",  true,  "dropped by the kernel: socket buffer full") \
    X(BUFFERS_OUT,            "times",    false, "receive ended for want of buffers, re-armed") \
    X(IO_FALLBACK,            "times",    false, "io_uring refused, recvmmsg used instead") \
    X(MESSAGES_IN,            "messages", false, "messages received, all lines") \
    X(MESSAGES_ACCEPTED,      "messages", false, "delivered: once and in order, or unsequenced") \
    X(MESSAGES_DUPLICATE,     "messages", false, "already delivered from another line") \
    X(MESSAGES_LATE,          "messages", false, "arrived after they had been given up") \
    X(MESSAGES_MALFORMED,     "messages", true,  "did not fit their length or type") \
    X(MESSAGES_MISSED,        "messages", true,  "given up: on no line in time") \
    X(MESSAGES_UNKNOWN,       "messages", false, "of a type we do not know, skipped by length") \
    X(MESSAGES_IGNORED,       "messages", false, "known type, nothing for us to do") \
    X(MESSAGES_UNSEQUENCED,   "messages", false, "of the accepted: from unsequenced blocks (definition loops)") \
    X(HEARTBEATS,             "packets",  false, "empty sequenced blocks") \
    X(PACKETS_MALFORMED,      "packets",  true,  "header did not fit the datagram") \
    X(PACKETS_HELD,           "packets",  false, "kept until the packets before them came") \
    X(HOLD_OVERFLOW,          "times",    true,  "a hole given up early: the hold-back store was full") \
    X(GAPS,                   "gaps",     true,  "gaps given up") \
    X(MESSAGES_COVERED,       "messages", false, "skipped: an image of the order book stood for them") \
    X(GAP_REQUESTS,           "requests", false, "for missed messages, to the gap request proxy") \
    X(GAPS_HEALED,            "gaps",     false, "closed by what the proxy replayed") \
    X(GAPS_REFUSED,           "requests", false, "refused by the proxy") \
    X(GAP_TIMEOUTS,           "requests", false, "accepted or unanswered, and not replayed in time") \
    X(SPINS,                  "images",   false, "asked of a spin server") \
    X(SPINS_HEALED,           "images",   false, "taken: the unit is whole again") \
    X(SPINS_FAILED,           "images",   false, "refused, cut short, wrong, too late or too much to hold") \
    X(IMAGE_MESSAGES,         "messages", false, "taken in from images and definition spins") \
    X(RECOVERY_LOGINS,        "logins",   false, "accepted by recovery servers") \
    X(RECOVERY_LINKS_LOST,    "times",    false, "a recovery server refused us, was not there or fell silent") \
    X(SEQUENCE_RESETS,        "times",    false, "a unit began to count anew") \
    X(LINES_SILENT,           "times",    false, "a line fell silent") \
    X(ORDERS_UNKNOWN,         "messages", false, "for an order we do not hold") \
    X(ORDERS_FULL,            "orders",   true,  "not kept: the order table was full") \
    X(SYMBOLS_UNKNOWN,        "messages", false, "for a symbol not yet defined") \
    X(INSTRUMENTS_FULL,       "series",   true,  "not kept: the instrument table was full") \
    X(DEFINITIONS,            "series",   false, "instruments defined") \
    X(EVENTS_OUT,             "events",   false, "sent from the feed to the engine") \
    X(EVENT_RING_FULL,        "events",   true,  "not sent: the ring to the engine was full; newest follows") \
    X(EVENTS_IN,              "events",   false, "taken by the engine") \
    X(QUOTES_IN,              "quotes",   false, "quote changes taken by the engine") \
    X(QUOTES_CONFLATED,       "quotes",   false, "replaced by a newer one before they were priced") \
    X(EXPIRIES_FULL,          "series",   true,  "not priced: the expiry table was full") \
    X(TICKS,                  "series",   false, "re-priced on their own quote") \
    X(CUTS,                   "expiries", false, "re-priced as a whole") \
    X(CUTS_DEFERRED,          "expiries", false, "put off: no room towards the publisher") \
    X(FITS_REFUSED,           "expiries", false, "forward or smile not to be had, last one kept") \
    X(HEDGES,                 "times",    false, "hedge evaluated") \
    X(CONTROLS,               "records",  false, "books taken from the user while running") \
    X(DECISIONS,              "times",    false, "hedge decided") \
    X(SNAPSHOTS_REFUSED,      "files",    true,  "state of the hedge of another version or damaged: begun without") \
    X(CONTROLS_REFUSED,       "pieces",   true,  "from the user while running, and no sense in them") \
    X(UPDATE_RING_FULL,       "updates",  true,  "not published: ring to the publisher full; the next cut covers it") \
    X(TAPE_POLLS_LOST,        "polls",    true,  "not on the tape, which ended before: its writer fell behind") \
    X(UPDATES_IN,             "updates",  false, "taken by the publisher") \
    X(NUMBERS_REFUSED,        "numbers",  true,  "not finite: published as 0 with status bad_input") \
    X(MESSAGES_OUT,           "messages", false, "handed to ZeroMQ") \
    X(BYTES_OUT,              "bytes",    false, "handed to ZeroMQ") \
    X(SENDS_FAILED,           "messages", true,  "refused by ZeroMQ") \
    X(SUBSCRIPTIONS,          "times",    false, "subscriptions taken") \
    X(SUBSCRIPTIONS_ENDED,    "times",    false, "given up, or their subscriber has gone")
/* clang-format on */

#define VW_COUNTER_ENUM(name, unit, loss, meaning) VW_COUNT_##name,
typedef enum vw_counter { VW_COUNTERS(VW_COUNTER_ENUM) VW_COUNT_COUNT } vw_counter;
#undef VW_COUNTER_ENUM

typedef struct vw_counters {
    alignas(VW_LINE_PAIR) _Atomic uint64_t value[VW_COUNT_COUNT];
} vw_counters;

typedef struct vw_counter_info {
    const char *name;    /* "PACKETS_IN": tools lower it when they print */
    const char *unit;    /* "packets" */
    const char *meaning; /* one phrase */
    bool loss;           /* something was lost when it grows */
} vw_counter_info;

/* vw_counters_info describes counter. */
const vw_counter_info *vw_counters_info(vw_counter counter);

/* vw_counters_sum adds counter over the `count` blocks of all workers. */
uint64_t vw_counters_sum(const vw_counters *const *blocks, size_t count, vw_counter counter);

/* vw_counters_losses adds every counter marked as a loss over all blocks. */
uint64_t vw_counters_losses(const vw_counters *const *blocks, size_t count);

/* vw_counters_add grows one counter; only the owner of the block calls it. */
static inline void vw_counters_add(vw_counters *counters, vw_counter counter, uint64_t more);

/* vw_counters_get reads one counter of one block. */
static inline uint64_t vw_counters_get(const vw_counters *counters, vw_counter counter);

/* ---- inline definitions --------------------------------------------------------------------- */

static inline void vw_counters_add(vw_counters *counters, vw_counter counter, uint64_t more)
{
    uint64_t now = atomic_load_explicit(&counters->value[counter], memory_order_relaxed);

    atomic_store_explicit(&counters->value[counter], now + more, memory_order_relaxed);
}

static inline uint64_t vw_counters_get(const vw_counters *counters, vw_counter counter)
{
    return atomic_load_explicit(&counters->value[counter], memory_order_relaxed);
}

#endif
