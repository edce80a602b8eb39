#include "core/hedge/exposure.h"

#include "core/hedge/irr.h"
#include "core/hedge/stress.h"
#include "core/market/calendar.h"
#include "core/pricing/black.h"

#include <math.h>
#include <string.h>

static const double OPTION_MULTIPLIER = 100;
static const double FAR_AWAY = 99; /* standard deviations: no number is further */

void vw_exposure_mark(const vw_exposure_smile *smile, char type, double strike, vw_leg_mark *mark)
{
    vw_slice_point at = vw_slice_at(smile->slice, log(strike / smile->forward), smile->years);
    double side = type == 'C' ? 1 : -1;
    vw_greeks plain = {0};
    const vw_black_inputs in = {.forward = &smile->forward,
                                .strike = &strike,
                                .years = &smile->years,
                                .vol = &at.vol,
                                .discount = &smile->discount,
                                .side = &side};
    const vw_black_outputs out = {.price = &plain.price,
                                  .delta = &plain.delta,
                                  .gamma = &plain.gamma,
                                  .vega = &plain.vega,
                                  .theta = &plain.theta};
    bool bad = vw_black(&in, &out, 1) != 0;

    *mark = (vw_leg_mark){.forward = smile->forward,
                          .vol = at.vol,
                          .skew = at.skew,
                          .discount = smile->discount,
                          .beta = smile->beta,
                          .multiplier = OPTION_MULTIPLIER,
                          .days = 365 * smile->years,
                          .date_days = smile->days,
                          .family = smile->beta > 0 ? VW_FAMILY_VIX : VW_FAMILY_SPX,
                          .status = bad ? VW_STATUS_BAD_INPUT : VW_STATUS_OK};
    if (!bad) {
        mark->greeks = vw_desk_units(&plain, smile->discount, -log(smile->discount) / smile->years);
    }
}

/* ---- condors -------------------------------------------------------------------------------- */

static double distance_of(const vw_exposure_smile *smile, double break_even, bool above)
{
    if (smile == NULL || !(break_even > 0)) {
        return NAN;
    }
    vw_slice_point at = vw_slice_at(smile->slice, log(break_even / smile->forward), smile->years);
    double z =
        vw_break_even_distance(smile->forward, break_even, smile->years, at.vol, at.skew, above);

    return isnan(z) ? z : fmin(fmax(z, -FAR_AWAY), FAR_AWAY);
}

/* Under the flat vol of the day it was put on; NaN when that is not known. */
static double entry_distance(const vw_condor *condor, double break_even, bool above)
{
    const vw_condor_entry *entry = &condor->entry;
    double years = entry->date != 0 ? vw_calendar_days(entry->date, condor->expiry) / 365.0 : 0;

    return entry->index > 0 && break_even > 0
               ? vw_break_even_distance(entry->index, break_even, years, entry->vol, 0, above)
               : NAN;
}

static double or_nan(double value)
{
    return value > 0 ? value : NAN;
}

static void fill_position(const vw_condor *condor, uint32_t today, vw_hedge_condor *to)
{
    const vw_condor_entry *entry = &condor->entry;

    *to = (vw_hedge_condor){.expiry = condor->expiry,
                            .days = vw_calendar_days(today, condor->expiry),
                            .contracts = condor->contracts,
                            .debit = condor->debit,
                            .put = {.strike_short = condor->put_short,
                                    .strike = condor->put_wing,
                                    .strike_entry = condor->put_wing,
                                    .cost_nearer_usd = NAN,
                                    .cost_back_usd = NAN},
                            .call = {.strike_short = condor->call_short,
                                     .strike = condor->call_wing,
                                     .strike_entry = condor->call_wing,
                                     .cost_nearer_usd = NAN,
                                     .cost_back_usd = NAN},
                            .credit = entry->credit != 0 ? entry->credit : NAN,
                            .atm_vol_entry = or_nan(100 * entry->vol),
                            .decay_short_entry = or_nan(entry->short_decay),
                            .decay_wing_entry = or_nan(entry->wing_decay),
                            .wing_residual_usd = NAN};
    memcpy(to->root, condor->root, sizeof to->root);
    if (entry->date != 0) {
        to->entry_days = vw_calendar_days(entry->date, condor->expiry);
    }
}

