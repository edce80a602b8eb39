#include "tools/scenario_inputs.h"

#include "core/market/calendar.h"
#include "core/market/event.h"
#include "core/vol/vx_curve.h"
#include "feeds/chain.h"
#include "tools/scenario_chain.h"

#include <math.h>
#include <string.h>

#define SECOND 1e9
#define DAY_NS (86400 * INT64_C(1000000000))

static double or_else(double value, double standard)
{
    return isnan(value) ? standard : value;
}

static int64_t age_of(double value, double unit_ns)
{
    return isnan(value) ? 0 : (int64_t)(value * unit_ns);
}

static vw_reading read(double value, double age, double unit_ns)
{
    return (vw_reading){.value = value, .age_ns = age_of(age, unit_ns)};
}

/* ---- futures -------------------------------------------------------------------------------- */

uint32_t vw_desk_monthly(int64_t now_ns, uint32_t month)
{
    uint32_t today = vw_calendar_date(now_ns, NULL);
    int year = (int)(today / 10000), at = (int)(today / 100 % 100);

    for (;;) {
        uint32_t expiry = vw_calendar_vx_expiry(NULL, year, at);

        if (vw_calendar_settlement_ns(NULL, "VX", expiry, 'A') > now_ns && --month == 0) {
            return expiry;
        }
        year += at == 12;
        at = at % 12 + 1;
    }
}

/* Days that a file states are from its clock on. */
static double days_left(const vw_desk *desk, double stated, const char *root, uint32_t expiry)
{
    int64_t settlement_ns = vw_calendar_settlement_ns(NULL, root, expiry, 0);

    return isnan(stated) ? 365 * vw_calendar_years(desk->now_ns, settlement_ns)
                         : stated - (double)(desk->now_ns - desk->start_ns) / (double)DAY_NS;
}

static void fill_futures(vw_desk *desk, const vw_scenario_moment *moment)
{
    vw_vx_quote quotes[VW_SCENARIO_FUTURES] = {{0}};
    vw_vx_point points[VW_SCENARIO_FUTURES];
    vw_hedge_inputs *inputs = &desk->inputs;
    vw_vx_curve curve;

    for (size_t i = 0; i < moment->future_count; i++) {
        const vw_scenario_future *from = &moment->futures[i];
        uint32_t expiry =
            from->expiry != 0 ? from->expiry : vw_desk_monthly(desk->start_ns, (uint32_t)i + 1);
        bool mid = isnan(from->price);

        quotes[i] =
            (vw_vx_quote){.bid = mid ? llround(from->bid * (double)VW_PRICE_ONE) : VW_PRICE_NONE,
                          .ask = mid ? llround(from->ask * (double)VW_PRICE_ONE) : VW_PRICE_NONE,
                          .last = mid ? VW_PRICE_NONE : llround(from->price * (double)VW_PRICE_ONE),
                          .settlement = VW_PRICE_NONE,
                          .days = days_left(desk, from->days, "VX", expiry),
                          .instrument = (uint32_t)i,
                          .expiry = expiry,
                          .monthly = true};
    }
    vw_vx_curve_fit(quotes, moment->future_count, moment->vix, &curve, points);
    for (size_t i = 0; i < curve.points && i < VW_HEDGE_FUTURES_MAX; i++) {
        const vw_scenario_future *from = &moment->futures[points[i].instrument];

        inputs->futures[inputs->future_count++] =
            (vw_hedge_future){.price = points[i].price,
                              .expiry = points[i].expiry,
                              .instrument = points[i].instrument,
                              .days = points[i].days,
                              .beta = or_else(from->beta, points[i].beta),
                              .roll_per_day = points[i].roll_per_day,
                              .forward_vol = from->forward_vol,
                              .options_rms = from->options_rms,
                              .age_ns = age_of(from->age_s, SECOND)};
    }
}

static void fill_market(vw_desk *desk, const vw_scenario_moment *moment)
{
    desk->market =
        (vw_hedge_market){.index = or_else(moment->spx, 0), .spot_vix = or_else(moment->vix, 0)};
    for (size_t i = 0; i < desk->inputs.future_count && i < VW_HEDGE_MONTHS; i++) {
        const vw_hedge_future *future = &desk->inputs.futures[i];

        desk->market.months[i] =
            (vw_hedge_month){.expiry = future->expiry,
                             .beta = future->beta,
                             .days = future->days,
                             .price = (double)future->price / (double)VW_PRICE_ONE,
                             .roll_per_day = future->roll_per_day};
    }
}

/* ---- smiles --------------------------------------------------------------------------------- */

