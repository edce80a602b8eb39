#include "core/vol/doubt.h"

#include "core/pricing/normal.h"

#include <math.h>
#include <string.h>

enum { REACH = 3 };              /* neighbours asked on either side */
static const double BANDS = 3.0; /* off by so many times the half-widths around */

/* Vol at quote i on the line between the quotes `step` to either side. */
static double between(const vw_smile *smile, size_t i, size_t step)
{
    double low = smile->k[i - step], high = smile->k[i + step];
    double share = (smile->k[i] - low) / (high - low);

    return smile->vol[i - step] + share * (smile->vol[i + step] - smile->vol[i - step]);
}

/* The middle of three such: one more stale quote among the neighbours spoils one of them. */
static double told(const vw_smile *smile, size_t i)
{
    double a = between(smile, i, 1), b = between(smile, i, 2), c = between(smile, i, 3);

    return fmax(fmin(a, b), fmin(fmax(a, b), c));
}

/* A put at quote i's strike and a vol, over discount and forward: convex in the strike. */
static double put(const vw_smile *smile, size_t i, double vol)
{
    double s = vol * sqrt(smile->years), d1 = 0.5 * s - smile->k[i] / s;

    return exp(smile->k[i]) * vw_normal_cdf(s - d1) - vw_normal_cdf(-d1);
}

/* Whether convexity is broken, at bids and asks: by a bid above the line through the asks beside
 * it, or an ask below both lines that the quotes on one side of it run out to. */
static bool contradicted(const vw_smile *smile, size_t i, bool high)
{
    double strike[5], bid[5], ask[5], left, right;

    for (size_t j = 0; j < 5; j++) {
        strike[j] = exp(smile->k[i + j - 2]);
        bid[j] = put(smile, i + j - 2, smile->bid_vol[i + j - 2]);
        ask[j] = put(smile, i + j - 2, smile->ask_vol[i + j - 2]);
    }
    left = (strike[2] - strike[1]) / (strike[1] - strike[0]);
    right = (strike[3] - strike[2]) / (strike[4] - strike[3]);
    if (high) {
        double share = (strike[2] - strike[1]) / (strike[3] - strike[1]);

        return bid[2] > ask[1] + share * (ask[3] - ask[1]);
    }
    return ask[2] < bid[1] + left * (bid[1] - ask[0]) &&
           ask[2] < bid[3] + right * (bid[3] - ask[4]);
}

size_t vw_doubt_quotes(const vw_smile *smile, double *half_vol)
{
    size_t count = 0;

    memcpy(half_vol, smile->half_vol, smile->count * sizeof *half_vol);
    for (size_t i = REACH; i + REACH < smile->count; i++) {
        const double *half = smile->half_vol + i;
        double off = smile->vol[i] - told(smile, i);

        if (fabs(off) > BANDS * (half[-1] + half[0] + half[1]) && contradicted(smile, i, off > 0)) {
            half_vol[i] = INFINITY;
            count++;
        }
    }
    return count;
}
