#include "core/vol/columns.h"

#include <math.h>
#include <string.h>

enum { LANES = 8 };

double vw_columns_dot3(const double *restrict a, const double *restrict b, const double *restrict c,
                       size_t count)
{
    double sum[LANES] = {0};

    for (size_t i = 0; i < count; i += LANES) {
        for (size_t l = 0; l < LANES; l++) {
            sum[l] += a[i + l] * b[i + l] * c[i + l];
        }
    }
    return ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7]));
}

void vw_columns_combine(const double *restrict first, size_t line, const double *restrict c,
                        size_t terms, size_t count, double *restrict out)
{
    memset(out, 0, count * sizeof *out);
    for (size_t t = 0; t < terms; t++) {
        const double *restrict column = first + t * line;
        double by = c[t];

        for (size_t i = 0; i < count; i++) {
            out[i] += by * column[i];
        }
    }
}

void vw_columns_hyperbola(const double *restrict z, double m, double s, size_t count,
                          double *restrict value, double *restrict slope, double *restrict bend)
{
    double s2 = s * s;

    for (size_t i = 0; i < count; i++) {
        value[i] = sqrt((z[i] - m) * (z[i] - m) + s2);
    }
    for (size_t i = 0; slope != NULL && i < count; i++) {
        double inverse = 1 / value[i];

        slope[i] = (z[i] - m) * inverse;
        bend[i] = s2 * inverse * inverse * inverse;
    }
}
