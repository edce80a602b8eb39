#include "core/pricing/black.h"

#include "core/pricing/normal.h"

#include <float.h>
#include <math.h>

/* Symbols of the paper: F forward, K strike, T years, D discount, r rate, s = vol sqrt T. */
typedef struct option {
    double F, K, T, vol, D, r, side;
} option;

typedef struct greeks {
    double price, delta, gamma, vega, theta, rho, vanna, volga, charm;
    double veta, speed, color, zomma, ultima, dual_delta, dual_gamma;
    vw_status status;
} greeks;

static vw_status classify(const option *o)
{
    if (!(isfinite(o->F) && isfinite(o->K) && isfinite(o->T) && isfinite(o->vol) &&
          isfinite(o->D) && isfinite(o->r)) ||
        o->F <= 0 || o->K <= 0 || o->D <= 0 || o->vol < 0 || fabs(o->side) != 1) {
        return VW_STATUS_BAD_INPUT;
    }
    if (o->T <= 0) {
        return VW_STATUS_EXPIRED;
    }
    return o->vol * sqrt(o->T) > 0 ? VW_STATUS_OK : VW_STATUS_AT_INTRINSIC;
}

/* The undiscounted value of the out-of-the-money one of call and put. */
static double time_value(const option *o, double x, double s)
{
    double z = fabs(x / s), t = s / 2;
    double u = t - z, v = t + z;
    double base = fmin(o->F, o->K);
    double density = base * vw_normal_density(u);

    if (u > 0 && !vw_normal_mills_smooth(z, t)) {
        return base - density * (vw_normal_mills(u) + vw_normal_mills(v));
    }
    return density > 0 ? density * vw_normal_mills_difference(z, t) : 0;
}

static greeks at_intrinsic(const option *o, vw_status status)
{
    greeks g = {.status = status};
    double in_the_money = o->side * (o->F - o->K);

    if (in_the_money > 0) {
        g.price = o->D * in_the_money;
        g.delta = o->D * o->side;
        g.dual_delta = -o->D * o->side;
    }
    return g;
}

static greeks evaluate(const option *o)
{
    double root = sqrt(o->T), s = o->vol * root;
    double x = vw_log_ratio(o->F, o->K);
    double d1 = x / s + s / 2, d2 = x / s - s / 2;
    double n1 = vw_normal_density(d1);
    double n2 = vw_normal_density(d2);
    double D = o->D, F = o->F, K = o->K, T = o->T, vol = o->vol, r = o->r, side = o->side;
    double intrinsic = fmax(side * (F - K), 0);
    greeks g = {.status = VW_STATUS_OK};

    d1 = fmin(fmax(d1, -1e3), 1e3); /* their densities are 0: polynomials in d stay finite */
    d2 = fmin(fmax(d2, -1e3), 1e3);
    g.price = D * time_value(o, x, s) + D * intrinsic;
    g.delta = D * side * vw_normal_cdf(side * d1);
    g.dual_delta = -D * side * vw_normal_cdf(side * d2);
    g.gamma = D * n1 / F / s;
    g.dual_gamma = D * n2 / K / s;
    g.vega = D * F * n1 * root;
    g.theta = r * g.price - D * F * n1 * vol / (2 * root);
    g.rho = -T * g.price;
    g.vanna = -D * n1 * d2 / vol;
    g.volga = g.vega * d1 * d2 / vol;
    g.charm = r * g.delta + D * n1 * d2 / (2 * T);
    g.veta = g.vega * (r - (1 + d1 * d2) / (2 * T));
    g.speed = -g.gamma / F * (1 + d1 / s);
    g.color = g.gamma * (r + (1 - d1 * d2) / (2 * T));
    g.zomma = g.gamma * (d1 * d2 - 1) / vol;
    g.ultima = -g.vega / vol / vol * (d1 * d2 * (1 - d1 * d2) + d1 * d1 + d2 * d2);
    return g;
}

static void put(double *to, size_t i, double value, vw_status status)
{
    if (to == NULL) {
        return;
    }
    if (status == VW_STATUS_BAD_INPUT) {
        to[i] = NAN;
    } else if (isnan(value)) {
        to[i] = 0; /* a vanished density times an infinite factor */
    } else {
        to[i] = fmin(fmax(value, -DBL_MAX), DBL_MAX);
    }
}

