#include "core/hedge/solve_core.h"

#include <math.h>
#include <string.h>

enum { CANDIDATES = 4 };

/* The instruments that are searched, and what is known before each of them is set. */
typedef struct search {
    size_t count;
    uint8_t at[VW_SOLVE_SEARCHED];               /* index in the core */
    double value[VW_SOLVE_SEARCHED][CANDIDATES]; /* of y */
    double cost[VW_SOLVE_SEARCHED][CANDIDATES];  /* k |y| + 1/2 e y^2 */
    int values[VW_SOLVE_SEARCHED];
    int chosen[VW_SOLVE_SEARCHED];
    double spent[VW_SOLVE_SEARCHED + 1]; /* cost so far */
    double miss[VW_SOLVE_SEARCHED + 1][VW_SOLVE_LAYERS];
    double least[VW_SOLVE_SEARCHED + 1][VW_SOLVE_LAYERS]; /* of what is still to come */
    double most[VW_SOLVE_SEARCHED + 1][VW_SOLVE_LAYERS];
    double best;
} search;

static double cost_of(const vw_solve_core *core, size_t j, double y)
{
    return core->k[j] * fabs(y) + 0.5 * core->e[j] * y * y;
}

double vw_solve_core_objective(const vw_solve_core *core, const double *y)
{
    double miss[VW_SOLVE_LAYERS], sum = 0;

    for (size_t layer = 0; layer < VW_SOLVE_LAYERS; layer++) {
        miss[layer] = -core->wanted[layer];
    }
    for (size_t j = 0; j < core->count; j++) {
        miss[core->layer[j]] += core->v30[j] * y[j];
        sum += cost_of(core, j, y[j]);
    }
    for (size_t layer = 0; layer < VW_SOLVE_LAYERS; layer++) {
        sum += 0.5 * core->a * miss[layer] * miss[layer];
    }
    return sum;
}

/* The whole number that is nearest among those within the limits. */
static double nearest(const vw_solve_core *core, size_t j, double y)
{
    return fmax(ceil(core->lo[j]), fmin(floor(core->hi[j]), nearbyint(y)));
}

static bool is_searched(const search *tree, size_t j)
{
    for (size_t i = 0; i < tree->count; i++) {
        if (tree->at[i] == j) {
            return true;
        }
    }
    return false;
}

/* Those whose trades move the most V30, or if none did, could. */
static void choose(const vw_solve_core *core, search *tree)
{
    tree->count = 0;
    while (tree->count < VW_SOLVE_SEARCHED && tree->count < core->count) {
        size_t best = core->count;
        double most = -1;

        for (size_t j = 0; j < core->count; j++) {
            double weight = fabs(core->v30[j]) * (fabs(core->y[j]) + 1e-6);

            if (weight > most && !is_searched(tree, j)) {
                most = weight;
                best = j;
            }
        }
        tree->at[tree->count++] = (uint8_t)best;
    }
}

static void list_candidates(const vw_solve_core *core, search *tree)
{
    static const int steps[CANDIDATES] = {0, 1, -1, 2}; /* likely ones first, to leave out more */

    for (size_t i = 0; i < tree->count; i++) {
        size_t j = tree->at[i];

        tree->values[i] = 0;
        for (size_t c = 0; c < CANDIDATES; c++) {
            double y = floor(core->y[j]) + steps[c];

            if (y >= core->lo[j] && y <= core->hi[j]) {
                tree->value[i][tree->values[i]] = y;
                tree->cost[i][tree->values[i]++] = cost_of(core, j, y);
            }
        }
        if (tree->values[i] == 0) {
            double y = nearest(core, j, core->y[j]);

            tree->value[i][tree->values[i]] = y;
            tree->cost[i][tree->values[i]++] = cost_of(core, j, y);
        }
    }
}

/* How far what is still to come can take each layer, for every depth. */
static void bound_rest(const vw_solve_core *core, search *tree)
{
    memset(tree->least, 0, sizeof tree->least);
    memset(tree->most, 0, sizeof tree->most);
    for (size_t i = tree->count; i-- > 0;) {
        size_t j = tree->at[i];
        double least = INFINITY, most = -INFINITY;

        for (int c = 0; c < tree->values[i]; c++) {
            least = fmin(least, core->v30[j] * tree->value[i][c]);
            most = fmax(most, core->v30[j] * tree->value[i][c]);
        }
        memcpy(tree->least[i], tree->least[i + 1], sizeof tree->least[i]);
        memcpy(tree->most[i], tree->most[i + 1], sizeof tree->most[i]);
        tree->least[i][core->layer[j]] += least;
        tree->most[i][core->layer[j]] += most;
    }
}