static const vw_slice *keep_slice(vw_desk *desk, vw_svi svi, double years)
{
    vw_slice *slice = &desk->slices[desk->slice_count++];

    vw_check(desk->slice_count <= VW_DESK_SLICES);
    *slice = (vw_slice){
        .model = VW_MODEL_SVI, .svi = svi, .years = years, .k_min = -INFINITY, .k_max = INFINITY};
    return slice;
}

static vw_svi flat(double vol, double years)
{
    return (vw_svi){.a = vol * vol * years, .b = 0, .rho = 0, .m = 0, .sigma = 0.1};
}

const vw_slice *vw_desk_flat(vw_desk *desk, double vol, double years)
{
    return keep_slice(desk, flat(vol, years), years);
}

static const vw_scenario_smile *find_smile(const vw_scenario_moment *moment, const char *root,
                                           uint32_t expiry)
{
    for (size_t i = 0; i < moment->smile_count; i++) {
        if (moment->smiles[i].expiry == expiry && strcmp(moment->smiles[i].root, root) == 0) {
            return &moment->smiles[i];
        }
    }
    return NULL;
}

bool vw_desk_smile(vw_desk *desk, const vw_scenario_moment *moment, const char *root,
                   uint32_t expiry, vw_exposure_smile *smile)
{
    const vw_scenario_smile *from = find_smile(moment, root, expiry);
    double days = days_left(desk, from != NULL ? from->days : NAN, root, expiry);
    double years = days / 365, vol = from != NULL ? from->vol : moment->flat_vol;
    bool svi = from != NULL && !isnan(from->svi_a);

    *smile = (vw_exposure_smile){
        .forward = or_else(from != NULL ? from->forward : NAN, moment->spx),
        .discount = exp(-or_else(moment->rate, 0) * years),
        .years = years,
        .days = vw_calendar_days(desk->today, expiry),
    };
    if (from == NULL && desk->chain != NULL &&
        vw_scenario_chain_smile(desk->chain, root, expiry, smile)) {
        return years > 0;
    }
    if (!(years > 0) || isnan(smile->forward) || (!svi && isnan(vol))) {
        return false;
    }
    smile->slice = keep_slice(
        desk,
        svi ? (vw_svi){from->svi_a, from->svi_b, from->svi_rho, from->svi_m, from->svi_sigma}
            : flat(vol, years),
        years);
    return true;
}

static size_t list_strikes(vw_desk *desk, const vw_scenario_moment *moment, const char *root,
                           uint32_t expiry, double forward)
{
    const vw_scenario_smile *from = find_smile(moment, root, expiry);

    size_t count =
        from == NULL && desk->chain != NULL
            ? vw_scenario_chain_strikes(desk->chain, root, expiry, desk->strikes, VW_DESK_STRIKES)
            : 0;
    double step = or_else(from != NULL ? from->strike_step : NAN, 25);
    double first = step * ceil(forward * 0.75 / step);
    bool listed = count > 0;

    for (; !listed && count < VW_DESK_STRIKES && first + (double)count * step < forward * 1.25;
         count++) {
        desk->strikes[count] = first + (double)count * step;
    }
    return count;
}

/* ---- condors -------------------------------------------------------------------------------- */

static void state(double *value, double stated)
{
    *value = isnan(stated) ? *value : stated;
}

static void fill_stated(const vw_scenario_condor *from, vw_hedge_condor *to)
{
    to->vol_gain_usd = isnan(from->v30) ? to->vol_gain_usd : NAN;
    for (size_t i = 0; i < VW_HEDGE_SPOTS; i++) {
        state(&to->v30[i], from->v30);
    }
    state(&to->theta, from->theta);
    state(&to->delta, from->delta);
    state(&to->z_lo, from->z_lo);
    state(&to->z_hi, from->z_hi);
    state(&to->max_loss_usd, from->max_loss_usd);
    state(&to->decay_short, from->decay_short);
    state(&to->decay_wing, from->decay_wing);
    state(&to->wing_residual_usd, from->wing_residual_usd);
}

static void find_neighbours(const double *strikes, size_t count, char type, vw_hedge_wing *wing)
{
    wing->strike_nearer = vw_exposure_neighbour(strikes, count, wing->strike, type == 'P');
    wing->strike_back = vw_exposure_neighbour(strikes, count, wing->strike, type != 'P');
}

static vw_condor position_of(const vw_scenario_condor *from)
{
    vw_condor position = from->position;

    position.entry.credit = or_else(position.entry.credit, 0);
    position.entry.index = or_else(position.entry.index, 0);
    position.entry.vol = or_else(position.entry.vol, 0);
    position.entry.short_decay = or_else(position.entry.short_decay, 0);
    position.entry.wing_decay = or_else(position.entry.wing_decay, 0);
    return position;
}

