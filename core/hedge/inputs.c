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
