#include "core/vol/svi_fit.h"

#include <math.h>
#include <string.h>

enum { FUNCTIONS = VW_SVI_FUNCTIONS, COLUMNS = 7, SHRINKS = 12, FEW = 32 };
enum { ONE, U, V, U_OVER_V, V_INVERSE }; /* the functions of fit_kernels.h */
static const double RHO_MAX = 0.999;
static const double SLOPE_MAX = 1.98;
static const double SIGMA_MIN = 0.02, SIGMA_MAX = 50; /* deviations */
enum { SCAN = 256 };
static const double SCAN_FINE = 2.5, SCAN_MAX = 200, SCAN_SLACK = 1.02;
static const double SURELY = 1.1; /* times what the scan asks for: none of pricing/svi.h's either */
static const double PIVOT_MIN = 1e-13;
/* Five numbers cannot follow the inside of an SPX market: spreads tighter than this weigh no more,
 * or the wings would go to waste. */
static const double HALF_VOL_MIN = 2e-3;

struct vw_svi_work {
    const vw_fit_kernels *kernels;
    double scan[SCAN], scan_root[SCAN]; /* l = (k - m) / sigma to look at, sqrt(l^2 + 1) */
    size_t room;
    double *half_vol;
    vw_fit_targets targets;
};

/* The quotes in units of deviations: z, total variance over sd^2, squared weight. */
typedef struct points {
    const vw_svi_work *work;
    const double *z, *target, *weight2;
    size_t count;
    double slope_max; /* of total variance over sd^2 by z */
    double z_min, z_max;
    double sd;
    bool guarded; /* only through smiles without arbitrage */
} points;

/* Products of the functions at one (m, sigma), and the linear solution there. */
typedef struct moments {
    double m, sigma;
    vw_svi_sums sums;
    double a, d, c; /* a + d u + c v */
    double error;
} moments;

static size_t line_of(size_t room)
{
    return vw_round_up(room, 8) + 8;
}

size_t vw_svi_work_size(size_t room)
{
    return vw_round_up(sizeof(vw_svi_work), VW_LINE_PAIR) +
           (COLUMNS + 1) * line_of(room) * sizeof(double);
}

vw_svi_work *vw_svi_work_init(void *mem, size_t room, const vw_fit_kernels *kernels)
{
    vw_svi_work *work = mem;
    double *at = (double *)((unsigned char *)mem + vw_round_up(sizeof *work, VW_LINE_PAIR));
    vw_fit_targets *t = &work->targets;
    double **columns[COLUMNS] = {&t->z, &t->weight2, &t->low, &t->high, &t->mid, &t->bid, &t->ask};

    work->kernels = kernels;
    work->room = room;
    work->half_vol = at;
    for (size_t i = 0; i < COLUMNS; i++) {
        at += line_of(room);
        *columns[i] = at;
    }
    for (int i = 0; i < SCAN; i++) {
        double x = 2.0 * i / (SCAN - 1) - 1;
        work->scan[i] = SCAN_FINE * x / (1 - (1 - SCAN_FINE / SCAN_MAX) * x * x);
        work->scan_root[i] = sqrt(work->scan[i] * work->scan[i] + 1);
    }
    return work;
}

/* Symmetric and positive, at most 5 unknowns, right side in column n, which gets the solution;
 * false when singular. */
