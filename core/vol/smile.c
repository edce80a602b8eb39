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

static void select_rows(vw_smile *smile, const vw_parity *in)
{
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
            smile->row[smile->count++] = (uint32_t)i;
        }
    }
}

/* Inverts mid, bid and ask of the selected rows. */
static void invert(vw_smile *smile, const vw_parity *in, const vw_kernels *kernels)
{
    size_t n = smile->count, line = vw_round_up(smile->room, 16);
    double *forward = smile->scratch, *strike = forward + line, *years = strike + line;
    double *price = years + line, *discount = price + line, *sign = discount + line;
    double *columns[] = {smile->vol, smile->bid_vol, smile->ask_vol};
    vw_iv_inputs inputs = {.forward = forward,
                           .strike = strike,
                           .years = years,
                           .price = price,
                           .discount = discount,
                           .side = sign};

    for (size_t i = 0; i < n; i++) {
        strike[i] = in->strike[smile->row[i]];
        forward[i] = smile->forward;
        years[i] = smile->years;
        discount[i] = smile->discount;
        sign[i] = strike[i] >= smile->forward ? 1 : -1;
        smile->k[i] = log(strike[i] / smile->forward);
    }
    for (int which = 0; which < 3; which++) {
        for (size_t i = 0; i < n; i++) {
            side quote = side_at(in, smile->row[i], smile->forward);

            price[i] = which == 0   ? 0.5 * (quote.bid + quote.ask)
                       : which == 1 ? quote.bid
                                    : quote.ask;
        }
        kernels->implied_vol(&inputs, columns[which], smile->status, n);
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

/* Price change per 1.00 vol of the out-of-the-money option. */
static double vega_at(const vw_smile *smile, size_t i)
{
    double s = smile->vol[i] * sqrt(smile->years), d1 = 0.5 * s - smile->k[i] / s;

    return smile->discount * smile->forward * sqrt(smile->years) * 0.3989422804014327 *
           exp(-0.5 * d1 * d1);
}

/* The tick at a price. */
static double tick_at(double ask, double tick)
{
    return ask < 3 ? tick : 2 * tick;
}

double vw_smile_half_vol(double bid_vol, double ask_vol, double ask, double vega, double tick)
{
    double half = fmax(0.5 * (ask_vol - bid_vol), 0.5 * tick_at(ask, tick) / vega);

    return fmax(half, HALF_VOL_MIN);
}

static void filter(vw_smile *smile, const vw_parity *in)
{
    double sd = smile->atm_vol * sqrt(smile->years), limit = z_limit(smile->years);
    size_t kept = 0;

    for (size_t i = 0; i < smile->count; i++) {
        side quote = side_at(in, smile->row[i], smile->forward);
        double z = fabs(smile->k[i]) / sd, vega = vega_at(smile, i);
        bool cabinet = quote.ask > 10 * quote.bid && quote.bid <= in->tick && z > 8;

        if (!(z <= limit) || cabinet || !(vega * 0.01 >= 0.02 * tick_at(quote.ask, in->tick))) {
            continue;
        }
        smile->half_vol[i] =
            vw_smile_half_vol(smile->bid_vol[i], smile->ask_vol[i], quote.ask, vega, in->tick);
        keep(smile, i, kept++);
    }
    smile->count = kept;
}

static bool is_firm(const vw_smile *smile, const vw_parity *in, size_t i)
{
    return side_at(in, smile->row[i], smile->forward).bid > (FIRM_TICKS + 0.5) * in->tick;
}

static void find_firm(vw_smile *smile, const vw_parity *in)
{
    size_t money = 0, first, last;

    while (money < smile->count && smile->k[money] < 0) {
        money++;
    }
    for (first = money; first > 0 && is_firm(smile, in, first - 1); first--) {
    }
    for (last = money; last < smile->count && is_firm(smile, in, last); last++) {
    }
    smile->firm_first = first;
    smile->firm_count = last - first;
}

vw_status vw_smile_gather(vw_smile *smile, const vw_parity *in, double forward, double discount,
                          const vw_kernels *kernels)
{
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
    invert(smile, in, kernels);
    for (size_t i = 0; i < smile->count; i++) {
        if (smile->vol[i] > 0 && smile->bid_vol[i] > 0 && smile->ask_vol[i] > 0) {
            keep(smile, i, kept++);
        }
    }
    smile->count = kept;
    smile->atm_vol = at_the_money(smile);
    filter(smile, in);
    find_firm(smile, in);
    return smile->count > 0 ? VW_STATUS_OK : VW_STATUS_NO_MARKET;
}

vw_smile_quality vw_smile_measure(const vw_smile *smile, const double *w, double k_min,
                                  double k_max)
{
    vw_smile_quality q = {0};
    double sum = 0;

    for (size_t i = 0; i < smile->count; i++) {
        double k = smile->k[i], s = sqrt(fmax(w[i], 0)), vol = s / sqrt(smile->years);
        double error = vol - smile->vol[i];

        if (k < k_min || k > k_max) {
            continue;
        }
        q.quotes++;
        q.inside += vol >= smile->bid_vol[i] && vol <= smile->ask_vol[i];
        q.max_error_vol = fmax(q.max_error_vol, fabs(error));
        sum += error * error;
        if (fabs(0.5 * s - k / s) <= CORE_D1) {
            q.core_square_sum += error * error;
            q.core_quotes++;
        }
    }
    q.rmse_vol = q.quotes > 0 ? sqrt(sum / q.quotes) : 0;
    q.core_rmse_vol = q.core_quotes > 0 ? sqrt(q.core_square_sum / q.core_quotes) : 0;
    return q;
}
