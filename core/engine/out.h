/* out.h: runs of updates into the ring towards the publisher, whole or not at all.
 *
 * Ask for room first, then write the rows of the run one after the other.
 *
 * Threads  the engine's, the ring's only producer.
 * Full     vw_out_room says no; the caller keeps the news and counts. */
#ifndef VW_CORE_ENGINE_OUT_H
#define VW_CORE_ENGINE_OUT_H

#include "core/base/ring.h"
#include "core/engine/update.h"

#include <string.h>

typedef struct vw_out {
    vw_ring *ring;
    uint64_t room;  /* rows that surely fit: looked up only when it seems too little */
    uint64_t depth; /* rows that fit into an empty ring */
    size_t runs;    /* sent in this poll */
} vw_out;

/* What the rows of one run share. */
typedef struct vw_run {
    int64_t exchange_ns, receive_ns;
    uint16_t group;
    uint32_t rows; /* of the run, [1, room] */
    uint32_t sent;
} vw_run;

static inline void vw_out_init(vw_out *out, vw_ring *ring);

/* vw_out_room says whether a run of so many rows fits now. */
static inline bool vw_out_room(vw_out *out, uint64_t rows);

/* vw_out_row gives the next row of the run to fill, zeroed, flags set; vw_out_send sends it. */
static inline vw_update *vw_out_row(vw_out *out, vw_run *run, vw_update_kind kind);
static inline void vw_out_send(vw_out *out, vw_run *run);

/* ---- inline definitions --------------------------------------------------------------------- */

static inline void vw_out_init(vw_out *out, vw_ring *ring)
{
    *out = (vw_out){.ring = ring, .room = vw_ring_free(ring), .depth = ring->mask + 1};
}

static inline bool vw_out_room(vw_out *out, uint64_t rows)
{
    if (out->room < rows) {
        out->room = vw_ring_free(out->ring);
    }
    return out->room >= rows;
}

static inline vw_update *vw_out_row(vw_out *out, vw_run *run, vw_update_kind kind)
{
    vw_update *update = vw_ring_reserve(out->ring);
    unsigned first = run->sent == 0 ? VW_UPDATE_FIRST : 0;
    unsigned last = run->sent + 1 == run->rows ? VW_UPDATE_LAST : 0;

    vw_check(update != NULL && run->sent < run->rows); /* room was asked for */
    memset(update, 0, sizeof *update);
    update->exchange_ns = run->exchange_ns;
    update->receive_ns = run->receive_ns;
    update->kind = (uint8_t)kind;
    update->flags = (uint8_t)(first | last);
    update->group = run->group;
    return update;
}

static inline void vw_out_send(vw_out *out, vw_run *run)
{
    vw_ring_commit(out->ring);
    out->room--;
    run->sent++;
    out->runs += run->sent == run->rows;
}

#endif
