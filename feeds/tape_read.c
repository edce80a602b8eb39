#include "feeds/tape.h"

#include "feeds/tape_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { SLOTS_MAX = 1 << 16 }; /* of a segment */

struct vw_tape_reader {
    FILE *file;
    char *path;
    const char *why; /* it ended before its end; NULL */
    vw_event *slots; /* of the segment at hand */
    uint32_t count, at, segments;
    vw_event *events; /* of the poll at hand */
    size_t event_count, event_room;
    vw_tape_slot poll; /* the last one, and which of the polls that followed is next */
    uint8_t next_idle;
};

static bool is_head(const vw_tape_head *head)
{
    return head->magic == VW_TAPE_MAGIC;
}

bool vw_tape_is(const char *path)
{
    vw_tape_head head = {0};
    FILE *file = fopen(path, "rb");

    if (file == NULL) {
        return false;
    }
    bool is = fread(&head, sizeof head, 1, file) == 1 && is_head(&head);

    fclose(file);
    return is;
}

vw_err vw_tape_open(const char *path, vw_tape_reader **reader, vw_error *error)
{
    vw_tape_head head = {0};
    FILE *file = fopen(path, "rb");

    if (file == NULL) {
        return vw_fail(error, VW_ERR_DATA, "tape %s: %s", path, strerror(errno));
    }
    if (fread(&head, sizeof head, 1, file) != 1 || !is_head(&head) ||
        head.version != VW_TAPE_VERSION || head.slot_size != sizeof(vw_event)) {
        fclose(file);
        return vw_fail(error, VW_ERR_DATA, "tape %s: no tape, or of another version", path);
    }
    *reader = calloc(1, sizeof **reader);
    vw_check(*reader != NULL);
    (*reader)->slots = malloc(SLOTS_MAX * sizeof(vw_event));
    vw_check((*reader)->slots != NULL);
    (*reader)->file = file;
    (*reader)->path = strdup(path);
    return VW_OK;
}

/* next_segment reads the next whole segment; false at the end of the file or of what is whole. */
static bool next_segment(vw_tape_reader *self)
{
    vw_tape_segment head;
    size_t got = self->why == NULL ? fread(&head, 1, sizeof head, self->file) : 0;

    self->at = self->count = 0;
    if (got == 0) {
        return false;
    }
    if (got < sizeof head || head.magic != VW_TAPE_SEGMENT || head.number != self->segments ||
        head.slots == 0 || head.slots > SLOTS_MAX) {
        self->why = "what follows is no segment";
    } else if (fread(self->slots, sizeof(vw_event), head.slots, self->file) < head.slots) {
        self->why = "the last segment is cut off";
    } else if (crc32(0, (const unsigned char *)self->slots,
                     (unsigned)(head.slots * sizeof(vw_event))) != head.crc) {
        self->why = "a segment's sum is wrong";
    } else {
        self->count = head.slots;
        self->segments++;
    }
    return self->count > 0;
}

static void keep(vw_tape_reader *self, const vw_event *event)
{
    if (self->event_count == self->event_room) {
        self->event_room = 2 * self->event_room + 1024;
        self->events = realloc(self->events, self->event_room * sizeof *self->events);
        vw_check(self->events != NULL);
    }
    self->events[self->event_count++] = *event;
}

/* next_poll reads on to the next poll. */
static bool next_poll(vw_tape_reader *self)
{
    self->event_count = 0;
    for (;;) {
        if (self->at == self->count && !next_segment(self)) {
            return false;
        }
        const vw_event *slot = &self->slots[self->at++];

        if (slot->kind != 0) {
            keep(self, slot);
            continue;
        }
        memcpy(&self->poll, slot, sizeof self->poll);
        self->next_idle = 0;
        if ((uint64_t)self->poll.counts[0] + self->poll.counts[1] != self->event_count ||
            self->poll.idle_count > VW_TAPE_IDLES) {
            self->why = "a poll has not the events it says";
            return false;
        }
        return true;
    }
}

bool vw_tape_next(vw_tape_reader *self, vw_tape_turn *turn)
{
    if (self->next_idle < self->poll.idle_count) {
        int64_t after_ns = self->poll.idle_ns[self->next_idle++];

        *turn = (vw_tape_turn){.now_ns = self->poll.now_ns + after_ns};
        return true;
    }
    if (self->why != NULL || !next_poll(self)) {
        self->poll.idle_count = 0;
        return false;
    }
    *turn = (vw_tape_turn){.now_ns = self->poll.now_ns,
                           .events = self->events,
                           .counts = {self->poll.counts[0], self->poll.counts[1]}};
    return true;
}

vw_err vw_tape_end(vw_tape_reader *self, vw_error *error)
{
    vw_err err = VW_OK;

    if (self == NULL) {
        return VW_OK;
    }
    if (self->why != NULL) {
        err = vw_fail(error, VW_ERR_DATA, "tape %s: %s, after segment %u", self->path, self->why,
                      self->segments);
    }
    fclose(self->file);
    free(self->path);
    free(self->slots);
    free(self->events);
    free(self);
    return err;
}
