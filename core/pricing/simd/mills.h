/* mills.h: the Mills ratio R at z - t and z + t, and their difference with all its digits.
 *
 * An option z deviations out of the money is worth phi(z - t) (R(z - t) - R(z + t)), 2 t = s.  The
 * two are values of one piece of a table, R = w p(w), for t up to VW_MILLS_REACH: then
 *
 *   R(z - t) - R(z + t) = (w - v) (p(w) + v p[w, v])      w at z - t, v at z + t
 *
 * with the divided difference p[w, v] by Horner's scheme beside p(w)'s.  Nothing cancels.
 *
 * Beyond that, in rough lanes, the two are found apart: their difference loses a digit or so.
 *
 * Errors   vd_mills 3 2^-52 relative; of the difference within what black.h allows a price.
 * Source   the pieces by interpolation at Chebyshev nodes in 50 digits, 5e-17 off before rounding.
 */
#ifndef VW_CORE_PRICING_SIMD_MILLS_H
#define VW_CORE_PRICING_SIMD_MILLS_H

#include "core/pricing/simd/elementary.h"

/* Pieces of the Mills ratio R.  With w = VW_MILLS_SCALE / (y + VW_MILLS_SHIFT), in (0, 7.5) for
 * y > -VW_MILLS_REACH, R(y) = w p(w - i), i the whole number next to w, which has a p.  A p is good
 * for the w from i - 1/2 to i + 1/2 and for those whose y is up to 2 VW_MILLS_REACH farther. */
#define VW_MILLS_REACH 0.125
#define VW_MILLS_SHIFT 3.5
#define VW_MILLS_SCALE 25.1953125

enum { VW_MILLS_TOP = 11 };

/* [power][piece] */
static const double vw_mills_pieces[VW_MILLS_TOP + 1][8] __attribute__((aligned(64))) = {
    {0.039689922480620157, 0.045995596674790869, 0.054317914913557946, 0.065509520460716703,
     0.080728891249829932, 0.10142189009752951, 0.12920857791395207, 0.16569352192538972},
    {0.00551351481281173, 0.0071956514936087155, 0.0095901814622382994, 0.012986331276524045,
     0.01769532135768824, 0.023964004973138279, 0.031880423735060816, 0.041322474598575749},
    {0.00070338527844508443, 0.00099745513503683605, 0.0014215215632940627, 0.0020013314203295059,
     0.0027290892841543794, 0.0035473880111197009, 0.0043587073223207654, 0.0050563022492671993},
    {8.0339806205038063e-05, 0.00011775476931084331, 0.0001665351048275635, 0.0002196796135599874,
     0.00026224553639172935, 0.00027767730379745544, 0.00025708303337357389,
     0.00020320028405129307},
    {7.8362751082922049e-06, 1.0888416015572095e-05, 1.3218226943471637e-05, 1.2701677282406844e-05,
     7.8463859432580591e-06, -5.1824035535844373e-07, -9.6486803423589519e-06,
     -1.6795115601456567e-05},
    {5.8234007536830604e-07, 5.9871212451886731e-07, 2.5651048918451706e-07,
     -5.2010336529600819e-07, -1.3924726152757379e-06, -1.854281010346473e-06,
     -1.7015066376800537e-06, -1.1100183708044349e-06},
    {1.9173579478734163e-08, -2.0794874561561504e-08, -9.6468404492689813e-08,
     -1.5212737736185508e-07, -1.2294360825976523e-07, -2.5202030602608712e-08,
     7.0387772099107436e-08, 1.1747663943425571e-07},
    {-2.8405980044157954e-09, -8.8005063465644521e-09, -1.1361313342233381e-08,
     -2.689402079084467e-09, 1.0527789463132576e-08, 1.5480279324241482e-08, 1.0692316398974082e-08,
     2.8128128131062578e-09},
    {-6.0615044269238585e-10, -7.4948689053200211e-10, 3.2791946095593935e-10, 1.67289740744728e-09,
     1.3151333609772834e-09, -9.2030974954211668e-11, -9.4270182543517706e-10,
     -9.1420442197044053e-10},
    {-4.8133249321413268e-11, 4.1139726115911788e-11, 1.7944903748987837e-10,
     7.1865804174470254e-11, -1.3292353203261864e-10, -1.4533547184610587e-10,
     -3.9877167002961476e-11, 3.5252631756857595e-11},
    {1.5158831426103061e-12, 1.5693878742106675e-11, 4.5078249414419527e-12,
     -2.2291811793380025e-11, -1.2355341190161802e-11, 7.7403045169909928e-12,
     1.0513002820464276e-11, 4.1677925013938775e-12},
    {1.3101601410988781e-12, 8.0672885461573505e-13, -2.735920834142385e-12,
     -1.1056956270998234e-12, 2.0648286607478374e-12, 1.2657606195518961e-12,
     -2.5290201205868951e-13, -6.1547931633452086e-13},
};