/* moves: those of the margin estimate, and vol alone. */
static void add_leg(const vw_exposure_book *book, size_t i, const vw_stress_move *moves,
                    vw_hedge_condor *to)
{
    enum { MOVES = VW_HEDGE_STRESSES + 1 };
    static const double spots[MOVES] = {-0.05, 0, 0.05};
    const vw_leg *leg = &book->portfolio->legs[i];
    const vw_leg_mark *mark = &book->marks[i];
    const vw_leg_value *value = &book->hedge->legs[i];
    double usd = leg->contracts * mark->multiplier * vw_hedge_vega_weight(mark->days);
    double gains[MOVES], vegas[MOVES];

    vw_stress_option(book->kernels, mark, leg->type, leg->strike, moves, spots, MOVES, gains,
                     vegas);
    to->delta += value->delta_usd_per_point;
    to->gamma += value->gamma_usd_per_point2;
    to->vega += value->vega_usd_per_point;
    to->theta += value->theta_usd_per_day;
    for (size_t s = 0; s < VW_HEDGE_SPOTS; s++) {
        to->v30[s] += spots[s] == 0 ? value->v30_usd_per_point : usd * vegas[s];
    }
    for (size_t m = 0; m < VW_HEDGE_STRESSES; m++) {
        to->stress_usd[m] -= leg->contracts * gains[m];
    }
    to->vol_gain_usd += leg->contracts * gains[VW_HEDGE_STRESSES];
}

bool vw_exposure_condor(const vw_exposure_book *book, uint16_t number,
                        const vw_exposure_smile *smile, vw_hedge_condor *to)
{
    const vw_condor *condor = &book->portfolio->condors[number - 1];
    vw_stress_move moves[VW_STRESS_MOVES + 1];
    vw_condor_value value;

    fill_position(condor, book->today, to);
    vw_condor_evaluate(book->portfolio, book->marks, book->hedge, number, &value);
    if (!value.priced) {
        return false;
    }
    vw_stress_moves(book->market->spot_vix, moves);
    moves[VW_STRESS_MOVES] = (vw_stress_move){.vol = VW_HEDGE_VOL_MOVE};
    for (size_t i = 0; i < book->portfolio->leg_count; i++) {
        if (book->portfolio->legs[i].condor == number) {
            add_leg(book, i, moves, to);
        }
    }
    to->max_loss_usd = value.max_loss_usd;
    to->notional_usd = book->market->index * OPTION_MULTIPLIER * condor->contracts;
    to->break_even_lo = value.low.strike;
    to->break_even_hi = value.high.strike;
    to->decay_short = value.short_decay;
    to->decay_wing = value.wing_decay;
    to->z_lo = distance_of(smile, to->break_even_lo, false);
    to->z_hi = distance_of(smile, to->break_even_hi, true);
    to->z_lo_entry = entry_distance(condor, to->break_even_lo, false);
    to->z_hi_entry = entry_distance(condor, to->break_even_hi, true);
    return true;
}

double vw_exposure_neighbour(const double *strikes, size_t count, double strike, bool up)
{
    double found = 0;

    for (size_t i = 0; i < count; i++) {
        if (up ? strikes[i] > strike && found == 0 : strikes[i] < strike) {
            found = strikes[i];
        }
    }
    return found;
}

/* ---- instruments ---------------------------------------------------------------------------- */

static vw_hedge_kind kind_of_one(const vw_package_leg *leg)
{
    if (leg->contracts <= 0) {
        return VW_KIND_COUNT;
    }
    switch (leg->mark.family) {
    case VW_FAMILY_VX:
        return leg->mark.multiplier > OPTION_MULTIPLIER ? VW_KIND_VX : VW_KIND_VXM;
    case VW_FAMILY_ETP:
        return VW_KIND_ETP;
    case VW_FAMILY_VIX:
        return leg->type == 'C' ? VW_KIND_VIX_CALL : VW_KIND_COUNT;
    case VW_FAMILY_SPX:
        return leg->type == 'P' ? VW_KIND_SPX_PUT : VW_KIND_COUNT;
    default:
        return VW_KIND_COUNT;
    }
}

