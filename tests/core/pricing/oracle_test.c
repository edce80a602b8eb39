/* Against Black's formula as the textbook has it (erfc, exp, ln), computed here in 208 bits with
 * MPFR, for options drawn at random; tolerances of mathematics.md section 13.  VEGAWIRE_SEED sets
 * which options, VEGAWIRE_ROWS how many of each regime. */
#include "core/pricing/kernels.h"

#include "tests/check.h"
#include "tests/core/pricing/greek_scale.h"
#include "tests/core/pricing/kernel_sets.h"

#include <float.h>
#include <mpfr.h>
#include <string.h>

#define EPS DBL_EPSILON
#define LEAST_DENSITY 3e-307 /* less may count as 0: black.h */

enum { BITS = 208, NUMBERS = 512, STRIKES = 37, ROWS = 8 * STRIKES, GREEKS = 16, SHOWN = 10 };

/* ---- arithmetic: every result is a number of the pool, which `used = 0` empties ------------- */

typedef mpfr_ptr num;
typedef int unary(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);
typedef int binary(mpfr_ptr, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t);

static mpfr_t pool[NUMBERS];
static size_t used;

static num fresh(void)
{
    assert_true(used < NUMBERS);
    return pool[used++];
}

static num number(double value)
{
    num to = fresh();

    mpfr_set_d(to, value, MPFR_RNDN);
    return to;
}

static num of_one(unary *op, num a)
{
    num to = fresh();

    op(to, a, MPFR_RNDN);
    return to;
}

static num of_two(binary *op, num a, num b)
{
    num to = fresh();

    op(to, a, b, MPFR_RNDN);
    return to;
}

static num add(num a, num b)
{
    return of_two(mpfr_add, a, b);
}

static num sub(num a, num b)
{
    return of_two(mpfr_sub, a, b);
}

static num mul(num a, num b)
{
    return of_two(mpfr_mul, a, b);
}

static num over(num a, num b)
{
    return of_two(mpfr_div, a, b);
}

static num times(double factor, num a)
{
    return mul(number(factor), a);
}

static double to_double(num a)
{
    return mpfr_get_d(a, MPFR_RNDN);
}

/* ---- the textbook ---------------------------------------------------------------------------- */

typedef struct option {
    num F, K, T, vol, D, r;
} option;

typedef struct normal {
    num d, density, above, below; /* phi(d), Phi(d), Phi(-d) */
} normal;

typedef struct parts {
    num root, s;
    normal one, two; /* of d1 and d2 */
} parts;

static normal normal_at(num d)
{
    normal n = {.d = d};
    num half_tail =
        times(0.5, of_one(mpfr_erfc, over(of_one(mpfr_abs, d), of_one(mpfr_sqrt, number(2)))));
    num rest = sub(number(1), half_tail), pi = fresh();

    mpfr_const_pi(pi, MPFR_RNDN);
    n.density = over(of_one(mpfr_exp, times(-0.5, mul(d, d))), of_one(mpfr_sqrt, times(2, pi)));
    n.above = mpfr_sgn(d) > 0 ? rest : half_tail;
    n.below = mpfr_sgn(d) > 0 ? half_tail : rest;
    return n;
}

static parts parts_of(const option *o)
{
    parts p = {.root = of_one(mpfr_sqrt, o->T)};
    num x = of_one(mpfr_log, over(o->F, o->K));

    p.s = mul(o->vol, p.root);
    p.one = normal_at(add(over(x, p.s), times(0.5, p.s)));
    p.two = normal_at(sub(p.one.d, p.s));
    return p;
}

/* Not yet discounted. */
static num forward_price(const option *o, const parts *p, double side)
{
    num paid = mul(o->F, side > 0 ? p->one.above : p->one.below);

    return times(side, sub(paid, mul(o->K, side > 0 ? p->two.above : p->two.below)));
}

