#include "core/vol/hks_fit.h"

#include <math.h>
#include <string.h>

enum { QUOTES_MIN = 8, FIT_COLUMNS = 8 };
static const double BELL_REACH = 5; /* widths: the bell is 1e-7 there */

static size_t line_of(size_t count)
{
    return vw_round_up(count, 8) + 8;
}

size_t vw_hks_fit_size(size_t room)
{
    return room == 0 || room > 65536
               ? 0
               : vw_round_up(sizeof(vw_hks_fit), VW_LINE_PAIR) +
                     (FIT_COLUMNS + VW_FIT_TERMS_LINE) * line_of(room) * sizeof(double);
}

vw_hks_fit *vw_hks_fit_init(void *mem, size_t room, const vw_fit_kernels *kernels)
{
    vw_hks_fit *fit = mem;
    double *at = (double *)((unsigned char *)mem + vw_round_up(sizeof *fit, VW_LINE_PAIR));
    vw_fit_targets *quotes = &fit->quotes;
    double **columns[] = {&quotes->z,   &quotes->weight2, &quotes->low, &quotes->high,
                          &quotes->mid, &quotes->bid,     &quotes->ask, &fit->model};

    _Static_assert(VW_COUNT_OF(columns) == FIT_COLUMNS, "one line each");
    vw_check(vw_hks_fit_size(room) != 0);
    memset(fit, 0, sizeof *fit);
    fit->room = room;
    fit->kernels = kernels;
    for (size_t i = 0; i < VW_COUNT_OF(columns); i++, at += line_of(room)) {
        *columns[i] = at;
    }
    fit->blocks = at;
    vw_hks_grid_init(&fit->grid, kernels);
    return fit;
}

/* What lies between the last quote and the next whole eight: far from every node, no weight. */
static void pad_quotes(vw_hks_fit *fit)
{
    vw_fit_targets *q = &fit->quotes;

    for (size_t i = fit->count; i < vw_round_up(fit->count, 8); i++) {
        q->z[i] = 1e6;
        q->weight2[i] = q->mid[i] = q->low[i] = q->high[i] = 0;
    }
}

static void take_quotes(vw_hks_fit *fit, const vw_smile *smile)
{
    double sd = fit->hks.sd;
    const vw_fit_quotes in = {smile->k + fit->first, smile->vol + fit->first,
                              smile->half_vol + fit->first, smile->bid_vol + fit->first,
                              smile->ask_vol + fit->first};

    fit->kernels->quotes(&in, smile->years / (sd * sd), 1 / sd, fit->count, &fit->quotes);
    pad_quotes(fit);
}

static void set_basis(vw_hks_fit *fit)
{
    const vw_hks *hks = &fit->hks;
    vw_fit_basis *basis = &fit->basis;

    memset(basis, 0, sizeof *basis);
    for (uint32_t j = 0; j < hks->nodes; j++) {
        basis->m[VW_HKS_TERM_NODE + j] = hks->m[j];
        basis->s2[VW_HKS_TERM_NODE + j] = hks->s[j] * hks->s[j];
        basis->on[VW_HKS_TERM_NODE + j] = 1;
    }
    basis->terms = fit->terms = VW_HKS_TERM_NODE + hks->nodes;
    basis->line = vw_round_up(basis->terms, 8);
}

static double median(double *v, size_t n)
{
    for (size_t i = 1; i < n; i++) { /* a few dozen: insertion */
        double x = v[i];
        size_t j = i;
        for (; j > 0 && v[j - 1] > x; j--) {
            v[j] = v[j - 1];
        }
        v[j] = x;
    }
    return n % 2 == 1 ? v[n / 2] : 0.5 * (v[n / 2 - 1] + v[n / 2]);
}

/* The first quote with z >= at, rounded down to a whole block.  Halves without a branch: none of
 * them could be foreseen. */
static size_t find_block(const vw_hks_fit *fit, double at)
{
    const double *z = fit->quotes.z;
    size_t before = 0;

    for (size_t left = fit->count / 8; left > 0;) {
        size_t half = (left + 1) / 2;

        before += half & (size_t) - (int64_t)(z[8 * (before + half) - 1] < at);
        left -= half;
    }
    return 8 * before;
}

/* How much weight the quotes around each node carry: the scale of its smoothing. */
static void weigh_nodes(vw_hks_fit *fit)
{
    vw_fit_bell bells[VW_HKS_NODES_MAX];
    double sorted[VW_HKS_NODES_MAX], least;
    const vw_hks *hks = &fit->hks;
    size_t end = vw_round_up(fit->count, 8);

    for (uint32_t j = 0; j < hks->nodes; j++) {
        double m = hks->m[j], s = hks->s[j];
        size_t last = find_block(fit, m + BELL_REACH * s) + 8;

        bells[j] =
            (vw_fit_bell){m, s, find_block(fit, m - BELL_REACH * s), last < end ? last : end, 0, 0};
    }
    fit->kernels->bells(fit->quotes.z, fit->quotes.weight2, bells, hks->nodes);
    for (uint32_t j = 0; j < hks->nodes; j++) {
        double sum = bells[j].sum;

        fit->base[j] = sum > 0 ? sqrt(bells[j].weighted / sum * (sum > 1 ? sum : 1)) : 0;
        sorted[j] = fit->base[j];
    }
    least = 0.02 * median(sorted, hks->nodes);
    for (uint32_t j = 0; j < hks->nodes; j++) {
        fit->base[j] = fit->base[j] > least ? fit->base[j] : least;
    }
}

bool vw_hks_fit_plan(vw_hks_fit *fit, const vw_smile *smile, size_t first, size_t count)
{
    const vw_fit_targets *quotes = &fit->quotes;

    vw_check(smile->count <= fit->room && first + count <= smile->count);
    fit->first = first;
    fit->count = count;
    fit->hks = (vw_hks){.sd = smile->atm_vol * sqrt(smile->years)};
    if (!(fit->hks.sd > 0) || count < QUOTES_MIN) {
        return false;
    }
    take_quotes(fit, smile);
    vw_hks_place(&fit->hks, quotes->z, count);
    if (fit->hks.nodes == 0) {
        return false;
    }
    set_basis(fit);
    fit->kernels->design(&fit->basis, quotes->z, quotes->weight2, quotes->mid, count, fit->blocks,
                         fit->normal, fit->normal_right);
    weigh_nodes(fit);
    fit->at = vw_hks_grid_select(&fit->grid, &fit->hks, quotes->z[0], quotes->z[count - 1]);
    memset(fit->floor, 0, sizeof fit->floor);
    fit->floored = false;
    return true;
}
