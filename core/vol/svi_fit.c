#include "core/vol/svi_fit.h"

#include <math.h>

enum { FUNCTIONS = 5, PASSES = 3, SHRINKS = 12 };
enum { ONE, U, V, U_OVER_V, V_INVERSE }; /* u = (z - m) / sigma, v = sqrt(u^2 + 1) */
static const double RHO_MAX = 0.999;
static const double SLOPE_MAX = 1.98;
static const double DEAD_ZONE = 0.7;
static const double SIGMA_MIN = 0.02, SIGMA_MAX = 50; /* deviations */
/* Five numbers cannot follow the inside of an SPX market: spreads tighter than this weigh no more,
 * or the wings would go to waste. */
static const double HALF_VOL_MIN = 2e-3;

/* The quotes in units of deviations: z, total variance over sd^2, squared weight. */
typedef struct points {
    double *z, *target, *weight2;
    size_t count;
    double slope_max; /* of total variance over sd^2 by z */
    double z_min, z_max;
    double sd;
} points;

/* Products of the functions at one (m, sigma), and the linear solution there. */
typedef struct moments {
    double m, sigma;
    double product[FUNCTIONS][FUNCTIONS], right[FUNCTIONS], square;
    double a, d, c; /* a + d u + c v */
    double error;
} moments;

static void accumulate(const points *p, moments *q)
{
    double inverse = 1 / q->sigma;

    for (int a = 0; a < FUNCTIONS; a++) {
        q->right[a] = 0;
        for (int b = 0; b < FUNCTIONS; b++) {
            q->product[a][b] = 0;
        }
    }
    q->square = 0;
    for (size_t i = 0; i < p->count; i++) {
        double u = (p->z[i] - q->m) * inverse, v = sqrt(u * u + 1);
        double f[FUNCTIONS] = {1, u, v, u / v, 1 / v};

        for (int a = 0; a < FUNCTIONS; a++) {
            double weighted = p->weight2[i] * f[a];

            q->right[a] += weighted * p->target[i];
            for (int b = 0; b <= a; b++) {
                q->product[a][b] += weighted * f[b];
            }
        }
        q->square += p->weight2[i] * p->target[i] * p->target[i];
    }
    for (int a = 0; a < FUNCTIONS; a++) {
        for (int b = 0; b < a; b++) {
            q->product[b][a] = q->product[a][b];
        }
    }
}

/* Gauss with the largest pivot for at most 5 unknowns; false when singular. */
static bool solve(double matrix[][FUNCTIONS + 1], int n)
{
    for (int i = 0; i < n; i++) {
        int best = i;

        for (int r = i + 1; r < n; r++) {
            best = fabs(matrix[r][i]) > fabs(matrix[best][i]) ? r : best;
        }
        if (!(fabs(matrix[best][i]) > 0)) {
            return false;
        }
        for (int c = 0; c <= n; c++) {
            double swap = matrix[i][c];
            matrix[i][c] = matrix[best][c];
            matrix[best][c] = swap;
        }
        for (int r = 0; r < n; r++) {
            double by = r == i ? 0 : matrix[r][i] / matrix[i][i];
            for (int c = i; c <= n; c++) {
                matrix[r][c] -= by * matrix[i][c];
            }
        }
    }
    for (int i = 0; i < n; i++) {
        matrix[i][n] /= matrix[i][i];
    }
    return true;
}

static double error_at(const moments *q, double a, double d, double c)
{
    double x[3] = {a, d, c}, sum = q->square;

    for (int i = 0; i < 3; i++) {
        double row = -2 * q->right[i];
        for (int j = 0; j < 3; j++) {
            row += q->product[i][j] * x[j];
        }
        sum += x[i] * row;
    }
    return sum;
}

