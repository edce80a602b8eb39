#include "core/hedge/irr.h"

#include <math.h>

static const double RATE_LOW = -0.999, RATE_HIGH = 1e6;
enum { SCAN_STEPS = 512, HALVINGS = 200 };

/* Of log(1 + rate): smooth and evenly scaled over the whole range of rates. */
static double value_at(const double *years, const double *flows, size_t count, double log_growth)
{
    double value = 0;

    for (size_t i = 0; i < count; i++) {
        value += flows[i] * exp(-log_growth * years[i]);
    }
    return value;
}

/* The root between low and high, where the value has opposite signs: halving, until no double lies
 * between. */
static double bisect(const double *years, const double *flows, size_t count, double low,
                     double high)
{
    bool rises = value_at(years, flows, count, low) < 0;

    for (int i = 0; i < HALVINGS; i++) {
        double middle = 0.5 * (low + high);

        if (middle <= low || middle >= high) {
            break;
        }
        if ((value_at(years, flows, count, middle) < 0) == rises) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return expm1(0.5 * (low + high));
}

size_t vw_irr_roots(const double *years, const double *flows, size_t count,
                    double roots[VW_IRR_ROOTS_MAX])
{
    double low = log1p(RATE_LOW), high = log1p(RATE_HIGH);
    double at = low, value = value_at(years, flows, count, low);
    size_t found = 0;

    for (int i = 1; i <= SCAN_STEPS && found < VW_IRR_ROOTS_MAX; i++) {
        double to = low + (high - low) * i / SCAN_STEPS;
        double next = value_at(years, flows, count, to);

        if (next == 0 && value != 0) {
            roots[found++] = expm1(to);
        } else if (next * value < 0) {
            roots[found++] = bisect(years, flows, count, at, to);
        }
        at = to;
        value = next;
    }
    return found;
}

double vw_irr_npv(const double *years, const double *flows, size_t count, double rate)
{
    return value_at(years, flows, count, log1p(rate));
}

double vw_irr_of(const double *years, const double *flows, size_t count)
{
    double roots[VW_IRR_ROOTS_MAX];

    return vw_irr_roots(years, flows, count, roots) == 1 ? roots[0] : NAN;
}

double vw_irr_wacc(double equity, double cost_of_equity, double debt, double cost_of_debt,
                   double tax)
{
    return (equity * cost_of_equity + debt * cost_of_debt * (1 - tax)) / (equity + debt);
}