static void swap(vw_package_leg *a, vw_package_leg *b)
{
    vw_package_leg held = *a;

    *a = *b;
    *b = held;
}

static vw_hedge_kind kind_of_two(vw_package_leg *legs)
{
    bool vix = legs[0].mark.family == VW_FAMILY_VIX;
    char type = legs[0].type;

    if (legs[0].type != legs[1].type || legs[0].mark.family != legs[1].mark.family ||
        legs[0].contracts != -legs[1].contracts) {
        return VW_KIND_COUNT;
    }
    /* Nearer the money first. */
    if (type == 'C' ? legs[0].strike > legs[1].strike : legs[0].strike < legs[1].strike) {
        swap(&legs[0], &legs[1]);
    }
    bool bought = legs[0].contracts > 0;

    if (vix && type == 'C') {
        return bought ? VW_KIND_VIX_CALL_SPREAD : VW_KIND_VIX_CREDIT_SPREAD;
    }
    return legs[0].mark.family == VW_FAMILY_SPX && type == 'P' && !bought ? VW_KIND_SPX_PUT_SPREAD
                                                                          : VW_KIND_COUNT;
}

static vw_hedge_kind kind_of_three(vw_package_leg *legs, const uint32_t *expiries)
{
    uint32_t far = expiries[0];
    size_t last = 0;

    for (size_t i = 0; i < 3; i++) {
        if (legs[i].mark.family != VW_FAMILY_VIX || legs[i].type != 'C') {
            return VW_KIND_COUNT;
        }
        if (expiries[i] > far) {
            far = expiries[i];
            last = i;
        }
    }
    swap(&legs[0], &legs[last]);
    if (legs[1].contracts > 0) {
        swap(&legs[1], &legs[2]);
    }
    bool covered = legs[0].contracts > 0 && legs[1].contracts == -legs[0].contracts &&
                   legs[2].contracts == legs[0].contracts && legs[1].strike < legs[2].strike;

    return covered ? VW_KIND_VIX_CALENDAR : VW_KIND_COUNT;
}

vw_hedge_kind vw_exposure_kind(vw_package_leg *legs, const uint32_t *expiries, size_t count)
{
    if (count == 1) {
        return kind_of_one(legs);
    }
    if (count == 2) {
        return expiries[0] == expiries[1] ? kind_of_two(legs) : VW_KIND_COUNT;
    }
    return count == 3 ? kind_of_three(legs, expiries) : VW_KIND_COUNT;
}

/* The far call when the near one expires, its future and vol as they are. */
static double far_value(const vw_package_leg *far, double near_days)
{
    double years = (far->mark.days - near_days) / 365, side = 1, price = 0;
    double discount = exp(log(far->mark.discount) * years * 365 / far->mark.days);
    const vw_black_inputs in = {.forward = &far->mark.forward,
                                .strike = &far->strike,
                                .years = &years,
                                .vol = &far->mark.vol,
                                .discount = &discount,
                                .side = &side};

    vw_black(&in, &(vw_black_outputs){.price = &price}, 1);
    return price;
}

static double rate_of(double years, double out, double in)
{
    const double at[2] = {0, years}, flows[2] = {-out, in};

    return out > 0 && in > 0 ? vw_irr_of(at, flows, 2) : NAN;
}

static void fill_carry(const vw_package_leg *legs, vw_hedge_instrument *to)
{
    to->irr = NAN;
    to->worst_loss_usd = to->multiplier * to->price;
    if (vw_kind_sold(to->kind)) {
        to->worst_loss_usd = to->multiplier * (to->width - to->price);
        to->irr = rate_of(legs[0].mark.days / 365, to->width - to->price, to->width);
    } else if (to->kind == VW_KIND_VIX_CALENDAR) {
        to->worst_loss_usd = to->multiplier * (to->price + to->width);
        to->irr = rate_of(legs[1].mark.days / 365, to->price + to->width,
                          to->width + far_value(&legs[0], legs[1].mark.days));
    }
}