/* Best point with (d, c) on the segment from `from` to `to`; kept if better than what q has. */
static void try_segment(moments *q, const double from[2], const double to[2])
{
    double step[2] = {to[0] - from[0], to[1] - from[1]};
    const double(*p)[FUNCTIONS] = (const double(*)[FUNCTIONS])q->product;
    double pa = p[0][0], pt = p[0][1] * step[0] + p[0][2] * step[1];
    double tt =
        p[1][1] * step[0] * step[0] + 2 * p[1][2] * step[0] * step[1] + p[2][2] * step[1] * step[1];
    double ra = q->right[0] - p[0][1] * from[0] - p[0][2] * from[1];
    double rt = step[0] * (q->right[1] - p[1][1] * from[0] - p[1][2] * from[1]) +
                step[1] * (q->right[2] - p[1][2] * from[0] - p[2][2] * from[1]);
    double det = pa * tt - pt * pt;
    double t = det > 0 ? fmin(fmax((pa * rt - pt * ra) / det, 0), 1) : 0;
    double a = (ra - pt * t) / pa, d = from[0] + t * step[0], c = from[1] + t * step[1];
    double error = error_at(q, a, d, c);

    if (error < q->error) {
        q->a = a;
        q->d = d;
        q->c = c;
        q->error = error;
    }
}

/* The linear solution within |d| <= 0.999 c and c + |d| <= slope_max sigma; then w > 0. */
static bool solve_linear(moments *q, double slope_max)
{
    double limit = slope_max * q->sigma, corner = limit / (1 + RHO_MAX), floor;
    double matrix[3][FUNCTIONS + 1];

    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
            matrix[i][j] = q->product[i][j];
        }
        matrix[i][3] = q->right[i];
    }
    if (!(q->product[0][0] > 0) || !isfinite(q->square)) {
        return false;
    }
    if (solve(matrix, 3) && fabs(matrix[1][3]) <= RHO_MAX * matrix[2][3] &&
        matrix[2][3] + fabs(matrix[1][3]) <= limit) {
        q->a = matrix[0][3];
        q->d = matrix[1][3];
        q->c = matrix[2][3];
    } else {
        double zero[2] = {0, 0}, top[2] = {0, limit};
        double right[2] = {RHO_MAX * corner, corner}, left[2] = {-RHO_MAX * corner, corner};

        q->error = INFINITY;
        try_segment(q, zero, right);
        try_segment(q, zero, left);
        try_segment(q, right, top);
        try_segment(q, left, top);
    }
    floor = -0.9999 * sqrt(fmax(q->c * q->c - q->d * q->d, 0));
    q->a = fmax(q->a, floor);
    q->error = error_at(q, q->a, q->d, q->c);
    return isfinite(q->error);
}

/* Gauss-Newton step in m and ln sigma over the linear solution, damped. */
static bool find_step(const moments *q, double damping, double *dm, double *ds)
{
    double by_m[FUNCTIONS] = {-q->d / q->sigma, 0, 0, -q->c / q->sigma, 0};
    double by_s[FUNCTIONS] = {0, -q->d, -q->c, 0, q->c};
    double column[5][FUNCTIONS] = {{1}, {0, 1}, {0, 0, 1}};
    double residual[FUNCTIONS], matrix[5][FUNCTIONS + 1];

    for (int i = 0; i < FUNCTIONS; i++) {
        column[3][i] = by_m[i];
        column[4][i] = by_s[i];
        residual[i] = q->right[i] - q->product[i][ONE] * q->a - q->product[i][U] * q->d -
                      q->product[i][V] * q->c;
    }
    for (int i = 0; i < 5; i++) {
        for (int j = 0; j < 5; j++) {
            matrix[i][j] = 0;
            for (int a = 0; a < FUNCTIONS; a++) {
                for (int b = 0; b < FUNCTIONS; b++) {
                    matrix[i][j] += column[i][a] * q->product[a][b] * column[j][b];
                }
            }
        }
        matrix[i][5] = 0;
        for (int a = 0; a < FUNCTIONS; a++) {
            matrix[i][5] += column[i][a] * residual[a];
        }
    }
    matrix[3][3] *= 1 + damping;
    matrix[4][4] *= 1 + damping;
    if (!solve(matrix, 5)) {
        return false;
    }
    *dm = matrix[3][5];
    *ds = matrix[4][5];
    return isfinite(*dm) && isfinite(*ds);
}

static vw_svi to_svi(const moments *q, double sd)
{
    return (vw_svi){.a = q->a * sd * sd,
                    .b = q->c / q->sigma * sd,
                    .rho = q->c > 0 ? q->d / q->c : 0,
                    .m = q->m * sd,
                    .sigma = q->sigma * sd};
}

/* Fits the linear part at (m, sigma); false when that smile has arbitrage. */
static bool evaluate(const points *p, double m, double sigma, moments *q)
{
    vw_svi svi;

    q->m = m;
    q->sigma = sigma;
    accumulate(p, q);
    if (!solve_linear(q, p->slope_max)) {
        return false;
    }
    svi = to_svi(q, p->sd);
    return vw_svi_is_arbitrage_free(&svi);
}

