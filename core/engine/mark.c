#include "core/engine/mark.h"

#include "core/hedge/portfolio.h"

#include <math.h>

static const double SIDE[VW_SIDES] = {+1, -1};

static bool live(const vw_mark *mark)
{
    return mark->pricing->forward > 0 && mark->years > 0;
}

static void fill_lane(vw_marks *marks, size_t lane, const vw_mark *mark, double side, double price)
{
    marks->forward[lane] = mark->pricing->forward;
    marks->discount[lane] = mark->pricing->discount;
    marks->years[lane] = mark->years;
    marks->strike[lane] = mark->quotes->strike[mark->row];
    marks->side[lane] = side;
    marks->price[lane] = price;
}

static size_t fill_inversions(vw_marks *marks)
{
    size_t lanes = 0;

    for (size_t i = 0; i < marks->count; i++) {
        vw_mark *mark = &marks->item[i];

        mark->source = vw_marks_source(mark->quotes, mark->row, mark->pricing->forward);
        mark->invert &= live(mark) && mark->years >= VW_MARK_YEARS_MIN;
        if (mark->invert) {
            const vw_quote_columns *quote = &mark->quotes->side[mark->source];
            double bid = quote->bid[mark->row], ask = quote->ask[mark->row];

            mark->lane = (uint32_t)lanes;
            fill_lane(marks, lanes++, mark, SIDE[mark->source], 0.5 * (bid + ask));
            fill_lane(marks, lanes++, mark, SIDE[mark->source], bid);
            fill_lane(marks, lanes++, mark, SIDE[mark->source], ask);
        }
    }
    return lanes;
}

static vw_status quote_status(uint8_t quality)
{
    if (quality & VW_QUOTE_ABSENT) {
        return VW_STATUS_NO_MARKET;
    }
    if (quality & VW_QUOTE_ONE_SIDED) {
        return VW_STATUS_ONE_SIDED;
    }
    return quality & VW_QUOTE_CROSSED ? VW_STATUS_BAD_INPUT : VW_STATUS_OK;
}

/* The last vol, marked, or the reason why there is none. */
static void keep(vw_quotes *quotes, uint32_t row, vw_status why)
{
    bool kept = quotes->vol[row] > 0;

    quotes->status[row] = kept ? VW_STATUS_STALE : (uint8_t)why;
    quotes->quality[row] = kept ? VW_QUOTE_CARRIED : 0;
}

/* The smile's vol at a row; false if it has none. */
static bool take_model(const vw_mark *mark)
{
    const vw_slice *slice = mark->slice;
    vw_quotes *quotes = mark->quotes;
    uint32_t row = mark->row;
    double k = quotes->log_strike[row] - log(mark->pricing->forward), variance;

    if (slice->model == VW_MODEL_NONE || !isfinite(k)) {
        return false;
    }
    vw_slice_variance(slice, &k, &variance, 1);
    if (!(variance > 0) || !isfinite(variance)) {
        return false;
    }
    bool inside = k >= slice->k_min && k <= slice->k_max;
    uint8_t old = mark->pricing->carried ? VW_QUOTE_CARRIED : slice->quality & VW_QUOTE_CARRIED;

    quotes->vol[row] = sqrt(variance / slice->years); /* as at the fit: vols keep in time */
    quotes->status[row] = old ? VW_STATUS_STALE : VW_STATUS_OK;
    quotes->quality[row] = old | (inside ? VW_QUOTE_INTERPOLATED : VW_QUOTE_EXTRAPOLATED);
    return true;
}

/* Without a quote to invert: the smile's vol, else the last one. */
static void do_without(const vw_mark *mark, vw_status why)
{
    if (!take_model(mark)) {
        keep(mark->quotes, mark->row, why);
    }
}

static double vol_or_none(const vw_marks *marks, size_t lane, bool wanted)
{
    return wanted && marks->status[lane] == VW_STATUS_OK ? marks->vol[lane] : 0;
}