static void fill_condors(vw_desk *desk, const vw_scenario_moment *moment)
{
    const vw_exposure_book book = {&desk->book,   desk->marks,          &desk->hedge,
                                   &desk->market, vw_kernels_get(NULL), desk->today};
    vw_exposure_smile smiles[VW_SCENARIO_CONDORS];
    bool there[VW_SCENARIO_CONDORS];
    vw_hedge_inputs *inputs = &desk->inputs;

    for (size_t i = 0; i < moment->condor_count; i++) {
        vw_condor position = position_of(&moment->condors[i]);

        vw_check(vw_portfolio_add_condor(&desk->book, &position, NULL) == VW_OK); /* was checked */
        there[i] = vw_desk_smile(desk, moment, position.root, position.expiry, &smiles[i]);
        for (size_t k = 4 * i; k < 4 * i + 4; k++) {
            desk->marks[k] = (vw_leg_mark){.status = VW_STATUS_NO_MARKET};
            if (there[i]) {
                vw_exposure_mark(&smiles[i], desk->book.legs[k].type, desk->book.legs[k].strike,
                                 &desk->marks[k]);
            }
        }
    }
    vw_hedge_evaluate(&desk->book, desk->marks, &desk->market, &desk->hedge);
    for (size_t i = 0; i < moment->condor_count; i++) {
        vw_hedge_condor *to = &inputs->condors[inputs->condor_count];
        const vw_condor *position = &desk->book.condors[i];

        if (!vw_exposure_condor(&book, (uint16_t)(i + 1), there[i] ? &smiles[i] : NULL, to)) {
            to->id = vw_exposure_condor_id(position);
            to->v30[1] = NAN; /* held, and not to be valued: the policy holds */
            inputs->legs_unpriced += 4;
            inputs->condor_count++;
            continue;
        }
        size_t strikes =
            list_strikes(desk, moment, position->root, position->expiry, smiles[i].forward);

        to->id = vw_exposure_condor_id(position);
        to->next_expiry =
            moment->condors[i].next_cycle ? vw_strikes_next_cycle(NULL, position->expiry) : 0;
        find_neighbours(desk->strikes, strikes, 'P', &to->put);
        find_neighbours(desk->strikes, strikes, 'C', &to->call);
        vw_strikes_wings(book.kernels, &smiles[i], to);
        if (desk->chain != NULL) {
            to->wing_residual_usd = vw_scenario_chain_wings(desk->chain, to);
        }
        fill_stated(&moment->condors[i], to);
        inputs->condor_count++;
    }
}

/* ---- what else ------------------------------------------------------------------------------ */

static void fill_deltas(vw_desk *desk, const vw_scenario_moment *moment)
{
    vw_hedge_inputs *inputs = &desk->inputs;

    for (size_t i = 0; i < inputs->condor_count; i++) {
        const vw_hedge_condor *condor = &inputs->condors[i];
        char settlement = strcmp(condor->root, "SPX") == 0 ? 'A' : 'P';
        vw_exposure_smile smile;

        if (desk->slice_count < VW_DESK_SLICES && !vw_exposure_has_deltas(inputs, condor) &&
            vw_desk_smile(desk, moment, condor->root, condor->expiry, &smile)) {
            size_t strikes =
                list_strikes(desk, moment, condor->root, condor->expiry, smile.forward);

            vw_exposure_deltas(&smile, condor, settlement, desk->strikes, strikes, inputs);
        }
    }
}

/* The expiry of the chain, else the one that would be best. */
static void choose_entry(const vw_desk *desk, const vw_hedge_settings *settings, char root[8],
                         uint32_t *expiry)
{
    memcpy(root, "SPXW", sizeof "SPXW");
    if (desk->chain != NULL &&
        vw_scenario_chain_entry(desk->chain, settings, desk->today, root, expiry)) {
        return;
    }
    for (int days = settings->entry_days_lo; days <= settings->entry_days_hi; days++) {
        *expiry = vw_calendar_add_days(desk->today, days);
        if (vw_strikes_entry_distance(NULL, settings, desk->today, *expiry) == 0) {
            return;
        }
    }
}

