/* engine.h: one event in, state changed, updates out.
 *
 * Owns the instruments, quotes by expiry in columns, forwards, vols, the VX curve, and the book.  A
 * quote is re-priced at once (tick); each expiry is re-marked from one forward on schedule (cut).
 * Newest quote wins: when several quotes of a series are waiting, only the last is priced.
 *
 * Time     market time is the newest exchange_ns of any feed and values everything; it steps back
 *          when a feed's does by more than 10 s (an exchange that began anew).  Receive time
 *          (now_ns) serves latency, staleness and the pace of sending only.
 * Threads  one thread owns the engine and calls poll; nothing else touches it after init.
 * Memory   vw_engine_size bytes from the caller; no allocation afterwards.
 * Full     the out ring: see update.h; it holds at least 256 rows, and 5 more than the book's legs.
 *          Instrument and expiry tables: counted, the series ignored.
 * Order    updates come in the order of their causes; a GROUP comes before rows of its group, a
 *          DEFINITION before rows of its instrument. */
#ifndef VW_CORE_ENGINE_ENGINE_H
#define VW_CORE_ENGINE_ENGINE_H

#include "core/base/counters.h"
#include "core/base/ring.h"
#include "core/engine/decide.h"
#include "core/engine/update.h"
#include "core/hedge/portfolio.h"
#include "core/market/calendar.h"
#include "core/market/event.h"
#include "core/pricing/kernels.h"

#define VW_ENGINE_FEEDS_MAX 8

typedef struct vw_engine_config {
    uint32_t instruments_max; /* 32,768: series and futures, all feeds */
    uint32_t expiries_max;    /* 256 */
    uint32_t strikes_max;     /* 1,024 per expiry */
    uint32_t events_per_poll; /* 1,024 */
    int64_t cut_interval_ns;  /* market time between cuts of an expiry that changed; 1 s */
    int64_t
        refresh_ns; /* receive time after which every expiry is cut again, changed or not; 5 s */
    int64_t quote_age_max_ns; /* 0: quotes do not age (resting orders stand until changed) */
    const vw_calendar *calendar;
    const vw_kernels *kernels;
    const vw_hedge_settings *settings; /* of the hedge decision; NULL: none is made */
    const vw_user_inputs *user;        /* to begin with; copied; may be NULL */
    const vw_hedge_close *closes;      /* history, oldest first; read by init only */
    size_t close_count;
    const void *snapshot; /* of the policy's state, to go on from; read by init only; may be NULL */
    size_t snapshot_size;
    const vw_portfolio *portfolio;    /* to begin with; copied; may be NULL */
    vw_ring *in[VW_ENGINE_FEEDS_MAX]; /* of vw_event; one per feed thread, and the user's control */
    size_t in_count;
    vw_ring *out; /* of vw_update */
    vw_counters *counters;
} vw_engine_config;

typedef struct vw_engine vw_engine;

/* vw_engine_size returns the bytes an engine of these limits needs, or 0 when a limit is 0,
 * negative or beyond its type. */
size_t vw_engine_size(const vw_engine_config *config);

/* vw_engine_init lays the engine out in mem (VW_LINE_PAIR aligned); config is copied, what it
 * points to must outlive the engine. */
vw_engine *vw_engine_init(void *mem, const vw_engine_config *config);

/* vw_engine_snapshot returns the box of the policy's snapshots, NULL where none are made;
 * vw_engine_snapshot_now writes one into bytes, of vw_snapshot_size(), while nobody polls. */
vw_snapshot_box *vw_engine_snapshot(vw_engine *engine);
void vw_engine_snapshot_now(const vw_engine *engine, void *bytes);

/* vw_engine_poll is the worker's poll function: takes up to events_per_poll events, re-prices,
 * sends; returns events taken + runs sent. */
size_t vw_engine_poll(void *engine, int64_t now_ns);

#endif
