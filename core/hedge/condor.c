#include "core/hedge/condor.h"

#include "core/pricing/normal.h"

#include <math.h>

double vw_break_even_distance(double forward, double strike, double years, double vol, double skew,
                              bool above)
{
    double deviation = vol * sqrt(years), d2, below, distance;

    if (!(forward > 0 && strike > 0 && deviation > 0) || !isfinite(skew)) {
        return NAN;
    }
    d2 = vw_log_ratio(forward, strike) / deviation - 0.5 * deviation;
    below = vw_normal_cdf(-d2) + vw_normal_density(d2) * sqrt(years) * skew;
    distance = above ? vw_normal_quantile(below) : -vw_normal_quantile(below);
    return (above ? forward >= strike : forward <= strike) ? fmin(distance, 0) : distance;
}

/* The put wing's index; leg_count when the condor's four legs are not there one after the other. */
static size_t first_leg(const vw_portfolio *portfolio, uint16_t number)
{
    for (size_t i = 0; i + 4 <= portfolio->leg_count; i++) {
        if (portfolio->legs[i].condor == number) {
            return portfolio->legs[i + 3].condor == number ? i : portfolio->leg_count;
        }
    }
    return portfolio->leg_count;
}

static double extrinsic(const vw_leg_mark *mark, const vw_leg *leg)
{
    double discount = mark->discount > 0 ? mark->discount : 1;
    double inside = leg->type == 'C' ? mark->forward - leg->strike : leg->strike - mark->forward;

    return mark->greeks.price - discount * fmax(inside, 0);
}

static double decay(const vw_leg *legs, const vw_leg_mark *marks, size_t one, size_t two)
{
    double left = extrinsic(&marks[one], &legs[one]) + extrinsic(&marks[two], &legs[two]);

    return left > 0 ? fabs(marks[one].greeks.theta + marks[two].greeks.theta) / left : NAN;
}

static void price(const vw_leg *legs, const vw_leg_mark *marks, double sign, vw_condor_value *value)
{
    const vw_greeks *put = &marks[VW_CONDOR_PUT_SHORT].greeks;
    const vw_greeks *call = &marks[VW_CONDOR_CALL_SHORT].greeks;
    double vega = put->vega + call->vega;

    value->price = sign * (put->price + call->price - marks[VW_CONDOR_PUT_WING].greeks.price -
                           marks[VW_CONDOR_CALL_WING].greeks.price);
    value->short_decay = decay(legs, marks, VW_CONDOR_PUT_SHORT, VW_CONDOR_CALL_SHORT);
    value->wing_decay = decay(legs, marks, VW_CONDOR_PUT_WING, VW_CONDOR_CALL_WING);
    value->vol = vega > 0 ? (put->vega * marks[VW_CONDOR_PUT_SHORT].vol +
                             call->vega * marks[VW_CONDOR_CALL_SHORT].vol) /
                                vega
                          : NAN;
}

static void find_break_evens(const vw_condor *condor, vw_condor_value *value)
{
    double credit = fabs(value->credit);

    if (credit < condor->put_short - condor->put_wing) {
        value->low.strike = condor->put_short - credit;
    }
    if (credit < condor->call_wing - condor->call_short) {
        value->high.strike = condor->call_short + credit;
    }
}

void vw_condor_evaluate(const vw_portfolio *portfolio, const vw_leg_mark *marks,
                        const vw_hedge *hedge, uint16_t number, vw_condor_value *value)
{
    const vw_condor *condor = &portfolio->condors[number - 1];
    size_t first = first_leg(portfolio, number);
    const vw_leg_mark *four = &marks[first];
    double sign = condor->debit ? -1 : 1, dollars, width;

    *value = (vw_condor_value){.price = NAN,
                               .low = {NAN, NAN},
                               .high = {NAN, NAN},
                               .short_decay = NAN,
                               .wing_decay = NAN,
                               .vol = NAN};
    if (first == portfolio->leg_count) {
        return;
    }
    value->priced = true;
    dollars = condor->contracts * four[0].multiplier;
    for (size_t i = 0; i < 4; i++) {
        value->priced &= hedge->legs[first + i].priced;
        value->theta_usd_per_day += hedge->legs[first + i].theta_usd_per_day;
        value->v30_usd_per_point += hedge->legs[first + i].v30_usd_per_point;
    }
    if (value->priced) {
        price(&portfolio->legs[first], four, sign, value);
        value->span = (condor->call_short - condor->put_short) / four[0].forward;
    }
    value->credit = condor->entry.credit != 0 ? condor->entry.credit : value->price;
    width = fmax(condor->put_short - condor->put_wing, condor->call_wing - condor->call_short);
    value->max_loss_usd = dollars * (condor->debit ? -value->credit : width - value->credit);
    value->max_gain_usd = dollars * (condor->debit ? width + value->credit : value->credit);
    find_break_evens(condor, value);
}