/* In the order of vw_black_outputs. */
static void greeks_of(const option *o, const parts *p, double side, num g[GREEKS])
{
    num F = o->F, K = o->K, T = o->T, vol = o->vol, D = o->D, r = o->r, one = number(1);
    num d1 = p->one.d, d2 = p->two.d, n1 = mul(D, p->one.density), n2 = mul(D, p->two.density);
    num d12 = mul(d1, d2), T2 = times(2, T);
    num price = mul(D, forward_price(o, p, side));
    num delta = mul(times(side, D), side > 0 ? p->one.above : p->one.below);
    num gamma = over(n1, mul(F, p->s)), vega = mul(mul(F, n1), p->root);
    num squares = add(mul(d1, d1), mul(d2, d2));
    const num all[GREEKS] = {
        price,
        delta,
        gamma,
        vega,
        sub(mul(r, price), over(mul(mul(F, n1), vol), times(2, p->root))),
        times(-1, mul(T, price)),
        times(-1, over(mul(n1, d2), vol)),
        over(mul(vega, d12), vol),
        add(mul(r, delta), over(mul(n1, d2), T2)),
        mul(vega, sub(r, over(add(one, d12), T2))),
        times(-1, mul(over(gamma, F), add(one, over(d1, p->s)))),
        mul(gamma, add(r, over(sub(one, d12), T2))),
        over(mul(gamma, sub(d12, one)), vol),
        times(-1, mul(over(vega, mul(vol, vol)), add(mul(d12, sub(one, d12)), squares))),
        mul(times(-side, D), side > 0 ? p->two.above : p->two.below),
        over(n2, mul(K, p->s)),
    };

    memcpy(g, all, sizeof all);
}

/* The vol at which the option is worth `value` before discounting, by Newton's method from o->vol,
 * which it replaces; also d ln vol / d ln value.  NAN where it does not settle. */
static num vol_of(option *o, double side, num value, double *cond)
{
    size_t mark;

    o->vol = add(o->vol, number(0));
    mark = used;
    for (int i = 0; i < 60; i++) {
        parts p = parts_of(o);
        num vega = mul(mul(o->F, p.one.density), p.root);
        num step = over(sub(value, forward_price(o, &p, side)), vega);

        *cond = to_double(over(value, mul(vega, o->vol)));
        mpfr_add(o->vol, o->vol, step, MPFR_RNDN);
        if (fabs(to_double(over(step, o->vol))) < 0x1p-80) {
            return o->vol;
        }
        used = mark;
    }
    return number(NAN);
}

/* ---- options at random ----------------------------------------------------------------------- */

/* z: deviations from the money, either way; where it is 0, ln(strike / forward) is drawn by ratio
 * instead.  `total`: it is vol sqrt(years) that is drawn, not the vol. */
typedef struct regime {
    const char *name;
    double forward[2], years[2], vol[2], z[2], rate[2];
    bool total;
} regime;

#define SECOND (1 / 31536000.0)
#define DAY (1 / 365.0)

static const regime regimes[] = {
    {"0dte", {3000, 8000}, {SECOND, DAY}, {0.03, 1.5}, {0, 9}, {0, 0.06}, false},
    {"60 days", {3000, 8000}, {DAY, 60 * DAY}, {0.05, 1}, {0, 9}, {-0.01, 0.06}, false},
    {"leaps", {3000, 8000}, {0.5, 6}, {0.05, 0.6}, {0, 7}, {-0.01, 0.06}, false},
    {"vix", {9, 90}, {DAY, 0.8}, {0.2, 3}, {0, 5}, {0, 0.06}, false},
    {"wings", {9, 8000}, {SECOND, 3}, {1e-3, 0.5}, {9, 38.5}, {-0.01, 0.06}, true},
    {"money", {9, 8000}, {SECOND, 3}, {1e-5, 1.5}, {0, 0}, {-0.01, 0.06}, true},
    {"tiny", {9, 8000}, {SECOND, 3}, {1e-6, 1e-3}, {0, 9}, {-0.01, 0.06}, true},
    {"rates", {9, 8000}, {1, 40}, {0.05, 0.8}, {0, 6}, {-0.05, 0.2}, false},
    {"wide", {9, 8000}, {DAY, 30}, {1, 9}, {0, 5}, {-0.01, 0.06}, true},
};

enum { REGIMES = sizeof regimes / sizeof regimes[0] };

/* Options of one expiry, in every shape that a kernel wants them. */
static struct {
    double forward[STRIKES], years[STRIKES], discount[STRIKES], rate[STRIKES];
    double strike[STRIKES], log_strike[STRIKES], vol[STRIKES], side[STRIKES];
    double price[STRIKES], guess[STRIKES]; /* for a vol */
} given;