static void settle_inversion(const vw_marks *marks, const vw_mark *mark)
{
    vw_quotes *quotes = mark->quotes;
    uint32_t row = mark->row;
    const vw_quote_info *info = &quotes->side[mark->source].info[row];
    vw_status status = quote_status(info->quality);
    bool old = (info->quality & VW_QUOTE_STALE) || info->receive_ns < marks->fresh_ns;
    unsigned quality = (old ? VW_QUOTE_STALE : 0) | (mark->pricing->carried ? VW_QUOTE_CARRIED : 0);

    quotes->bid_vol[row] = vol_or_none(marks, mark->lane + 1, status != VW_STATUS_BAD_INPUT);
    quotes->ask_vol[row] = vol_or_none(marks, mark->lane + 2, status != VW_STATUS_BAD_INPUT);
    if (status == VW_STATUS_OK) {
        status = (vw_status)marks->status[mark->lane];
    }
    if (status != VW_STATUS_OK) {
        do_without(mark, status);
        return;
    }
    quotes->vol[row] = marks->vol[mark->lane];
    quotes->status[row] = quality != 0 ? VW_STATUS_STALE : VW_STATUS_OK;
    quotes->quality[row] = (uint8_t)quality;
}

/* What needs no inversion, or must not have one. */
static void settle_without(const vw_mark *mark)
{
    vw_quotes *quotes = mark->quotes;
    uint32_t row = mark->row;

    if (mark->years <= 0) {
        quotes->vol[row] = quotes->bid_vol[row] = quotes->ask_vol[row] = 0;
        quotes->status[row] = VW_STATUS_EXPIRED;
        quotes->quality[row] = 0;
    } else if (!live(mark)) {
        quotes->status[row] = VW_STATUS_NO_MARKET;
    } else if (mark->years < VW_MARK_YEARS_MIN) {
        keep(quotes, row, VW_STATUS_NO_MARKET);
    }
}

/* Where Black's results go: calls first, then puts. */
static vw_black_outputs results_from(vw_marks *marks, size_t lane)
{
    const vw_black_outputs all = {.price = marks->value,
                                  .delta = marks->delta,
                                  .gamma = marks->gamma,
                                  .vega = marks->vega,
                                  .theta = marks->theta,
                                  .rho = marks->rho,
                                  .vanna = marks->vanna,
                                  .volga = marks->volga,
                                  .charm = marks->charm,
                                  .status = marks->status};

    return vw_black_outputs_from(&all, lane);
}

static void price_lanes(vw_marks *marks, const vw_kernels *kernels)
{
    const vw_black_inputs in = {.forward = marks->forward,
                                .strike = marks->strike,
                                .years = marks->years,
                                .vol = marks->vol,
                                .discount = marks->discount,
                                .side = marks->side};
    const vw_black_outputs out = results_from(marks, 0);

    for (unsigned s = 0; s < VW_SIDES; s++) {
        for (size_t i = 0; i < marks->count; i++) {
            const vw_mark *mark = &marks->item[i];

            fill_lane(marks, vw_marks_lane(marks, i, s), mark, SIDE[s], 0);
            marks->vol[vw_marks_lane(marks, i, s)] = mark->quotes->vol[mark->row];
        }
    }
    kernels->black(&in, &out, VW_SIDES * marks->count);
}

/* Neighbours on one strip share all but the strike. */
static void price_run(vw_marks *marks, const vw_kernels *kernels)
{
    const vw_mark *first = &marks->item[0];
    const vw_expiry_inputs in = {.forward = first->pricing->forward,
                                 .years = first->years,
                                 .discount = first->pricing->discount,
                                 .strike = first->quotes->strike + first->row,
                                 .log_strike = first->quotes->log_strike + first->row,
                                 .vol = first->quotes->vol + first->row};
    const vw_black_outputs call = results_from(marks, 0), put = results_from(marks, marks->count);

    kernels->black_strikes(&in, &call, &put, marks->count);
}

