/* words.h: small words made of lanes.h, and the window inside which kernels compute. */
#ifndef VW_CORE_PRICING_SIMD_WORDS_H
#define VW_CORE_PRICING_SIMD_WORDS_H

#include "core/pricing/simd/memory.h"

VW_LANE vd vd_all(double value)
{
    return value - (vd){0};
}

VW_LANE vi vi_all(int64_t value)
{
    return value - (vi){0};
}

/* vd_kept returns v, in a register: what is used twice is not loaded twice. */
VW_LANE vd vd_kept(vd v)
{
    __asm__("" : "+v"(v));
    return v;
}

VW_LANE vm vm_not(vm m)
{
    return (vm)~m;
}

VW_LANE vm vm_and(vm a, vm b)
{
    return (vm)(a & b);
}

VW_LANE vm vm_or(vm a, vm b)
{
    return (vm)(a | b);
}

VW_LANE bool vm_any(vm m)
{
    return vm_bits(m) != 0;
}

VW_LANE vd vd_abs(vd v)
{
    return (vd)((vi)v & INT64_MAX);
}

/* vd_signed returns magnitude, which is >= 0, with the sign of v. */
VW_LANE vd vd_signed(vd magnitude, vd v)
{
    return (vd)((vi)magnitude | ((vi)v & INT64_MIN));
}

/* vd_flipped returns v with its sign turned where that of sign is negative: v times a sign of +-1,
 * without a multiplication. */
VW_LANE vd vd_flipped(vd v, vd sign)
{
    return (vd)((vi)v ^ ((vi)sign & INT64_MIN));
}

/* Inside the window no product of a kernel overflows and no input is denormal; lanes outside it go
 * to the reference.  lanes_window is zero in VW_WINDOW_BITS where v is in [2^-128, 2^128). */
VW_LANE vi lanes_window(vd v)
{
    return (vi)v - ((int64_t)(1023 - 128) << 52);
}

#define VW_WINDOW_BITS ((int64_t)(0xFULL << 60))

/* Zero in lanes with a side of +1 or -1. */
VW_LANE vi lanes_no_side(vd side)
{
    return (vi)vd_abs(side) ^ (vi)vd_all(1);
}

/* The sign is set in lanes where |v| is not below 1024. */
VW_LANE vi lanes_too_large(vd v)
{
    return (vi)vd_all(0x1.fffffffffffffp9) - (vi)vd_abs(v);
}

/* The lanes that need no reference. */
VW_LANE vm lanes_tame(vi outside, vi large, vi no_side)
{
    return vi_clear((outside & VW_WINDOW_BITS) | (large & INT64_MIN) | no_side, -1);
}

#endif