static uint64_t state_of_random;

static double uniform(double low, double high)
{
    state_of_random = state_of_random * 6364136223846793005ULL + 1442695040888963407ULL;
    return low + (high - low) * (double)(state_of_random >> 11) * 0x1p-53;
}

static double between(const double range[2])
{
    return uniform(range[0], range[1]);
}

static double by_ratio(const double range[2])
{
    return exp(uniform(log(range[0]), log(range[1])));
}

static bool one_in(int count)
{
    return uniform(0, count) < 1;
}

static void draw(const regime *of)
{
    double F = by_ratio(of->forward), T = by_ratio(of->years), root = sqrt(T);
    double rate = one_in(8) ? 0 : between(of->rate);

    for (size_t i = 0; i < STRIKES; i++) {
        double s = by_ratio(of->vol) * (of->total ? 1 : root);
        const double near[2] = {1e-12, fmin(1e-2, 9 * s)};
        double x = of->z[1] > 0 ? between(of->z) * s : one_in(8) ? 0 : by_ratio(near);

        x = one_in(2) ? x : -x;
        given.forward[i] = F;
        given.years[i] = T;
        given.rate[i] = rate;
        given.discount[i] = vw_black_discount(rate, T);
        given.strike[i] = fabs(x) < 1e-2 ? F + F * x : F * exp(x);
        given.log_strike[i] = log(given.strike[i]);
        given.vol[i] = s / root;
        given.side[i] = one_in(2) ? 1 : -1;
    }
}

/* implied: the rate is the discount's. */
static option option_at(size_t i, bool implied)
{
    option o = {number(given.forward[i]), number(given.strike[i]),   number(given.years[i]),
                number(given.vol[i]),     number(given.discount[i]), number(given.rate[i])};

    if (implied) {
        o.r = times(-1, over(of_one(mpfr_log, o.D), o.T));
    }
    return o;
}

/* ---- prices and greeks ----------------------------------------------------------------------- */

typedef enum form { GIVEN_RATE, IMPLIED_RATE, EXPIRY, CALLS, PUTS, FORMS } form;

static const char *const forms[FORMS] = {"all inputs", "without rate", "expiry", "strikes, call",
                                         "strikes, put"};

/* What is tested: outputs in the order of vw_black_outputs, vols of the model's prices and of any.
 */
enum { VOL = GREEKS, ANY_VOL, TESTED };

static const char *const outputs[TESTED] = {
    "price", "delta", "gamma", "vega",  "theta",  "rho",        "vanna",      "volga", "charm",
    "veta",  "speed", "color", "zomma", "ultima", "dual_delta", "dual_gamma", "vol",   "any vol"};

/* What an output should be; its tolerance is scale times share, and rounding. */
typedef struct truth {
    long double value;
    double scale, share, rounding;
} truth;

/* By side, put or call, and by where the rate is from. */
static truth truths[STRIKES][2][2][GREEKS];
static double loss[STRIKES]; /* relative, of a stored log-strike: black.h */
static double values[2][GREEKS][STRIKES];
static uint8_t statuses[STRIKES];

static size_t failures;

/* The largest shares of tolerances: all inputs and per expiry; of vols cold and warm. */
static double worst[TESTED][2][REGIMES];