static inline __attribute__((always_inline)) bool solve(double matrix[][FUNCTIONS + 1], int n)
{
    double inverse[FUNCTIONS];

#pragma GCC unroll 5
    for (int i = 0; i < n; i++) {
        inverse[i] = 1 / matrix[i][i];
        if (!(matrix[i][i] > 0)) {
            return false;
        }
#pragma GCC unroll 5
        for (int r = i + 1; r < n; r++) {
            double by = matrix[i][r] * inverse[i], own = matrix[r][r];

#pragma GCC unroll 6
            for (int c = r; c <= n; c++) {
                matrix[r][c] -= by * matrix[i][c];
            }
            if (!(matrix[r][r] > PIVOT_MIN * own)) {
                return false;
            }
        }
    }
#pragma GCC unroll 5
    for (int i = n - 1; i >= 0; i--) {
#pragma GCC unroll 5
        for (int c = i + 1; c < n; c++) {
            matrix[i][n] -= matrix[i][c] * matrix[c][n];
        }
        matrix[i][n] *= inverse[i];
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
    floor = q->c * q->c - q->d * q->d;
    floor = floor > 0 ? -0.9999 * sqrt(floor) : 0;
    q->a = q->a > floor ? q->a : floor;
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
        matrix[i][3] = image[0][i];
        matrix[i][4] = image[1][i];
        matrix[i][5] = residual[i];
    }
    matrix[3][3] = dot(slope[0], image[0]) * (1 + damping);
    matrix[4][4] = dot(slope[1], image[1]) * (1 + damping);
    matrix[3][4] = dot(slope[0], image[1]);
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

/* Least sigma by the scan, over the smile's own: below 1 there is no butterfly on it. */
static double scan_needs(const points *p, const moments *q)
{
    vw_svi_shape shape = {q->c / q->sigma * p->sd, q->d / q->c, q->a / q->c, q->m / q->sigma};

    if (!(q->c > 0)) {
        return q->a > 0 ? 0 : INFINITY;
    }
    return p->work->kernels->svi_needs(&shape, p->work->scan, p->work->scan_root, SCAN) /
           (q->sigma * p->sd);
}

/* With something to spare for what lies between its points. */
static bool is_clean(const points *p, const moments *q)
{
    return SCAN_SLACK * scan_needs(p, q) < 1;
}

/* Fits the linear part at (m, sigma); false when the error is not below `limit` or, guarded, that
 * smile has arbitrage. */
static bool evaluate(const points *p, double m, double sigma, double limit, moments *q)
{
    q->m = m;
    q->sigma = sigma;
    p->work->kernels->svi_sums(p->z, p->target, p->weight2, m, sigma, p->count, &q->sums);
    return solve_linear(q, p->slope_max) && q->error < limit && (!p->guarded || is_clean(p, q));
}

/* Not of libm, whose functions are calls. */
static double clamp(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

/* Levenberg-Marquardt until m and sigma stand still.  The error is flat around its least, so a
 * step may raise it by what rounding does. */
static void descend(const points *p, moments *best)
{
    double damping = 0, dm, ds;

    for (int step = 0; step < VW_SVI_FIT_STEPS && find_step(best, damping, &dm, &ds); step++) {
        double m = clamp(best->m + dm, p->z_min, p->z_max), sigma;
        moments next;

        if (damping == 0 && fabs(dm) + fabs(ds) < VW_SVI_FIT_STILL) {
            break;
        }
        sigma = clamp(best->sigma * exp(clamp(ds, -1, 1)), SIGMA_MIN, SIGMA_MAX);
        if (!evaluate(p, m, sigma, best->error * (1 + 1e-9), &next)) {
            damping = fmax(damping, 1e-3) * 10;
            if (damping > 1e6) {
                break;
            }
            continue;
        }
        *best = next;
        damping = damping > 1e-3 ? 0.1 * damping : 0;
        if (fabs(dm) + fabs(ds) < VW_SVI_FIT_STILL) {
            break;
        }
    }
}

/* The best of a few places; false when there is none.  Every few quotes tell which. */
static bool find_start(const points *p, moments *best)
{
    static const double places[] = {-1, 0.3, 1, 2}, widths[] = {0.4, 1.2, 3.5, 10};
    double few[3][FEW + 8];
    points some = *p;
    size_t step = p->guarded ? 1 : (p->count + FEW - 1) / FEW;
    moments q;

    if (step > 1) {
        memset(few, 0, sizeof few);
        some.count = 0;
        for (size_t i = step / 2; i < p->count; i += step, some.count++) {
            few[0][some.count] = p->z[i];
            few[1][some.count] = p->target[i];
            few[2][some.count] = p->weight2[i];
        }
        some.z = few[0];
        some.target = few[1];
        some.weight2 = few[2];
    }
    best->error = INFINITY;
    for (size_t i = 0; i < VW_COUNT_OF(places); i++) {
        for (size_t j = 0; j < VW_COUNT_OF(widths); j++) {
            if (evaluate(&some, places[i], widths[j], best->error, &q)) {
                *best = q;
            }
        }
    }
    return best->error < INFINITY &&
           (step == 1 || evaluate(p, best->m, best->sigma, INFINITY, best));
}

/* Gentler wings have no arbitrage, in the end: the flat smile. */
static bool flatten(const points *p, moments *q)
{
    double slope_max = p->slope_max;

    q->m = 0;
    q->sigma = 1;
    p->work->kernels->svi_sums(p->z, p->target, p->weight2, q->m, q->sigma, p->count, &q->sums);
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

static points take_points(vw_svi_work *work, const vw_smile *smile, double sd)
{
    size_t n = smile->count;
    vw_fit_targets *t = &work->targets;
    const vw_fit_quotes in = {smile->k, smile->vol, work->half_vol, smile->bid_vol, smile->ask_vol};

    for (size_t i = 0; i < n; i++) {
        double half = smile->half_vol[i];
        work->half_vol[i] = half > HALF_VOL_MIN ? half : HALF_VOL_MIN;
    }
    work->kernels->quotes(&in, smile->years / (sd * sd), 1 / sd, n, t);
    for (size_t i = n; i < vw_round_up(n, 8); i++) { /* padding: the last quote, without weight */
        t->z[i] = t->z[n - 1];
        t->mid[i] = t->weight2[i] = 0;
    }
    return (points){.work = work,
                    .z = t->z,
                    .target = t->mid,
                    .weight2 = t->weight2,
                    .count = n,
                    .slope_max = SLOPE_MAX / sd,
                    .z_min = t->z[0] - 2,
                    .z_max = t->z[n - 1] + 2,
                    .sd = sd};
}

static bool start(const points *p, const vw_svi *guess, moments *q)
{
    if (guess != NULL && guess->sigma > 0) {
        double m = clamp(guess->m / p->sd, p->z_min, p->z_max);
        double sigma = clamp(guess->sigma / p->sd, SIGMA_MIN, SIGMA_MAX);

        return evaluate(p, m, sigma, INFINITY, q);
    }
    return find_start(p, q);
}

bool vw_svi_fit(vw_svi_work *work, const vw_smile *smile, const vw_svi *guess, vw_svi *svi)
{
    double sd = smile->atm_vol * sqrt(smile->years), needs = INFINITY;
    vw_svi found;
    moments q;
    points p;

    vw_check(smile->count <= work->room);
    if (smile->count < VW_SVI_FIT_QUOTES_MIN || !(sd > 0)) {
        return false;
    }
    p = take_points(work, smile, sd);
    if (start(&p, guess, &q)) {
        descend(&p, &q);
        needs = scan_needs(&p, &q);
    }
    if (!(SCAN_SLACK * needs < 1)) {
        p.guarded = true;
        if (!find_start(&p, &q) && !flatten(&p, &q)) {
            return false;
        }
        descend(&p, &q);
        needs = scan_needs(&p, &q);
    }
    found = to_svi(&q, sd);
    if (!(SURELY * needs < 1) && !vw_svi_is_arbitrage_free(&found) && !vw_svi_repair(&found)) {
        return false;
    }
    *svi = found;
    return true;
}
