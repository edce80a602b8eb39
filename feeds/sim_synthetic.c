#include "feeds/sim.h"

#include "core/market/event.h"
#include "core/pricing/black.h"
#include "core/vol/vx_curve.h"
#include "feeds/sim_random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Wednesday, 10:30 in New York. */
static const uint32_t today = 20260610;
static const int64_t second_of_day = 10 * 3600 + 30 * 60;

static const double spot = 6450.0;
static const double rate = 0.039, yield = 0.0125;
static const double atm_near = 0.128, atm_rise = 0.045, atm_years = 1.2;

enum { DAILIES = 7, WEEKLIES = 6, MONTHLIES = 6, VIX_MONTHLIES = 6, ROWS_MAX = 16384 };

/* total_variance(z) / total_variance(0) = 1 + f(z) - f(0),
 * f(z) = b (rho (z - m) + sqrt((z - m)^2 + s^2)), z in standard deviations at the money. */
typedef struct shape {
    double days, b, rho, m, s;
} shape;

/* Fitted to the table of mathematics.md section 12.4; between its rows linear in ln(days). */
static const shape spx_shapes[] = {
    {7.5, 0.647, -0.589, -1.000, 4.000}, {15, 0.863, -0.239, 0.508, 4.000},
    {30, 1.006, -0.089, 1.075, 3.438},   {55, 0.885, -0.153, 1.037, 2.366},
    {95, 0.810, -0.257, 0.889, 1.795},   {160, 0.824, -0.271, 0.877, 1.712},
};
static const shape vix_shape = {30, 0.40, 0.30, -1.20, 0.90};

typedef struct listing {
    const char *root;
    vw_family family;
    uint32_t date;
    char settlement;
    double years, forward, atm_vol;
    shape smile;
} listing;

typedef struct maker {
    const vw_calendar *calendar;
    int64_t now_ns;
    vw_sim_random random;
    vw_chain *chain;
} maker;

static shape blend(const shape *a, const shape *b, double t)
{
    return (shape){a->days + t * (b->days - a->days), a->b + t * (b->b - a->b),
                   a->rho + t * (b->rho - a->rho), a->m + t * (b->m - a->m),
                   a->s + t * (b->s - a->s)};
}

static shape spx_shape(double days)
{
    size_t last = VW_COUNT_OF(spx_shapes) - 1;
    size_t i = 0;

    if (days <= spx_shapes[0].days || days >= spx_shapes[last].days) {
        return spx_shapes[days < spx_shapes[last].days ? 0 : last];
    }
    while (spx_shapes[i + 1].days < days) {
        i++;
    }
    return blend(&spx_shapes[i], &spx_shapes[i + 1],
                 log(days / spx_shapes[i].days) / log(spx_shapes[i + 1].days / spx_shapes[i].days));
}

static double hyperbola(const shape *smile, double z)
{
    return smile->b * (smile->rho * (z - smile->m) + hypot(z - smile->m, smile->s));
}

static double smile_vol(const listing *list, double strike)
{
    double z = log(strike / list->forward) / (list->atm_vol * sqrt(list->years));

    return list->atm_vol * sqrt(1 + hyperbola(&list->smile, z) - hyperbola(&list->smile, 0));
}

static double spx_atm(double years)
{
    return atm_near + atm_rise * (1 - exp(-years / atm_years));
}

/* Vol of a variance swap: the same table's share at the money, within 0.01 of each of its rows. */
static double swap_vol(double years)
{
    return spx_atm(years) / (0.775 + 0.18 * exp(-365.0 * years / 45.0));
}

static double vix_atm(double years)
{
    return 0.86 * pow(29.0 / (365.0 * years), 0.17);
}

/* E[sqrt(X)] of the 30-day swap variance that starts then, lognormal with the VIX options' vol. */
static double vix_forward(double years)
{
    double month = 30.0 / 365.0;
    double near = swap_vol(years), far = swap_vol(years + month);
    double variance = (far * far * (years + month) - near * near * years) / month;
    double s = vix_atm(years) * sqrt(years);

    return 100.0 * sqrt(variance) * exp(-0.5 * s * s);
}

