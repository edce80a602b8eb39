/* Any bytes as what a recovery server, or its client, says: messages, and a link that hears them.
 */
#include "feeds/link.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool accept_it(void *self, uint32_t stream, const char *address, uint16_t port)
{
    (void)self, (void)stream, (void)address, (void)port;
    return true;
}

static bool swallow(void *self, uint32_t stream, const void *bytes, size_t size)
{
    (void)self, (void)stream, (void)bytes;
    vw_check(size > 0 && size <= VW_RECOVERY_PACKED_MAX);
    return true;
}

static void forget(void *self, uint32_t stream)
{
    (void)self, (void)stream;
}

static void take(void *self, const vw_recovery_message *message, const unsigned char *from)
{
    unsigned char first[VW_RECOVERY_MESSAGE_MAX], second[VW_RECOVERY_MESSAGE_MAX];
    size_t size = vw_recovery_encode(message, first);
    vw_recovery_message again;

    (void)self;
    vw_check(from[0] >= 2);
    if (message->type != VW_RECOVERY_OTHER) { /* what can be read can be written, the same again */
        vw_check(size > 0 && size <= from[0]);
        vw_check(vw_recovery_decode(first, size, &again) == (int)size);
        vw_check(vw_recovery_encode(&again, second) == size && memcmp(first, second, size) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const vw_recovery_login login = {"0001", "VEGA", "secret"};
    vw_streams streams = {NULL, accept_it, swallow, forget};
    vw_counters counters = {0};
    vw_link link = {.streams = &streams, .login = &login, .counters = &counters};
    size_t step = size > 0 ? 1U + data[0] : 1, heard = 1, done = 1;
    bool good = true;

    vw_check(vw_link_open(&link, "127.0.0.1", 1, 0));
    vw_link_opened(&link, 0);
    while (good && heard < size) { /* in pieces */
        heard = heard + step < size ? heard + step : size;
        size_t used = vw_link_received(&link, data + done, heard - done, 0, take, NULL, &good);

        vw_check(used <= heard - done);
        done += used;
    }
    vw_link_close(&link, !good);
    return 0;
}
