#include "core/vol/hks.h"

#include <math.h>

static const double MARGIN = 0.2;
static const double WIDTH = 0.75; /* of the distance between nodes */

/* Where smiles bend, in deviations: denser near the money. */
const double vw_hks_places[VW_HKS_NODES_MAX] = {
    -30,  -22,  -16.5, -12.5, -9.7, -7.6, -6,  -4.7, -3.65, -2.8, -2.1, -1.5, -1,
    -.55, -.15, .25,   .65,   1.1,  1.6,  2.2, 2.9,  3.8,   5,    6.6,  9,
};

void vw_hks_variance(const vw_hks *hks, const double *k, double *w, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double z = k[i] / hks->sd, sum = hks->c0 + hks->c1 * z;

        for (uint32_t j = 0; j < hks->nodes; j++) {
            double x = z - hks->m[j];
            sum += hks->c[j] * sqrt(x * x + hks->s[j] * hks->s[j]);
        }
        w[i] = hks->sd * hks->sd * sum;
    }
}

void vw_hks_slopes(const vw_hks *hks, const double *k, double *w1, double *w2, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double z = k[i] / hks->sd, first = hks->c1, second = 0;

        for (uint32_t j = 0; j < hks->nodes; j++) {
            double x = z - hks->m[j], r = sqrt(x * x + hks->s[j] * hks->s[j]);

            first += hks->c[j] * x / r;
            second += hks->c[j] * (hks->s[j] / r) * (hks->s[j] / r) / r;
        }
        w1[i] = hks->sd * first;
        w2[i] = second;
    }
}

static void set_widths(vw_hks *hks)
{
    uint32_t n = hks->nodes;

    for (uint32_t j = 0; j < n; j++) {
        uint32_t low = j > 0 ? j - 1 : j, high = j + 1 < n ? j + 1 : j;

        hks->s[j] = n == 1 ? WIDTH : WIDTH * (hks->m[high] - hks->m[low]) / (high - low);
    }
}

void vw_hks_place(vw_hks *hks, const double *z, size_t count)
{
    size_t at = 0, since = 0; /* quotes passed, and those since the last node kept */

    hks->nodes = 0;
    for (size_t i = 0; i < VW_HKS_NODES_MAX && count > 0; i++) {
        double m = vw_hks_places[i];

        if (m <= z[0] - MARGIN || m >= z[count - 1] + MARGIN) {
            continue;
        }
        for (; at < count && z[at] <= m; at++) {
            since++;
        }
        if (hks->nodes == 0 || since > 0) {
            hks->m[hks->nodes++] = m;
            since = 0;
        }
    }
    if (hks->nodes > 0 && z[count - 1] <= hks->m[hks->nodes - 1]) {
        hks->nodes--;
    }
    set_widths(hks);
}