/* ---- quotes --------------------------------------------------------------------------------- */

static double tick_of(vw_family family, double price)
{
    if (family == VW_FAMILY_VIX) {
        return price < 3.0 ? 0.01 : 0.05;
    }
    return price < 3.0 ? 0.05 : 0.10;
}

static double value_of(const listing *list, double strike, double side)
{
    double vol = smile_vol(list, strike);
    double discount = exp(-rate * list->years);
    double price;
    vw_black_inputs in = {.forward = &list->forward,
                          .strike = &strike,
                          .years = &list->years,
                          .vol = &vol,
                          .discount = &discount,
                          .side = &side};
    vw_black_outputs out = {.price = &price};

    vw_black(&in, &out, 1);
    return price;
}

/* The model value always lies inside the quote; sizes grow towards the money. */
static void quote(maker *make, const listing *list, double strike, double side, vw_chain_row *row)
{
    bool vix = list->family == VW_FAMILY_VIX;
    double value = value_of(list, strike, side);
    double wide = 0.7 + 0.6 * vw_sim_random_share(&make->random);
    double half = wide * (vix ? fmin(0.01 + 0.015 * value, 0.25) : fmin(0.02 + 0.005 * value, 4));
    double bid = fmax(value - half, 0), ask = value + half;
    double bid_tick = tick_of(list->family, bid), ask_tick = tick_of(list->family, ask);
    double z = log(strike / list->forward) / (list->atm_vol * sqrt(list->years));
    uint32_t size_max = (uint32_t)(10 + 300 * exp(-z * z / 8));

    row->bid = floor(bid / bid_tick) * bid_tick;
    row->ask = fmax(ceil(ask / ask_tick) * ask_tick, row->bid + bid_tick);
    row->bid_size = 1 + vw_sim_random_below(&make->random, size_max);
    row->ask_size = 1 + vw_sim_random_below(&make->random, size_max);
}

static void add_strike(maker *make, const listing *list, double strike)
{
    for (int i = 0; i < 2; i++) {
        vw_chain_row *row = &make->chain->rows[make->chain->count++];

        vw_check(make->chain->count <= ROWS_MAX);
        *row = (vw_chain_row){.settlement = list->settlement,
                              .vendor_iv = NAN,
                              .vendor_delta = NAN,
                              .vendor_gamma = NAN,
                              .vendor_theta = NAN,
                              .vendor_vega = NAN};
        memcpy(row->symbol.root, list->root, strlen(list->root));
        row->symbol.expiry = list->date;
        row->symbol.type = i == 0 ? 'C' : 'P';
        row->symbol.strike = llround(strike * (double)VW_PRICE_ONE);
        quote(make, list, strike, i == 0 ? 1.0 : -1.0, row);
    }
}

/* Strikes stand closer near the money and near expiry. */
static double spx_step(const listing *list, double strike)
{
    double sd = spot * list->atm_vol * sqrt(list->years);
    double far = fabs(strike - list->forward) / sd;
    double fine = list->years < 0.025 ? 5 : list->years < 0.13 ? 10 : list->years < 0.7 ? 25 : 50;

    if (far < 2.5) {
        return fine;
    }
    return far < 5 ? 2 * fine : fine < 25 ? 50 : 100;
}

static void add_spx(maker *make, const char *root, uint32_t date, char settlement)
{
    int64_t settlement_ns = vw_calendar_settlement_ns(make->calendar, root, date, settlement);
    double years = vw_calendar_years(make->now_ns, settlement_ns);
    double sd = spx_atm(years) * sqrt(years);
    listing list = {.root = root,
                    .family = VW_FAMILY_SPX,
                    .date = date,
                    .settlement = settlement,
                    .years = years,
                    .forward = spot * exp((rate - yield) * years),
                    .atm_vol = spx_atm(years),
                    .smile = spx_shape(years * 365.0)};
    double low = 100 * ceil(list.forward * fmax(exp(-9 * sd), 0.2) / 100);
    double high = list.forward * exp(fmax(4.5 * sd, 0.01));

    for (double strike = low; strike <= high;) {
        double step = spx_step(&list, strike);

        add_strike(make, &list, strike);
        strike = step * floor(strike / step + 1);
    }
}

