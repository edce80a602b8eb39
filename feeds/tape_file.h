/* tape_file.h: a tape's bytes; for its writer and its reader only. */
#ifndef VW_FEEDS_TAPE_FILE_H
#define VW_FEEDS_TAPE_FILE_H

#include "core/market/event.h"

#define VW_TAPE_MAGIC UINT64_C(0x0045504154575600) /* "\0VWTAPE\0" */
#define VW_TAPE_SEGMENT UINT32_C(0x4D474553)       /* "SEGM" */
enum { VW_TAPE_VERSION = 1, VW_TAPE_IDLES = 8 };

typedef struct vw_tape_head {
    uint64_t magic;
    uint32_t version, slot_size;
} vw_tape_head;

typedef struct vw_tape_segment {
    uint32_t magic, number, slots, crc;
} vw_tape_segment;

/* A poll, where an event could be: its kind is none of theirs. */
typedef struct vw_tape_slot {
    int64_t now_ns;
    int64_t unused;
    uint32_t counts[2];
    uint8_t kind;       /* 0 */
    uint8_t idle_count; /* polls without events that came next: so long after now_ns */
    uint8_t unused_too[6];
    uint32_t idle_ns[VW_TAPE_IDLES];
} vw_tape_slot;

_Static_assert(sizeof(vw_tape_slot) == sizeof(vw_event), "a slot");
_Static_assert(offsetof(vw_tape_slot, kind) == offsetof(vw_event, kind), "kind tells them apart");

#endif
