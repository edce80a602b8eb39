#include "core/vol/svi_fit.h"

#include <math.h>

enum { FUNCTIONS = VW_SVI_FUNCTIONS, PASSES = 3, SHRINKS = 12 };
enum { ONE, U, V, U_OVER_V, V_INVERSE }; /* the functions of fit_kernels.h */
static const double RHO_MAX = 0.999;
static const double SLOPE_MAX = 1.98;
static const double DEAD_ZONE = 0.7;
static const double SIGMA_MIN = 0.02, SIGMA_MAX = 50; /* deviations */
enum { SCAN = VW_SVI_FIT_SCAN };
static const double SCAN_FINE = 2.5, SCAN_MAX = 200, SCAN_SLACK = 1.02;
/* Five numbers cannot follow the inside of an SPX market: spreads tighter than this weigh no more,
 * or the wings would go to waste. */
static const double HALF_VOL_MIN = 2e-3;

/* The quotes in units of deviations: z, total variance over sd^2, squared weight. */
typedef struct points {
    const vw_fit_kernels *kernels;
    double *z, *target, *weight2;
    double *scan; /* where a smile is looked at for arbitrage, (k - m) / sigma */
    size_t count;
    double slope_max; /* of total variance over sd^2 by z */
    double z_min, z_max;
    double sd;
} points;

/* Products of the functions at one (m, sigma), and the linear solution there. */
typedef struct moments {
    double m, sigma;
    vw_svi_sums sums;
    double a, d, c; /* a + d u + c v */
    double error;
} moments;

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
    double x[3] = {a, d, c}, sum = q->sums.square;

    for (int i = 0; i < 3; i++) {
        double row = -2 * q->sums.right[i];
        for (int j = 0; j < 3; j++) {
            row += q->sums.product[i][j] * x[j];
        }
        sum += x[i] * row;
    }
    return sum;
}

