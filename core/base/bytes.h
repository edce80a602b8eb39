/* bytes.h: integers at any address of a packet, in the byte order of the wire.
 *
 * Every decoder reads with vw_load_* and every encoder writes with vw_store_*: no cast of a packet
 * to a struct, no alignment assumed.  PITCH, DBN and FlatBuffers are little-endian, as is every
 * machine vegawire runs on; OPRA is big-endian and takes the *_be forms. */
#ifndef VW_CORE_BASE_BYTES_H
#define VW_CORE_BASE_BYTES_H

#include "core/base/base.h"

#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "vegawire runs on little-endian machines only"
#endif

static inline uint16_t vw_load_u16(const void *from)
{
    uint16_t value;

    memcpy(&value, from, sizeof value);
    return value;
}

static inline uint32_t vw_load_u32(const void *from)
{
    uint32_t value;

    memcpy(&value, from, sizeof value);
    return value;
}

static inline uint64_t vw_load_u64(const void *from)
{
    uint64_t value;

    memcpy(&value, from, sizeof value);
    return value;
}

static inline uint16_t vw_load_u16_be(const void *from)
{
    return __builtin_bswap16(vw_load_u16(from));
}

static inline uint32_t vw_load_u32_be(const void *from)
{
    return __builtin_bswap32(vw_load_u32(from));
}

static inline uint64_t vw_load_u64_be(const void *from)
{
    return __builtin_bswap64(vw_load_u64(from));
}

static inline void vw_store_u16(void *to, uint16_t value)
{
    memcpy(to, &value, sizeof value);
}

static inline void vw_store_u32(void *to, uint32_t value)
{
    memcpy(to, &value, sizeof value);
}

static inline void vw_store_u64(void *to, uint64_t value)
{
    memcpy(to, &value, sizeof value);
}

#endif
