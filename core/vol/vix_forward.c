#include "core/vol/vix_forward.h"

#include <math.h>

double vw_vix_total_variance(const vw_vix_strip *terms, size_t count, double minutes)
{
    const vw_vix_strip *before = NULL;

    for (size_t i = 0; i < count; i++) {
        const vw_vix_strip *term = &terms[i];
        double total = term->variance * term->minutes / VW_VIX_MINUTES_PER_YEAR;

        if (term->status != VW_STATUS_OK) {
            continue;
        }
        if (term->minutes == minutes) {
            return total;
        }
        if (term->minutes > minutes) {
            double weight, earlier;

            if (before == NULL) {
                return NAN;
            }
            earlier = before->variance * before->minutes / VW_VIX_MINUTES_PER_YEAR;
            weight = (minutes - before->minutes) / (term->minutes - before->minutes);
            return earlier + weight * (total - earlier);
        }
        before = term;
    }
    return NAN;
}

double vw_vix_forward_variance(const vw_vix_strip *terms, size_t count, double from, double to)
{
    double grown =
        vw_vix_total_variance(terms, count, to) - vw_vix_total_variance(terms, count, from);

    return to > from ? grown * VW_VIX_MINUTES_PER_YEAR / (to - from) : NAN;
}

void vw_vix_forward_at(const vw_vix_strip *terms, size_t count, double minutes, double future,
                       vw_vix_forward *forward)
{
    double variance =
        vw_vix_forward_variance(terms, count, minutes, minutes + VW_VIX_WINDOW_MINUTES);

    *forward = (vw_vix_forward){.variance = variance, .bound = NAN, .convexity = NAN};
    if (isnan(variance)) {
        forward->flags = VW_VIX_FORWARD_ABSENT;
    } else if (variance < 0) {
        forward->flags = VW_VIX_FORWARD_NEGATIVE_VARIANCE;
    } else {
        forward->bound = 100 * sqrt(variance);
        forward->convexity = forward->bound - future;
        forward->flags = forward->convexity < 0 ? VW_VIX_FORWARD_NEGATIVE_CONVEXITY : 0;
    }
}

/* Trapezia of the out-of-the-money mids; the strip ends where the quotes do. */
double vw_vix_second_moment(const vw_vix_quotes *quotes, double forward, double discount)
{
    double integral = 0, before_price = NAN, before_strike = NAN;

    for (size_t i = 0; i < quotes->count; i++) {
        bool call = quotes->strike[i] >= forward;
        double bid = call ? quotes->call_bid[i] : quotes->put_bid[i];
        double ask = call ? quotes->call_ask[i] : quotes->put_ask[i];
        double price = 0.5 * (bid + ask);

        if (!(bid > 0 && ask >= bid)) {
            continue;
        }
        if (!isnan(before_price)) {
            integral += 0.5 * (price + before_price) * (quotes->strike[i] - before_strike);
        }
        before_price = price;
        before_strike = quotes->strike[i];
    }
    return isnan(before_price) ? NAN : forward * forward + 2 / discount * integral;
}
