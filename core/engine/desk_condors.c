#include "core/engine/desk.h"

#include "core/engine/futures.h"
#include "core/engine/state.h"
#include "core/engine/strip.h"
#include "core/hedge/strikes.h"

#include <limits.h>
#include <math.h>
#include <string.h>

static const uint32_t PAIRS_MIN = 6; /* as many as tell a forward */

/* A strike that a condor may have: call and put are both listed. */
static bool is_listed(const vw_quotes *quotes, uint32_t row)
{
    return quotes->side[VW_CALL].info[row].instrument != VW_INSTRUMENT_NONE &&
           quotes->side[VW_PUT].info[row].instrument != VW_INSTRUMENT_NONE;
}

static bool lists(const vw_quotes *quotes, double strike)
{
    uint32_t row = vw_quotes_row(quotes, strike);

    return row < quotes->count && quotes->strike[row] == strike && is_listed(quotes, row);
}

/* The next listed strike above or below, 0: none. */
static double neighbour(const vw_quotes *quotes, double strike, bool up)
{
    uint32_t row = vw_quotes_row(quotes, strike);

    row += up ? row < quotes->count && quotes->strike[row] == strike : UINT32_MAX;
    while (row < quotes->count && !is_listed(quotes, row)) { /* below 0 wraps beyond count */
        row += up ? 1 : UINT32_MAX;
    }
    return row < quotes->count ? quotes->strike[row] : 0;
}

/* ---- condors -------------------------------------------------------------------------------- */

/* Rule 6: where the same strikes can be had. */
static uint32_t next_cycle(vw_engine *engine, const vw_condor *condor)
{
    uint32_t next = vw_strikes_next_cycle(engine->config.calendar, condor->expiry), group;
    const vw_strip *strip = vw_desk_strip(engine, condor->root, next, &group);
    bool listed = strip != NULL && !strip->closed && lists(&strip->quotes, condor->put_wing) &&
                  lists(&strip->quotes, condor->put_short) &&
                  lists(&strip->quotes, condor->call_short) &&
                  lists(&strip->quotes, condor->call_wing);

    return listed ? next : 0;
}

void vw_desk_condor(vw_engine *engine, size_t i, const vw_exposure_smile *smile, uint32_t group,
                    vw_hedge_condor *to)
{
    const vw_desk_state *desk = engine->desk;
    const vw_desk_fairness *fair = &desk->condors.fair[to - desk->inputs.condors];

    to->next_expiry = next_cycle(engine, &engine->book.condors[i]);
    if (smile != NULL) {
        const vw_quotes *quotes = &engine->strips[group].quotes;

        to->put.strike_nearer = neighbour(quotes, to->put.strike, true);
        to->put.strike_back = neighbour(quotes, to->put.strike, false);
        to->call.strike_nearer = neighbour(quotes, to->call.strike, false);
        to->call.strike_back = neighbour(quotes, to->call.strike, true);
        vw_strikes_wings(engine->config.kernels, smile, to);
    }
    if (fair->id == to->id && fair->put == to->put.strike && fair->call == to->call.strike) {
        to->wing_residual_usd = fair->usd;
    }
}

/* ---- rule 14 -------------------------------------------------------------------------------- */

static bool may_enter(const vw_engine *engine, uint32_t group)
{
    const vw_strip *strip = &engine->strips[group];

    return !engine->table.groups[group].futures &&
           engine->table.groups[group].family == VW_FAMILY_SPX && !strip->closed &&
           strip->slice.model != VW_MODEL_NONE && strip->pricing.forward > 0 &&
           (strip->quality & (VW_QUOTE_STALE | VW_QUOTE_CARRIED)) == 0 &&
           (strip->slice.quality & VW_QUOTE_CARRIED) == 0;
}

