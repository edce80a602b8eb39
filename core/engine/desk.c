#include "core/engine/desk.h"

#include "core/engine/legs.h"
#include "core/engine/state.h"

#include <math.h>
#include <string.h>

static const int64_t TOO_OLD_NS = INT64_MAX / 4; /* older than any limit */
static const unsigned NOT_LIVE =
    VW_QUOTE_STALE | VW_QUOTE_CARRIED | VW_QUOTE_HALTED | VW_QUOTE_ABSENT;

double vw_desk_points(int64_t price)
{
    return price != VW_PRICE_NONE ? (double)price / (double)VW_PRICE_ONE : NAN;
}

int64_t vw_desk_age(unsigned quality)
{
    return (quality & NOT_LIVE) != 0 ? TOO_OLD_NS : 0;
}

vw_strip *vw_desk_strip(vw_engine *engine, const char *root, uint32_t expiry, uint32_t *found)
{
    for (uint32_t i = 0; i < engine->table.group_count; i++) {
        const vw_group *group = &engine->table.groups[i];

        if (!group->futures && group->expiry == expiry &&
            strncmp(group->root, root, sizeof group->root) == 0) {
            *found = i;
            return &engine->strips[i];
        }
    }
    return NULL;
}

/* ---- futures -------------------------------------------------------------------------------- */

static double bound_of(const vw_vix_forward *forward)
{
    return (forward->flags & (VW_VIX_FORWARD_ABSENT | VW_VIX_FORWARD_NEGATIVE_VARIANCE)) != 0
               ? NAN
               : forward->bound;
}

/* sqrt(E[VIX^2]) at the future's settlement, from its VIX options; NaN without. */
static double options_rms(vw_engine *engine, uint32_t expiry)
{
    uint32_t group;
    const vw_strip *strip = vw_desk_strip(engine, "VIX", expiry, &group);

    if (strip == NULL || !(strip->pricing.forward > 0 && strip->pricing.discount > 0)) {
        return NAN;
    }
    const vw_quote_columns *call = &strip->quotes.side[VW_CALL];
    const vw_quote_columns *put = &strip->quotes.side[VW_PUT];
    const vw_vix_quotes quotes = {strip->quotes.strike, call->bid, call->ask, put->bid, put->ask,
                                  strip->quotes.count};

    return sqrt(vw_vix_second_moment(&quotes, strip->pricing.forward, strip->pricing.discount));
}

static void fill_futures(vw_engine *engine)
{
    vw_hedge_inputs *inputs = &engine->desk->inputs;

    for (uint32_t i = 0; i < engine->curve.points && inputs->future_count < VW_HEDGE_FUTURES_MAX;
         i++) {
        const vw_vx_point *point = &engine->points[i];

        if (point->monthly) {
            inputs->futures[inputs->future_count++] =
                (vw_hedge_future){.price = point->price,
                                  .expiry = point->expiry,
                                  .instrument = point->instrument,
                                  .days = point->days,
                                  .beta = point->beta,
                                  .roll_per_day = point->roll_per_day,
                                  .forward_vol = bound_of(&engine->variance.forwards[i]),
                                  .options_rms = options_rms(engine, point->expiry),
                                  .age_ns = vw_desk_age(point->quality)};
        }
    }
}

/* ---- smiles --------------------------------------------------------------------------------- */

bool vw_desk_smile_of(vw_engine *engine, const char *root, uint32_t expiry, uint32_t today,
                      vw_exposure_smile *smile, uint32_t *group)
{
    const vw_strip *strip = vw_desk_strip(engine, root, expiry, group);

    if (strip == NULL || strip->slice.model == VW_MODEL_NONE || !(strip->pricing.forward > 0)) {
        return false;
    }
    *smile = (vw_exposure_smile){
        .forward = strip->pricing.forward,
        .discount = strip->pricing.discount,
        .years = vw_calendar_years(engine->market_ns, engine->table.groups[*group].settlement_ns),
        .days = vw_calendar_days(today, expiry),
        .slice = &strip->slice};
    return smile->years > 0;
}