/* Which piece, as an index and as a number. */
typedef struct mills_place {
    vi piece;
    vd middle;
} mills_place;

VW_LANE mills_place mills_find(vd w)
{
    vd shifted = w + VW_ROUNDER;

    return (mills_place){(vi)shifted, shifted - VW_ROUNDER};
}

/* R of the y that has w. */
VW_LANE vd mills_of(vd w)
{
    mills_place at = mills_find(w);
    vd x = w - at.middle, p = vd_entry(vw_mills_pieces[VW_MILLS_TOP], at.piece);

#pragma GCC unroll 16
    for (int i = VW_MILLS_TOP - 1; i >= 0; i--) {
        p = vd_fma(p, x, vd_entry(vw_mills_pieces[i], at.piece));
    }
    return w * p;
}

/* vd_mills returns Phi(-y) / phi(y) for y > -VW_MILLS_REACH. */
VW_LANE vd vd_mills(vd y)
{
    return mills_of(VW_MILLS_SCALE / (y + VW_MILLS_SHIFT));
}

/* What comes before the table: a division, which other lanes' work should hide. */
typedef struct mills_front {
    vd at, v, w, step; /* z - t; w at z + t and at z - t; w - v */
    vm rough;
} mills_front;

/* mills_ahead takes z >= 0 and t >= 0. */
VW_LANE mills_front mills_ahead(vd z, vd t)
{
    vd a = z - t, b = z + t + VW_MILLS_SHIFT, q;
    mills_front f = {.at = a, .rough = vd_less(vd_all(VW_MILLS_REACH), t)};

    a = vd_pick(f.rough, vd_abs(a), a) + VW_MILLS_SHIFT;
    q = VW_MILLS_SCALE / (a * b);
    f.w = q * b;
    f.v = q * a;
    f.step = q * (t + t);
    return f;
}

/* Where rough and z < t, near is R(t - z), and the span, less than zero, -near - far:
 * R(z - t) phi(z - t) = 1 - near phi(z - t) there. */
typedef struct mills_pair {
    vd near, past, span; /* R(z - t), near - R(z + t), R(z - t) - R(z + t) */
} mills_pair;

VW_LANE mills_pair mills_finish(const mills_front *f)
{
    mills_place at = mills_find(f->w);
    vd x = f->w - at.middle, y = f->v - at.middle;
    vd d = vd_entry(vw_mills_pieces[VW_MILLS_TOP], at.piece);
    vd p = vd_fma(d, x, vd_entry(vw_mills_pieces[VW_MILLS_TOP - 1], at.piece));
    mills_pair m;

#pragma GCC unroll 16
    for (int i = VW_MILLS_TOP - 2; i >= 0; i--) {
        d = vd_fma(d, y, p);
        p = vd_fma(p, x, vd_entry(vw_mills_pieces[i], at.piece));
    }
    m.near = f->w * p;
    m.span = f->step * vd_fma(f->v, d, p);
    m.past = m.span;
    if (vm_any(f->rough)) {
        vd far = mills_of(f->v);

        m.past = vd_pick(f->rough, m.near - far, m.span);
        m.span = vd_pick(f->rough, vd_signed(m.near, f->at) - far, m.span);
    }
    return m;
}

#endif
