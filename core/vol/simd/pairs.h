/* pairs.h: the bodies of market_kernels.h that make put-call pairs, and bound what they allow. */
#ifndef VW_CORE_VOL_SIMD_PAIRS_H
#define VW_CORE_VOL_SIMD_PAIRS_H

#include "core/vol/market_kernels.h"
#include "core/vol/simd/eight.h"

VW_LANE vm not_crossed(vd bid, vd ask)
{
    return vm_and(vd_less(vd_all(0), bid), vm_not(vd_less(ask, bid)));
}

/* Lanes before the end of a column. */
VW_LANE vm lanes_before(size_t at, size_t count)
{
    static const double steps[] = {0, 1, 2, 3, 4, 5, 6, 7};

    return vd_less(vd_load(steps, VW_LANES) + (double)at, vd_all((double)count));
}

/* One vector of pairs, and whether each is the nearest so far to costing nothing. */
VW_LANE void take_pairs(const vw_fit_sides *in, double tick, size_t at, size_t count,
                        const vw_fit_pairs *out, vd *least, vd *centre)
{
    size_t lanes = at >= count ? 0 : count - at < VW_LANES ? count - at : VW_LANES;
    vd strike = vd_load(in->strike + at, lanes);
    vd call_bid = vd_load(in->call_bid + at, lanes), call_ask = vd_load(in->call_ask + at, lanes);
    vd put_bid = vd_load(in->put_bid + at, lanes), put_ask = vd_load(in->put_ask + at, lanes);
    vm pair = vm_and(not_crossed(call_bid, call_ask), not_crossed(put_bid, put_ask)), nearer;
    vd y = 0.5 * (call_bid + call_ask) - 0.5 * (put_bid + put_ask);
    vd half = 0.5 * (call_ask - call_bid) + 0.5 * (put_ask - put_bid);

    pair = vm_and(pair, vm_and(vd_less(vd_all(0), strike), lanes_before(at, count)));
    pair = vm_and(pair, vd_less(vd_abs(y) + half + strike, vd_all(INFINITY))); /* all finite */
    nearer = vm_and(pair, vd_less(vd_abs(y), *least));
    *least = vd_pick(nearer, vd_abs(y), *least);
    *centre = vd_pick(nearer, strike + y, *centre);
    vd_store(out->x + at, vd_pick(pair, strike, vd_all(0)), VW_LANES);
    vd_store(out->y + at, vd_pick(pair, y, vd_all(0)), VW_LANES);
    vd_store(out->per_half + at, vd_pick(pair, 1 / vd_max(half, vd_all(tick)), vd_all(0)),
             VW_LANES);
}

static double lanes_pairs(const vw_fit_sides *in, double tick, size_t count,
                          const vw_fit_pairs *out)
{
    ve least = ve_all(INFINITY), centre = ve_all(NAN);
    double best = INFINITY, found = NAN, lane[2][EIGHT];

    for (size_t i = 0; i < count; i += EIGHT) {
#pragma GCC unroll 4
        for (size_t p = 0; p < PARTS; p++) {
            take_pairs(in, tick, i + p * VW_LANES, count, out, &least.part[p], &centre.part[p]);
        }
    }
    ve_store(lane[0], least);
    ve_store(lane[1], centre);
    for (int q = 0; q < EIGHT; q++) {
        if (lane[0][q] < best || (lane[0][q] == best && lane[1][q] < found)) {
            best = lane[0][q];
            found = lane[1][q];
        }
    }
    return found;
}

static size_t lanes_band(vw_fit_pairs *pairs, double centre, double low, double high, size_t count)
{
    size_t used = 0;

    pairs->first = pairs->last = 0;
    for (size_t i = 0; i < count; i += EIGHT) {
        size_t here = 0;

        for (size_t at = i; at < i + EIGHT; at += VW_LANES) {
            vd x = vd_load(pairs->x + at, VW_LANES);
            vd per_half = vd_load(pairs->per_half + at, VW_LANES);
            vm in = vm_and(vd_less(vd_all(low), x), vd_less(x, vd_all(high)));

            in = vm_and(in, vd_less(vd_all(0), per_half));
            here += (size_t)__builtin_popcount(vm_bits(in));
            vd_store(pairs->x + at, vd_pick(in, x - centre, vd_all(0)), VW_LANES);
            vd_store(pairs->per_half + at, vd_pick(in, per_half, vd_all(0)), VW_LANES);
        }
        pairs->first = used == 0 ? i : pairs->first;
        pairs->last = here > 0 ? i + EIGHT : pairs->last;
        used += here;
    }
    return used;
}

static void lanes_bounds(const vw_fit_sides *in, const vw_fit_pairs *pairs, double discount,
                         size_t count, double *low, double *high)
{
    double per_discount = 1 / discount, lane[2][VW_LANES];
    vd most = vd_all(-INFINITY), least = vd_all(INFINITY);

    for (size_t i = pairs->first; i < pairs->last && i < count; i += VW_LANES) {
        size_t lanes = count - i < VW_LANES ? count - i : VW_LANES;
        vd strike = vd_load(in->strike + i, lanes);
        vd buy = vd_load(in->call_bid + i, lanes) - vd_load(in->put_ask + i, lanes);
        vd sell = vd_load(in->call_ask + i, lanes) - vd_load(in->put_bid + i, lanes);
        vm pair = vd_less(vd_all(0), vd_load(pairs->per_half + i, VW_LANES));

        most = vd_max(most, vd_pick(pair, strike + buy * per_discount, vd_all(-INFINITY)));
        least = vd_min(least, vd_pick(pair, strike + sell * per_discount, vd_all(INFINITY)));
    }
    vd_store(lane[0], most, VW_LANES);
    vd_store(lane[1], least, VW_LANES);
    *low = -INFINITY;
    *high = INFINITY;
    for (int p = 0; p < VW_LANES; p++) {
        *low = lane[0][p] > *low ? lane[0][p] : *low;
        *high = lane[1][p] < *high ? lane[1][p] : *high;
    }
}

#endif