/* At-the-money vol of SPX at so many days, in points: total variance is linear between expiries. */
static double atm_vol(const vw_engine *engine, double days)
{
    double near_years = 0, near_w = 0, far_years = INFINITY, far_w = 0, k = 0;
    double years = days / 365;

    for (uint32_t i = 0; i < engine->table.group_count; i++) {
        const vw_group *group = &engine->table.groups[i];
        const vw_strip *strip = &engine->strips[i];
        double left = vw_calendar_years(engine->market_ns, group->settlement_ns), w;

        if (group->futures || group->family != VW_FAMILY_SPX ||
            strip->slice.model == VW_MODEL_NONE || left <= 0) {
            continue;
        }
        vw_slice_variance(&strip->slice, &k, &w, 1);
        if (left <= years && left > near_years) {
            near_years = left;
            near_w = w;
        } else if (left > years && left < far_years) {
            far_years = left;
            far_w = w;
        }
    }
    if (near_years > 0 && isfinite(far_years)) {
        double along = (years - near_years) / (far_years - near_years);

        return 100 * sqrt((near_w + along * (far_w - near_w)) / years);
    }
    return near_years > 0        ? 100 * sqrt(near_w / near_years)
           : isfinite(far_years) ? 100 * sqrt(far_w / far_years)
                                 : NAN;
}

/* ---- the indices ---------------------------------------------------------------------------- */

/* The nearest SPX forward where no feed has the index. */
static double index_of(const vw_engine *engine)
{
    double nearest = INFINITY, forward = NAN;

    for (uint32_t i = 0; engine->spot_spx.price == VW_PRICE_NONE && i < engine->table.group_count;
         i++) {
        const vw_group *group = &engine->table.groups[i];
        double left = vw_calendar_years(engine->market_ns, group->settlement_ns);

        if (!group->futures && group->family == VW_FAMILY_SPX && left > 0 && left < nearest &&
            engine->strips[i].pricing.forward > 0) {
            nearest = left;
            forward = engine->strips[i].pricing.forward;
        }
    }
    return engine->spot_spx.price != VW_PRICE_NONE ? vw_desk_points(engine->spot_spx.price)
                                                   : forward;
}

/* What was told as long as it is fresh; else the engine's own, if it has one. */
static vw_reading told_or_own(double told, int64_t age_ns, int64_t limit_ns, double own)
{
    bool use_own = isfinite(own) && !(isfinite(told) && age_ns <= limit_ns);

    return use_own ? (vw_reading){.value = own} : (vw_reading){.value = told, .age_ns = age_ns};
}

/* The feed's while it is fresh, else as it comes out of the chain, else the user's. */
static void fill_vix(vw_engine *engine)
{
    const vw_user_inputs *user = &engine->desk->user;
    int64_t limit_ns = engine->config.settings->vix_stale_ns;
    vw_reading *vix = &engine->desk->inputs.vix;

    *vix =
        told_or_own(vw_desk_points(engine->spot_vix.price),
                    engine->market_ns - engine->spot_vix.market_ns, limit_ns, engine->variance.vix);
    if (isfinite(user->vix) && !(isfinite(vix->value) && vix->age_ns <= limit_ns)) {
        *vix = (vw_reading){.value = user->vix, .age_ns = engine->market_ns - user->given_ns};
    }
}

/* ---- the book ------------------------------------------------------------------------------- */

static bool has_expired(const vw_engine *engine, size_t condor)
{
    for (size_t i = 0; i < engine->book.leg_count; i++) {
        if (engine->book.legs[i].condor == condor + 1) {
            return vw_desk_expired(engine, i);
        }
    }
    return false;
}

static void fill_condors(vw_engine *engine, const vw_exposure_book *book)
{
    vw_hedge_inputs *inputs = &engine->desk->inputs;

    for (size_t i = 0; i < book->portfolio->condor_count && i < VW_HEDGE_CONDORS_MAX; i++) {
        const vw_condor *condor = &book->portfolio->condors[i];
        vw_hedge_condor *to = &inputs->condors[inputs->condor_count];
        vw_exposure_smile smile;
        uint32_t group = VW_GROUP_NONE;
        bool smiles =
            vw_desk_smile_of(engine, condor->root, condor->expiry, book->today, &smile, &group);

        if (has_expired(engine, i)) {
            continue;
        }
        if (!vw_exposure_condor(book, (uint16_t)(i + 1), smiles ? &smile : NULL, to)) {
            to->v30[1] = NAN; /* held, and not to be valued: the policy holds */
        }
        to->id = vw_exposure_condor_id(condor);
        vw_desk_condor(engine, i, smiles ? &smile : NULL, group, to);
        for (size_t k = 0; k < book->portfolio->leg_count; k++) {
            if (book->portfolio->legs[k].condor == i + 1 &&
                (book->marks[k].quality & VW_QUOTE_STALE) != 0) {
                to->age_ns = TOO_OLD_NS;
            }
        }
        inputs->condor_count++;
    }
}

