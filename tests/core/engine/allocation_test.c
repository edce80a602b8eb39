#include "core/engine/state.h"

#include "tests/core/engine/market.h"

/* An executable of its own: it replaces malloc.  Sanitizers replace it too, and are skipped. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

#ifdef SANITIZED

int main(void)
{
    printf("skipped: the sanitizer has malloc\n");
    return 77;
}

#else

static size_t allocations;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t align, size_t size);

void *malloc(size_t size)
{
    allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    allocations++;
    return __libc_realloc(old, size);
}

void *aligned_alloc(size_t align, size_t size)
{
    allocations++;
    return __libc_memalign(align, size);
}

static void the_counter_sees_an_allocation(void **state)
{
    size_t before = allocations;

    (void)state;
    free(market_memory(64));
    assert_true(allocations > before);
}

static void poll_allocates_nothing_from_the_first_event_to_settlement(void **state)
{
    vw_portfolio book = {.book = "main"};
    const vw_condor condor = {.root = "SPXW",
                              .expiry = 20260722,
                              .put_wing = 6000,
                              .put_short = 6100,
                              .call_short = 6800,
                              .call_wing = 6900,
                              .contracts = 100};
    vw_user_inputs user;
    bool asked = false;
    market m;
    market_chain chain, later;

    (void)state;
    vw_user_inputs_clear(&user);
    user.vix = 20;
    user.entry_asked = 1;
    assert_int_equal(vw_portfolio_add_condor(&book, &condor, NULL), VW_OK);
    market_open(&m, &book, 8192);
    chain = (market_chain){.root = "SPXW",
                           .expiry = 20260722,
                           .forward = 6450,
                           .discount = 1,
                           .vol = 0.16,
                           .low = 5800,
                           .step = 25,
                           .first = 100,
                           .strikes = 53};
    chain.settlement_ns = vw_calendar_settlement_ns(&m.calendar, "SPXW", 20260722, 'P');
    later = chain;
    later.expiry = 20260911; /* of a new condor */
    later.settlement_ns = vw_calendar_settlement_ns(&m.calendar, "SPXW", 20260911, 'P');
    later.first = 1000;
    free(m.engine);
    m.config.settings = &vw_hedge_defaults;
    m.config.user = &user;
    m.engine = vw_engine_init(market_memory(vw_engine_size(&m.config)), &m.config);
    size_t before = allocations;

    market_define(&m, 1, "VX", 20260819, 'F', 0);
    market_define(&m, 2, "VX", 20260916, 'F', 0);
    market_define_chain(&m, &chain);
    market_define_chain(&m, &later);
    while (m.market_ns < chain.settlement_ns) {
        market_quote(&m, 1, 1, 20, 20.05);
        market_quote(&m, 2, 1, 21, 21.05);
        market_quote_chain(&m, &chain);
        market_quote_chain(&m, &later);
        market_unit(&m, 0, 0, m.sequence % 2 ? VW_UNIT_GAP : VW_UNIT_WHOLE);
        market_run(&m);
        market_pass(&m, INT64_C(1800) * 1000000000);
        asked |= m.engine->desk->inputs.entry != NULL;
    }
    assert_int_equal(allocations, before);
    assert_true(market_count(&m, VW_UPDATE_GREEKS) > 1000);
    assert_true(market_count(&m, VW_UPDATE_CURVE) > 10);
    assert_true(market_count(&m, VW_UPDATE_HEDGE) > 10);
    assert_true(market_count(&m, VW_UPDATE_UNIT) > 10);
    assert_true(market_count(&m, VW_UPDATE_DECISION) > 10);
    assert_true(asked);
    market_close(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_counter_sees_an_allocation),
        cmocka_unit_test(poll_allocates_nothing_from_the_first_event_to_settlement),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