/* Best point with (d, c) on the segment from `from` to `to`; kept if better than what q has. */
static void try_segment(moments *q, const double from[2], const double to[2])
{
    double step[2] = {to[0] - from[0], to[1] - from[1]};
    const double(*p)[FUNCTIONS] = (const double(*)[FUNCTIONS])q->sums.product;
    double pa = p[0][0], pt = p[0][1] * step[0] + p[0][2] * step[1];
    double tt =
        p[1][1] * step[0] * step[0] + 2 * p[1][2] * step[0] * step[1] + p[2][2] * step[1] * step[1];
    double ra = q->sums.right[0] - p[0][1] * from[0] - p[0][2] * from[1];
    double rt = step[0] * (q->sums.right[1] - p[1][1] * from[0] - p[1][2] * from[1]) +
                step[1] * (q->sums.right[2] - p[1][2] * from[0] - p[2][2] * from[1]);
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
            matrix[i][j] = q->sums.product[i][j];
        }
        matrix[i][3] = q->sums.right[i];
    }
    if (!(q->sums.product[0][0] > 0) || !isfinite(q->sums.square)) {
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

static double dot(const double *a, const double *b)
{
    double sum = 0;

    for (int i = 0; i < FUNCTIONS; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

/* Gauss-Newton step in m and ln sigma over the linear solution, damped.  The unknowns' columns are
 * combinations of the functions: 1, u and v themselves, and the slopes of the model by m and by
 * ln sigma. */
static bool find_step(const moments *q, double damping, double *dm, double *ds)
{
    const double slope[2][FUNCTIONS] = {{-q->d / q->sigma, 0, 0, -q->c / q->sigma, 0},
                                        {0, -q->d, -q->c, 0, q->c}};
    double residual[FUNCTIONS], image[2][FUNCTIONS], matrix[5][FUNCTIONS + 1];

    for (int i = 0; i < FUNCTIONS; i++) {
        const double *product = q->sums.product[i];

        residual[i] =
            q->sums.right[i] - product[ONE] * q->a - product[U] * q->d - product[V] * q->c;
        image[0][i] = dot(product, slope[0]);
        image[1][i] = dot(product, slope[1]);
    }
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
            matrix[i][j] = q->sums.product[i][j];
        }
        matrix[i][3] = matrix[3][i] = image[0][i];
        matrix[i][4] = matrix[4][i] = image[1][i];
        matrix[i][5] = residual[i];
    }
    matrix[3][3] = dot(slope[0], image[0]) * (1 + damping);
    matrix[4][4] = dot(slope[1], image[1]) * (1 + damping);
    matrix[3][4] = matrix[4][3] = dot(slope[0], image[1]);
    matrix[3][5] = dot(slope[0], residual);
    matrix[4][5] = dot(slope[1], residual);
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

/* No butterfly on the scan, with something to spare for what lies between its points. */
static bool is_clean(const points *p, const moments *q)
{
    vw_svi_shape shape = {q->c / q->sigma * p->sd, q->d / q->c, q->a / q->c, q->m / q->sigma};

    if (!(q->c > 0)) {
        return q->a > 0;
    }
    return q->sigma * p->sd > SCAN_SLACK * p->kernels->svi_needs(&shape, p->scan, SCAN);
}

/* Fits the linear part at (m, sigma); false when the error is not below `limit` or that smile has
 * arbitrage. */
static bool evaluate(const points *p, double m, double sigma, double limit, moments *q)
{
    q->m = m;
    q->sigma = sigma;
    p->kernels->svi_sums(p->z, p->target, p->weight2, m, sigma, p->count, &q->sums);
    return solve_linear(q, p->slope_max) && q->error < limit && is_clean(p, q);
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

        sigma = fmin(fmax(sigma, SIGMA_MIN), SIGMA_MAX);
        if (!evaluate(p, m, sigma, before, &next)) {
            damping = fmax(damping, 1e-3) * 10;
            if (damping > 1e6) {
                break;
            }
            continue;
        }
        *best = next;
        damping *= 0.1;
        if (before - best->error <= 1e-8 * before) {
            break;
        }
    }
}

/* The error is flat around its least: undamped steps until m and sigma stand still, so that what
 * hardly differs fits alike. */
static void settle(const points *p, moments *best)
{
    double dm, ds;

    for (int step = 0; step < VW_SVI_FIT_SETTLE && find_step(best, 0, &dm, &ds); step++) {
        moments next;

        if (fabs(dm) + fabs(ds) < 1e-10 || fabs(ds) > 1 ||
            !evaluate(p, best->m + dm, best->sigma * exp(ds), best->error * (1 + 1e-8), &next)) {
            break;
        }
        *best = next;
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
            if (evaluate(p, places[i], widths[j], best->error, &q)) {
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

    q->m = 0;
    q->sigma = 1;
    p->kernels->svi_sums(p->z, p->target, p->weight2, q->m, q->sigma, p->count, &q->sums);
    for (int i = 0; i < SHRINKS; i++, slope_max *= 0.5) {
        if (!solve_linear(q, slope_max)) {
            return false;
        }
        if (is_clean(p, q)) {
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
    size_t padded = vw_round_up(p->count, 8);

    for (size_t i = 0; i < padded; i++) {
        size_t at = i < p->count ? i : p->count - 1; /* padding: the last quote, without weight */
        double weight = 1 / (fmax(smile->half_vol[at], HALF_VOL_MIN) * 2 * smile->vol[at] * unit);

        p->z[i] = smile->k[at] / p->sd;
        p->target[i] = smile->vol[at] * smile->vol[at] * unit;
        p->weight2[i] = i < p->count ? weight * weight : 0;
    }
    p->z_min = p->z[0] - 2;
    p->z_max = p->z[p->count - 1] + 2;
    for (int i = 0; i < SCAN; i++) {
        double x = 2.0 * i / (SCAN - 1) - 1;
        p->scan[i] = SCAN_FINE * x / (1 - (1 - SCAN_FINE / SCAN_MAX) * x * x);
    }
}

bool vw_svi_fit(const vw_smile *smile, const vw_fit_kernels *kernels, double *scratch, vw_svi *svi)
{
    size_t n = smile->count, line = vw_round_up(n, 8);
    double sd = smile->atm_vol * sqrt(smile->years), unit = smile->years / (sd * sd);
    points p = {.kernels = kernels,
                .z = scratch,
                .target = scratch + line,
                .weight2 = scratch + 2 * line,
                .scan = scratch + 3 * line,
                .count = n,
                .slope_max = SLOPE_MAX / sd,
                .sd = sd};
    vw_svi found;
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
        settle(&p, &q);
        found = to_svi(&q, sd);
        move_targets(smile, &q, unit, &p);
        if (!evaluate(&p, q.m, q.sigma, INFINITY, &q)) {
            break;
        }
    }
    if (!vw_svi_is_arbitrage_free(&found) && !vw_svi_repair(&found)) {
        return false;
    }
    *svi = found;
    return true;
}