/* No choice from this depth on can cost less than this. */
static double least_from(const vw_solve_core *core, const search *tree, size_t depth)
{
    double sum = tree->spent[depth];

    for (size_t layer = 0; layer < VW_SOLVE_LAYERS; layer++) {
        double miss = tree->miss[depth][layer];
        double low = miss + tree->least[depth][layer], high = miss + tree->most[depth][layer];
        double off = low > 0 ? low : high < 0 ? high : 0;

        sum += 0.5 * core->a * off * off;
    }
    return sum;
}

static bool allowed(const vw_solve_core *core, const double *y, const double *miss, double band)
{
    double net = core->beyond;

    for (size_t layer = 0; layer < VW_SOLVE_LAYERS; layer++) {
        net += miss[layer];
    }
    if (fabs(net) > band) {
        return false;
    }
    for (size_t i = 0; i < VW_ROW_COUNT; i++) {
        const vw_solve_row *row = &core->rows[i];
        double sum = 0;

        if (!row->on) {
            continue;
        }
        for (size_t j = 0; j < core->count; j++) {
            sum += row->coefficient[j] * y[j];
        }
        if (sum > row->room) {
            return false;
        }
    }
    return true;
}

static void take(const vw_solve_core *core, search *tree, size_t depth, double *y)
{
    size_t j = tree->at[depth];
    int chosen = tree->chosen[depth];

    y[j] = tree->value[depth][chosen];
    memcpy(tree->miss[depth + 1], tree->miss[depth], sizeof tree->miss[depth]);
    tree->miss[depth + 1][core->layer[j]] += core->v30[j] * y[j];
    tree->spent[depth + 1] = tree->spent[depth] + tree->cost[depth][chosen];
}

/* Depth first through the candidates, leaving out what cannot be better; y holds the trades that
 * are not searched.  Fills core->whole and returns true when anything is allowed. */
static bool find_best(vw_solve_core *core, search *tree, double *y, double band)
{
    size_t depth = 0;

    tree->best = INFINITY;
    tree->spent[0] = 0;
    for (size_t layer = 0; layer < VW_SOLVE_LAYERS; layer++) {
        tree->miss[0][layer] = -core->wanted[layer];
    }
    for (size_t j = 0; j < core->count; j++) {
        if (!is_searched(tree, j)) {
            tree->miss[0][core->layer[j]] += core->v30[j] * y[j];
            tree->spent[0] += cost_of(core, j, y[j]);
        }
    }
    for (size_t i = 0; i < tree->count; i++) {
        tree->chosen[i] = -1;
    }
    while (true) {
        if (depth == tree->count || least_from(core, tree, depth) >= tree->best) {
            double value = least_from(core, tree, depth);

            if (depth == tree->count && value < tree->best &&
                allowed(core, y, tree->miss[depth], band)) {
                tree->best = value;
                memcpy(core->whole, y, core->count * sizeof *y);
            }
            if (depth == 0) {
                break;
            }
            depth--;
        }
        while (++tree->chosen[depth] == tree->values[depth]) {
            tree->chosen[depth] = -1;
            if (depth == 0) {
                return isfinite(tree->best);
            }
            depth--;
        }
        take(core, tree, depth, y);
        depth++;
    }
    return isfinite(tree->best);
}

/* Towards no trade. */
static double shorter(double y)
{
    return trunc(y);
}

void vw_solve_core_whole(vw_solve_core *core)
{
    double y[VW_SOLVE_INSTRUMENTS];
    search tree;
    bool found = false;

    choose(core, &tree);
    list_candidates(core, &tree);
    bound_rest(core, &tree);
    for (int attempt = 0; attempt < 4 && !found; attempt++) {
        double band = attempt < 2 ? core->band : INFINITY;

        for (size_t j = 0; j < core->count; j++) {
            y[j] = nearest(core, j, attempt % 2 == 0 ? core->y[j] : shorter(core->y[j]));
        }
        found = find_best(core, &tree, y, band);
    }
    if (!found) {
        for (size_t j = 0; j < core->count; j++) {
            core->whole[j] = nearest(core, j, 0);
        }
    }
    for (size_t layer = 0; layer < VW_SOLVE_LAYERS; layer++) {
        core->miss[layer] = -core->wanted[layer];
    }
    for (size_t j = 0; j < core->count; j++) {
        core->miss[core->layer[j]] += core->v30[j] * core->whole[j];
    }
}
