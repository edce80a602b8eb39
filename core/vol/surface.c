#include "core/vol/surface.h"

#include <math.h>
#include <string.h>

enum { BLOCK = 64 };              /* points at a time */
static const double STEP = 0.01;  /* deviations, between the points that tell slope and bend */
static const double SAME = 1e-12; /* k of one strike, by one formula and another */

size_t vw_surface_size(size_t room)
{
    return room == 0 || room > 65536 ? 0 : room * sizeof(vw_surface_expiry);
}

void vw_surface_init(vw_surface *surface, void *mem, size_t room, bool related,
                     const vw_fit_kernels *kernels)
{
    vw_check(vw_surface_size(room) != 0);
    *surface = (vw_surface){.expiries = mem, .room = room, .related = related, .kernels = kernels};
}

size_t vw_surface_add(vw_surface *surface, int64_t settlement_ns)
{
    size_t at = surface->count;

    if (surface->count == surface->room) {
        return SIZE_MAX;
    }
    while (at > 0 && surface->expiries[at - 1].settlement_ns > settlement_ns) {
        at--;
    }
    memmove(surface->expiries + at + 1, surface->expiries + at,
            (surface->count - at) * sizeof *surface->expiries);
    surface->expiries[at] = (vw_surface_expiry){.settlement_ns = settlement_ns};
    surface->count++;
    return at;
}

void vw_surface_set_time(vw_surface *surface, const vw_calendar *calendar, int64_t now_ns)
{
    for (size_t i = 0; i < surface->count; i++) {
        vw_surface_expiry *expiry = &surface->expiries[i];

        expiry->years = vw_calendar_years(now_ns, expiry->settlement_ns);
        expiry->variance_years =
            vw_calendar_variance_years(calendar, now_ns, expiry->settlement_ns);
    }
}

static bool has_smile(const vw_surface_expiry *expiry)
{
    return expiry->slice.model != VW_MODEL_NONE && expiry->years > 0;
}

const vw_slice *vw_surface_before(const vw_surface *surface, size_t index)
{
    while (surface->related && index-- > 0) {
        if (has_smile(&surface->expiries[index])) {
            return &surface->expiries[index].slice;
        }
    }
    return NULL;
}

static bool quoted(const vw_slice *slice, double k)
{
    return k >= slice->k_min - SAME && k <= slice->k_max + SAME;
}

/* One pass from the last expiry to the first: `cap` is the least variance of the later expiries
 * that are quoted at the point, which an expiry not quoted there may not exceed. */
static size_t clamp_block(const vw_surface *surface, size_t index, const double *k, double *w,
                          size_t count)
{
    double cap[BLOCK], own[BLOCK], at_index[BLOCK];
    size_t lifted = 0;

    for (size_t i = 0; i < count; i++) {
        cap[i] = INFINITY;
        w[i] = at_index[i] = 0;
    }
    for (size_t j = surface->count; j-- > 0;) {
        const vw_slice *slice = &surface->expiries[j].slice;

        if (!has_smile(&surface->expiries[j])) {
            continue;
        }
        vw_slice_curve(slice, surface->kernels, k, own, NULL, count);
        for (size_t i = 0; i < count; i++) {
            own[i] = quoted(slice, k[i]) ? own[i] : fmin(own[i], cap[i]);
            cap[i] = quoted(slice, k[i]) ? fmin(cap[i], own[i]) : cap[i];
            w[i] = j <= index ? fmax(w[i], own[i]) : 0;
            at_index[i] = j == index ? own[i] : at_index[i];
        }
    }
    for (size_t i = 0; i < count; i++) {
        lifted += w[i] > at_index[i];
    }
    return lifted;
}

size_t vw_surface_variance(const vw_surface *surface, size_t index, const double *k, double *w,
                           size_t count)
{
    size_t lifted = 0;

    vw_check_hot(has_smile(&surface->expiries[index]));
    if (!surface->related) {
        vw_slice_curve(&surface->expiries[index].slice, surface->kernels, k, w, NULL, count);
        return 0;
    }
    for (size_t from = 0; from < count; from += BLOCK) {
        size_t n = count - from < BLOCK ? count - from : BLOCK;

        lifted += clamp_block(surface, index, k + from, w + from, n);
    }
    return lifted;
}

