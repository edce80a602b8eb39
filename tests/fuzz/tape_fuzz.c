/* Any bytes as a tape: as they are, or as the slots of a segment whose sum is right. */
#include "feeds/tape.h"
#include "feeds/tape_file.h"
#include "tests/fuzz/fuzz_file.h"

#include <string.h>
#include <zlib.h>

enum { SLOTS_MAX = 64 };

/* wrap puts a header and a segment's head before slots. */
static size_t wrap(const uint8_t *data, size_t size, uint8_t *to)
{
    uint32_t slots = (uint32_t)(size / sizeof(vw_event));
    const vw_tape_head head = {VW_TAPE_MAGIC, VW_TAPE_VERSION, sizeof(vw_event)};

    slots = slots < SLOTS_MAX ? slots : SLOTS_MAX;
    size = slots * sizeof(vw_event);
    const vw_tape_segment segment = {VW_TAPE_SEGMENT, 0, slots,
                                     (uint32_t)crc32(0, data, (unsigned)size)};

    memcpy(to, &head, sizeof head);
    memcpy(to + sizeof head, &segment, sizeof segment);
    memcpy(to + sizeof head + sizeof segment, data, size);
    return sizeof head + sizeof segment + size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t
        wrapped[sizeof(vw_tape_head) + sizeof(vw_tape_segment) + SLOTS_MAX * sizeof(vw_event)];
    vw_error error = {""};
    vw_tape_reader *reader = NULL;
    vw_tape_turn turn;
    uint64_t sum = 0;

    if (size > 0 && data[0] != 0) { /* a tape begins with 0 */
        size = wrap(data + 1, size - 1, wrapped);
        data = wrapped;
    }
    const char *path = fuzz_file(data, size);

    if (vw_tape_open(path, &reader, &error) != VW_OK) {
        vw_check(error.text[0] != '\0');
        return 0;
    }
    vw_check(vw_tape_is(path));
    while (vw_tape_next(reader, &turn)) {
        for (uint32_t i = 0; i < turn.counts[0] + turn.counts[1]; i++) {
            sum += turn.events[i].kind;
        }
    }
    vw_check(sum < UINT64_MAX / 2 && !vw_tape_next(reader, &turn));
    vw_check((vw_tape_end(reader, &error) == VW_OK) == (error.text[0] == '\0'));
    return 0;
}
