#include "core/vol/smile.h"

#include <math.h>
#include <string.h>

enum { ROOM_MAX = 65536, COLUMNS = 6, SCRATCH = 9, FIRM_TICKS = 3 };
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
                        .found = at + 5 * line,
                        .scratch = at + COLUMNS * line,
                        .row = (uint32_t *)(at + (COLUMNS + SCRATCH) * line),
                        .room = room};
    smile->status = (uint8_t *)(smile->row + line);
}

static bool positive(double x)
{
    return (x > 0) & (x < INFINITY);
}

/* What a quote's density is worth: price by 1.00 of vol. */
static double vega_scale(const vw_smile *smile)
{
    return smile->discount * smile->forward * sqrt(smile->years) * 0.3989422804014327;
}

/* Columns of the scratch. */
enum { FORWARD, STRIKE, YEARS, PRICE, DISCOUNT, SIGN, BID, ASK, VEGA };

static double *column(const vw_smile *smile, size_t which)
{
    return smile->scratch + which * vw_round_up(smile->room, 16);
}

/* Walks from the money in steps of `step` and returns how many strikes come before two missing bids
 * in a row. */
static size_t reach(const double *bid, size_t start, size_t limit, ptrdiff_t step)
{
    size_t missing = 0, far = 0;
    const double *at = bid + start;

    for (size_t n = 0; n < limit && missing < 2; n++, at += step) {
        missing = positive(*at) ? 0 : missing + 1;
        far = missing == 0 ? n + 1 : far;
    }
    return far;
}

/* Takes the strikes [from, to) of a side; what is no quote among them goes by its weight. */
static void select_side(vw_smile *smile, const vw_parity *in, const double *bid, const double *ask,
                        size_t from, size_t to)
{
    size_t n = smile->count, size = (to - from) * sizeof(double);

    memcpy(column(smile, STRIKE) + n, in->strike + from, size);
    memcpy(column(smile, BID) + n, bid + from, size);
    memcpy(column(smile, ASK) + n, ask + from, size);
    for (size_t i = from; i < to; i++) {
        smile->row[n++] = (uint32_t)i;
    }
    smile->count = n;
}

