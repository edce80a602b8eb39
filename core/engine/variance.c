#include "core/engine/variance.h"

#include "core/engine/state.h"

#include <math.h>

static double minutes_left(const vw_engine *engine, const vw_group *group)
{
    return (double)(group->settlement_ns - engine->market_ns) / 60e9;
}

void vw_variance_init(vw_variance *variance)
{
    vw_vx_beta_init(&variance->beta, &vw_vx_beta_defaults);
    variance->vix = variance->vol_of_vol = NAN;
    variance->sample.index = NAN;
    for (size_t i = 0; i < VW_VARIANCE_TERMS; i++) {
        variance->terms[i].status = VW_STATUS_NO_MARKET;
    }
}

void vw_variance_renew(vw_engine *engine, uint32_t at)
{
    const vw_group *group = &engine->table.groups[at];
    const vw_strip *strip = &engine->strips[at];
    const vw_quote_columns *call = &strip->quotes.side[VW_CALL];
    const vw_quote_columns *put = &strip->quotes.side[VW_PUT];
    const vw_vix_quotes quotes = {strip->quotes.strike, call->bid, call->ask, put->bid, put->ask,
                                  strip->quotes.count};

    if (at >= VW_VARIANCE_TERMS) {
        return;
    }
    if (!(strip->pricing.forward > 0) || strip->pricing.carried) {
        engine->variance.terms[at] = (vw_vix_strip){.status = VW_STATUS_NO_MARKET, .variance = NAN};
        return;
    }
    vw_vix_term(&quotes, minutes_left(engine, group), strip->pricing.rate,
                &engine->variance.terms[at]);
}

/* The index of 30 days of a family's options, NaN while its two expiries have no variance. */
static double index_of(const vw_engine *engine, vw_family family)
{
    uint32_t today = vw_calendar_date(engine->market_ns, NULL);
    vw_vix_expiry expiries[VW_VARIANCE_TERMS];
    uint32_t groups[VW_VARIANCE_TERMS];
    size_t count = 0, near, next;

    for (uint32_t i = 0; i < engine->table.group_count && i < VW_VARIANCE_TERMS; i++) {
        const vw_group *group = &engine->table.groups[i];

        if (group->family == family) {
            groups[count] = i;
            expiries[count++] =
                (vw_vix_expiry){group->expiry, group->settlement, minutes_left(engine, group)};
        }
    }
    if (!vw_vix_choose(engine->config.calendar, family, today, expiries, count, 30, &near, &next)) {
        return NAN;
    }
    return vw_vix_value(&engine->variance.terms[groups[near]],
                        &engine->variance.terms[groups[next]], 30);
}

/* The SPX terms that have a variance, by minutes; returns how many. */
static size_t sort_terms(const vw_engine *engine, vw_vix_strip *sorted)
{
    size_t count = 0;

    for (uint32_t i = 0; i < engine->table.group_count && i < VW_VARIANCE_TERMS; i++) {
        const vw_vix_strip *term = &engine->variance.terms[i];
        size_t at = count;

        if (term->status != VW_STATUS_OK || engine->table.groups[i].family != VW_FAMILY_SPX) {
            continue;
        }
        for (; at > 0 && sorted[at - 1].minutes > term->minutes; at--) {
            sorted[at] = sorted[at - 1];
        }
        sorted[at] = *term;
        count++;
    }
    return count;
}

/* Where the index stands and since when the quotes of a beta are of one source; NaN: nowhere. */
static double index_now(const vw_engine *engine, bool *computed)
{
    *computed = engine->spot_vix.price == VW_PRICE_NONE;
    return *computed ? engine->variance.vix : (double)engine->spot_vix.price / (double)VW_PRICE_ONE;
}

static void learn(vw_engine *engine, uint32_t month, const vw_vx_point *point, double index,
                  double bound)
{
    vw_variance *variance = &engine->variance;
    vw_beta_month *before = &variance->sample.months[month];
    bool live = !(point->quality & (VW_QUOTE_STALE | VW_QUOTE_CARRIED | VW_QUOTE_HALTED));
    double price = (double)point->price / (double)VW_PRICE_ONE;

    if (live && before->expiry == point->expiry) {
        vw_vx_beta_add(&variance->beta, month, point->days, price - before->price,
                       index - variance->sample.index);
        vw_vx_beta_add_forward(&variance->beta, month, price - before->price,
                               bound - before->bound);
    }
    *before = (vw_beta_month){live ? point->expiry : 0, price, bound};
}

/* Opens the next sample: what is too long ago, or of another index, is not compared with. */
static bool open_sample(vw_engine *engine, double *index)
{
    vw_beta_sample *sample = &engine->variance.sample;
    int64_t slot = engine->market_ns / VW_BETA_SAMPLE_NS;
    bool computed;

    if (slot == sample->slot) {
        return false;
    }
    *index = index_now(engine, &computed);
    if (slot != sample->slot + 1 || computed != sample->computed) {
        sample->index = NAN;
    }
    sample->slot = slot;
    sample->computed = computed;
    return true;
}

void vw_variance_apply(vw_engine *engine)
{
    vw_variance *variance = &engine->variance;
    vw_vix_strip sorted[VW_VARIANCE_TERMS];
    size_t count = sort_terms(engine, sorted);
    double index = NAN;
    uint32_t month = 0;

    variance->vix = index_of(engine, VW_FAMILY_SPX);
    variance->vol_of_vol = index_of(engine, VW_FAMILY_VIX);
    bool sampled = open_sample(engine, &index);

    for (uint32_t i = 0; i < engine->curve.points; i++) {
        vw_vx_point *point = &engine->points[i];
        vw_vix_forward *forward = &variance->forwards[i];

        vw_vix_forward_at(sorted, count, VW_VIX_MINUTES_PER_DAY * point->days,
                          (double)point->price / (double)VW_PRICE_ONE, forward);
        variance->betas[i] = (vw_vx_beta_estimate){.beta = point->beta, .prior = true};
        variance->forward_betas[i] = (vw_vx_beta_estimate){.prior = true};
        if (!point->monthly) {
            continue;
        }
        if (month < VW_VX_BETA_MONTHS) {
            if (sampled) {
                learn(engine, month, point, index, forward->bound);
            }
            variance->betas[i] = vw_vx_beta_at(&variance->beta, month, point->days);
            variance->forward_betas[i] = vw_vx_beta_forward_at(&variance->beta, month);
            point->beta = variance->betas[i].beta;
        }
        month++;
    }
    variance->sample.index = sampled ? index : variance->sample.index;
}