static void store(const vw_black_outputs *out, size_t i, const greeks *g)
{
    put(out->price, i, g->price, g->status);
    put(out->delta, i, g->delta, g->status);
    put(out->gamma, i, g->gamma, g->status);
    put(out->vega, i, g->vega, g->status);
    put(out->theta, i, g->theta, g->status);
    put(out->rho, i, g->rho, g->status);
    put(out->vanna, i, g->vanna, g->status);
    put(out->volga, i, g->volga, g->status);
    put(out->charm, i, g->charm, g->status);
    put(out->veta, i, g->veta, g->status);
    put(out->speed, i, g->speed, g->status);
    put(out->color, i, g->color, g->status);
    put(out->zomma, i, g->zomma, g->status);
    put(out->ultima, i, g->ultima, g->status);
    put(out->dual_delta, i, g->dual_delta, g->status);
    put(out->dual_gamma, i, g->dual_gamma, g->status);
    if (out->status != NULL) {
        out->status[i] = (uint8_t)g->status;
    }
}

static bool price_one(const option *o, const vw_black_outputs *out, size_t i)
{
    vw_status status = classify(o);
    greeks g = status == VW_STATUS_OK ? evaluate(o) : at_intrinsic(o, status);

    store(out, i, &g);
    return status == VW_STATUS_BAD_INPUT;
}

static double *from(double *array, size_t i)
{
    return array != NULL ? array + i : NULL;
}

vw_black_outputs vw_black_outputs_from(const vw_black_outputs *out, size_t i)
{
    return (vw_black_outputs){
        .price = from(out->price, i),
        .delta = from(out->delta, i),
        .gamma = from(out->gamma, i),
        .vega = from(out->vega, i),
        .theta = from(out->theta, i),
        .rho = from(out->rho, i),
        .vanna = from(out->vanna, i),
        .volga = from(out->volga, i),
        .charm = from(out->charm, i),
        .veta = from(out->veta, i),
        .speed = from(out->speed, i),
        .color = from(out->color, i),
        .zomma = from(out->zomma, i),
        .ultima = from(out->ultima, i),
        .dual_delta = from(out->dual_delta, i),
        .dual_gamma = from(out->dual_gamma, i),
        .status = out->status != NULL ? out->status + i : NULL,
    };
}

double vw_black_discount(double rate, double years)
{
    double left = fmax(years, 0), exponent = -rate * left;
    double discount = exp(exponent);

    return discount > 0 && discount < INFINITY ? discount * (1 - fma(rate, left, exponent))
                                               : discount;
}

static double implied_rate(double discount, double years)
{
    return years > 0 && discount > 0 ? -log(discount) / years : 0;
}

size_t vw_black(const vw_black_inputs *in, const vw_black_outputs *out, size_t count)
{
    size_t bad = 0;

    for (size_t i = 0; i < count; i++) {
        option o = {in->forward[i], in->strike[i], in->years[i], in->vol[i], in->discount[i], 0,
                    in->side[i]};

        o.r = in->rate != NULL ? in->rate[i] : implied_rate(o.D, o.T);
        bad += price_one(&o, out, i);
    }
    return bad;
}

size_t vw_black_expiry(const vw_expiry_inputs *in, const vw_black_outputs *out, size_t count)
{
    double rate = implied_rate(in->discount, in->years);
    size_t bad = 0;

    for (size_t i = 0; i < count; i++) {
        option o = {in->forward,  in->strike[i], in->years,  in->vol[i],
                    in->discount, rate,          in->side[i]};

        bad += price_one(&o, out, i);
    }
    return bad;
}

size_t vw_black_strikes(const vw_expiry_inputs *in, const vw_black_outputs *call,
                        const vw_black_outputs *put, size_t count)
{
    double rate = implied_rate(in->discount, in->years);
    size_t bad = 0;

    for (size_t i = 0; i < count; i++) {
        option o = {in->forward, in->strike[i], in->years, in->vol[i], in->discount, rate, 1};

        bad += price_one(&o, call, i);
        o.side = -1;
        price_one(&o, put, i);
    }
    return bad;
}