/* Levenberg-Marquardt among the smiles without arbitrage, from one of them. */
static void descend(const points *p, moments *best)
{
    double damping = 1e-3, dm, ds;

    for (int step = 0; step < VW_SVI_FIT_STEPS && find_step(best, damping, &dm, &ds); step++) {
        double m = fmin(fmax(best->m + dm, p->z_min), p->z_max);
        double sigma = best->sigma * exp(fmin(fmax(ds, -1), 1));
        double before = best->error;
        moments next;

        if (!evaluate(p, m, fmin(fmax(sigma, SIGMA_MIN), SIGMA_MAX), &next) ||
            !(next.error < before)) {
            damping = fmax(damping, 1e-3) * 10;
            if (damping > 1e6) {
                break;
            }
            continue;
        }
        *best = next;
        damping *= 0.1;
        if (before - best->error <= 1e-6 * before) {
            break;
        }
    }
}

/* The best of a few places without arbitrage; false when there is none. */
static bool find_start(const points *p, moments *best)
{
    static const double places[] = {-1, 0.3, 1, 2}, widths[] = {0.4, 1.2, 3.5, 10};
    moments q;

    best->error = INFINITY;
    for (size_t i = 0; i < VW_COUNT_OF(places); i++) {
        for (size_t j = 0; j < VW_COUNT_OF(widths); j++) {
            if (evaluate(p, places[i], widths[j], &q) && q.error < best->error) {
                *best = q;
            }
        }
    }
    return best->error < INFINITY;
}

/* Gentler wings have no arbitrage, in the end: the flat smile. */
static bool flatten(const points *p, moments *q)
{
    double slope_max = p->slope_max;

    for (int i = 0; i < SHRINKS; i++, slope_max *= 0.5) {
        vw_svi svi;

        q->m = 0;
        q->sigma = 1;
        accumulate(p, q);
        if (!solve_linear(q, slope_max)) {
            return false;
        }
        svi = to_svi(q, p->sd);
        if (vw_svi_is_arbitrage_free(&svi)) {
            return true;
        }
    }
    return false;
}

/* Targets follow the model through the dead zone. */
static void move_targets(const vw_smile *smile, const moments *q, double unit, points *p)
{
    for (size_t i = 0; i < p->count; i++) {
        double u = (p->z[i] - q->m) / q->sigma;
        double model = q->a + q->d * u + q->c * sqrt(u * u + 1);
        double low = fmax(smile->vol[i] - DEAD_ZONE * smile->half_vol[i], 0);
        double high = smile->vol[i] + DEAD_ZONE * smile->half_vol[i];

        p->target[i] = fmin(fmax(model, low * low * unit), high * high * unit);
    }
}

static void fill_points(const vw_smile *smile, double unit, points *p)
{
    for (size_t i = 0; i < p->count; i++) {
        double weight = 1 / (fmax(smile->half_vol[i], HALF_VOL_MIN) * 2 * smile->vol[i] * unit);

        p->z[i] = smile->k[i] / p->sd;
        p->target[i] = smile->vol[i] * smile->vol[i] * unit;
        p->weight2[i] = weight * weight;
    }
    p->z_min = p->z[0] - 2;
    p->z_max = p->z[p->count - 1] + 2;
}

bool vw_svi_fit(const vw_smile *smile, double *scratch, vw_svi *svi)
{
    size_t n = smile->count;
    double sd = smile->atm_vol * sqrt(smile->years), unit = smile->years / (sd * sd);
    points p = {scratch, scratch + n, scratch + 2 * n, n, SLOPE_MAX / sd, 0, 0, sd};
    moments q;

    if (n < VW_SVI_FIT_QUOTES_MIN || !(sd > 0)) {
        return false;
    }
    fill_points(smile, unit, &p);
    if (!find_start(&p, &q) && !flatten(&p, &q)) {
        return false;
    }
    for (int pass = 0; pass < PASSES; pass++) {
        descend(&p, &q);
        *svi = to_svi(&q, sd);
        move_targets(smile, &q, unit, &p);
        if (!evaluate(&p, q.m, q.sigma, &q)) {
            break;
        }
    }
    return true;
}