static void keep_truths(size_t i, int call, int implied, const num g[GREEKS], const parts *p)
{
    double d1 = to_double(p->one.d), d2 = to_double(p->two.d), dd = fmax(d1 * d1, d2 * d2);
    double F = given.forward[i], K = given.strike[i], D = given.discount[i], exact[GREEKS];
    double T = given.years[i], rate = implied ? -log(D) / T : given.rate[i];
    double density = fmax(to_double(p->one.density), to_double(p->two.density));
    num in_the_money = mul(number(D), times(call ? 1 : -1, sub(number(F), number(K))));
    truth *to = truths[i][call][implied];

    for (int k = 0; k < GREEKS; k++) {
        exact[k] = to_double(g[k]);
        to[k].value = mpfr_get_ld(g[k], MPFR_RNDN);
    }
    for (int k = 0; k < GREEKS; k++) {
        const vw_greek_case of = {F, K, T, given.vol[i], D, rate};
        double terms = k <= 3 || k >= 14 ? 8 : 16;

        to[k].scale = vw_greek_scale(k, &of, exact);
        to[k].share = EPS * (k == 0 || k == 5 ? 64 + 8 * dd : terms * (1 + dd));
        to[k].rounding = 1e-300 + to[k].scale / density * LEAST_DENSITY;
    }
    if (mpfr_sgn(in_the_money) > 0) {
        to[0].scale = to_double(sub(g[0], in_the_money));
        to[0].rounding += 4 * EPS * to_double(in_the_money);
    }
    to[4].rounding += fabs(rate) * to[0].scale * to[0].share; /* theta has the price in it */
    loss[i] = EPS * fmax(fabs(log(F)), fabs(log(K))) * (1 + sqrt(dd)) / to_double(p->s);
}

static void find_truths(size_t i)
{
    for (int implied = 0; implied < 2; implied++) {
        used = 0;
        option o = option_at(i, implied);
        parts p = parts_of(&o);
        size_t mark = used;

        for (int call = 0; call < 2; call++) {
            num g[GREEKS];

            used = mark;
            greeks_of(&o, &p, call ? 1 : -1, g);
            keep_truths(i, call, implied, g, &p);
        }
    }
}

static void say_failure(const char *isa, const char *what, size_t i, double got, double expected,
                        double share)
{
    if (failures++ < SHOWN) {
        print_message("%s %s: forward %.17g strike %.17g years %.17g vol %.17g discount %.17g rate "
                      "%.17g log_strike %.17g side %g price %.17g guess %.17g: %.17g, not %.17g: "
                      "%.3g of the tolerance\n",
                      isa, what, given.forward[i], given.strike[i], given.years[i], given.vol[i],
                      given.discount[i], given.rate[i], given.log_strike[i], given.side[i],
                      given.price[i], given.guess[i], got, expected, share);
    }
}

static void note(double *most, double share)
{
    *most = share <= *most ? *most : share;
}

static void compare(const char *isa, form f, size_t r)
{
    bool by_expiry = f >= EXPIRY;
    int side_of_form = f == PUTS;

    for (size_t i = 0; i < STRIKES; i++) {
        bool call = f == CALLS || (f != PUTS && given.side[i] > 0);

        for (int k = 0; k < GREEKS; k++) {
            const truth *t = &truths[i][call][f != GIVEN_RATE][k];
            double got = values[side_of_form][k][i];
            double allowed = t->scale * (t->share + (by_expiry ? loss[i] : 0)) + t->rounding;
            double share = (double)fabsl((long double)got - t->value) / allowed;

            note(&worst[k][by_expiry][r], share);
            if (!(share <= 1) || statuses[i] != VW_STATUS_OK) {
                char what[64];

                snprintf(what, sizeof what, "%s %s", forms[f], outputs[k]);
                say_failure(isa, what, i, got, (double)t->value, share);
            }
        }
    }
}

static vw_black_outputs outputs_to(double to[GREEKS][STRIKES])
{
    return (vw_black_outputs){to[0], to[1],  to[2],  to[3],  to[4],  to[5],  to[6],  to[7],   to[8],
                              to[9], to[10], to[11], to[12], to[13], to[14], to[15], statuses};
}

static void run(const vw_kernels *set, form f)
{
    vw_black_inputs in = {given.forward,
                          given.strike,
                          given.years,
                          given.vol,
                          given.discount,
                          given.side,
                          f == GIVEN_RATE ? given.rate : NULL};
    vw_expiry_inputs of = {given.forward[0], given.years[0], given.discount[0], given.strike,
                           given.log_strike, given.vol,      given.side};
    vw_black_outputs first = outputs_to(values[0]), second = outputs_to(values[1]);

    memset(values, 0xff, sizeof values);
    memset(statuses, 0xff, sizeof statuses);
    if (f < EXPIRY) {
        set->black(&in, &first, STRIKES);
    } else if (f == EXPIRY) {
        set->black_expiry(&of, &first, STRIKES);
    } else {
        set->black_strikes(&of, &first, &second, STRIKES);
    }
}

