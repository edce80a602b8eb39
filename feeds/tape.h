/* tape.h: every poll of the engine, with the events it took, in a file: the run can be had again.
 *
 * What the engine says depends on its configuration, on the events and on when it was polled with
 * which of them, so that is what a tape has.  `vegawire run --tape` writes one, `replay` plays it.
 * The tape stands between the engine and its rings: it hands on at most what one poll takes.
 * Played with the same configuration (and the same hedge.state, if there is one) it gives the same
 * rows; the same messages, too, unless the publisher had a thread of its own (threads: split).
 *
 *     file      header, segments
 *     segment   number, slots, CRC-32 of the slots; slots of the size of an event
 *     slot      an event; or a poll (kind 0) that took the events before it, and polls without
 *               events that followed
 *
 * Threads  vw_tape_poll and vw_tape_write each on a thread of their own; the rest without them.
 * Memory   allocated by create and by open.
 * Full     when the ring to the writer or the disk is full the tape ends there, before that poll;
 *          each poll after it is counted (VW_COUNT_TAPE_POLLS_LOST).  The engine never waits.
 * Errors   a file that was cut off is played to its last whole segment. */
#ifndef VW_FEEDS_TAPE_H
#define VW_FEEDS_TAPE_H

#include "core/base/error.h"
#include "core/engine/engine.h"

enum { VW_TAPE_SOURCES = 2 }; /* rings that the engine takes in: the feed's, control's */

typedef struct vw_tape vw_tape;

/* vw_tape_create begins a tape; an existing file is refused.  events_per_poll is the engine's. */
vw_err vw_tape_create(const char *path, uint32_t events_per_poll, vw_tape **tape, vw_error *error);

/* vw_tape_ring returns what the engine reads in place of source i. */
vw_ring *vw_tape_ring(vw_tape *tape, size_t i);

/* vw_tape_attach says whose polls are recorded, and from where its events come; alone: the engine
 * has a thread of its own, so that a poll that finds nothing at the same instant is none. */
void vw_tape_attach(vw_tape *tape, vw_engine *engine, bool alone,
                    vw_ring *const sources[VW_TAPE_SOURCES], vw_counters *counters);

/* vw_tape_poll is vw_engine_poll, recorded; vw_tape_write writes what has been recorded. */
size_t vw_tape_poll(void *tape, int64_t now_ns);
size_t vw_tape_write(void *tape, int64_t now_ns);

/* vw_tape_close writes what is left; VW_ERR_SYSTEM when not all could be written.  A tape with
 * nothing on it is deleted. */
vw_err vw_tape_close(vw_tape *tape, vw_error *error);

/* ---- playing -------------------------------------------------------------------------------- */

typedef struct vw_tape_reader vw_tape_reader;

/* A poll: counts[0] events of the first source, then counts[1] of the second. */
typedef struct vw_tape_turn {
    int64_t now_ns;
    const vw_event *events; /* until the next call */
    uint32_t counts[VW_TAPE_SOURCES];
} vw_tape_turn;

/* vw_tape_is says whether a file begins as a tape does. */
bool vw_tape_is(const char *path);

vw_err vw_tape_open(const char *path, vw_tape_reader **reader, vw_error *error);

/* vw_tape_next fills in the next poll; false at the end, or at the last one that is whole. */
bool vw_tape_next(vw_tape_reader *reader, vw_tape_turn *turn);

/* vw_tape_end closes it: VW_OK, or VW_ERR_DATA where the tape ended before its end. */
vw_err vw_tape_end(vw_tape_reader *reader, vw_error *error);

#endif
