#include "tests/core/engine/market.h"

#include <time.h>

/* What must hold whatever the exchange says: no NaN or infinity out, whole runs, the same bytes
 * from the same events on every instruction set, and no allocation. */

enum { EXPIRIES = 4, STRIKES = 24, FUTURES = 4, STEPS = 400 };

static const uint32_t EXPIRY[EXPIRIES] = {20260722, 20260821, 20260819, 20270115};
static const char *const ROOT[EXPIRIES] = {"SPXW", "SPX", "VIX", "SPXW"};
static const uint32_t FUTURE[FUTURES] = {20260819, 20260916, 20261021, 20260729};

static uint64_t next_random(uint64_t *random)
{
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return *random;
}

static uint64_t below(uint64_t *random, uint64_t limit)
{
    return next_random(random) % limit;
}

static double uniform(uint64_t *random)
{
    return (double)(next_random(random) >> 11) * 0x1p-53;
}

/* Mostly sense, sometimes anything a wire could hold. */
static int64_t random_price(uint64_t *random, double scale)
{
    switch (below(random, 24)) {
    case 0:
        return VW_PRICE_NONE;
    case 1:
        return 0;
    case 2:
        return -(int64_t)below(random, 1000000);
    case 3:
        return INT64_MAX;
    case 4:
        return (int64_t)(next_random(random) >> below(random, 64));
    case 5:
        return 1;
    default:
        return (int64_t)(scale * uniform(random) * uniform(random) * 10000);
    }
}

static vw_event random_quote(uint64_t *random, uint32_t number, double scale)
{
    vw_event event = {.kind = VW_EVENT_QUOTE, .instrument = number};

    event.quality = below(random, 20) == 0 ? VW_QUOTE_STALE : 0;
    event.quote.bid = random_price(random, scale);
    event.quote.ask =
        below(random, 4) != 0 && event.quote.bid > 0 && event.quote.bid < INT64_MAX / 2
            ? event.quote.bid + (int64_t)below(random, 20000)
            : random_price(random, scale);
    event.quote.bid_size = (uint32_t)next_random(random);
    event.quote.ask_size = (uint32_t)next_random(random);
    return event;
}

static vw_event random_other(uint64_t *random)
{
    vw_event event = {.instrument = VW_INSTRUMENT_NONE,
                      .feed = (uint8_t)below(random, 2),
                      .unit = (uint8_t)below(random, 2)};

    switch (below(random, 5)) {
    case 0:
        event.kind = VW_EVENT_UNIT;
        event.unit_change.state = (uint8_t)below(random, 7);
        break;
    case 1:
        event.kind = VW_EVENT_TRADING;
        event.instrument = 100 + (uint32_t)below(random, 2 * EXPIRIES * STRIKES);
        event.trading.status = "TQHRSx"[below(random, 6)];
        break;
    case 2:
        event.kind = VW_EVENT_TRADE;
        event.instrument = 1 + (uint32_t)below(random, FUTURES);
        event.feed = 1;
        event.trade.price = random_price(random, 50);
        break;
    case 3:
        event.kind = (uint8_t)below(random, 256);
        if (event.kind == VW_EVENT_DEFINITION) {
            event.kind = 0;
        }
        break;
    default:
        event.kind = VW_EVENT_SETTLEMENT;
        event.instrument = 1 + (uint32_t)below(random, FUTURES);
        event.feed = 1;
        event.settlement.price = random_price(random, 50);
    }
    return event;
}

/* A series that comes in mid-session, mostly one that makes sense. */
static vw_event random_definition(uint64_t *random)
{
    uint64_t at = below(random, EXPIRIES);
    vw_event event = {.kind = VW_EVENT_DEFINITION,
                      .instrument = 2000 + (uint32_t)below(random, 1000),
                      .unit = (uint8_t)below(random, 2)};

    memcpy(event.definition.root, ROOT[at], strlen(ROOT[at]));
    event.definition.type = "CPCPCPCPF?"[below(random, 10)];
    event.definition.expiry =
        below(random, 10) == 0 ? 20260101 + (uint32_t)below(random, 1400) : EXPIRY[at];
    event.definition.strike = below(random, 10) == 0
                                  ? (int64_t)next_random(random)
                                  : (int64_t)(1 + below(random, at == 2 ? 100 : 10000)) * 10000;
    return event;
}

