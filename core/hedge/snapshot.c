#include "core/hedge/snapshot.h"

#include "core/base/bytes.h"
#include "core/hedge/state.h"

#include <string.h>

/* The version is that of the layout of vw_hedge_state: another layout, another number. */
enum { VERSION = 3, SIZE_AT = 8, HASH_AT = 16, CHECKSUM_AT = 24, STATE_AT = 32 };

static const char MAGIC[4] = "VWHS";

static uint64_t checksum(const unsigned char *bytes, size_t size)
{
    uint64_t sum = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < size; i++) {
        sum = (sum ^ bytes[i]) * UINT64_C(0x100000001b3);
    }
    return sum;
}

size_t vw_snapshot_size(void)
{
    return STATE_AT + sizeof(vw_hedge_state);
}

void vw_snapshot_write(const vw_hedge_settings *settings, const vw_hedge_state *state, void *bytes)
{
    unsigned char *to = bytes;

    memcpy(to, MAGIC, sizeof MAGIC);
    vw_store_u32(to + sizeof MAGIC, VERSION);
    vw_store_u64(to + SIZE_AT, sizeof *state);
    vw_store_u64(to + HASH_AT, vw_policy_settings_hash(settings));
    memcpy(to + STATE_AT, state, sizeof *state);
    vw_store_u64(to + CHECKSUM_AT, checksum(to + STATE_AT, sizeof *state));
}

vw_err vw_snapshot_read(const vw_hedge_settings *settings, vw_hedge_state *state, const void *bytes,
                        size_t size, vw_error *error)
{
    const unsigned char *from = bytes;

    if (size < STATE_AT || memcmp(from, MAGIC, sizeof MAGIC) != 0) {
        return vw_fail(error, VW_ERR_DATA, "not a snapshot of the hedge engine; delete it");
    }
    if (vw_load_u32(from + sizeof MAGIC) != VERSION ||
        vw_load_u64(from + SIZE_AT) != sizeof *state) {
        return vw_fail(error, VW_ERR_DATA,
                       "snapshot of another version of vegawire (%u); delete it and start cold",
                       vw_load_u32(from + sizeof MAGIC));
    }
    if (size != vw_snapshot_size() ||
        vw_load_u64(from + CHECKSUM_AT) != checksum(from + STATE_AT, sizeof *state)) {
        return vw_fail(error, VW_ERR_DATA, "snapshot cut short or damaged; delete it");
    }
    if (vw_load_u64(from + HASH_AT) != vw_policy_settings_hash(settings)) {
        return vw_fail(error, VW_ERR_DATA,
                       "snapshot taken under other hedge settings; delete it or restore them");
    }
    memcpy(state, from + STATE_AT, sizeof *state);
    return VW_OK;
}
