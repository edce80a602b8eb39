#include "core/hedge/portfolio.h"

#include <math.h>
#include <string.h>

static bool whole(double contracts)
{
    return contracts == floor(contracts) && fabs(contracts) <= 1e6;
}

static bool has_room(const vw_portfolio *portfolio, size_t legs)
{
    return portfolio->leg_count + legs <= VW_PORTFOLIO_LEGS_MAX;
}

vw_err vw_portfolio_add_condor(vw_portfolio *portfolio, const vw_condor *condor, vw_error *error)
{
    const double strikes[] = {condor->put_wing, condor->put_short, condor->call_short,
                              condor->call_wing};
    double inner = condor->debit ? condor->contracts : -condor->contracts;

    if (!(strikes[0] > 0 && strikes[0] < strikes[1] && strikes[1] < strikes[2] &&
          strikes[2] < strikes[3] && strikes[3] < INFINITY)) {
        return vw_fail(error, VW_ERR_CONFIG,
                       "condor %s %u: strikes %g, %g, %g, %g do not ascend: put wing, put short, "
                       "call short, call wing",
                       condor->root, condor->expiry, strikes[0], strikes[1], strikes[2],
                       strikes[3]);
    }
    if (!(condor->contracts > 0 && whole(condor->contracts))) {
        return vw_fail(error, VW_ERR_CONFIG,
                       "condor %s %u: contracts %g is not a whole number from 1 to 1000000",
                       condor->root, condor->expiry, condor->contracts);
    }
    if (!has_room(portfolio, 4) || portfolio->condor_count == VW_PORTFOLIO_CONDORS_MAX) {
        return vw_fail(error, VW_ERR_CONFIG, "condor %s %u: no room for more than %d legs",
                       condor->root, condor->expiry, VW_PORTFOLIO_LEGS_MAX);
    }
    portfolio->condors[portfolio->condor_count++] = *condor;
    for (size_t i = 0; i < 4; i++) {
        vw_leg *leg = &portfolio->legs[portfolio->leg_count++];

        *leg = (vw_leg){
            .type = i < 2 ? 'P' : 'C',
            .condor = (uint16_t)portfolio->condor_count,
            .expiry = condor->expiry,
            .strike = strikes[i],
            .contracts = i == 1 || i == 2 ? inner : -inner,
        };
        memcpy(leg->root, condor->root, sizeof leg->root);
    }
    return VW_OK;
}

vw_err vw_portfolio_add_hedge(vw_portfolio *portfolio, const vw_leg *leg, vw_error *error)
{
    bool future = leg->type == 'F' || leg->type == 'E';

    if (!future && leg->type != 'C' && leg->type != 'P') {
        return vw_fail(error, VW_ERR_CONFIG, "hedge %s %u: type '%c' is none of C, P, F, E",
                       leg->root, leg->expiry, leg->type);
    }
    if (future ? leg->strike != 0 : !(leg->strike > 0 && leg->strike < INFINITY)) {
        return vw_fail(error, VW_ERR_CONFIG, "hedge %s %u: strike %g must be %s", leg->root,
                       leg->expiry, leg->strike, future ? "0 for a future" : "above 0");
    }
    if (leg->contracts == 0 || !whole(leg->contracts)) {
        return vw_fail(error, VW_ERR_CONFIG,
                       "hedge %s %u: contracts %g is not a whole number other than 0, up to "
                       "1000000 either way",
                       leg->root, leg->expiry, leg->contracts);
    }
    if (!has_room(portfolio, 1)) {
        return vw_fail(error, VW_ERR_CONFIG, "hedge %s %u: no room for more than %d legs",
                       leg->root, leg->expiry, VW_PORTFOLIO_LEGS_MAX);
    }
    portfolio->legs[portfolio->leg_count] = *leg;
    portfolio->legs[portfolio->leg_count].hedge = true;
    portfolio->legs[portfolio->leg_count].condor = 0;
    portfolio->leg_count++;
    return VW_OK;
}

static bool stands_alone(const vw_leg *leg)
{
    return leg->hedge && leg->package == 0 && (leg->type == 'C' || leg->type == 'P');
}

/* The bought leg that makes a spread of a sold one, or NULL. */
static vw_leg *other_of_spread(vw_portfolio *portfolio, const vw_leg *sold)
{
    vw_leg *best = NULL;

    for (size_t i = 0; i < portfolio->leg_count; i++) {
        vw_leg *leg = &portfolio->legs[i];

        if (stands_alone(leg) && leg->type == sold->type && leg->expiry == sold->expiry &&
            leg->contracts == -sold->contracts && strcmp(leg->root, sold->root) == 0 &&
            leg->strike != sold->strike &&
            (best == NULL ||
             fabs(leg->strike - sold->strike) < fabs(best->strike - sold->strike))) {
            best = leg;
        }
    }
    return best;
}

void vw_portfolio_pair(vw_portfolio *portfolio)
{
    uint16_t last = 0;

    for (size_t i = 0; i < portfolio->leg_count; i++) {
        last = portfolio->legs[i].package > last ? portfolio->legs[i].package : last;
    }
    for (size_t i = 0; i < portfolio->leg_count && last < UINT16_MAX; i++) {
        vw_leg *sold = &portfolio->legs[i], *bought;

        if (stands_alone(sold) && sold->contracts < 0 &&
            (bought = other_of_spread(portfolio, sold)) != NULL) {
            sold->package = bought->package = ++last;
        }
    }
}

double vw_portfolio_leverage(const char *root)
{
    return strcmp(root, "VXX") == 0 ? 1 : strcmp(root, "UVXY") == 0 ? 1.5 : 0;
}

uint8_t vw_portfolio_layer(int days)
{
    return days < 30 ? 1 : days < 45 ? 2 : days < 60 ? 3 : 4;
}

vw_greeks vw_desk_units(const vw_greeks *plain, double discount, double rate)
{
    double undiscount = 1 / discount;

    return (vw_greeks){
        .price = plain->price,
        .delta = plain->delta * undiscount,
        .gamma = plain->gamma * undiscount,
        .vega = plain->vega * 0.01,
        .theta = plain->theta / 365,
        .rho = plain->rho * 0.01,
        .vanna = plain->vanna * undiscount * 0.01,
        .volga = plain->volga * 1e-4,
        .charm = (plain->charm - rate * plain->delta) * undiscount / 365,
    };
}
