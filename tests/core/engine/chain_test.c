#include "feeds/chain.h"

#include "tests/core/engine/market.h"

/* Real chains through the engine, against the exchange's own IV and delta beside the quotes. */

enum { ROWS_MAX = 32768 };

typedef struct session {
    market m;
    vw_chain chain;
    vw_greeks_row *rows; /* newest cut by instrument */
} session;

static void begin(session *s, const char *file)
{
    char path[128];
    vw_error error;
    int64_t at_ns;

    snprintf(path, sizeof path, "chains/cboe_quotedata/%s", file);
    market_open(&s->m, NULL, 65536);
    assert_int_equal(vw_chain_read(vw_test_data(path), &s->m.calendar, &s->chain, &error), VW_OK);
    assert_true(s->chain.count < ROWS_MAX);
    assert_int_equal(vw_chain_instant(&s->chain, "vendor", &at_ns, &error), VW_OK);
    free(s->m.engine);
    s->m.config.instruments_max = ROWS_MAX;
    s->m.config.expiries_max = 128;
    s->m.config.strikes_max = 1024;
    s->m.engine = vw_engine_init(market_memory(vw_engine_size(&s->m.config)), &s->m.config);
    s->m.market_ns = at_ns;
    s->rows = calloc(ROWS_MAX, sizeof *s->rows);
}

static void play(session *s)
{
    for (uint32_t i = 0; i < s->chain.count; i++) {
        const vw_chain_row *row = &s->chain.rows[i];

        market_define(&s->m, i, row->symbol.root, row->symbol.expiry, row->symbol.type,
                      (double)row->symbol.strike / 10000);
        market_quote(&s->m, i, 0, row->bid, row->ask);
        if (i % 4096 == 0) {
            market_run(&s->m);
            market_forget(&s->m);
        }
    }
    for (int cut = 0; cut < 3; cut++) { /* forwards; with the rate curve; whole */
        market_forget(&s->m);
        s->m.now_ns += 6000000000;
        market_run(&s->m);
    }
    for (size_t i = 0; i < s->m.count; i++) {
        if (s->m.updates[i].kind == VW_UPDATE_GREEKS) {
            s->rows[s->m.updates[i].greeks.instrument] = s->m.updates[i].greeks;
        }
    }
}

static void end(session *s)
{
    free(s->rows);
    vw_chain_free(&s->chain);
    market_close(&s->m);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static void check_chain(const char *file, double vol_median_max)
{
    static session s;
    static double vols[ROWS_MAX], deltas[ROWS_MAX];
    size_t count = 0;

    begin(&s, file);
    play(&s);
    for (uint32_t i = 0; i < s.chain.count; i++) {
        const vw_chain_row *row = &s.chain.rows[i];
        const vw_greeks_row *got = &s.rows[i];
        int64_t settlement_ns = vw_calendar_settlement_ns(&s.m.calendar, row->symbol.root,
                                                          row->symbol.expiry, row->settlement);
        double days = 365 * vw_calendar_years(s.m.market_ns, settlement_ns);

        if (row->bid >= 0.5 && days >= 7 && days <= 550 && row->vendor_iv > 0 &&
            fabs(row->vendor_delta) < 0.5) {
            assert_int_equal(got->status, VW_STATUS_OK);
            vols[count] = 100 * fabs(got->vol - row->vendor_iv);
            deltas[count++] = fabs(got->delta - row->vendor_delta);
        }
    }
    qsort(vols, count, sizeof *vols, compare);
    qsort(deltas, count, sizeof *deltas, compare);
    printf("%s: %zu quotes, median |IV| %.4f vol points, |delta| %.5f\n", file, count,
           vols[count / 2], deltas[count / 2]);
    assert_true(count > 1000);
    assert_true(vols[count / 2] <= vol_median_max);
    assert_true(deltas[count / 2] <= 0.002);
    end(&s);
}

static void vols_and_deltas_match_the_vendors(void **state)
{
    (void)state;
    check_chain("spx_20220610_1615.csv.gz", 0.09);
    check_chain("spx_20220712_1140.csv.gz", 0.05);
    check_chain("spx_20230207_1615.csv.gz", 0.05);
    check_chain("spx_20230914_1615.csv.gz", 0.05);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vols_and_deltas_match_the_vendors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