void vw_marks_evaluate(vw_marks *marks, const vw_kernels *kernels)
{
    size_t lanes = fill_inversions(marks);

    if (lanes > 0) {
        const vw_iv_inputs in = {.forward = marks->forward,
                                 .strike = marks->strike,
                                 .years = marks->years,
                                 .price = marks->price,
                                 .discount = marks->discount,
                                 .side = marks->side};

        kernels->implied_vol(&in, marks->vol, marks->status, lanes);
    }
    for (size_t i = 0; i < marks->count; i++) {
        if (marks->item[i].invert) {
            settle_inversion(marks, &marks->item[i]);
        } else {
            settle_without(&marks->item[i]);
        }
    }
    if (marks->run && marks->count > 0) {
        price_run(marks, kernels);
    } else {
        price_lanes(marks, kernels);
    }
}

static bool has_numbers(const vw_mark *mark, uint8_t status)
{
    return mark->pricing->forward > 0 &&
           (status == VW_STATUS_OK || status == VW_STATUS_STALE || status == VW_STATUS_EXPIRED);
}

/* Fills what Black computed; false, and nothing filled, if any of it is not a number. */
static bool fill_greeks(const vw_marks *marks, size_t lane, const vw_pricing *pricing,
                        vw_greeks_row *row)
{
    const vw_greeks plain = {.price = marks->value[lane],
                             .delta = marks->delta[lane],
                             .gamma = marks->gamma[lane],
                             .vega = marks->vega[lane],
                             .theta = marks->theta[lane],
                             .rho = marks->rho[lane],
                             .vanna = marks->vanna[lane],
                             .volga = marks->volga[lane],
                             .charm = marks->charm[lane]};
    vw_greeks desk = vw_desk_units(&plain, pricing->discount, pricing->rate);
    double sum = desk.price + desk.delta + desk.gamma + desk.vega + desk.theta + desk.rho +
                 desk.vanna + desk.volga + desk.charm;
    double interest = pricing->rate * plain.price / 365;

    if (!isfinite(sum)) {
        return false;
    }
    row->price = desk.price;
    row->delta = desk.delta;
    row->gamma = desk.gamma;
    row->vega = desk.vega;
    row->theta = desk.theta;
    row->rho = desk.rho;
    row->vanna = desk.vanna;
    row->volga = desk.volga;
    row->charm = desk.charm;
    row->theta_session = interest + (desk.theta - interest) * pricing->session;
    return true;
}

void vw_marks_row(const vw_marks *marks, size_t i, unsigned side, vw_greeks_row *row)
{
    const vw_mark *mark = &marks->item[i];
    const vw_quotes *quotes = mark->quotes;
    const vw_quote_info *info = &quotes->side[side].info[mark->row];

    row->exchange_ns = info->exchange_ns;
    row->receive_ns = info->receive_ns;
    row->strike = quotes->strike[mark->row];
    row->bid = quotes->side[side].bid[mark->row];
    row->ask = quotes->side[side].ask[mark->row];
    row->bid_size = info->bid_size;
    row->ask_size = info->ask_size;
    row->sequence = info->sequence;
    row->type = side == VW_CALL ? 'C' : 'P';
    row->quality = info->quality | quotes->quality[mark->row];
    if (info->receive_ns < marks->fresh_ns && !(info->quality & VW_QUOTE_ABSENT)) {
        row->quality |= VW_QUOTE_STALE;
    }
    row->status = quotes->status[mark->row];
    if (has_numbers(mark, row->status)) {
        if (!fill_greeks(marks, vw_marks_lane(marks, i, side), mark->pricing, row)) {
            row->status = VW_STATUS_BAD_INPUT;
            return;
        }
        row->vol = quotes->vol[mark->row];
    }
    row->bid_vol = quotes->bid_vol[mark->row];
    row->ask_vol = quotes->ask_vol[mark->row];
}
