#include "core/vol/smile.h"

#include <math.h>

enum { ROOM_MAX = 65536, COLUMNS = 5, SCRATCH = 8, FIRM_TICKS = 3 };
static const double HALF_VOL_MIN = 5e-4;
static const double DAY = 1.0 / 365;
static const double CORE_D1 = 2.053748910631823; /* |delta| = 2 % */

size_t vw_smile_size(size_t room)
{
    size_t line = vw_round_up(room, 16);

    return room == 0 || room > ROOM_MAX
               ? 0
               : (COLUMNS + SCRATCH) * line * sizeof(double) +
                     vw_round_up(line * (sizeof(uint32_t) + 1), VW_LINE_PAIR);
}

void vw_smile_init(vw_smile *smile, void *mem, size_t room)
{
    size_t line = vw_round_up(room, 16);
    double *at = mem;

    vw_check(vw_smile_size(room) != 0);
    *smile = (vw_smile){.k = at,
                        .vol = at + line,
                        .bid_vol = at + 2 * line,
                        .ask_vol = at + 3 * line,
                        .half_vol = at + 4 * line,
                        .scratch = at + COLUMNS * line,
                        .row = (uint32_t *)(at + (COLUMNS + SCRATCH) * line),
                        .room = room};
    smile->status = (uint8_t *)(smile->row + line);
}

static bool positive(double x)
{
    return x > 0 && isfinite(x);
}

/* The out-of-the-money side at one strike. */
typedef struct side {
    double bid, ask;
} side;

static side side_at(const vw_parity *in, size_t i, double forward)
{
    bool call = in->strike[i] >= forward;

    return (side){call ? in->call_bid[i] : in->put_bid[i], call ? in->call_ask[i] : in->put_ask[i]};
}

/* Walks from the money in steps of `step` and returns how many strikes come before two missing bids
 * in a row. */
static size_t reach(const vw_parity *in, size_t start, size_t limit, int step, double forward)
{
    size_t missing = 0, far = 0;

    for (size_t n = 0; n < limit && missing < 2; n++) {
        side quote = side_at(in, step > 0 ? start + n : start - n, forward);

        missing = positive(quote.bid) ? 0 : missing + 1;
        far = missing == 0 ? n + 1 : far;
    }
    return far;
}

/* Columns of the scratch. */
enum { FORWARD, STRIKE, YEARS, PRICE, DISCOUNT, SIGN, BID, ASK };

static double *column(const vw_smile *smile, size_t which)
{
    return smile->scratch + which * vw_round_up(smile->room, 16);
}

static void select_rows(vw_smile *smile, const vw_parity *in)
{
    double *bid = column(smile, BID), *ask = column(smile, ASK);
    size_t money = 0, down, up;

    while (money < in->count && in->strike[money] < smile->forward) {
        money++;
    }
    down = money > 0 ? reach(in, money - 1, money, -1, smile->forward) : 0;
    up = money < in->count ? reach(in, money, in->count - money, 1, smile->forward) : 0;
    smile->count = 0;
    for (size_t i = money - down; i < money + up; i++) {
        side quote = side_at(in, i, smile->forward);

        if (positive(quote.bid) && isfinite(quote.ask) && quote.ask >= quote.bid &&
            positive(in->strike[i])) {
            bid[smile->count] = quote.bid;
            ask[smile->count] = quote.ask;
            smile->row[smile->count++] = (uint32_t)i;
        }
    }
}

/* Inverts mid, bid and ask of the selected rows. */
static void invert(vw_smile *smile, const vw_parity *in, const vw_kernels *kernels,
                   const vw_fit_kernels *fit_kernels)
{
    size_t n = smile->count;
    double *forward = column(smile, FORWARD), *strike = column(smile, STRIKE);
    double *years = column(smile, YEARS), *price = column(smile, PRICE);
    double *discount = column(smile, DISCOUNT), *sign = column(smile, SIGN);
    double *bid = column(smile, BID), *ask = column(smile, ASK);
    const double *prices[] = {price, bid, ask};
    double *columns[] = {smile->vol, smile->bid_vol, smile->ask_vol};

    for (size_t i = 0; i < n; i++) {
        strike[i] = in->strike[smile->row[i]];
        forward[i] = smile->forward;
        years[i] = smile->years;
        discount[i] = smile->discount;
        sign[i] = strike[i] >= smile->forward ? 1 : -1;
        price[i] = 0.5 * (bid[i] + ask[i]);
    }
    fit_kernels->moneyness(strike, smile->forward, n, smile->k);
    for (int which = 0; which < 3; which++) {
        const vw_iv_inputs inputs = {.forward = forward,
                                     .strike = strike,
                                     .years = years,
                                     .price = prices[which],
                                     .discount = discount,
                                     .side = sign};

        if (kernels->implied_vol(&inputs, columns[which], smile->status, n) == n) {
            continue;
        }
        for (size_t i = 0; i < n; i++) {
            columns[which][i] = smile->status[i] == VW_STATUS_OK ? columns[which][i] : NAN;
        }
    }
}

