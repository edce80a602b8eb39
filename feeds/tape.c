#include "feeds/tape.h"

#include "core/base/clock.h"
#include "feeds/tape_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
#include <zlib.h>

/* A segment is written when there is so much, or after so long. */
enum { RING_SLOTS = 1 << 16, SEGMENT_SLOTS = 1 << 12 };
#define SEGMENT_NS (100 * VW_NS_PER_MS)

struct vw_tape {
    /* the engine's thread */
    vw_engine *engine;
    vw_ring *from[VW_TAPE_SOURCES], *to[VW_TAPE_SOURCES];
    vw_counters *counters;
    uint32_t events_per_poll;
    vw_tape_slot poll; /* the last one, as long as polls without events may join it */
    bool open;         /* poll is one */
    bool alone;        /* nothing else is polled with the engine */
    bool ended;        /* nothing is recorded any more */
    int64_t last_ns;
    /* the writer's */
    alignas(VW_LINE_PAIR) vw_ring *slots;
    char *path;
    int fd;
    int why; /* errno that ended the writing; 0 */
    uint32_t segments;
    int64_t written_ns;
};

static vw_ring *make_ring(uint64_t depth)
{
    size_t size = vw_round_up(vw_ring_size(depth, sizeof(vw_event)), VW_LINE_PAIR);
    void *mem = aligned_alloc(VW_LINE_PAIR, size);

    vw_check(mem != NULL);
    return vw_ring_init(mem, depth, sizeof(vw_event));
}

static void free_tape(vw_tape *self)
{
    for (size_t i = 0; i < VW_TAPE_SOURCES; i++) {
        free(self->to[i]);
    }
    free(self->slots);
    free(self->path);
    free(self);
}

vw_err vw_tape_create(const char *path, uint32_t events_per_poll, vw_tape **tape, vw_error *error)
{
    const vw_tape_head head = {VW_TAPE_MAGIC, VW_TAPE_VERSION, sizeof(vw_event)};
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    uint64_t depth = 16;

    if (fd < 0 || write(fd, &head, sizeof head) != sizeof head) {
        vw_err err = vw_fail(error, VW_ERR_SYSTEM, "tape %s: %s", path, strerror(errno));

        if (fd >= 0) {
            close(fd);
        }
        return err;
    }
    vw_tape *self = aligned_alloc(alignof(vw_tape), vw_round_up(sizeof *self, alignof(vw_tape)));

    vw_check(self != NULL);
    *self = (vw_tape){.events_per_poll = events_per_poll, .fd = fd, .path = strdup(path)};
    while (depth < events_per_poll) {
        depth *= 2;
    }
    for (size_t i = 0; i < VW_TAPE_SOURCES; i++) {
        self->to[i] = make_ring(depth);
    }
    self->slots = make_ring(RING_SLOTS);
    *tape = self;
    return VW_OK;
}

vw_ring *vw_tape_ring(vw_tape *self, size_t i)
{
    vw_check(i < VW_TAPE_SOURCES);
    return self->to[i];
}

void vw_tape_attach(vw_tape *self, vw_engine *engine, bool alone,
                    vw_ring *const sources[VW_TAPE_SOURCES], vw_counters *counters)
{
    self->engine = engine;
    self->alone = alone;
    memcpy(self->from, sources, sizeof self->from);
    self->counters = counters;
}

static void put(vw_tape *self, const void *slot)
{
    memcpy(vw_ring_reserve(self->slots), slot, sizeof(vw_event)); /* room was made sure of */
    vw_ring_commit(self->slots);
}

static void end_poll(vw_tape *self)
{
    if (self->open) {
        put(self, &self->poll);
        self->open = false;
    }
}

/* hand_on gives the engine the next events of a source, and the tape; returns how many. */
static uint32_t hand_on(vw_tape *self, size_t i)
{
    const vw_event *event;
    uint32_t count = 0;

    while (count < self->events_per_poll && (event = vw_ring_peek(self->from[i])) != NULL) {
        memcpy(vw_ring_reserve(self->to[i]), event, sizeof *event); /* as deep as a poll takes */
        vw_ring_commit(self->to[i]);
        if (!self->ended) {
            end_poll(self);
            put(self, event);
        }
        vw_ring_release(self->from[i]);
        count++;
    }
    return count;
}

