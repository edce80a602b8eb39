#include "core/hedge/irr.h"

#include <math.h>

static const double RATE_LOW = -0.999, RATE_HIGH = 1e6;
enum { SCAN_STEPS = 512, HALVINGS = 200 };

typedef struct payments {
    const double *years, *flows;
    size_t count;
} payments;

/* Of log(1 + rate): smooth and evenly scaled over the whole range of rates. */
static double value_at(const payments *of, double log_growth)
{
    double value = 0;

    for (size_t i = 0; i < of->count; i++) {
        value += of->flows[i] * exp(-log_growth * of->years[i]);
    }
    return value;
}

static double slope_at(const payments *of, double log_growth)
{
    double slope = 0;

    for (size_t i = 0; i < of->count; i++) {
        slope -= of->years[i] * of->flows[i] * exp(-log_growth * of->years[i]);
    }
    return slope;
}

/* Where a function that has opposite signs at low and high is zero: halving, until no double lies
 * between. */
static double bisect(double (*function)(const payments *, double), const payments *of, double low,
                     double high)
{
    bool rises = function(of, low) < 0;

    for (int i = 0; i < HALVINGS; i++) {
        double middle = 0.5 * (low + high);

        if (middle <= low || middle >= high) {
            break;
        }
        if ((function(of, middle) < 0) == rises) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return 0.5 * (low + high);
}

typedef struct root_list {
    double *of;
    size_t count;
} root_list;

static void take(root_list *found, double log_growth)
{
    if (found->count < VW_IRR_ROOTS_MAX) {
        found->of[found->count++] = expm1(log_growth);
    }
}

/* The roots in (low, high]: one where the signs differ, two where the value dips through zero. */
static void search(const payments *of, double low, double high, root_list *found)
{
    double from = value_at(of, low), to = value_at(of, high);

    if (to == 0) {
        if (from != 0) {
            take(found, high);
        }
    } else if (from * to < 0) {
        take(found, bisect(value_at, of, low, high));
    } else if (from * slope_at(of, low) < 0 && to * slope_at(of, high) > 0) {
        double dip = bisect(slope_at, of, low, high);

        if (value_at(of, dip) * from < 0) {
            take(found, bisect(value_at, of, low, dip));
            take(found, bisect(value_at, of, dip, high));
        }
    }
}

size_t vw_irr_roots(const double *years, const double *flows, size_t count,
                    double to[VW_IRR_ROOTS_MAX])
{
    const payments of = {years, flows, count};
    double low = log1p(RATE_LOW), high = log1p(RATE_HIGH), at = low;
    root_list found = {to, 0};

    for (int i = 1; i <= SCAN_STEPS; i++) {
        double next = low + (high - low) * i / SCAN_STEPS;

        search(&of, at, next, &found);
        at = next;
    }
    return found.count;
}

double vw_irr_npv(const double *years, const double *flows, size_t count, double rate)
{
    const payments of = {years, flows, count};

    return value_at(&of, log1p(rate));
}

double vw_irr_of(const double *years, const double *flows, size_t count)
{
    double roots[VW_IRR_ROOTS_MAX];

    if (count == 2 && flows[0] * flows[1] < 0 && years[0] != years[1]) { /* without a search */
        double rate = expm1(log(-flows[1] / flows[0]) / (years[1] - years[0]));

        return rate > RATE_LOW && rate < RATE_HIGH ? rate : NAN;
    }
    return vw_irr_roots(years, flows, count, roots) == 1 ? roots[0] : NAN;
}

double vw_irr_wacc(double equity, double cost_of_equity, double debt, double cost_of_debt,
                   double tax)
{
    return (equity * cost_of_equity + debt * cost_of_debt * (1 - tax)) / (equity + debt);
}
