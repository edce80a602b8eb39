#include "core/hedge/irr.h"
#include "core/hedge/turn.h"

#include <math.h>
#include <string.h>

static const double QUICK_RATIO_MAX = 99; /* where nothing would be called */
static const double SLACK = 1e-9;

static bool account_known(const vw_turn *turn)
{
    const vw_hedge_account *account = &turn->in->account;

    return turn->account_fresh && isfinite(account->cash_usd) && isfinite(account->near_cash_usd);
}

double vw_account_margin(const vw_turn *turn, double *quick_ratio)
{
    double worst = 0, cash = turn->in->account.cash_usd + turn->in->account.near_cash_usd;

    for (size_t move = 0; move < VW_HEDGE_STRESSES; move++) {
        double loss = 0;

        for (size_t i = 0; i < turn->in->condor_count; i++) {
            loss += turn->condor_ok[i] ? turn->in->condors[i].stress_usd[move] : 0;
        }
        for (size_t i = 0; i < turn->in->instrument_count; i++) {
            if (turn->leg_ok[i]) {
                loss += turn->wanted[i] * turn->in->instruments[i].stress_usd[move];
            }
        }
        worst = fmax(worst, loss);
    }
    *quick_ratio = !account_known(turn) ? NAN
                   : worst > 0          ? fmin(cash / worst, QUICK_RATIO_MAX)
                                        : QUICK_RATIO_MAX;
    return worst;
}

double vw_account_cost_max(const vw_turn *turn)
{
    const vw_hedge_account *account = &turn->in->account;
    bool known = turn->account_fresh && isfinite(account->equity_usd) && account->equity_usd > 0;

    return known ? turn->set->monthly_cost_max * account->equity_usd / 30 : INFINITY;
}

/* What the hard limits of rule 4 look at. */
typedef struct burden {
    double notional, cost, quick_ratio; /* USD, USD a day; NaN unknown */
} burden;

static burden burden_of(const vw_turn *turn)
{
    burden sum = {0};

    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        const vw_hedge_instrument *leg = &turn->in->instruments[i];

        if (turn->leg_ok[i]) {
            sum.notional += turn->wanted[i] * leg->notional_usd;
            sum.cost -= turn->wanted[i] * (leg->theta + leg->roll);
        }
    }
    vw_account_margin(turn, &sum.quick_ratio);
    return sum;
}

bool vw_account_fits(vw_turn *turn)
{
    double wanted[VW_HEDGE_INSTRUMENTS_MAX];
    burden plan = burden_of(turn), now;

    memcpy(wanted, turn->wanted, sizeof wanted);
    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        turn->wanted[i] = turn->leg_ok[i] ? turn->in->instruments[i].contracts : 0;
    }
    now = burden_of(turn);
    memcpy(turn->wanted, wanted, sizeof wanted);
    return plan.notional <= fmax(turn->out->notional_cap_usd, now.notional) * (1 + SLACK) &&
           plan.cost <= fmax(vw_account_cost_max(turn), now.cost) + SLACK * fabs(now.cost) &&
           !(plan.quick_ratio * (1 + SLACK) < fmin(turn->set->quick_ratio_min, now.quick_ratio));
}

double vw_account_wacc(const vw_turn *turn, double capital_usd, double beta)
{
    const vw_hedge_account *account = &turn->in->account;
    double base = 0;

    for (size_t i = 0; i < turn->in->condor_count; i++) {
        base += turn->condor_ok[i] ? turn->in->condors[i].max_loss_usd : 0;
    }
    if (!(base > 0) || !isfinite(account->rate) || !isfinite(account->beta_book) ||
        !isfinite(account->equity_usd) || !isfinite(beta)) {
        return NAN;
    }
    double total = base + capital_usd, equity = fmin(fmax(account->equity_usd, 0), total);
    double borrowing = isfinite(account->borrowing) ? account->borrowing : account->rate;
    double total_beta = (account->beta_book * base + beta * capital_usd) / total;

    return vw_irr_wacc(equity, account->rate + total_beta * turn->set->erp, total - equity,
                       borrowing, 0);
}

/* S10 with what is held, before anything is decided. */
void vw_account_read(vw_turn *turn)
{
    double wanted[VW_HEDGE_INSTRUMENTS_MAX], ratio;

    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        wanted[i] = turn->wanted[i];
        turn->wanted[i] = turn->in->instruments[i].contracts;
    }
    turn->out->margin_usd = vw_account_margin(turn, &ratio);
    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        turn->wanted[i] = wanted[i];
    }
    turn->out->quick_ratio = isfinite(ratio) ? ratio : 0;
    vw_turn_signal(turn, VW_SIGNAL_LIQUIDITY, ratio,
                   (uint8_t)((turn->account_fresh ? 0 : VW_SIGNAL_STALE) |
                             (turn->out->margin_usd > 0 ? 0 : VW_SIGNAL_FLAGGED)));
    if (ratio < turn->set->quick_ratio_min) {
        vw_turn_warn(turn, VW_WARNING_QUICK_RATIO);
    }
}
