/* VXX and UVXY in a running engine: prices from the user, carried on by the VX they hold. */
#include "tests/core/engine/desk.h"

/* Today VX of July settled: of 20 sessions to the next, 19 are to come. */
static const double FRONT = 0.95;

static const vw_hedge_instrument *find_etp(const desk *d, const char *root)
{
    const vw_hedge_inputs *inputs = &d->m.engine->desk->inputs;

    for (size_t i = 0; i < inputs->instrument_count; i++) {
        if (inputs->instruments[i].kind == VW_KIND_ETP &&
            strcmp(inputs->instruments[i].root, root) == 0) {
            return &inputs->instruments[i];
        }
    }
    return NULL;
}

static double basket(const desk *d)
{
    return FRONT * d->vx[0] + (1 - FRONT) * d->vx[1];
}

static void open_flat(desk *d)
{
    desk_clear(d);
    memcpy(d->vx, (double[]){20, 20.4, 20.8}, sizeof d->vx);
    d->user.etp[VW_ETP_VXX] = 45;
    d->user.etp[VW_ETP_UVXY] = 20;
}

static void they_are_offered_where_the_settings_have_them_and_hold_two_vx(void **state)
{
    desk d;

    (void)state;
    open_flat(&d);
    desk_open(&d);
    assert_null(find_etp(&d, "VXX")); /* optional, off by default */
    market_close(&d.m);
    open_flat(&d);
    d.settings.etp = true;
    desk_open(&d);
    const vw_hedge_instrument *vxx = find_etp(&d, "VXX"), *uvxy = find_etp(&d, "UVXY");
    const vw_hedge_future *vx = d.m.engine->desk->inputs.futures;

    assert_non_null(vxx);
    assert_non_null(uvxy);
    assert_near(vxx->price, 45, 1e-9);
    double beta = FRONT * vx[0].beta + (1 - FRONT) * vx[1].beta;

    assert_near(vxx->v30, 45 / basket(&d) * beta, 1e-6);
    assert_near(uvxy->v30, 1.5 * 20 / basket(&d) * beta, 1e-6);
    assert_near(uvxy->notional_usd, 1.5 * 20, 1e-9);
    assert_true(decision_of(&d)->legs[vxx - d.m.engine->desk->inputs.instruments].permitted);
    market_close(&d.m);
}

static void the_price_goes_on_with_their_futures(void **state)
{
    desk d;

    (void)state;
    open_flat(&d);
    d.settings.etp = true;
    desk_open(&d);
    double before = basket(&d), change;

    d.vx[0] = 22;
    d.vx[1] = 21.5;
    quote_futures(&d);
    market_pass(&d.m, 300 * MS);
    market_pass(&d.m, 1100 * MS);
    change = basket(&d) / before - 1;
    assert_near(find_etp(&d, "VXX")->price, 45 * (1 + change), 1e-9);
    assert_near(find_etp(&d, "UVXY")->price, 20 * (1 + 1.5 * change), 1e-9);
    d.user.etp[VW_ETP_VXX] = 50; /* as given now */
    assert_true(vw_control_send(d.m.in, VW_CONTROL_INPUTS, &d.user, sizeof d.user, d.m.now_ns));
    market_pass(&d.m, 1100 * MS);
    assert_near(find_etp(&d, "VXX")->price, 50, 1e-9);
    market_close(&d.m);
}

static void held_shares_count_for_the_day_and_hold_the_decision_on_the_next(void **state)
{
    const vw_leg shares = {.root = "VXX", .type = 'E', .hedge = true, .contracts = 8000};
    desk d;

    (void)state;
    open_flat(&d);
    assert_int_equal(vw_portfolio_add_hedge(&d.book, &shares, NULL), VW_OK);
    desk_open(&d);
    const vw_hedge_instrument *vxx = find_etp(&d, "VXX");

    assert_non_null(vxx);
    assert_near(vxx->contracts, 8000, 0);
    assert_near(decision_of(&d)->hedge_v30, 8000 * vxx->v30, 1e-6);
    assert_near(d.m.engine->hedge.hedge_v30_usd_per_point, 8000 * vxx->v30, 1e-6);
    assert_false(decision_of(&d)->held);
    market_pass(&d.m, INT64_C(24) * 3600000 * MS);
    quote_all(&d);
    settle(&d);
    assert_true(decision_of(&d)->held);
    assert_true(says(&d, VW_REASON_HELD_STALE));
    assert_true(vw_control_send(d.m.in, VW_CONTROL_INPUTS, &d.user, sizeof d.user, d.m.now_ns));
    quote_futures(&d);
    market_pass(&d.m, 1100 * MS);
    assert_false(decision_of(&d)->held);
    market_close(&d.m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_offered_where_the_settings_have_them_and_hold_two_vx),
        cmocka_unit_test(the_price_goes_on_with_their_futures),
        cmocka_unit_test(held_shares_count_for_the_day_and_hold_the_decision_on_the_next),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
