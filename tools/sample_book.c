#include "tools/sample_book.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CONDORS = 100, FUTURES = 20, CALLS = 200, DAYS_WANTED = 45, STRIKES_MIN = 10 };

/* The rows of one root and expiry, which stand together. */
typedef struct expiry_rows {
    const vw_chain_row *rows;
    size_t count, strikes; /* strikes with a call and a put, both two-sided */
    double forward;        /* by parity where call and put are nearest */
} expiry_rows;

static double mid(const vw_chain_row *row)
{
    return row->bid > 0 && row->ask >= row->bid ? 0.5 * (row->bid + row->ask) : NAN;
}

static double strike_of(const vw_chain_row *row)
{
    return (double)row->symbol.strike * 1e-4;
}

static bool same_expiry(const vw_chain_row *a, const vw_chain_row *b)
{
    return a->symbol.expiry == b->symbol.expiry && strcmp(a->symbol.root, b->symbol.root) == 0;
}

static expiry_rows rows_from(const vw_chain *chain, size_t first)
{
    expiry_rows expiry = {.rows = &chain->rows[first], .count = 1, .forward = NAN};
    double nearest = INFINITY;

    while (first + expiry.count < chain->count &&
           same_expiry(expiry.rows, &expiry.rows[expiry.count])) {
        expiry.count++;
    }
    for (size_t i = 0; i + 1 < expiry.count; i++) {
        const vw_chain_row *call = &expiry.rows[i], *put = call + 1;
        double gap = mid(call) - mid(put);

        if (call->symbol.strike == put->symbol.strike && isfinite(gap)) {
            expiry.strikes++;
            if (fabs(gap) < nearest) {
                nearest = fabs(gap);
                expiry.forward = strike_of(call) + gap;
            }
        }
    }
    return expiry;
}

/* The listed strike nearest to wanted, among those with an offer. */
static double listed_near(const expiry_rows *expiry, double wanted)
{
    double best = NAN;

    for (size_t i = 0; i < expiry->count; i++) {
        double strike = strike_of(&expiry->rows[i]);

        if (expiry->rows[i].ask > 0 && !(fabs(best - wanted) <= fabs(strike - wanted))) {
            best = strike;
        }
    }
    return best;
}

/* The expiry of the family nearest to DAYS_WANTED from today; the PM root where two stand on one
 * day. */
static expiry_rows find_expiry(const vw_chain *chains, size_t count, vw_family family,
                               uint32_t today)
{
    expiry_rows best = {.count = 0};
    int nearest = INT32_MAX;

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < chains[i].count;) {
            expiry_rows expiry = rows_from(&chains[i], j);
            const vw_symbol *symbol = &expiry.rows->symbol;
            const vw_root *root = vw_root_find(symbol->root, strlen(symbol->root));
            int left = vw_calendar_days(today, symbol->expiry);
            int far = abs(left - DAYS_WANTED);

            j += expiry.count;
            if (root != NULL && root->family == family && left > 0 &&
                expiry.strikes >= STRIKES_MIN && far <= nearest &&
                (far < nearest || root->settlement == 'P')) {
                nearest = far;
                best = expiry;
            }
        }
    }
    return best;
}

static void add_condor(const expiry_rows *expiry, uint32_t today, vw_portfolio *portfolio)
{
    int days = vw_calendar_days(today, expiry->rows->symbol.expiry);
    double width = sqrt((double)days / DAYS_WANTED);
    vw_condor condor = {
        .expiry = expiry->rows->symbol.expiry,
        .put_wing = listed_near(expiry, expiry->forward * (1 - 0.08 * width)),
        .put_short = listed_near(expiry, expiry->forward * (1 - 0.06 * width)),
        .call_short = listed_near(expiry, expiry->forward * (1 + 0.04 * width)),
        .call_wing = listed_near(expiry, expiry->forward * (1 + 0.06 * width)),
        .contracts = CONDORS,
    };

    memcpy(condor.root, expiry->rows->symbol.root, sizeof condor.root);
    vw_portfolio_add_condor(portfolio, &condor, NULL); /* else strikes are too far apart: none */
}

static void add_futures(uint32_t today, const vw_calendar *calendar, vw_portfolio *portfolio)
{
    int year = (int)(today / 10000), month = (int)(today / 100 % 100);

    for (size_t found = 0; found < 2; month++) {
        vw_leg leg = {.root = "VX", .type = 'F', .contracts = FUTURES};

        if (month == 13) {
            month = 1;
            year++;
        }
        leg.expiry = vw_calendar_vx_expiry(calendar, year, month);
        if (vw_calendar_days(today, leg.expiry) >= 7) {
            vw_check(vw_portfolio_add_hedge(portfolio, &leg, NULL) == VW_OK);
            found++;
        }
    }
}

static void add_calls(const expiry_rows *expiry, vw_portfolio *portfolio)
{
    vw_leg lower = {.type = 'C', .expiry = expiry->rows->symbol.expiry, .contracts = CALLS};
    vw_leg upper;

    memcpy(lower.root, expiry->rows->symbol.root, sizeof lower.root);
    lower.strike = listed_near(expiry, expiry->forward * 1.25);
    upper = lower;
    upper.strike = listed_near(expiry, expiry->forward * 1.75);
    upper.contracts = -CALLS;
    if (lower.strike < upper.strike) {
        vw_check(vw_portfolio_add_hedge(portfolio, &lower, NULL) == VW_OK);
        vw_check(vw_portfolio_add_hedge(portfolio, &upper, NULL) == VW_OK);
    }
}

void vw_sample_book_make(const vw_chain *chains, size_t count, int64_t instant_ns,
                         const vw_calendar *calendar, vw_portfolio *portfolio)
{
    uint32_t today = vw_calendar_date(instant_ns, NULL);
    expiry_rows spx = find_expiry(chains, count, VW_FAMILY_SPX, today);
    expiry_rows vix = find_expiry(chains, count, VW_FAMILY_VIX, today);

    *portfolio = (vw_portfolio){.book = "demo"};
    if (spx.count > 0) {
        add_condor(&spx, today, portfolio);
    }
    add_futures(today, calendar, portfolio);
    if (vix.count > 0) {
        add_calls(&vix, portfolio);
    }
}