static void quote_future(vw_engine *engine, const vw_instrument *series, vw_leg_quote *to)
{
    vw_future *future = &engine->futures[series->row];
    const vw_vx_quote *from = &future->quote;

    if (from->bid > 0 && from->ask > from->bid && vw_desk_age(from->quality) == 0) {
        to->spread = vw_desk_points(from->ask - from->bid);
        to->displayed = fmin(future->bid_size, future->ask_size);
    }
    vw_drift_read(&future->drift, engine->feed_ns[series->feed & (VW_ENGINE_FEEDS_MAX - 1)]);
    memcpy(to->drift, future->drift.mean, sizeof to->drift);
}

void vw_desk_quote(vw_engine *engine, uint32_t instrument, vw_leg_quote *quote)
{
    const vw_instrument *series = &engine->table.instruments[instrument];

    *quote = (vw_leg_quote){0};
    if (series->type == 'F') {
        quote_future(engine, series, quote);
        return;
    }
    const vw_quotes *quotes = &engine->strips[series->group].quotes;
    const vw_quote_columns *side = &quotes->side[series->type == 'C' ? VW_CALL : VW_PUT];
    const vw_quote_info *info = &side->info[series->row];
    double bid = side->bid[series->row], ask = side->ask[series->row];

    if (bid > 0 && ask > bid && vw_desk_age(info->quality) == 0 &&
        info->receive_ns >= vw_engine_fresh_ns(engine)) {
        quote->spread = ask - bid;
        quote->displayed = fmin(info->bid_size, info->ask_size);
    }
}

static uint8_t month_of(const vw_hedge_inputs *inputs, uint32_t expiry)
{
    uint8_t month = 1;

    for (size_t i = 0; i < inputs->future_count; i++) {
        if (inputs->futures[i].expiry < expiry) {
            month = (uint8_t)(i + 2);
        }
    }
    return month;
}

bool vw_desk_add(vw_engine *engine, vw_package_leg *legs, const uint32_t *expiries, size_t count,
                 const char *root, double contracts, double entry_price)
{
    vw_hedge_inputs *inputs = &engine->desk->inputs;
    vw_hedge_kind kind = vw_exposure_kind(legs, expiries, count);
    vw_hedge_instrument *to = &inputs->instruments[inputs->instrument_count];
    uint32_t first = expiries[0], last = expiries[0];
    unsigned quality = 0;

    if (kind == VW_KIND_COUNT || inputs->instrument_count == VW_HEDGE_INSTRUMENTS_MAX) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        first = expiries[i] < first ? expiries[i] : first;
        last = expiries[i] > last ? expiries[i] : last;
        quality |= legs[i].mark.quality;
    }
    *to = (vw_hedge_instrument){.kind = (uint8_t)kind,
                                .contracts = contracts,
                                .hi = INFINITY,
                                .price = NAN,
                                .entry_price = entry_price > 0 ? entry_price : NAN,
                                .spread = NAN,
                                .displayed = NAN,
                                .beta = engine->desk->user.account.beta_hedge,
                                .expiry = first,
                                .expiry_far = kind == VW_KIND_VIX_CALENDAR ? last : 0,
                                .age_ns = vw_desk_age(quality)};
    memcpy(to->root, root, strnlen(root, sizeof to->root));
    if (kind != VW_KIND_SPX_PUT && kind != VW_KIND_SPX_PUT_SPREAD) {
        to->month = month_of(inputs, last);
    }
    vw_exposure_package(engine->config.kernels, &engine->desk->market, legs, count, to);
    to->days = legs[count > 1 && kind == VW_KIND_VIX_CALENDAR].mark.date_days;
    to->id = vw_exposure_id(to);
    inputs->instrument_count++;
    return true;
}

/* The legs of one package, or a leg that stands alone.  Of what is no instrument the policy takes
 * the delta, if it is of SPX: it cannot trade it, and its V30 is in the hedge's own row. */