/* ---- implied vols ---------------------------------------------------------------------------- */

static double vols[STRIKES], right[STRIKES], cond[STRIKES];

/* Prices whose own rounding, and that of their parts, hides the time value, or what is left to the
 * cap: both are 3 epsilons of the whole or less.  They may have any vol, or the status. */
static bool hidden[STRIKES], capped[STRIKES];

/* A time value from 1e-300 of the most it can be (at the money 1e-18, where our bits end) to all of
 * it but 1e-16. */
static double any_price(size_t i)
{
    double F = given.forward[i], K = given.strike[i], most = fmin(F, K);
    double part = pow(10, -uniform(0, one_in(2) || F == K ? 18 : 300));

    part = one_in(4) ? 1 - pow(10, -uniform(0, 16)) : part;
    return given.discount[i] * (fmax(given.side[i] * (F - K), 0) + most * part);
}

/* Newton's method from `start` finds what given.price[i] implies. */
static void find_vol(size_t i, double start)
{
    used = 0;
    option o = option_at(i, false);
    double side = given.side[i], intrinsic = fmax(side * (given.forward[i] - given.strike[i]), 0);
    double cap = side > 0 ? given.forward[i] : given.strike[i];
    num value = over(number(given.price[i]), o.D);
    num tv = sub(value, intrinsic > 0 ? times(side, sub(o.F, o.K)) : number(0));

    hidden[i] = to_double(tv) <= 3 * EPS * intrinsic;
    capped[i] = to_double(sub(number(cap), value)) <= 3 * EPS * cap;
    o.vol = number(start);
    right[i] = hidden[i] || capped[i] ? NAN : to_double(vol_of(&o, side, value, &cond[i]));
    given.guess[i] = start * (1 + uniform(-1, 1) * (one_in(2) ? 1.2e-3 : 0.5));
}

static void check_vol(const char *isa, int tested, bool warm, size_t i, size_t r)
{
    bool ok = statuses[i] == VW_STATUS_OK;
    double share = fabs(vols[i] / right[i] - 1) / (32 * EPS * (1 + cond[i]));

    if (!hidden[i] && !capped[i]) {
        note(&worst[tested][warm][r], share);
        ok &= share <= 1;
    } else if (ok) {
        ok = vols[i] > 0 && isfinite(vols[i]);
    } else {
        ok = (hidden[i] && statuses[i] == VW_STATUS_AT_INTRINSIC && vols[i] == 0) ||
             (capped[i] && statuses[i] == VW_STATUS_ABOVE_MAX && isnan(vols[i]));
    }
    if (!ok) {
        char what[64];

        snprintf(what, sizeof what, "%s vol, %s", warm ? "warm" : "cold",
                 vw_status_name((vw_status)statuses[i]));
        say_failure(isa, what, i, vols[i], right[i], share);
    }
}

static void invert(const vw_kernels *set, bool warm)
{
    vw_iv_inputs in = {given.forward,
                       given.strike,
                       given.years,
                       given.price,
                       given.discount,
                       given.side,
                       warm ? given.guess : NULL};

    memset(vols, 0xff, sizeof vols);
    memset(statuses, 0xff, sizeof statuses);
    set->implied_vol(&in, vols, statuses, STRIKES);
}

static void check_vols(int tested, size_t r)
{
    size_t next = 0;

    for (const vw_kernels *set; (set = kernel_set_next(&next)) != NULL;) {
        for (int warm = 0; warm < 2; warm++) {
            invert(set, warm);
            for (size_t i = 0; i < STRIKES; i++) {
                check_vol(set->isa, tested, warm, i, r);
            }
        }
    }
}

/* ---- tests ----------------------------------------------------------------------------------- */

/* What differs by what, price and greeks by their numbers, gives a greek; time passes. */
typedef struct derivative {
    int greek, of;
    enum { BY_FORWARD, BY_STRIKE, BY_YEARS, BY_VOL, BY_RATE, INPUTS } by;
} derivative;

