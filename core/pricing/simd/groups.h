/* groups.h: two groups of lanes from quotes to vols, by the steps of simd/implied_vol.h. */
#ifndef VW_CORE_PRICING_SIMD_GROUPS_H
#define VW_CORE_PRICING_SIMD_GROUPS_H

#include "core/pricing/simd/implied_vol.h"

/* Lanes with a time value that is neither noise nor beyond the cap, within the doubles' reach. */
VW_LANE vm quote_tame(vd undiscounted, vd cap, vd intrinsic, const lanes_quote *q)
{
    vm inside = vm_and(vd_less(undiscounted, cap), vd_less(q->value, q->base));
    vm solid = vd_less(intrinsic * 0x1p-52, q->value);

    return vm_and(vm_and(inside, solid), vd_less(vd_all(0x1p-1000), q->value));
}

/* A group of lanes on its way. */
typedef struct lanes_group {
    lanes_quote quote;
    vd root_years, s, vol; /* vol: of lanes a guess has settled */
    vm tame, settled;
} lanes_group;

/* Where to start without a guess; *tame loses the lanes whose scaled value is no double. */
VW_LANE vd quote_start(const lanes_quote *q, vd forward, vd strike, vm *tame)
{
    vd inverse_root = 1 / vd_sqrt(forward * strike);
    lanes_scaled by = {vd_abs(forward - strike) * inverse_root, q->value * inverse_root};

    *tame = vm_and(*tame, vd_less(vd_all(0x1p-1015), by.beta));
    return quote_seed(q, &by);
}

VW_LANE lanes_group quote_group(const vw_iv_inputs *in, size_t i, size_t lanes, bool guessed)
{
    vd F = vd_load(in->forward + i, lanes), K = vd_load(in->strike + i, lanes);
    vd years = vd_load(in->years + i, lanes), discount = vd_load(in->discount + i, lanes);
    vd side = vd_load(in->side + i, lanes);
    vi outside = lanes_window(F) | lanes_window(K) | lanes_window(years) | lanes_window(discount);
    vd intrinsic = vd_max(side * (F - K), vd_all(0));
    vd undiscounted = vd_load(in->price + i, lanes) / discount, value = undiscounted - intrinsic;
    vd cap = vd_pick(vd_less(vd_all(0), side), F, K);
    lanes_group g = {.quote = {vd_abs(vd_log_ratio(F, K)), value, vd_min(F, K)},
                     .root_years = vd_sqrt(years)};

    g.tame = lanes_tame(outside, vi_all(0), lanes_no_side(side));
    g.tame = vm_and(g.tame, quote_tame(undiscounted, cap, intrinsic, &g.quote));
    if (guessed) {
        g.vol = vd_load(in->guess + i, lanes);
        g.s = g.vol * g.root_years;
    } else {
        g.s = quote_start(&g.quote, F, K, &g.tame);
    }
    return g;
}

/* One step from a guess, which may be anything. */
VW_LANE void quote_follow(lanes_group *g, vm *far)
{
    vd step = quote_close_step(&g->quote, g->s); /* any value where it is no guess */
    vm usual = vm_and(vd_less(vd_all(1e-6), g->s), vd_less(g->s, vd_all(VW_CLOSE_MAX)));

    *far = vm_not(vm_and(usual, step_within(step, VW_STEP_NEAR)));
    g->settled = vm_and(step_within(step, VW_CLOSE_SETTLED), vm_not(*far));
    g->vol = vd_fma(g->vol, step, g->vol);
}

/* What was no guess starts as if there had been none. */
VW_LANE void quote_forget(lanes_group *g, vm far, const vw_iv_inputs *in, size_t i, size_t lanes)
{
    vm tame = g->tame;
    vd start = quote_start(&g->quote, vd_load(in->forward + i, lanes),
                           vd_load(in->strike + i, lanes), &tame);

    g->s = vd_pick(far, start, g->s);
    g->tame = vm_or(tame, vm_and(g->tame, vm_not(far)));
}

/* Two groups to the solution: a step is one long chain, and the other group's fills its gaps.  open
 * gets the lanes that never settled. */
VW_LANE void quote_solve(lanes_group g[2], vm open[2])
{
    for (int i = 0; i < STEPS_MAX && vm_any(vm_or(open[0], open[1])); i++) {
        vd step[2] = {quote_step(&g[0].quote, g[0].s), quote_step(&g[1].quote, g[1].s)};

#pragma GCC unroll 2
        for (int k = 0; k < 2; k++) {
            vd bounded = vd_pick(vd_less(vd_all(-0.5), step[k]), step[k], vd_all(-0.5));

            bounded = vd_min(bounded, vd_all(1)); /* -0.5 also where it was NaN */
            g[k].s = vd_pick(open[k], vd_fma(g[k].s, bounded, g[k].s), g[k].s);
            open[k] = vm_and(open[k], vm_not(step_within(bounded, VW_STEP_SETTLED)));
        }
    }
}

VW_LANE void quote_vols(const vw_iv_inputs *in, lanes_group g[2], size_t i, size_t first,
                        size_t second, bool guessed, vm open[2])
{
    open[0] = g[0].tame;
    open[1] = g[1].tame;
    if (guessed) {
        vm far[2];

        quote_follow(&g[0], &far[0]);
        quote_follow(&g[1], &far[1]);
        open[0] = vm_and(open[0], vm_not(g[0].settled));
        open[1] = vm_and(open[1], vm_not(g[1].settled));
        if (__builtin_expect(!vm_any(vm_or(open[0], open[1])), 1)) {
            return;
        }
        g[0].s = g[0].vol * g[0].root_years;
        g[1].s = g[1].vol * g[1].root_years;
        if (vm_any(vm_or(far[0], far[1]))) {
            quote_forget(&g[0], far[0], in, i, first);
            quote_forget(&g[1], far[1], in, i + first, second);
            open[0] = vm_and(open[0], g[0].tame);
            open[1] = vm_and(open[1], g[1].tame);
        }
    }
    quote_solve(g, open);
#pragma GCC unroll 2
    for (int k = 0; k < 2; k++) {
        vd vol = g[k].s / g[k].root_years;

        g[k].vol = guessed ? vd_pick(g[k].settled, g[k].vol, vol) : vol;
    }
}

#endif
