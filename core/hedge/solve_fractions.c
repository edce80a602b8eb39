#include "core/hedge/solve_core.h"

#include <math.h>

enum { NEWTON_MAX = 100, FALSE_POSITION_MAX = 200, CYCLES_MAX = 60 };
static const double PRICE_FIRST = 1e-3, PRICE_MAX = 1e15;

/* What pulls each trade, but for its layer: minus the rows' prices times their coefficients. */
typedef struct pull {
    double of[VW_SOLVE_INSTRUMENTS];
} pull;

static double trade(const vw_solve_core *core, size_t j, double force, double *slope)
{
    double beyond = fabs(force) - core->k[j];
    double y = beyond > 0 ? copysign(beyond, force) / core->e[j] : 0;

    if (y <= core->lo[j] || y >= core->hi[j]) {
        return y <= core->lo[j] ? core->lo[j] : core->hi[j];
    }
    *slope += beyond > 0 ? core->v30[j] * core->v30[j] / core->e[j] : 0;
    return y;
}

/* The miss of one layer at the layer's price, and how fast it falls with that price. */
static double miss_at(vw_solve_core *core, const pull *pulls, uint8_t layer, double price,
                      double *slope)
{
    double miss = -core->wanted[layer];

    *slope = 0;
    for (size_t j = 0; j < core->count; j++) {
        if (core->layer[j] == layer) {
            core->y[j] = trade(core, j, pulls->of[j] - price * core->v30[j], slope);
            miss += core->v30[j] * core->y[j];
        }
    }
    return miss;
}

/* The root of price - a miss(price), which only rises: Newton, within a bracket that halves when
 * Newton would leave it. */
static void solve_layer(vw_solve_core *core, const pull *pulls, uint8_t layer)
{
    double slope, miss = miss_at(core, pulls, layer, 0, &slope);
    double low = fmin(0, core->a * miss), high = fmax(0, core->a * miss), price = 0;

    for (int i = 0; i < NEWTON_MAX && low < high; i++) {
        double excess = price - core->a * miss;
        double next = price - excess / (1 + core->a * slope);

        low = excess < 0 ? price : low;
        high = excess > 0 ? price : high;
        if (!(next > low && next < high)) {
            next = 0.5 * (low + high);
        }
        if (excess == 0 || next == price || next == low || next == high) {
            break;
        }
        price = next;
        miss = miss_at(core, pulls, layer, price, &slope);
    }
    core->miss[layer] = miss;
}

/* Fills y at the rows' prices and returns by how much a row is overdrawn. */
static double overdraft(vw_solve_core *core, const pull *others, const vw_solve_row *row,
                        double price)
{
    pull pulls;
    double sum = -row->room;

    for (size_t j = 0; j < core->count; j++) {
        pulls.of[j] = others->of[j] - price * row->coefficient[j];
    }
    for (uint8_t layer = 0; layer < VW_SOLVE_LAYERS; layer++) {
        solve_layer(core, &pulls, layer);
    }
    for (size_t j = 0; j < core->count; j++) {
        sum += row->coefficient[j] * core->y[j];
    }
    return sum;
}

/* The least price >= 0 at which the row is not overdrawn, the other prices fixed: false position
 * with Illinois' halving; ends on the side where the row holds. */
static double row_price(vw_solve_core *core, const pull *others, const vw_solve_row *row,
                        double guess)
{
    double low = 0, over = overdraft(core, others, row, 0), high, under;

    if (over <= 0) {
        return 0;
    }
    high = guess > 0 ? guess : PRICE_FIRST;
    while ((under = overdraft(core, others, row, high)) > 0 && high < PRICE_MAX) {
        low = high;
        over = under;
        high *= 8;
    }
    for (int i = 0, side = 0; i < FALSE_POSITION_MAX && under < 0; i++) {
        double price = (low * under - high * over) / (under - over), at;

        if (!(price > low && price < high)) {
            price = 0.5 * (low + high);
        }
        if (price == low || price == high) {
            break;
        }
        at = overdraft(core, others, row, price);
        if (at > 0) {
            low = price;
            over = at;
            under *= side > 0 ? 0.5 : 1;
            side = 1;
        } else {
            high = price;
            under = at;
            over *= side < 0 ? 0.5 : 1;
            side = -1;
        }
    }
    return high;
}

static pull pull_without(const vw_solve_core *core, size_t without)
{
    pull pulls = {{0}};

    for (size_t i = 0; i < VW_ROW_COUNT; i++) {
        for (size_t j = 0; j < core->count && i != without && core->price[i] > 0; j++) {
            pulls.of[j] -= core->price[i] * core->rows[i].coefficient[j];
        }
    }
    return pulls;
}

/* The dual is concave and smooth, so that raising one price after the other leads to its top. */
void vw_solve_core_fractions(vw_solve_core *core)
{
    static const vw_solve_row none = {.room = 0};
    pull pulls;

    for (size_t i = 0; i < VW_ROW_COUNT; i++) {
        core->price[i] = 0;
    }
    for (int cycle = 0; cycle < CYCLES_MAX; cycle++) {
        bool moved = false;

        for (size_t i = 0; i < VW_ROW_COUNT; i++) {
            double before = core->price[i];

            if (core->rows[i].on) {
                pulls = pull_without(core, i);
                core->price[i] = row_price(core, &pulls, &core->rows[i], before);
                moved |= fabs(core->price[i] - before) > 1e-13 * core->price[i];
            }
        }
        if (!moved) {
            break;
        }
    }
    pulls = pull_without(core, VW_ROW_COUNT);
    overdraft(core, &pulls, &none, 0);
}