static const derivative derivatives[] = {
    {1, 0, BY_FORWARD}, {2, 1, BY_FORWARD},  {3, 0, BY_VOL},      {4, 0, BY_YEARS},
    {5, 0, BY_RATE},    {6, 1, BY_VOL},      {7, 3, BY_VOL},      {8, 1, BY_YEARS},
    {9, 3, BY_YEARS},   {10, 2, BY_FORWARD}, {11, 2, BY_YEARS},   {12, 2, BY_VOL},
    {13, 7, BY_VOL},    {14, 0, BY_STRIKE},  {15, 14, BY_STRIKE},
};

/* The output of option i with one input moved by steps, each 2^-70 of it and of vol sqrt(years). */
static num moved(size_t i, const derivative *d, int steps, num *step)
{
    option o = option_at(i, false);
    num *inputs[INPUTS] = {&o.F, &o.K, &o.T, &o.vol, &o.r}, g[GREEKS];
    double s = fmin(given.vol[i] * sqrt(given.years[i]), 1);
    parts p;

    *step = times(0x1p-70 * s, d->by == BY_RATE ? number(1) : *inputs[d->by]);
    *inputs[d->by] = add(*inputs[d->by], times(steps, *step));
    o.D = of_one(mpfr_exp, times(-1, mul(o.r, o.T)));
    p = parts_of(&o);
    greeks_of(&o, &p, given.side[i], g);
    return g[d->of];
}

static void check_derivative(size_t i, const derivative *d)
{
    const truth *t = &truths[i][given.side[i] > 0][0][d->greek];
    num step, up, down;
    double slope;

    used = 0;
    up = moved(i, d, 1, &step);
    down = moved(i, d, -1, &step);
    slope = to_double(over(sub(up, down), times(d->by == BY_YEARS ? -2 : 2, step)));
    assert_near(slope, (double)t->value, 1e-15 * t->scale);
}

static void the_textbooks_greeks_are_the_derivatives_of_its_price(void **state)
{
    (void)state;
    state_of_random = 1;
    for (size_t r = 0; r < REGIMES; r++) {
        draw(&regimes[r]);
        for (size_t i = 0; i < 4; i++) {
            given.side[i] = given.strike[i] < given.forward[i] ? -1 : 1; /* without intrinsic */
            find_truths(i);
            for (size_t k = 0; k < VW_COUNT_OF(derivatives); k++) {
                check_derivative(i, &derivatives[k]);
            }
        }
    }
}

/* A price next to intrinsic or to the cap, and its status: without a discount, and with one in the
 * money, where an ulp means nothing. */
typedef struct edge {
    bool at_cap;
    int ulps;
    vw_status exact, discounted;
} edge;

static const edge edges[] = {
    {false, -2, VW_STATUS_BELOW_INTRINSIC, VW_STATUS_BELOW_INTRINSIC},
    {false, -1, VW_STATUS_BELOW_INTRINSIC, VW_STATUS_AT_INTRINSIC},
    {false, 0, VW_STATUS_AT_INTRINSIC, VW_STATUS_AT_INTRINSIC},
    {false, 1, VW_STATUS_OK, VW_STATUS_AT_INTRINSIC},
    {false, 2, VW_STATUS_OK, VW_STATUS_OK},
    {true, -1, VW_STATUS_OK, VW_STATUS_OK},
    {true, 0, VW_STATUS_ABOVE_MAX, VW_STATUS_ABOVE_MAX},
    {true, 1, VW_STATUS_ABOVE_MAX, VW_STATUS_ABOVE_MAX},
};

/* Forward, strike and their difference are exact, and the discount loses nothing. */
static void draw_edge(const edge *e, size_t i)
{
    double F = round(uniform(64, 512000)) / 64, K = round(uniform(64, 512000)) / 64;
    double D = one_in(2) ? 1 : 0.5, side = one_in(2) ? 1 : -1;
    double at = D * (e->at_cap ? (side > 0 ? F : K) : fmax(side * (F - K), 0));

    given.forward[i] = F;
    given.strike[i] = K;
    given.years[i] = uniform(0.01, 2);
    given.discount[i] = D;
    given.rate[i] = given.vol[i] = given.log_strike[i] = 0;
    given.side[i] = side;
    for (int k = 0; k < abs(e->ulps); k++) {
        at = nextafter(at, e->ulps > 0 ? INFINITY : -INFINITY);
    }
    given.price[i] = at;
}

