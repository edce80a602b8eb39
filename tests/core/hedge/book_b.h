/* book_b.h: book B of hedge-engine.md section 9, and marks of legs at vols of one's own. */
#ifndef VW_TESTS_BOOK_B_H
#define VW_TESTS_BOOK_B_H

#include "core/hedge/hedge.h"
#include "core/pricing/black.h"
#include "tests/check.h"

#include <string.h>

#define BOOK_B_FORWARD 6450.0
#define BOOK_B_VOL 0.16
#define BOOK_B_BETA 0.469737

/* 100 credit condors, 30 days. */
static inline vw_portfolio book_b(void)
{
    vw_portfolio portfolio = {.book = "main"};
    const vw_condor condor = {.root = "SPXW",
                              .expiry = 20260821,
                              .put_wing = 6000,
                              .put_short = 6100,
                              .call_short = 6800,
                              .call_wing = 6900,
                              .contracts = 100};

    assert_int_equal(vw_portfolio_add_condor(&portfolio, &condor, NULL), VW_OK);
    return portfolio;
}

static inline void add_hedge(vw_portfolio *portfolio, const char *root, uint32_t expiry, char type,
                             double strike, double contracts)
{
    vw_leg leg = {.type = type, .expiry = expiry, .strike = strike, .contracts = contracts};

    memcpy(leg.root, root, strlen(root));
    assert_int_equal(vw_portfolio_add_hedge(portfolio, &leg, NULL), VW_OK);
}

static inline vw_leg_mark mark_option(vw_family family, char type, double forward, double strike,
                                      double days, double vol)
{
    double years = days / 365, discount = 1, side = type == 'C' ? 1 : -1;
    vw_greeks plain = {0};
    const vw_black_inputs in = {.forward = &forward,
                                .strike = &strike,
                                .years = &years,
                                .vol = &vol,
                                .discount = &discount,
                                .side = &side};
    const vw_black_outputs out = {.price = &plain.price,
                                  .delta = &plain.delta,
                                  .gamma = &plain.gamma,
                                  .vega = &plain.vega,
                                  .theta = &plain.theta};

    assert_int_equal(vw_black(&in, &out, 1), 0);
    return (vw_leg_mark){.greeks = vw_desk_units(&plain, 1, 0),
                         .forward = forward,
                         .vol = vol,
                         .discount = 1,
                         .multiplier = 100,
                         .days = days,
                         .date_days = (int)days,
                         .family = family,
                         .status = VW_STATUS_OK};
}

/* The condors' marks, with the index at `forward`. */
static inline void mark_condors(const vw_portfolio *portfolio, vw_leg_mark *marks, double forward,
                                double days)
{
    for (size_t i = 0; i < 4; i++) {
        const vw_leg *leg = &portfolio->legs[i];

        marks[i] = mark_option(VW_FAMILY_SPX, leg->type, forward, leg->strike, days, BOOK_B_VOL);
    }
}

static inline vw_leg_mark mark_future(double price, double days, double multiplier, double roll)
{
    return (vw_leg_mark){.greeks = {.price = price},
                         .roll_per_day = roll,
                         .multiplier = multiplier,
                         .days = days,
                         .date_days = (int)days,
                         .family = VW_FAMILY_VX,
                         .status = VW_STATUS_OK};
}

#endif