static void fill_strikes(const vw_package_leg *legs, size_t count, vw_hedge_instrument *to)
{
    const vw_package_leg *near = &legs[to->kind == VW_KIND_VIX_CALENDAR];
    const vw_package_leg *other = count > 1 ? &legs[count - 1] : NULL;

    to->days = near->mark.date_days;
    to->strike = near->strike;
    to->strike_far = other != NULL ? other->strike : 0;
    to->width = other != NULL ? fabs(other->strike - near->strike) : 0;
}

static void add_stress(const vw_kernels *kernels, const vw_hedge_market *market,
                       const vw_package_leg *leg, const vw_stress_move *moves,
                       vw_hedge_instrument *to)
{
    double gains[VW_HEDGE_STRESSES];

    if (leg->type == 'C' || leg->type == 'P') {
        vw_stress_option(kernels, &leg->mark, leg->type, leg->strike, moves, NULL,
                         VW_HEDGE_STRESSES, gains, NULL);
    }
    for (size_t m = 0; m < VW_HEDGE_STRESSES; m++) {
        if (leg->type != 'C' && leg->type != 'P') {
            gains[m] = vw_stress_gain(&leg->mark, leg->type, leg->strike, market, &moves[m]);
        }
        to->stress_usd[m] -= leg->contracts * gains[m];
    }
}

/* Where quotes do not say. */
static double usual_spread(uint8_t kind)
{
    switch (kind) {
    case VW_KIND_VX:
    case VW_KIND_VXM:
        return 0.05;
    case VW_KIND_SPX_PUT:
    case VW_KIND_SPX_PUT_SPREAD:
        return 0.2;
    default:
        return 0.1;
    }
}

static void fill_quote(const vw_package_leg *legs, size_t count, vw_hedge_instrument *to)
{
    double spread = 0, displayed = INFINITY;
    bool known = true;

    for (size_t i = 0; i < count; i++) {
        const vw_leg_quote *quote = &legs[i].quote;
        double one = fabs(legs[i].contracts);

        known &= quote->spread > 0;
        spread += one * quote->spread;
        displayed = fmin(displayed, floor(quote->displayed / one));
        for (size_t h = 0; h < VW_COUNT_OF(to->drift); h++) {
            to->drift[h] = i == 0 ? quote->drift[h] : fmax(to->drift[h], quote->drift[h]);
        }
    }
    if (isnan(to->spread)) {
        to->spread = known ? spread : usual_spread(to->kind);
    }
    if (isnan(to->displayed) && displayed > 0) {
        to->displayed = displayed;
    }
}

void vw_exposure_package(const vw_kernels *kernels, const vw_hedge_market *market,
                         const vw_package_leg *legs, size_t count, vw_hedge_instrument *to)
{
    vw_stress_move moves[VW_STRESS_MOVES];
    double worth = 0;

    vw_check(count >= 1 && count <= VW_PACKAGE_LEGS_MAX);
    vw_stress_moves(market->spot_vix, moves);
    fill_strikes(legs, count, to);
    to->multiplier = legs[0].mark.multiplier;
    to->delta = to->v30 = to->theta = to->roll = to->notional_usd = 0;
    memset(to->stress_usd, 0, sizeof to->stress_usd);
    for (size_t i = 0; i < count; i++) {
        const vw_leg leg = {.type = legs[i].type,
                            .hedge = true,
                            .strike = legs[i].strike,
                            .contracts = legs[i].contracts};
        vw_leg_value value;

        vw_hedge_value(&leg, &legs[i].mark, market, &value);
        worth += leg.contracts * legs[i].mark.greeks.price;
        to->delta += value.delta_usd_per_point;
        to->v30 += value.v30_usd_per_point;
        to->theta += value.theta_usd_per_day - value.roll_usd_per_day;
        to->roll += value.roll_usd_per_day;
        to->notional_usd += leg.contracts * value.notional_usd;
        add_stress(kernels, market, &legs[i], moves, to);
    }
    to->notional_usd = fabs(to->notional_usd);
    if (isnan(to->price)) {
        to->price = vw_kind_sold(to->kind) ? -worth : worth;
    }
    fill_carry(legs, to);
    fill_quote(legs, count, to);
}
