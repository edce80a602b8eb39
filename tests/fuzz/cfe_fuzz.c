/* Any bytes as messages of CFE, legs included; what can be written comes again. */
#include "feeds/pitch.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_again(vw_dialect dialect, const vw_pitch_message *message)
{
    unsigned char first[VW_PITCH_MESSAGE_MAX], second[VW_PITCH_MESSAGE_MAX];
    size_t size = vw_pitch_encode(dialect, message, first);
    vw_pitch_message again;

    if (size > 0) {
        vw_check(vw_pitch_decode(dialect, first, size, &again) == (int)size);
        vw_check(vw_pitch_encode(dialect, &again, second) == size);
        vw_check(memcmp(first, second, size) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vw_dialect dialect = VW_DIALECT_CFE;
    vw_pitch_message message;
    int used;

    for (size_t at = 0; at < size; at += (size_t)used) {
        used = vw_pitch_decode(dialect, data + at, size - at, &message);
        if (used <= 0) {
            break;
        }
        vw_check((size_t)used <= size - at && used == data[at]);
        check_again(dialect, &message);
    }
    return 0;
}
