/* pitch_hot.h: the PITCH messages that a day is made of, decoded where they are used.
 *
 * Each reads a message of its type that is as long as its vw_wire struct, or longer. */
#ifndef VW_FEEDS_PITCH_HOT_H
#define VW_FEEDS_PITCH_HOT_H

#include "core/base/bytes.h"
#include "feeds/pitch.h"

/* Of C1 options a short price has no sign. */
static inline int64_t vw_pitch_short_price(vw_dialect dialect, uint16_t raw)
{
    return INT64_C(100) * (dialect == VW_DIALECT_OPTIONS ? (int)raw : (int)(int16_t)raw);
}

/* vw_pitch_tail is what stands behind a form that once ended there. */
static inline uint8_t vw_pitch_tail(const unsigned char *from, size_t length, size_t at,
                                    uint8_t absent)
{
    return length > at ? from[at] : absent;
}

static inline uint8_t vw_pitch_flags(vw_dialect dialect, const unsigned char *from, size_t length,
                                     size_t at)
{
    return dialect == VW_DIALECT_CFE ? 0 : vw_pitch_tail(from, length, at, 0);
}

static inline void vw_pitch_modify_long(vw_dialect dialect, const unsigned char *from,
                                        size_t length, vw_pitch_change *change)
{
    vw_wire_modify_long wire;

    memcpy(&wire, from, sizeof wire);
    *change = (vw_pitch_change){.order_id = wire.order_id,
                                .price = wire.price,
                                .quantity = wire.quantity,
                                .flags = vw_pitch_flags(dialect, from, length, sizeof wire)};
}

static inline void vw_pitch_modify_short(vw_dialect dialect, const unsigned char *from,
                                         size_t length, vw_pitch_change *change)
{
    vw_wire_modify_short wire;

    memcpy(&wire, from, sizeof wire);
    *change = (vw_pitch_change){.order_id = wire.order_id,
                                .price = vw_pitch_short_price(dialect, wire.price),
                                .quantity = wire.quantity,
                                .flags = vw_pitch_flags(dialect, from, length, sizeof wire)};
}

static inline void vw_pitch_reduce(const unsigned char *from, bool is_long, vw_pitch_change *change)
{
    vw_wire_reduce_short wire;

    memcpy(&wire, from, sizeof wire);
    *change = (vw_pitch_change){
        .order_id = wire.order_id,
        .quantity =
            is_long ? vw_load_u32(from + offsetof(vw_wire_reduce_long, quantity)) : wire.quantity};
}

static inline void vw_pitch_delete(const unsigned char *from, vw_pitch_change *change)
{
    *change = (vw_pitch_change){.order_id = vw_load_u64(from + offsetof(vw_wire_delete, order_id))};
}

#endif