static double strike_of(uint32_t expiry, uint32_t i)
{
    return expiry == 2 ? 10 + 2 * i : 5850 + 50 * i;
}

static void define_all(market *m)
{
    for (uint32_t i = 0; i < FUTURES; i++) {
        market_define(m, 1 + i, "VX", FUTURE[i], 'F', 0);
    }
    for (uint32_t i = 0; i < 2 * EXPIRIES * STRIKES; i++) {
        uint32_t expiry = i % EXPIRIES, at = i / EXPIRIES;

        market_define(m, 100 + i, ROOT[expiry], EXPIRY[expiry], at < STRIKES ? 'C' : 'P',
                      strike_of(expiry, at % STRIKES));
    }
}

/* A quote around a model price, so that there are forwards and vols to spoil. */
static void quote_sense(market *m, uint64_t *random)
{
    uint32_t i = (uint32_t)below(random, 2 * EXPIRIES * STRIKES);
    uint32_t expiry = i % EXPIRIES, at = i / EXPIRIES;
    double forward = expiry == 2 ? 19 : 6450, vol = expiry == 2 ? 0.9 : 0.16;
    double years = vw_calendar_years(
        m->market_ns, vw_calendar_settlement_ns(&m->calendar, ROOT[expiry], EXPIRY[expiry],
                                                expiry == 0 || expiry == 3 ? 'P' : 'A'));
    double mid = years <= 0 ? 1
                            : market_black(forward, strike_of(expiry, at % STRIKES), years, vol,
                                           0.99, at < STRIKES ? 'C' : 'P');

    market_quote(m, 100 + i, 0, mid - 0.05 * uniform(random), mid + 0.05 * uniform(random));
}

static void check_finite(const vw_update *update)
{
    static const struct {
        vw_update_kind kind;
        size_t first, count; /* of the doubles that follow each other */
    } spans[] = {
        {VW_UPDATE_DEFINITION, offsetof(vw_update, definition.strike), 1},
        {VW_UPDATE_GREEKS, offsetof(vw_update, greeks.strike), 15},
        {VW_UPDATE_SURFACE, offsetof(vw_update, surface.forward), 14},
        {VW_UPDATE_CURVE, offsetof(vw_update, curve.contango), 4},
        {VW_UPDATE_CURVE_POINT, offsetof(vw_update, curve_point.price), 6},
        {VW_UPDATE_HEDGE, offsetof(vw_update, hedge.delta_usd_per_point), 7},
        {VW_UPDATE_HEDGE_LAYER, offsetof(vw_update, layer.condor_v30_usd_per_point), 6},
        {VW_UPDATE_HEDGE_LEG, offsetof(vw_update, leg.contracts), 7},
        {VW_UPDATE_HEDGE_LEG, offsetof(vw_update, leg.strike), 1},
    };

    for (size_t i = 0; i < VW_COUNT_OF(spans); i++) {
        for (size_t at = 0; update->kind == spans[i].kind && at < spans[i].count; at++) {
            double value;

            memcpy(&value, (const char *)update + spans[i].first + at * sizeof value, sizeof value);
            if (!isfinite(value)) {
                printf("kind %d, double %zu is %g\n", update->kind, at, value);
            }
            assert_true(isfinite(value));
        }
    }
}

static void check_statuses(const vw_greeks_row *row)
{
    bool numbers = row->status == VW_STATUS_OK || row->status == VW_STATUS_STALE ||
                   row->status == VW_STATUS_EXPIRED;

    assert_true(row->status < VW_STATUS_COUNT);
    if (!numbers) {
        assert_true(row->vol == 0 && row->price == 0 && row->delta == 0 && row->vega == 0 &&
                    row->theta == 0 && row->charm == 0);
    }
    if (row->status == VW_STATUS_OK) {
        assert_true(row->vol > 0);
        assert_false(row->quality & VW_QUOTE_CARRIED);
    }
    if (row->status == VW_STATUS_STALE) {
        assert_true(row->quality & (VW_QUOTE_CARRIED | VW_QUOTE_STALE));
    }
    assert_true(row->bid >= 0 && row->ask >= 0);
}