static void add_vix(maker *make, uint32_t date)
{
    int64_t settlement_ns = vw_calendar_settlement_ns(make->calendar, "VIX", date, 'A');
    double years = vw_calendar_years(make->now_ns, settlement_ns);
    listing list = {.root = "VIX",
                    .family = VW_FAMILY_VIX,
                    .date = date,
                    .settlement = 'A',
                    .years = years,
                    .forward = vix_forward(years),
                    .atm_vol = vix_atm(years),
                    .smile = vix_shape};

    for (double strike = 10; strike <= 90;) {
        add_strike(make, &list, strike);
        strike += strike < 25 ? 0.5 : strike < 40 ? 1 : strike < 60 ? 2.5 : 10;
    }
}

/* ---- the calendar of listings --------------------------------------------------------------- */

/* The third Friday, or the session before it. */
static uint32_t monthly(const vw_calendar *calendar, int months_ahead)
{
    uint32_t month = today / 100 % 100 - 1 + (uint32_t)months_ahead;
    uint32_t first = (today / 10000 + month / 12) * 10000 + (month % 12 + 1) * 100 + 1;
    int friday = (12 - vw_calendar_weekday(first)) % 7 + 14;

    return vw_calendar_session(calendar, vw_calendar_add_days(first, friday));
}

static uint32_t next_session(const vw_calendar *calendar, uint32_t date)
{
    do {
        date = vw_calendar_add_days(date, 1);
    } while (vw_calendar_close(calendar, date) == 0);
    return date;
}

static void make_spx(maker *make)
{
    static const int months_am[MONTHLIES] = {0, 1, 2, 3, 6, 9};
    static const int months_pm[] = {2, 3, 6};
    uint32_t date = today;

    for (size_t i = 0; i < MONTHLIES; i++) {
        add_spx(make, "SPX", monthly(make->calendar, months_am[i]), 'A');
    }
    add_spx(make, "SPX", monthly(make->calendar, 18), 'A');
    for (int i = 0; i < DAILIES; i++) {
        add_spx(make, "SPXW", date, 'P');
        date = next_session(make->calendar, date);
    }
    for (int i = 0; i < WEEKLIES; i++) {
        uint32_t friday = vw_calendar_add_days(today, 2 + 7 * (i + 2));

        add_spx(make, "SPXW", vw_calendar_session(make->calendar, friday), 'P');
    }
    for (size_t i = 0; i < VW_COUNT_OF(months_pm); i++) {
        add_spx(make, "SPXW", monthly(make->calendar, months_pm[i]), 'P');
    }
}

static void make_vix(maker *make)
{
    for (int i = 0; i < VIX_MONTHLIES; i++) {
        int month = (int)(today / 100 % 100) - 1 + i;

        add_vix(make, vw_calendar_vx_expiry(make->calendar, (int)(today / 10000) + month / 12,
                                            month % 12 + 1));
    }
}

vw_err vw_sim_synthetic(const vw_calendar *calendar, uint64_t seed, vw_chain chains[2],
                        vw_error *error)
{
    maker make = {calendar, vw_calendar_ns(today, second_of_day), vw_sim_random_seed(seed, 0),
                  NULL};

    for (size_t i = 0; i < 2; i++) {
        chains[i] = (vw_chain){.path = "synthetic",
                               .underlying = "SPX",
                               .spot = spot,
                               .quote_ns = make.now_ns,
                               .synthetic = true,
                               .rows = calloc(ROWS_MAX, sizeof(vw_chain_row))};
        if (chains[i].rows == NULL) {
            vw_chain_free(&chains[0]);
            return vw_fail(error, VW_ERR_SYSTEM, "out of memory for the synthetic day");
        }
    }
    memcpy(chains[1].underlying, "VIX", 4);
    chains[1].spot = round(10000.0 * swap_vol(30.0 / 365.0)) / 100.0;
    make.chain = &chains[0];
    make_spx(&make);
    make.chain = &chains[1];
    make_vix(&make);
    return VW_OK;
}