static double mix(double low, double high, double share)
{
    return low + (high - low) * share;
}

/* The nearest expiries with a smile on either side of an instant; equal when it is one of them or
 * lies beyond the ends; false when there is none. */
static bool bracket(const vw_surface *surface, int64_t settlement_ns, size_t *low, size_t *high)
{
    *low = *high = SIZE_MAX;
    for (size_t i = 0; i < surface->count; i++) {
        if (!has_smile(&surface->expiries[i])) {
            continue;
        }
        if (surface->expiries[i].settlement_ns <= settlement_ns) {
            *low = i;
        } else if (*high == SIZE_MAX) {
            *high = i;
        }
    }
    if (*low != SIZE_MAX &&
        (*high == SIZE_MAX || surface->expiries[*low].settlement_ns == settlement_ns)) {
        *high = *low;
    } else if (*low == SIZE_MAX) {
        *low = *high;
    }
    return *low != SIZE_MAX;
}

/* Total variance at k - step, k and k + step. */
typedef struct variances {
    double at[3];
} variances;

static variances one_expiry(const vw_surface *surface, size_t index, double k, double step,
                            double scale)
{
    const double points[3] = {k - step, k, k + step};
    variances w;

    vw_surface_variance(surface, index, points, w.at, 3);
    for (size_t i = 0; i < 3; i++) {
        w.at[i] *= scale;
    }
    return w;
}

/* What follows from total variance around k. */
static void describe(vw_surface_point *at, const variances *w, double k, double step)
{
    double variance = w->at[1], d2 = -k / sqrt(variance) - 0.5 * sqrt(variance);
    double slope = (w->at[2] - w->at[0]) / (2 * step);
    double bend = (w->at[2] - 2 * variance + w->at[0]) / (step * step);

    at->variance = variance;
    at->vol = sqrt(variance / at->years);
    at->skew = 0.5 * slope / (at->vol * at->years);
    at->density = vw_durrleman_g(k, variance, slope, bend) * exp(-0.5 * d2 * d2) /
                  sqrt(6.283185307179586 * variance);
}

vw_surface_point vw_surface_at(const vw_surface *surface, const vw_calendar *calendar,
                               int64_t now_ns, int64_t settlement_ns, double k)
{
    double years = vw_calendar_years(now_ns, settlement_ns);
    double clock = vw_calendar_variance_years(calendar, now_ns, settlement_ns), share, step;
    vw_surface_point at = {NAN, NAN, NAN, NAN, NAN, NAN, years, VW_QUOTE_EXTRAPOLATED};
    const vw_surface_expiry *a, *b;
    size_t low, high;
    variances w;

    if (!(years > 0) || !bracket(surface, settlement_ns, &low, &high)) {
        return at;
    }
    a = &surface->expiries[low];
    b = &surface->expiries[high];
    step = STEP * sqrt(vw_slice_at(&a->slice, 0, a->years).variance);
    if (low != high) {
        variances far = one_expiry(surface, high, k, step, 1);

        w = one_expiry(surface, low, k, step, 1);
        share = (clock - a->variance_years) / (b->variance_years - a->variance_years);
        for (size_t i = 0; i < 3; i++) {
            w.at[i] = mix(w.at[i], far.at[i], share);
        }
        share = (years - a->years) / (b->years - a->years);
        at.forward = exp(mix(log(a->forward), log(b->forward), share));
        at.discount = exp(mix(log(a->discount), log(b->discount), share));
    } else {
        w = one_expiry(surface, low, k, step, clock / a->variance_years);
        at.forward = a->forward;
        at.discount = pow(a->discount, years / a->years);
    }
    describe(&at, &w, k, step);
    at.quality = 0;
    if (a->settlement_ns != settlement_ns) {
        at.quality |= low != high ? VW_QUOTE_INTERPOLATED : VW_QUOTE_EXTRAPOLATED;
    }
    if (!quoted(&a->slice, k) || !quoted(&b->slice, k)) {
        at.quality |= VW_QUOTE_EXTRAPOLATED;
    }
    return at;
}