/* The group a new condor would be of, VW_GROUP_NONE without one; of one day the later to settle. */
static uint32_t choose_entry(const vw_engine *engine, uint32_t today)
{
    uint32_t best = VW_GROUP_NONE;
    int nearest = INT_MAX;

    for (uint32_t i = 0; i < engine->table.group_count; i++) {
        const vw_group *group = &engine->table.groups[i];

        if (may_enter(engine, i)) {
            int days = vw_strikes_entry_distance(engine->config.calendar, engine->config.settings,
                                                 today, group->expiry);

            if (days < nearest || (days == nearest && days < INT_MAX && group->settlement == 'P')) {
                nearest = days;
                best = i;
            }
        }
    }
    return best;
}

static void make_chain(vw_engine *engine, uint32_t today)
{
    vw_desk_condors *desk = &engine->desk->condors;
    uint32_t group = choose_entry(engine, today);
    size_t count = 0;

    desk->entry.count = 0;
    if (group == VW_GROUP_NONE) {
        return;
    }
    const vw_group *of = &engine->table.groups[group];
    const vw_strip *strip = &engine->strips[group];
    const vw_exposure_smile smile = {.forward = strip->pricing.forward,
                                     .discount = strip->pricing.discount,
                                     .years =
                                         vw_calendar_years(engine->market_ns, of->settlement_ns),
                                     .days = vw_calendar_days(today, of->expiry),
                                     .slice = &strip->slice};

    for (uint32_t row = 0; row < strip->quotes.count; row++) {
        desk->scratch[count] = strip->quotes.strike[row];
        count += is_listed(&strip->quotes, row);
    }
    vw_strikes_take(desk->scratch, count, smile.forward, &desk->columns);
    vw_strikes_price(engine->config.kernels, &smile, &desk->columns);
    desk->entry = vw_strikes_chain(&desk->columns, of->root, of->expiry, &smile);
}

void vw_desk_entry(vw_engine *engine)
{
    vw_desk_condors *desk = &engine->desk->condors;
    vw_hedge_inputs *inputs = &engine->desk->inputs;

    inputs->entry_asked = engine->desk->user.entry_asked != 0;
    if (!vw_policy_wants_entry(engine->config.settings, inputs)) {
        desk->entry_now_ns = 0;
        return;
    }
    if (desk->entry_now_ns == 0 || engine->now_ns - desk->entry_now_ns >= VW_SECOND_NS) {
        desk->entry_now_ns = engine->now_ns;
        make_chain(engine, inputs->session);
    }
    inputs->entry = desk->entry.count > 0 ? &desk->entry : NULL;
}

/* ---- S8 ------------------------------------------------------------------------------------- */

static bool is_halted(const vw_quotes *quotes, double strike)
{
    uint32_t row = vw_quotes_row(quotes, strike);

    return ((quotes->side[VW_CALL].info[row].quality | quotes->side[VW_PUT].info[row].quality) &
            VW_QUOTE_HALTED) != 0;
}

bool vw_desk_quotes(vw_engine *engine, uint32_t group, vw_arbitrage_market *market)
{
    const vw_strip *strip = &engine->strips[group];
    vw_forward fit;

    if (strip->closed || !(strip->years > 0) || !(strip->pricing.discount > 0)) {
        return false;
    }
    market->quotes = vw_strip_gather(engine, strip, strip->pricing.discount);
    vw_forward_fit(&market->quotes, engine->fit_kernels, engine->scratch, &fit);
    market->forward = fit.forward;
    market->discount = strip->pricing.discount;
    market->forward_se = fit.forward_se;
    market->rate_se = fmax(engine->rates.scatter, VW_ARBITRAGE_RATE_SE);
    market->multiplier = 100;
    return fit.used >= PAIRS_MIN;
}

/* Are the wings of this expiry's condors fair? */
static void judge_wings(vw_engine *engine, uint32_t group, const vw_arbitrage_market *market)
{
    const vw_group *of = &engine->table.groups[group];
    const vw_hedge_inputs *inputs = &engine->desk->inputs;

    for (size_t i = 0; i < inputs->condor_count; i++) {
        const vw_hedge_condor *condor = &inputs->condors[i];
        vw_desk_fairness *fair = &engine->desk->condors.fair[i];

        if (condor->expiry == of->expiry && strncmp(condor->root, of->root, sizeof of->root) == 0) {
            *fair = (vw_desk_fairness){.id = condor->id,
                                       .put = condor->put.strike,
                                       .call = condor->call.strike,
                                       .usd = market != NULL ? vw_strikes_residual(market, condor)
                                                             : NAN};
        }
    }
}