static void check_edge(const char *isa, const edge *e, size_t i)
{
    bool noise = given.discount[i] != 1 && given.side[i] * (given.forward[i] - given.strike[i]) > 0;
    vw_status expected = noise ? e->discounted : e->exact;

    if (statuses[i] != expected) {
        say_failure(isa, vw_status_name((vw_status)statuses[i]), i, vols[i], NAN, NAN);
    } else if (expected == VW_STATUS_OK) {
        find_vol(i, vols[i]);
        check_vol(isa, VOL, false, i, 0);
    } else {
        assert_true(expected == VW_STATUS_AT_INTRINSIC ? vols[i] == 0 : isnan(vols[i]));
    }
}

static void prices_an_ulp_from_intrinsic_or_the_cap_have_the_status_of_their_ulp(void **state)
{
    (void)state;
    state_of_random = 1;
    failures = 0;
    for (size_t k = 0; k < VW_COUNT_OF(edges); k++) {
        size_t next = 0;

        for (size_t i = 0; i < STRIKES; i++) {
            draw_edge(&edges[k], i);
        }
        for (const vw_kernels *set; (set = kernel_set_next(&next)) != NULL;) {
            invert(set, false);
            for (size_t i = 0; i < STRIKES; i++) {
                check_edge(set->isa, &edges[k], i);
            }
        }
    }
    assert_int_equal(failures, 0);
}

static void check_expiry(size_t r)
{
    size_t next = 0;

    draw(&regimes[r]);
    for (size_t i = 0; i < STRIKES; i++) {
        find_truths(i);
        given.price[i] = (double)truths[i][given.side[i] > 0][0][0].value;
        find_vol(i, given.vol[i]);
    }
    check_vols(VOL, r);
    for (const vw_kernels *set; (set = kernel_set_next(&next)) != NULL;) {
        for (form f = 0; f < FORMS; f++) {
            if (f != PUTS) {
                run(set, f); /* calls and puts come from one */
            }
            compare(set->isa, f, r);
        }
    }
    for (size_t i = 0; i < STRIKES; i++) {
        given.price[i] = any_price(i);
    }
    invert(vw_kernels_get("reference"), false);
    for (size_t i = 0; i < STRIKES; i++) {
        find_vol(i, vols[i]);
    }
    check_vols(ANY_VOL, r);
}

static void print_worst(void)
{
    print_message("worst share of the tolerance, all inputs | per expiry; vols cold | warm\n%-12s",
                  "");
    for (size_t r = 0; r < REGIMES; r++) {
        print_message("%12s", regimes[r].name);
    }
    for (int k = 0; k < TESTED; k++) {
        print_message("\n%-12s", outputs[k]);
        for (size_t r = 0; r < REGIMES; r++) {
            print_message("  %4.2f | %.2f", worst[k][0][r], worst[k][1][r]);
        }
    }
    print_message("\n");
}

static void prices_greeks_and_vols_are_the_textbooks_over_random_options(void **state)
{
    const char *asked = getenv("VEGAWIRE_ROWS"), *seeded = getenv("VEGAWIRE_SEED");
    size_t rows = asked != NULL ? strtoull(asked, NULL, 10) : ROWS;
    uint64_t seed = seeded != NULL ? strtoull(seeded, NULL, 10) : 20261122;

    (void)state;
    print_message("seed %llu, %zu rows of each regime\n", (unsigned long long)seed, rows);
    state_of_random = seed;
    failures = 0;
    memset(worst, 0, sizeof worst);
    for (size_t r = 0; r < REGIMES; r++) {
        for (size_t done = 0; done < rows; done += STRIKES) {
            check_expiry(r);
        }
    }
    print_worst();
    assert_int_equal(failures, 0);
}

static int start(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUMBERS; i++) {
        mpfr_init2(pool[i], BITS);
    }
    return 0;
}

static int stop(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUMBERS; i++) {
        mpfr_clear(pool[i]);
    }
    mpfr_free_cache();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_textbooks_greeks_are_the_derivatives_of_its_price),
        cmocka_unit_test(prices_an_ulp_from_intrinsic_or_the_cap_have_the_status_of_their_ulp),
        cmocka_unit_test(prices_greeks_and_vols_are_the_textbooks_over_random_options),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