/* join adds a poll without events to the one before; false: there is no place for it. */
static bool join(vw_tape *self, int64_t now_ns)
{
    vw_tape_slot *poll = &self->poll;
    int64_t after_ns = now_ns - poll->now_ns;

    if (!self->open || poll->idle_count == VW_TAPE_IDLES || after_ns < 0 || after_ns > UINT32_MAX) {
        return false;
    }
    poll->idle_ns[poll->idle_count++] = (uint32_t)after_ns;
    return true;
}

static void record(vw_tape *self, int64_t now_ns, const uint32_t counts[2], size_t did)
{
    bool events = counts[0] + counts[1] > 0;

    if (self->alone && !events && did == 0 && now_ns == self->last_ns) {
        return; /* at the same instant nothing can come of asking again */
    }
    if (events || !join(self, now_ns)) {
        end_poll(self);
        self->poll = (vw_tape_slot){.now_ns = now_ns, .counts = {counts[0], counts[1]}};
        self->open = true;
    }
    self->last_ns = now_ns;
}

size_t vw_tape_poll(void *tape, int64_t now_ns)
{
    vw_tape *self = tape;

    if (!self->ended &&
        vw_ring_free(self->slots) < VW_TAPE_SOURCES * (uint64_t)self->events_per_poll + 2) {
        end_poll(self);
        self->ended = true;
    }
    const uint32_t counts[VW_TAPE_SOURCES] = {hand_on(self, 0), hand_on(self, 1)};
    size_t did = vw_engine_poll(self->engine, now_ns);

    if (self->ended) {
        vw_counters_add(self->counters, VW_COUNT_TAPE_POLLS_LOST, 1);
    } else {
        record(self, now_ns, counts, did);
    }
    return did;
}

/* write_segment writes slots that lie side by side; what cannot be written ends the tape. */
static void write_segment(vw_tape *self, const void *slots, uint64_t count)
{
    vw_tape_segment head = {VW_TAPE_SEGMENT, self->segments, (uint32_t)count,
                            (uint32_t)crc32(0, slots, (unsigned)(count * sizeof(vw_event)))};
    struct iovec parts[] = {{&head, sizeof head},
                            {(void *)(uintptr_t)slots, count * sizeof(vw_event)}};
    size_t size = parts[0].iov_len + parts[1].iov_len;
    ssize_t done = self->why == 0 ? writev(self->fd, parts, VW_COUNT_OF(parts)) : -1;

    if (done == (ssize_t)size) {
        self->segments++;
    } else if (self->why == 0) {
        self->why = done < 0 ? errno : ENOSPC;
    }
}

/* write_some writes a segment if there is as much as `least`, or as lies before the ring's end. */
static size_t write_some(vw_tape *self, uint64_t least)
{
    const vw_ring *ring = self->slots;
    uint64_t count = SEGMENT_SLOTS;
    const unsigned char *slots = vw_ring_peek_run(self->slots, &count);

    if (slots == NULL || (count < least && slots + count * ring->slot_size <
                                               ring->slots + (ring->mask + 1) * ring->slot_size)) {
        return 0;
    }
    write_segment(self, slots, count);
    vw_ring_release_run(self->slots, count);
    return count;
}

size_t vw_tape_write(void *tape, int64_t now_ns)
{
    vw_tape *self = tape;
    bool due = now_ns - self->written_ns >= SEGMENT_NS;
    size_t wrote = write_some(self, due ? 1 : SEGMENT_SLOTS);

    if (wrote > 0) {
        self->written_ns = now_ns;
    }
    return wrote;
}

vw_err vw_tape_close(vw_tape *self, vw_error *error)
{
    vw_err err = VW_OK;

    if (self == NULL) {
        return VW_OK;
    }
    if (!self->ended) {
        end_poll(self);
    }
    while (write_some(self, 1) > 0) {
    }
    if (close(self->fd) != 0 && self->why == 0) {
        self->why = errno;
    }
    if (self->segments == 0) {
        unlink(self->path); /* nothing was recorded: a start that failed leaves nothing behind */
    }
    if (self->why != 0) {
        err = vw_fail(error, VW_ERR_SYSTEM, "tape %s: %s; it ends after segment %u", self->path,
                      strerror(self->why), self->segments);
    }
    free_tape(self);
    return err;
}
