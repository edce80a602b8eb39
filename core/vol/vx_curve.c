#include "core/vol/vx_curve.h"

#include <math.h>

static double in_points(int64_t price)
{
    return (double)price / (double)VW_PRICE_ONE;
}

int64_t vw_vx_curve_price(const vw_vx_quote *quote, uint8_t *quality)
{
    bool bid = quote->bid > 0, ask = quote->ask > 0;

    if (bid && ask && quote->ask >= quote->bid) {
        return quote->bid + (quote->ask - quote->bid) / 2;
    }
    if (bid && ask) {
        *quality |= VW_QUOTE_CROSSED;
    } else if (bid || ask) {
        *quality |= VW_QUOTE_ONE_SIDED;
    }
    if (quote->last > 0 || quote->settlement > 0) {
        *quality |= VW_QUOTE_CARRIED;
        return quote->last > 0 ? quote->last : quote->settlement;
    }
    *quality |= VW_QUOTE_ABSENT;
    return VW_PRICE_NONE;
}

double vw_vx_curve_beta(double days)
{
    return 0.79 * pow(30 / (30 + fmax(days, 0)), 0.75);
}

static double roll(const vw_vx_point *from, const vw_vx_point *to)
{
    double days = to->days - from->days;

    return days > 0 ? in_points(to->price - from->price) / days : 0;
}

/* Appends one point; monthly is the monthly before it, NULL if there is none. */
static void append(vw_vx_curve *curve, vw_vx_point *points, const vw_vx_quote *quote,
                   const vw_vx_point *monthly)
{
    vw_vx_point *point = &points[curve->points];
    const vw_vx_point *before = quote->monthly || curve->points == 0 ? monthly : point - 1;

    *point = (vw_vx_point){.days = quote->days,
                           .beta = vw_vx_curve_beta(quote->days),
                           .instrument = quote->instrument,
                           .expiry = quote->expiry,
                           .monthly = quote->monthly,
                           .quality = quote->quality};
    point->price = vw_vx_curve_price(quote, &point->quality);
    if (point->price != VW_PRICE_NONE) {
        point->roll_per_day = before != NULL ? roll(before, point) : 0;
        curve->points++;
    }
}

/* Takes the next monthly into cm30 while none has been found beyond 30 days. */
static void span_30_days(vw_vx_curve *curve, const vw_vx_point *before, const vw_vx_point *point)
{
    double price = in_points(point->price);

    if (!(curve->absent & VW_VX_ABSENT_CM30) || curve->cm30 > 0 || point->days < 30) {
        return;
    }
    if (point->days == 30 || (before != NULL && before->days < point->days)) {
        double w = point->days == 30 ? 0 : (point->days - 30) / (point->days - before->days);

        curve->cm30 = w > 0 ? w * in_points(before->price) + (1 - w) * price : price;
        curve->cm30_front = before == NULL ? 1 : w;
        curve->absent &= (uint8_t)~VW_VX_ABSENT_CM30;
    } else {
        curve->cm30 = price; /* VX1 stands in, still marked absent */
        curve->cm30_front = 1;
    }
}

static void compare_front(vw_vx_curve *curve, vw_vx_point *points, double spot_vix)
{
    vw_vx_point *one = &points[curve->vx1];
    const vw_vx_point *two = &points[curve->vx2];

    curve->quality = one->quality;
    if (spot_vix > 0 && isfinite(spot_vix)) {
        curve->basis = in_points(one->price) - spot_vix;
        curve->basis_share = curve->basis / spot_vix;
        one->roll_per_day = curve->basis / one->days;
        curve->absent &= (uint8_t)~VW_VX_ABSENT_SPOT;
    }
    if (curve->absent & VW_VX_ABSENT_SECOND) {
        return;
    }
    curve->quality |= two->quality;
    curve->contango = (double)two->price / (double)one->price - 1;
    curve->inversion = in_points(one->price - two->price);
    curve->slope_per_30 = 30 * roll(one, two);
    curve->roll_yield =
        -365 * roll(one, two) / (curve->cm30 > 0 ? curve->cm30 : in_points(one->price));
    for (uint32_t i = curve->vx2 + 1; i < curve->points; i++) {
        if (points[i].monthly) {
            curve->curvature = 30 * roll(two, &points[i]) - curve->slope_per_30;
            break;
        }
    }
}

void vw_vx_curve_fit(const vw_vx_quote *quotes, size_t count, double spot_vix, vw_vx_curve *curve,
                     vw_vx_point *points)
{
    const vw_vx_point *monthly = NULL;

    *curve = (vw_vx_curve){.absent = VW_VX_ABSENT_SPOT | VW_VX_ABSENT_SECOND | VW_VX_ABSENT_CM30 |
                                     VW_VX_ABSENT_MONTHLY};
    for (size_t i = 0; i < count; i++) {
        uint32_t at = curve->points;

        if (!(quotes[i].days > 0)) {
            continue;
        }
        append(curve, points, &quotes[i], monthly);
        if (curve->points == at || !quotes[i].monthly) {
            continue;
        }
        if (monthly == NULL) {
            curve->vx1 = at;
            curve->absent &= (uint8_t)~VW_VX_ABSENT_MONTHLY;
        } else if (curve->absent & VW_VX_ABSENT_SECOND) {
            curve->vx2 = at;
            curve->absent &= (uint8_t)~VW_VX_ABSENT_SECOND;
        }
        span_30_days(curve, monthly, &points[at]);
        monthly = &points[at];
    }
    if (monthly != NULL) {
        compare_front(curve, points, spot_vix);
    }
}
