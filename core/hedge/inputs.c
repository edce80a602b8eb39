#include "core/hedge/inputs.h"

#include <math.h>
#include <string.h>

static const vw_reading ABSENT = {.value = NAN};

void vw_hedge_user_clear(vw_hedge_macro *macro, vw_hedge_account *account)
{
    *macro = (vw_hedge_macro){ABSENT, ABSENT, ABSENT, ABSENT, ABSENT};
    *account = (vw_hedge_account){
        .equity_usd = NAN,
        .cash_usd = NAN,
        .near_cash_usd = NAN,
        .rate = NAN,
        .borrowing = NAN,
        .beta_book = NAN,
        .beta_hedge = NAN,
        .hedge_cost = NAN,
    };
}

void vw_hedge_inputs_clear(vw_hedge_inputs *inputs)
{
    memset(inputs, 0, sizeof *inputs);
    inputs->vix = inputs->vol_of_vol = inputs->spot = ABSENT;
    inputs->atm_vol_30 = inputs->atm_vol_7 = inputs->breadth = ABSENT;
    vw_hedge_user_clear(&inputs->macro, &inputs->account);
    inputs->arbitrage_usd = NAN;
}

static const double MULTIPLIER = 100; /* USD per index point of one SPX option */

double vw_hedge_inputs_delta(const vw_hedge_inputs *inputs, double *condors)
{
    double usd = inputs->delta_usd_per_point;

    *condors = 0;
    for (size_t i = 0; i < inputs->condor_count; i++) {
        usd += inputs->condors[i].delta;
        *condors += inputs->condors[i].contracts;
    }
    for (size_t i = 0; i < inputs->instrument_count; i++) {
        const vw_hedge_instrument *leg = &inputs->instruments[i];
        bool spx = leg->kind == VW_KIND_SPX_PUT || leg->kind == VW_KIND_SPX_PUT_SPREAD;
        double delta = leg->contracts * leg->delta;

        usd += spx && isfinite(delta) ? delta : 0;
    }
    return usd / MULTIPLIER;
}