static void look(vw_engine *engine, uint32_t group)
{
    vw_desk_condors *desk = &engine->desk->condors;
    vw_arbitrage_market market;
    bool quoted = vw_desk_quotes(engine, group, &market);
    double usd = NAN;

    if (quoted) {
        vw_arbitrage best = vw_arbitrage_residual(&market, engine->fit_kernels, desk->scratch);
        bool earns = best.edge > 0 && !is_halted(&engine->strips[group].quotes, best.strike);

        usd = earns ? best.edge_usd : 0;
    }
    judge_wings(engine, group, quoted ? &market : NULL);
    desk->residuals[group] = (vw_desk_residual){usd, engine->market_ns};
}

void vw_desk_arbitrage(vw_engine *engine)
{
    vw_desk_condors *desk = &engine->desk->condors;
    int64_t age_max_ns = engine->config.settings->options_stale_ns;
    double best = NAN;

    for (uint32_t n = 0; n < engine->table.group_count; n++) {
        uint32_t at = desk->residual_next < engine->table.group_count ? desk->residual_next : 0;

        desk->residual_next = at + 1;
        if (engine->table.groups[at].family == VW_FAMILY_SPX) {
            look(engine, at);
            break;
        }
    }
    for (uint32_t i = 0; i < engine->table.group_count; i++) {
        const vw_desk_residual *kept = &desk->residuals[i];
        int64_t age_ns = engine->market_ns - kept->market_ns;

        if (kept->market_ns != 0 && age_ns >= 0 && age_ns <= age_max_ns) {
            best = fmax(best, kept->usd);
        }
    }
    engine->desk->inputs.arbitrage_usd = best;
}

/* ---- legs ----------------------------------------------------------------------------------- */

bool vw_desk_expired(const vw_engine *engine, size_t leg)
{
    uint32_t expiry = engine->book.legs[leg].expiry;

    return engine->leg_marks[leg].status == VW_STATUS_EXPIRED ||
           (expiry != 0 && expiry < engine->desk->inputs.session);
}

void vw_desk_legs(vw_engine *engine)
{
    for (size_t i = 0; i < engine->book.leg_count; i++) {
        engine->desk->inputs.legs_unpriced += engine->book.legs[i].contracts != 0 &&
                                              !engine->hedge.legs[i].priced &&
                                              !vw_desk_expired(engine, i);
    }
}

/* By hedges of its root and type that expire no earlier. */
static bool is_covered(const vw_portfolio *book, const vw_leg *sold)
{
    double bought = 0;

    for (size_t i = 0; i < book->leg_count; i++) {
        const vw_leg *leg = &book->legs[i];
        bool covers = leg->hedge && leg->type == sold->type && leg->expiry >= sold->expiry &&
                      strncmp(leg->root, sold->root, sizeof leg->root) == 0;

        bought += covers ? leg->contracts : 0;
    }
    return bought >= 0;
}

void vw_desk_apart(vw_engine *engine, size_t first)
{
    const vw_portfolio *book = &engine->book;
    vw_hedge_inputs *inputs = &engine->desk->inputs;

    for (size_t i = first; i < book->leg_count; i++) {
        const vw_leg *leg = &book->legs[i];
        bool ours = i == first ||
                    (leg->hedge && leg->package != 0 && leg->package == book->legs[first].package);

        if (ours && engine->hedge.legs[i].priced) {
            inputs->legs_apart++;
            inputs->naked |= leg->contracts < 0 && (leg->type == 'C' || leg->type == 'P') &&
                             !is_covered(book, leg);
        }
    }
}