/* The first row whose strike is not below the forward. */
static size_t find_money(const vw_parity *in, double forward)
{
    size_t low = 0, high = in->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (in->strike[middle] < forward) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void select_rows(vw_smile *smile, const vw_parity *in, const vw_fit_kernels *kernels)
{
    size_t money = find_money(in, smile->forward), down, up;

    down = money > 0 ? reach(in->put_bid, money - 1, money, -1) : 0;
    up = money < in->count ? reach(in->call_bid, money, in->count - money, 1) : 0;
    smile->count = 0;
    select_side(smile, in, in->put_bid, in->put_ask, money - down, money);
    smile->puts = smile->count;
    select_side(smile, in, in->call_bid, in->call_ask, money, money + up);
    smile->found_first = money - down;
    smile->found_count = smile->count;
    kernels->moneyness(column(smile, STRIKE), smile->forward, smile->count, smile->k);
}

static void invert_at(vw_smile *smile, const double *price, double *vol, const vw_kernels *kernels)
{
    size_t n = smile->count;
    double *forward = column(smile, FORWARD), *years = column(smile, YEARS);
    double *discount = column(smile, DISCOUNT), *sign = column(smile, SIGN);
    const vw_iv_inputs in = {forward, column(smile, STRIKE), years, price, discount, sign, NULL};

    if (kernels->implied_vol(&in, vol, smile->status, n) < n) {
        for (size_t i = 0; i < n; i++) {
            vol[i] = smile->status[i] == VW_STATUS_OK ? vol[i] : NAN;
        }
    }
}

/* The few of a column that are too far from their mids, by themselves. */
static void invert_rest(vw_smile *smile, const double *price, double *vol,
                        const vw_kernels *kernels)
{
    const double *strike = column(smile, STRIKE);

    for (size_t i = 0; i < smile->count; i++) {
        double sign = i < smile->puts ? -1 : 1;
        const vw_iv_inputs in = {&smile->forward,  strike + i, &smile->years, price + i,
                                 &smile->discount, &sign,      NULL};

        if (isnan(vol[i]) && (kernels->implied_vol(&in, vol + i, smile->status, 1) == 0)) {
            vol[i] = NAN;
        }
    }
}

/* Vols of the mids, and from these of bid and ask. */
static void invert(vw_smile *smile, const vw_kernels *kernels, const vw_fit_kernels *fit_kernels)
{
    size_t n = smile->count;
    double *forward = column(smile, FORWARD), *years = column(smile, YEARS);
    double *price = column(smile, PRICE), *discount = column(smile, DISCOUNT);
    double *sign = column(smile, SIGN), root = sqrt(smile->years);
    const double *bid = column(smile, BID), *ask = column(smile, ASK);
    const vw_fit_mids mids = {smile->k, smile->vol, bid, ask};

    for (size_t i = 0; i < n; i++) {
        forward[i] = smile->forward;
        years[i] = smile->years;
        discount[i] = smile->discount;
        sign[i] = i < smile->puts ? -1 : 1;
        price[i] = 0.5 * (bid[i] + ask[i]);
    }
    invert_at(smile, price, smile->vol, kernels);
    memcpy(smile->found, smile->vol, n * sizeof *smile->vol);
    if (fit_kernels->market.bands(&mids, root, vega_scale(smile), n, smile->bid_vol, smile->ask_vol,
                                  column(smile, VEGA)) > 0) {
        invert_rest(smile, bid, smile->bid_vol, kernels);
        invert_rest(smile, ask, smile->ask_vol, kernels);
    }
}

/* Closes the gaps that quotes with half_vol 0 leave. */
static void compact(vw_smile *smile)
{
    double *columns[] = {smile->k,        smile->vol,         smile->bid_vol,    smile->ask_vol,
                         smile->half_vol, column(smile, BID), column(smile, ASK)};
    size_t kept = 0;

    for (size_t from = 0, to; from < smile->count; from = to) {
        for (to = from; to < smile->count && smile->half_vol[to] > 0; to++) {
        }
        for (size_t c = 0; to > from && from > kept && c < VW_COUNT_OF(columns); c++) {
            memmove(columns[c] + kept, columns[c] + from, (to - from) * sizeof(double));
        }
        if (from > kept) {
            memmove(smile->row + kept, smile->row + from, (to - from) * sizeof *smile->row);
        }
        kept += to - from;
        to += to < smile->count;
    }
    smile->count = kept;
}

/* A two-sided quote with its three vols. */
static bool is_whole(const vw_smile *smile, size_t i)
{
    double bid = column(smile, BID)[i], ask = column(smile, ASK)[i];

    return positive(bid) && positive(ask) && ask >= bid && smile->vol[i] > 0 &&
           smile->bid_vol[i] > 0 && smile->ask_vol[i] > 0;
}

/* The mids' vol at k = 0: between the quotes beside the money, else the nearest. */
static double at_the_money(const vw_smile *smile)
{
    size_t up = smile->puts, down = smile->puts;
    double low, high;

    while (up < smile->count && !is_whole(smile, up)) {
        up++;
    }
    while (down > 0 && !is_whole(smile, down - 1)) {
        down--;
    }
    if (down == 0 || up == smile->count) {
        return up < smile->count ? smile->vol[up] : down > 0 ? smile->vol[down - 1] : NAN;
    }
    low = smile->k[down - 1];
    high = smile->k[up];
    return (smile->vol[down - 1] * high - smile->vol[up] * low) / (high - low);
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
    return half > VW_HALF_VOL_MIN ? half : VW_HALF_VOL_MIN;
}

static void find_firm(vw_smile *smile, double tick)
{
    const double *bid = column(smile, BID);
    double least = (FIRM_TICKS + 0.5) * tick;
    size_t money = 0, first, last;

    while (money < smile->count && smile->k[money] < 0) {
        money++;
    }
    for (first = money; first > 0 && bid[first - 1] > least; first--) {
    }
    for (last = money; last < smile->count && bid[last] > least; last++) {
    }
    smile->firm_first = first;
    smile->firm_count = last - first;
}

/* What has no vol, or says nothing, goes. */
static vw_status filter(vw_smile *smile, double tick, const vw_fit_kernels *kernels)
{
    double root = sqrt(smile->years);
    const vw_fit_bands bands = {smile->k,       column(smile, BID), column(smile, ASK),
                                smile->bid_vol, smile->ask_vol,     column(smile, VEGA)};
    vw_fit_limits limits = {.z = z_limit(smile->years), .tick = tick};

    smile->atm_vol = at_the_money(smile);
    limits.per_sd = 1 / (smile->atm_vol * root);
    if (kernels->market.weigh(&bands, &limits, smile->count, smile->half_vol) < smile->count) {
        compact(smile);
    }
    find_firm(smile, tick);
    return smile->count > 0 ? VW_STATUS_OK : VW_STATUS_NO_MARKET;
}

/* Selects; false when the numbers that go with the quotes are none. */
static bool begin(vw_smile *smile, const vw_parity *in, double forward, double discount,
                  const vw_fit_kernels *kernels)
{
    smile->count = smile->firm_first = smile->firm_count = 0;
    smile->forward = forward;
    smile->discount = discount;
    smile->years = in->years;
    if (!positive(forward) || !positive(discount) || !positive(in->years) ||
        in->count > smile->room) {
        return false;
    }
    select_rows(smile, in, kernels);
    return true;
}

vw_status vw_smile_gather(vw_smile *smile, const vw_parity *in, double forward, double discount,
                          const vw_kernels *kernels)
{
    const vw_fit_kernels *fit_kernels = vw_fit_kernels_get(kernels->isa);

    if (!begin(smile, in, forward, discount, fit_kernels)) {
        return VW_STATUS_BAD_INPUT;
    }
    invert(smile, kernels, fit_kernels);
    return filter(smile, in->tick, fit_kernels);
}

vw_status vw_smile_take(vw_smile *smile, const vw_parity *in, double forward, double discount,
                        const vw_smile_vols *vols, const vw_fit_kernels *kernels)
{
    if (!begin(smile, in, forward, discount, kernels)) {
        return VW_STATUS_BAD_INPUT;
    }
    for (size_t i = 0; i < smile->count; i++) {
        smile->vol[i] = vols->vol[smile->row[i]];
        smile->bid_vol[i] = vols->bid_vol[smile->row[i]];
        smile->ask_vol[i] = vols->ask_vol[smile->row[i]];
    }
    kernels->vega(smile->k, smile->vol, sqrt(smile->years), vega_scale(smile), smile->count,
                  column(smile, VEGA));
    return filter(smile, in->tick, kernels);
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