static void fill_entry(vw_desk *desk, const vw_hedge_settings *settings,
                       const vw_scenario_moment *moment)
{
    vw_exposure_smile smile;
    uint32_t expiry = 0;
    char root[8] = "";

    choose_entry(desk, settings, root, &expiry);
    if (expiry == 0 || !vw_desk_smile(desk, moment, root, expiry, &smile)) {
        return;
    }
    size_t count = list_strikes(desk, moment, root, expiry, smile.forward);

    vw_strikes_take(desk->strikes, count, smile.forward, &desk->columns);
    vw_strikes_price(vw_kernels_get(NULL), &smile, &desk->columns);
    desk->entry = vw_strikes_chain(&desk->columns, root, expiry, &smile);
    desk->inputs.entry = &desk->entry;
}

static void fill_account(const vw_scenario_moment *moment, vw_hedge_inputs *inputs)
{
    double age = moment->macro_age_days, day = (double)DAY_NS;

    inputs->macro =
        (vw_hedge_macro){.reer_change = read(moment->reer_change, age, day),
                         .price_earnings = read(moment->price_earnings, age, day),
                         .dividend_model = read(moment->dividend_model, age, day),
                         .rate_differential = read(moment->rate_differential, age, day),
                         .market_cap_change = read(moment->market_cap_change, age, day)};
    inputs->account = (vw_hedge_account){.equity_usd = moment->equity_usd,
                                         .cash_usd = moment->cash_usd,
                                         .near_cash_usd = moment->near_cash_usd,
                                         .age_ns = age_of(moment->account_age_hours, 3600e9),
                                         .rate = moment->rate,
                                         .borrowing = moment->borrowing,
                                         .beta_book = moment->beta_book,
                                         .beta_hedge = moment->beta_hedge,
                                         .hedge_cost = moment->hedge_cost};
    for (size_t i = 0; i < moment->event_count; i++) {
        const vw_chain none = {.rows = NULL};

        inputs->events[i].kind = moment->events[i].kind;
        vw_check(vw_chain_instant(&none, moment->events[i].at, &inputs->events[i].instant_ns,
                                  NULL) == VW_OK); /* was checked */
    }
    inputs->event_count = moment->event_count;
}

void vw_desk_fill(vw_desk *desk, const vw_scenario *scenario, const vw_scenario_moment *moment,
                  int64_t now_ns)
{
    vw_hedge_inputs *inputs = &desk->inputs;
    double flat_points = 100 * moment->flat_vol;

    memset(desk, 0, sizeof *desk);
    desk->chain = scenario->market;
    desk->start_ns = scenario->start_ns;
    desk->now_ns = now_ns;
    desk->today = vw_calendar_date(now_ns, NULL);
    vw_hedge_inputs_clear(inputs);
    inputs->now_ns = inputs->exchange_ns = inputs->receive_ns = now_ns;
    inputs->session = desk->today;
    inputs->vix = read(moment->vix, moment->vix_age_s, SECOND);
    inputs->spot = read(moment->spx, moment->spx_age_s, SECOND);
    inputs->vol_of_vol = read(moment->vol_of_vol, NAN, SECOND);
    inputs->atm_vol_30 = read(or_else(moment->atm_vol_30, flat_points), NAN, SECOND);
    inputs->atm_vol_7 = read(or_else(moment->atm_vol_7, flat_points), NAN, SECOND);
    inputs->breadth = read(moment->advances, NAN, SECOND);
    inputs->arbitrage_usd = moment->arbitrage_usd;
    inputs->delta_usd_per_point = or_else(moment->delta_usd_per_point, 0);
    inputs->entry_asked = moment->entry_asked;
    fill_futures(desk, moment);
    fill_market(desk, moment);
    fill_condors(desk, moment);
    vw_desk_fill_legs(desk, moment);
    fill_deltas(desk, moment);
    fill_account(moment, inputs);
    fill_entry(desk, &scenario->settings, moment);
}

void vw_desk_close(const vw_desk *desk, const vw_scenario_moment *moment, vw_hedge_close *close)
{
    const vw_hedge_inputs *inputs = &desk->inputs;

    *close = (vw_hedge_close){.session = desk->today,
                              .spx = moment->spx,
                              .vix = moment->vix,
                              .advances_declines = moment->advances,
                              .vol_of_vol = moment->vol_of_vol,
                              .atm_vol_30 = inputs->atm_vol_30.value,
                              .atm_vol_7 = inputs->atm_vol_7.value,
                              .future_count = inputs->future_count};
    for (size_t i = 0; i < inputs->future_count; i++) {
        close->futures[i].expiry = inputs->futures[i].expiry;
        close->futures[i].days = inputs->futures[i].days;
        close->futures[i].price = (double)inputs->futures[i].price / (double)VW_PRICE_ONE;
    }
}