static void keep(vw_smile *smile, size_t from, size_t to)
{
    smile->k[to] = smile->k[from];
    smile->vol[to] = smile->vol[from];
    smile->bid_vol[to] = smile->bid_vol[from];
    smile->ask_vol[to] = smile->ask_vol[from];
    smile->half_vol[to] = smile->half_vol[from];
    smile->row[to] = smile->row[from];
    column(smile, BID)[to] = column(smile, BID)[from];
    column(smile, ASK)[to] = column(smile, ASK)[from];
}

/* The mids' vol at k = 0: between the quotes beside the money, else the nearest. */
static double at_the_money(const vw_smile *smile)
{
    size_t up = 0, n = smile->count;
    double low, high;

    while (up < n && smile->k[up] < 0) {
        up++;
    }
    if (up == 0 || up == n) {
        return n == 0 ? NAN : smile->vol[up == 0 ? 0 : n - 1];
    }
    low = smile->k[up - 1];
    high = smile->k[up];
    return (smile->vol[up - 1] * high - smile->vol[up] * low) / (high - low);
}

static double z_limit(double years)
{
    return years < 2 * DAY ? 7 : years < 5 * DAY ? 14 : 40;
}

/* The tick at a price. */
static double tick_at(double ask, double tick)
{
    return ask < 3 ? tick : 2 * tick;
}

double vw_smile_half_vol(double bid_vol, double ask_vol, double ask, double vega, double tick)
{
    double half = 0.5 * (ask_vol - bid_vol), least = 0.5 * tick_at(ask, tick) / vega;

    half = half > least ? half : least;
    return half > HALF_VOL_MIN ? half : HALF_VOL_MIN;
}

static void filter(vw_smile *smile, double tick, const vw_fit_kernels *kernels)
{
    double root = sqrt(smile->years), limit = z_limit(smile->years);
    double per_sd = 1 / (smile->atm_vol * root), *vega = column(smile, PRICE);
    const double *bid = column(smile, BID), *ask = column(smile, ASK);
    size_t kept = 0;

    /* Price change per 1.00 vol of the out-of-the-money option. */
    kernels->vega(smile->k, smile->vol, root,
                  smile->discount * smile->forward * root * 0.3989422804014327, smile->count, vega);
    for (size_t i = 0; i < smile->count; i++) {
        double z = fabs(smile->k[i]) * per_sd;
        bool cabinet = ask[i] > 10 * bid[i] && bid[i] <= tick && z > 8;

        if (!(z <= limit) || cabinet || !(vega[i] * 0.01 >= 0.02 * tick_at(ask[i], tick))) {
            continue;
        }
        smile->half_vol[i] =
            vw_smile_half_vol(smile->bid_vol[i], smile->ask_vol[i], ask[i], vega[i], tick);
        keep(smile, i, kept++);
    }
    smile->count = kept;
}

static bool is_firm(const vw_smile *smile, double tick, size_t i)
{
    return column(smile, BID)[i] > (FIRM_TICKS + 0.5) * tick;
}

static void find_firm(vw_smile *smile, double tick)
{
    size_t money = 0, first, last;

    while (money < smile->count && smile->k[money] < 0) {
        money++;
    }
    for (first = money; first > 0 && is_firm(smile, tick, first - 1); first--) {
    }
    for (last = money; last < smile->count && is_firm(smile, tick, last); last++) {
    }
    smile->firm_first = first;
    smile->firm_count = last - first;
}

vw_status vw_smile_gather(vw_smile *smile, const vw_parity *in, double forward, double discount,
                          const vw_kernels *kernels)
{
    const vw_fit_kernels *fit_kernels = vw_fit_kernels_get(kernels->isa);
    size_t kept = 0;

    smile->count = smile->firm_first = smile->firm_count = 0;
    smile->forward = forward;
    smile->discount = discount;
    smile->years = in->years;
    if (!positive(forward) || !positive(discount) || !positive(in->years) ||
        in->count > smile->room) {
        return VW_STATUS_BAD_INPUT;
    }
    select_rows(smile, in);
    invert(smile, in, kernels, fit_kernels);
    for (size_t i = 0; i < smile->count; i++) {
        if (smile->vol[i] > 0 && smile->bid_vol[i] > 0 && smile->ask_vol[i] > 0) {
            keep(smile, i, kept++);
        }
    }
    smile->count = kept;
    smile->atm_vol = at_the_money(smile);
    filter(smile, in->tick, fit_kernels);
    find_firm(smile, in->tick);
    return smile->count > 0 ? VW_STATUS_OK : VW_STATUS_NO_MARKET;
}

vw_smile_quality vw_smile_measure(const vw_smile *smile, const vw_fit_kernels *kernels,
                                  const double *w, double k_min, double k_max)
{
    const vw_fit_quotes quotes = {smile->k, smile->vol, smile->half_vol, smile->bid_vol,
                                  smile->ask_vol};
    vw_fit_misses m;

    kernels->misses(&quotes, w, k_min, k_max, sqrt(smile->years), CORE_D1, smile->count, &m);
    return (vw_smile_quality){
        .quotes = (uint32_t)m.quotes,
        .inside = (uint32_t)m.inside,
        .rmse_vol = m.quotes > 0 ? sqrt(m.square / (double)m.quotes) : 0,
        .core_rmse_vol = m.core > 0 ? sqrt(m.core_square / (double)m.core) : 0,
        .max_error_vol = m.max,
        .core_square_sum = m.core_square,
        .core_quotes = (uint32_t)m.core,
    };
}
