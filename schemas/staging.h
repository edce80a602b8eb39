/* staging.h: rows of one run gathered into one message, for the publisher.
 *
 * The ring shows one row at a time, a message wants them all.  Ticks, definitions, units and the
 * runs of a cut that wait behind one another for the same topic share a message: the kernel takes
 * a row of 256 in less than half the time of a row of 64 (bench publish).
 *
 * Threads  the publisher's.
 * Memory   grows to the largest run and stays.
 * Order    add rows in the order of the ring; whole, then take, then add on.
 * Absent   what is not finite is set to 0 here, the row's status to bad_input: no NaN is published
 *          (VW_COUNT_NUMBERS_REFUSED; the engine should not have sent it). */
#ifndef VW_SCHEMAS_STAGING_H
#define VW_SCHEMAS_STAGING_H

#include "core/base/counters.h"
#include "schemas/message.h"

#define VW_STAGING_TICKS_MAX 64
#define VW_STAGING_CUT_MAX 192 /* rows: with more than these no further run of a cut joins */
#define VW_STAGING_DEFINITIONS_MAX 1024

typedef struct vw_staging_rows {
    void *first;
    size_t count, capacity;
} vw_staging_rows;

typedef struct vw_staging {
    vw_counters *counters;
    bool open;          /* rows are in it */
    bool whole;         /* the last row of its run is in it */
    uint8_t kind;       /* vw_update_kind of the first row */
    uint8_t calc;       /* of greeks: of the first row */
    vw_message message; /* kind, times and rows are set; the rest is the publisher's */
    vw_curve_row curve;
    vw_hedge_row hedge;
    vw_surface_row surface;
    vw_decision_row decision;
    vw_decision_book_row decision_book;
    bool decided; /* the rows of a decision are in it */
    vw_staging_rows definitions, greeks, points, layers, legs, units;
    vw_staging_rows signals, details, decision_layers, decision_legs, condors, proposals, steps,
        given_up;
    int64_t tick_receive_ns[VW_STAGING_TICKS_MAX];
    size_t tick_count;
} vw_staging;

/* vw_staging_init makes an empty one; vw_staging_free returns what it grew to. */
void vw_staging_init(vw_staging *staging, vw_counters *counters);
void vw_staging_free(vw_staging *staging);

/* vw_staging_joins returns whether update may share the whole message that is here, if both have
 * the same topic. */
bool vw_staging_joins(const vw_staging *staging, const vw_update *update);

/* vw_staging_waits returns whether more of the whole message that is here is surely on its way:
 * rows of the same cut, or its surface. */
bool vw_staging_waits(const vw_staging *staging);

/* vw_staging_add takes one row; GROUP rows are none. */
void vw_staging_add(vw_staging *staging, const vw_update *update);

/* vw_staging_take returns the whole message with its rows, good until the next add. */
vw_message *vw_staging_take(vw_staging *staging);

#endif