static vw_portfolio make_book(void)
{
    vw_portfolio book = {.book = "main"};
    const vw_condor condor = {.root = "SPX",
                              .expiry = 20260821,
                              .put_wing = 6000,
                              .put_short = 6100,
                              .call_short = 6800,
                              .call_wing = 6900,
                              .contracts = 10};
    const vw_leg call = {
        .root = "VIX", .type = 'C', .expiry = 20260819, .strike = 20, .contracts = 5};
    const vw_leg future = {.root = "VX", .type = 'F', .expiry = 20260819, .contracts = -5};

    assert_int_equal(vw_portfolio_add_condor(&book, &condor, NULL), VW_OK);
    assert_int_equal(vw_portfolio_add_hedge(&book, &call, NULL), VW_OK);
    assert_int_equal(vw_portfolio_add_hedge(&book, &future, NULL), VW_OK);
    return book;
}

static uint64_t hash_updates(const market *m, uint64_t hash)
{
    for (size_t i = 0; i < m->count * sizeof *m->updates; i++) {
        hash = (hash ^ ((const unsigned char *)m->updates)[i]) * UINT64_C(1099511628211);
    }
    return hash;
}

static uint64_t good_rows; /* so that a session without numbers is no pass */

/* One wild session; returns a hash of every byte that came out. */
static uint64_t play(uint64_t seed, const vw_kernels *kernels, bool sane)
{
    vw_portfolio book = make_book();
    uint64_t random = seed, hash = UINT64_C(14695981039346656037);
    market m;

    market_open(&m, &book, 8192);
    market_use(&m, kernels);
    define_all(&m);
    market_run(&m);
    for (int step = 0; step < STEPS; step++) {
        for (uint64_t i = below(&random, 60); i > 0; i--) {
            uint64_t what = below(&random, sane ? 60 : 10);

            if (what == 0) {
                market_send(&m, below(&random, 3) == 0 ? random_definition(&random)
                                                       : random_other(&random));
            } else if (what == 2 && below(&random, 3) == 0) {
                market_send(&m, random_quote(&random, 2000 + (uint32_t)below(&random, 1000), 99));
            } else if (what == 1) {
                vw_event event = random_quote(&random, 1 + (uint32_t)below(&random, FUTURES), 60);

                event.feed = 1;
                market_send(&m, event);
            } else if (what < 5 && !sane) {
                market_send(&m, random_quote(&random,
                                             100 + (uint32_t)below(&random, 2 * EXPIRIES * STRIKES),
                                             700));
            } else {
                quote_sense(&m, &random);
            }
        }
        market_run(&m);
        market_pass(&m, (int64_t)(uniform(&random) * 180 * 1e9)); /* past the first settlement */
        for (size_t i = 0; i < m.count; i++) {
            check_finite(&m.updates[i]);
            if (m.updates[i].kind == VW_UPDATE_GREEKS) {
                check_statuses(&m.updates[i].greeks);
                good_rows += m.updates[i].greeks.status == VW_STATUS_OK;
            }
        }
        hash = hash_updates(&m, hash);
        market_forget(&m);
    }
    market_close(&m);
    return hash;
}

static void nothing_that_comes_in_makes_a_nan_go_out(void **state)
{
    uint64_t seed = (uint64_t)time(NULL) | 1;

    (void)state;
    printf("seed %llu\n", (unsigned long long)seed);
    for (uint64_t i = 0; i < 4; i++) {
        good_rows = 0;
        play(seed + 2 * i, vw_kernels_get(NULL), i % 2 == 1);
        assert_true(good_rows > 1000);
    }
}

static void the_same_events_give_the_same_bytes_on_every_instruction_set(void **state)
{
    uint64_t want = play(42, vw_kernels_get(NULL), true);

    (void)state;
    assert_true(play(42, vw_kernels_get(NULL), true) == want);
    assert_true(play(43, vw_kernels_get(NULL), true) != want);
    for (size_t i = 0; vw_kernels_name(i) != NULL; i++) {
        const vw_kernels *kernels = vw_kernels_get(vw_kernels_name(i));

        if (kernels != NULL && strcmp(kernels->isa, "reference") != 0) {
            printf("%s\n", kernels->isa);
            assert_true(play(42, kernels, true) == want);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_that_comes_in_makes_a_nan_go_out),
        cmocka_unit_test(the_same_events_give_the_same_bytes_on_every_instruction_set),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