static void add_held(vw_engine *engine, size_t i)
{
    const vw_portfolio *book = &engine->book;
    vw_package_leg legs[VW_PACKAGE_LEGS_MAX];
    uint32_t expiries[VW_PACKAGE_LEGS_MAX];
    double contracts = fabs(book->legs[i].contracts), entry = 0, delta = 0;
    size_t count = 0;

    for (size_t k = i; k < book->leg_count && count < VW_PACKAGE_LEGS_MAX; k++) {
        const vw_leg *leg = &book->legs[k];
        bool ours = k == i || (book->legs[i].package != 0 && leg->package == book->legs[i].package);

        if (ours && leg->hedge) {
            legs[count] = (vw_package_leg){.mark = engine->leg_marks[k],
                                           .type = leg->type,
                                           .strike = leg->strike,
                                           .contracts = leg->contracts / contracts};
            if (engine->leg_instrument[k] != VW_INSTRUMENT_NONE) {
                vw_desk_quote(engine, engine->leg_instrument[k], &legs[count].quote);
            }
            delta += engine->leg_marks[k].family == VW_FAMILY_SPX
                         ? engine->hedge.legs[k].delta_usd_per_point
                         : 0;
            entry += leg->entry_price * leg->contracts / contracts;
            expiries[count++] = leg->expiry;
        }
    }
    if (!vw_desk_add(engine, legs, expiries, count, book->legs[i].root, contracts, fabs(entry))) {
        engine->desk->inputs.delta_usd_per_point += delta;
        vw_desk_apart(engine, i);
    }
}

static bool is_first_of_package(const vw_portfolio *book, size_t i)
{
    for (size_t k = 0; book->legs[i].package != 0 && k < i; k++) {
        if (book->legs[k].hedge && book->legs[k].package == book->legs[i].package) {
            return false;
        }
    }
    return true;
}

/* ---- what the user says --------------------------------------------------------------------- */

static void fill_user(vw_engine *engine)
{
    vw_desk_state *desk = engine->desk;
    vw_hedge_inputs *inputs = &desk->inputs;
    vw_user_inputs *user = &desk->user;

    if (user->given_ns == 0) {
        user->given_ns = engine->market_ns;
    }
    int64_t since_ns = engine->market_ns - user->given_ns;

    inputs->account = user->account;
    inputs->account.age_ns += since_ns;
    inputs->macro = user->macro;
    inputs->macro.reer_change.age_ns += since_ns;
    inputs->macro.price_earnings.age_ns += since_ns;
    inputs->macro.dividend_model.age_ns += since_ns;
    inputs->macro.rate_differential.age_ns += since_ns;
    inputs->macro.market_cap_change.age_ns += since_ns;
    memcpy(inputs->events, user->events, sizeof inputs->events);
    inputs->event_count = user->event_count;
    inputs->breadth = (vw_reading){.value = user->advances, .age_ns = since_ns};
    inputs->vol_of_vol =
        told_or_own(user->vol_of_vol, since_ns, engine->config.settings->options_stale_ns,
                    engine->variance.vol_of_vol);
}

/* ---- all of it ------------------------------------------------------------------------------ */

void vw_desk_gather(vw_engine *engine)
{
    vw_desk_state *desk = engine->desk;
    vw_hedge_inputs *inputs = &desk->inputs;
    uint32_t today = vw_calendar_date(engine->market_ns, NULL);

    vw_hedge_inputs_clear(inputs);
    inputs->now_ns = inputs->exchange_ns = engine->market_ns;
    inputs->receive_ns = engine->receive_ns;
    inputs->session = today;
    fill_user(engine);
    fill_vix(engine);
    inputs->spot.value = index_of(engine);
    inputs->atm_vol_30.value = atm_vol(engine, 30);
    inputs->atm_vol_7.value = atm_vol(engine, 7);
    fill_futures(engine);
    desk->market = engine->hedge_market;
    desk->market.index = isnan(inputs->spot.value) ? 0 : inputs->spot.value;
    desk->market.spot_vix = isnan(inputs->vix.value) ? 0 : inputs->vix.value;
    const vw_exposure_book book = {&engine->book, engine->leg_marks,      &engine->hedge,
                                   &desk->market, engine->config.kernels, today};

    fill_condors(engine, &book);
    for (size_t i = 0; i < engine->book.leg_count; i++) {
        if (engine->book.legs[i].hedge && is_first_of_package(&engine->book, i) &&
            engine->book.legs[i].contracts != 0 && !vw_desk_expired(engine, i)) {
            add_held(engine, i);
        }
    }
    vw_desk_offer(engine);
    vw_desk_entry(engine);
    vw_desk_arbitrage(engine);
    vw_desk_legs(engine);
}
