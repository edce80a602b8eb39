/* Any bytes as messages of TOP, of both exchanges. */
#include "feeds/top.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vw_top_message message;
    int used;

    for (size_t at = 0; at < size; at += (size_t)used) {
        used = vw_top_decode(data + at, size - at, &message);
        if (used <= 0) {
            break;
        }
        vw_check((size_t)used <= size - at && used == data[at]);
    }
    return 0;
}
