#include "feeds/chain.h"

#include "tests/check.h"

#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define DATA VW_SOURCE_DIR "/tests/data/"

static char temporary[64];

/* Writes bytes to a file of this process's own and returns its path. */
static const char *write_file(const char *bytes, size_t size)
{
    FILE *file;

    snprintf(temporary, sizeof temporary, "/tmp/vegawire_chain_%d.csv", (int)getpid());
    file = fopen(temporary, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    fclose(file);
    return temporary;
}

static const char *write_text(const char *text)
{
    return write_file(text, strlen(text));
}

static void read_good(const char *path, const char *at, vw_chain *chain)
{
    vw_error error = {""};

    if (vw_chain_read_at(path, at, NULL, chain, &error) != VW_OK) {
        fail_msg("%s", error.text);
    }
}

static void expect_error(const char *path, const char *what)
{
    vw_chain chain;
    vw_error error = {""};

    assert_int_equal(vw_chain_read(path, NULL, &chain, &error), VW_ERR_DATA);
    if (strstr(error.text, what) == NULL) {
        fail_msg("'%s' does not say '%s'", error.text, what);
    }
    assert_null(chain.rows);
}

static int64_t new_york_ns(uint32_t date, int hour, int minute)
{
    return vw_calendar_ns(date, 3600 * hour + 60 * minute);
}

static void the_delayed_quotes_page_reads_as_calls_and_puts(void **state)
{
    vw_chain chain;

    (void)state;
    read_good(DATA "chain_quotedata.csv", NULL, &chain);
    assert_string_equal(chain.underlying, "SPX");
    assert_near(chain.spot, 4505.25, 0);
    assert_int_equal(chain.count, 8);
    assert_int_equal(chain.bad_rows, 0);
    assert_false(chain.synthetic);
    assert_string_equal(chain.rows[0].symbol.root, "SPX");
    assert_int_equal(chain.rows[0].settlement, 'A');
    assert_int_equal(chain.rows[0].symbol.expiry, 20231215);
    assert_int_equal(chain.rows[0].symbol.type, 'C');
    assert_int_equal(chain.rows[0].line, 5);
    assert_near(chain.rows[0].bid, 79.5, 0);
    assert_near(chain.rows[0].vendor_gamma, 0.0021, 0);
    assert_true(isnan(chain.rows[0].vendor_vega));
    assert_int_equal(chain.rows[1].symbol.type, 'P');
    assert_near(chain.rows[1].ask, 66.5, 0);
    assert_near(chain.rows[1].vendor_delta, -0.4766, 0);
    assert_string_equal(chain.rows[2].symbol.root, "SPXW"); /* sorted: 4500 before 4600 */
    assert_int_equal(chain.rows[2].symbol.strike, 45000000);
    assert_int_equal(chain.rows[2].settlement, 'P');
    assert_int_equal(chain.rows[2].line, 7);
    assert_near(chain.rows[6].bid, 0, 0);
    assert_near(chain.rows[6].ask, 0.05, 0);
    vw_chain_free(&chain);
}

static void quotes_of_the_page_are_fifteen_minutes_old_or_of_the_last_close(void **state)
{
    static const struct {
        const char *date;
        uint32_t quote_date;
        int hour, minute;
    } want[] = {
        {"September 14, 2023 at 4:31 PM EDT", 20230914, 16, 15},
        {"September 14, 2023 at 4:30 PM EDT", 20230914, 16, 15},
        {"September 14, 2023 at 4:29 PM EDT", 20230914, 16, 14},
        {"July 12, 2022, 11:55 AM EDT", 20220712, 11, 40},
        {"June 11, 2022, 8:47 PM EDT", 20220610, 16, 15},       /* a Saturday */
        {"July 12, 2022, 9:44 AM EDT", 20220711, 16, 15},       /* before the opening's quotes */
        {"July 12, 2022, 9:45 AM EDT", 20220712, 9, 30},        /* the first of them */
        {"July 4, 2022, 11:55 AM EDT", 20220701, 16, 15},       /* a holiday */
        {"November 24, 2023 at 1:45 PM EST", 20231124, 13, 15}, /* an early close */
        {"November 24, 2023 at 1:20 PM EST", 20231124, 13, 5},
        {"November 11, 2024, 8:02 GMT-5", 20241108, 16, 15},
    };

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(want); i++) {
        char text[512];
        vw_chain chain;

        snprintf(text, sizeof text,
                 "\nIndex,Last: 4505,Change: 1\n\"Date: %s\",Bid: 1,Ask: 2\n"
                 "expiry,root,strike,type,bid,ask\n2026-12-18,SPX,4000,C,1,2\n",
                 want[i].date);
        read_good(write_text(text), NULL, &chain);
        assert_int_equal(chain.quote_ns,
                         new_york_ns(want[i].quote_date, want[i].hour, want[i].minute));
        vw_chain_free(&chain);
    }
}

static void at_chooses_the_instant(void **state)
{
    vw_chain chain = {.path = "x.csv"};
    vw_error error = {""};
    int64_t instant_ns;

    (void)state;
    chain.quote_ns = new_york_ns(20230914, 16, 15);
    chain.download_ns = new_york_ns(20230914, 16, 31);
    assert_int_equal(vw_chain_instant(&chain, NULL, &instant_ns, &error), VW_OK);
    assert_int_equal(instant_ns, new_york_ns(20230914, 16, 15));
    assert_int_equal(vw_chain_instant(&chain, "download", &instant_ns, &error), VW_OK);
    assert_int_equal(instant_ns, new_york_ns(20230914, 16, 31));
    assert_int_equal(vw_chain_instant(&chain, "vendor", &instant_ns, &error), VW_OK);
    assert_int_equal(instant_ns, new_york_ns(20230914, 16, 30));
    chain.download_ns = new_york_ns(20230914, 16, 20);
    assert_int_equal(vw_chain_instant(&chain, "vendor", &instant_ns, &error), VW_OK);
    assert_int_equal(instant_ns, new_york_ns(20230914, 16, 20));
    assert_int_equal(vw_chain_instant(&chain, "2023-09-14T15:00:00", &instant_ns, &error), VW_OK);
    assert_int_equal(instant_ns, new_york_ns(20230914, 15, 0));
    assert_int_equal(vw_chain_instant(&chain, "2023-09-14", &instant_ns, &error), VW_OK);
    assert_int_equal(instant_ns, new_york_ns(20230914, 16, 15));
    assert_int_equal(vw_chain_instant(&chain, "noon", &instant_ns, &error), VW_ERR_USAGE);
    assert_non_null(strstr(error.text, "--at noon"));
    chain.download_ns = 0;
    assert_int_equal(vw_chain_instant(&chain, "download", &instant_ns, &error), VW_ERR_DATA);
    assert_non_null(strstr(error.text, "x.csv"));
}

static void the_older_page_reads_too(void **state)
{
    vw_chain chain;

    (void)state;
    read_good(DATA "chain_quotedata.dat", NULL, &chain);
    assert_int_equal(chain.count, 2);
    assert_near(chain.spot, 2304.9, 0);
    assert_int_equal(chain.quote_ns, new_york_ns(20200320, 16, 15));
    assert_int_equal(chain.rows[0].symbol.expiry, 20200323);
    assert_near(chain.rows[1].bid, 65.1, 0);
    vw_chain_free(&chain);
}

static void the_page_of_before_2018_tells_series_in_brackets(void **state)
{
    vw_chain chain;

    (void)state;
    read_good(write_text("SPX (S&P 500 INDEX),\"2,684.79\",+2.17,\n"
                         "Dec 28 2017 @ 11:12 ET,\n"
                         "Calls,Last Sale,Net,Bid,Ask,Vol,Open Int,"
                         "Puts,Last Sale,Net,Bid,Ask,Vol,Open Int,\n"
                         "18 Dec 2700.00 (SPX1821L2700),0.0,0.0,110.5,112.1,0,2673,"
                         "18 Dec 2700.00 (SPX1821X2700),0.05,0.0, ,120.05,0,10911,\n"
                         "2018 Jan 10 2712.50 (SPXW1810A2712.5-E),0.0,0.0,4.5,4.9,0,1,"
                         "2018 Jan 10 2712.50 (SPXW1810M2712.5-E),0.0,0.0,31.2,32.8,0,1,\n"),
              NULL, &chain);
    assert_int_equal(chain.count, 4);
    assert_int_equal(chain.bad_rows, 0);
    assert_near(chain.spot, 2684.79, 0);
    assert_int_equal(chain.quote_ns, new_york_ns(20171228, 10, 57));
    assert_int_equal(chain.rows[0].symbol.expiry, 20181221);
    assert_int_equal(chain.rows[0].symbol.type, 'C');
    assert_int_equal(chain.rows[0].settlement, 'A');
    assert_near(chain.rows[1].bid, 0, 0);
    assert_string_equal(chain.rows[3].symbol.root, "SPXW");
    assert_int_equal(chain.rows[3].symbol.expiry, 20180110);
    assert_int_equal(chain.rows[3].symbol.type, 'P');
    assert_int_equal(chain.rows[3].symbol.strike, 27125000);
    vw_chain_free(&chain);
    expect_error(
        write_text("Calls,Bid,Ask,Puts,Bid,Ask\n"
                   "18 Dec 2700.00 (SPX1835L2700),1,2,18 Dec 2700.00 (SPX1835X2700),1,2\n"),
        ":2: symbol '18 Dec 2700.00 (SPX1835L");
}

/* Spreadsheets write dates their own way and put commas between thousands. */
static void a_page_that_a_spreadsheet_wrote_again_still_reads(void **state)
{
    vw_chain chain;

    (void)state;
    read_good(write_text("Standard & Poors 500 Index,Last: 6,823.7000,Change: N/A\n"
                         "Expiration Date,Calls,Bid,Ask,Strike,Puts,Bid,Ask\n"
                         "13-09-22,SPXW220913C01000000,\"2,932.10\",\"2,941\",\"1,000.00\","
                         "SPXW220913P01000000,0,0.05\n"
                         "05/10/2022,SPXW221005C04000000,1,2,4000,SPXW221005P04000000,3,4\n"),
              "2022-09-12", &chain);
    assert_int_equal(chain.count, 4);
    assert_int_equal(chain.bad_rows, 0);
    assert_near(chain.spot, 6823.7, 0);
    assert_int_equal(chain.rows[0].symbol.strike, 10000000);
    assert_near(chain.rows[0].ask, 2941, 0);
    assert_int_equal(chain.rows[2].symbol.expiry, 20221005);
    vw_chain_free(&chain);
}

static void a_download_time_that_cannot_be_read_is_named(void **state)
{
    vw_chain chain;
    vw_error error = {""};
    int64_t instant_ns;

    (void)state;
    read_good(write_text("Standard & Poors 500 Index,Last: 4505.1,Change: 1\n"
                         "\"Date: 14. Fructidor 231 at 4:31\",Bid: 1,Ask: 2\n"
                         "Expiration Date,Calls,Bid,Ask,Strike,Puts,Bid,Ask\n"
                         "Fri Aug 21 2026,SPXW260821C07000000,1,2,7000,SPXW260821P07000000,3,4\n"),
              NULL, &chain);
    assert_int_equal(vw_chain_instant(&chain, NULL, &instant_ns, &error), VW_ERR_DATA);
    assert_non_null(strstr(error.text, ":2: '14. Fructidor 231 at 4:31'"));
    assert_non_null(strstr(error.text, "--at"));
    vw_chain_free(&chain);
}

static void the_normalised_form_states_its_instant(void **state)
{
    vw_chain chain;

    (void)state;
    read_good(DATA "chain_normalised.csv", NULL, &chain);
    assert_int_equal(chain.count, 5); /* the put of 7550 is not listed */
    assert_int_equal(chain.bad_rows, 0);
    assert_near(chain.spot, 7509.25, 0);
    assert_int_equal(chain.quote_ns, new_york_ns(20260721, 16, 14) + 59 * INT64_C(1000000000));
    assert_int_equal(chain.download_ns, new_york_ns(20260721, 16, 48) + 24 * INT64_C(1000000000));
    assert_string_equal(chain.rows[0].symbol.root, "SPX");
    assert_int_equal(chain.rows[4].symbol.strike, 75500000);
    assert_true(isnan(chain.rows[4].vendor_iv));
    vw_chain_free(&chain);
}

static void of_several_snapshots_one_is_taken(void **state)
{
    vw_chain chain;
    vw_error error;

    (void)state;
    read_good(DATA "chain_snapshots.csv", NULL, &chain);
    assert_string_equal(chain.underlying, "VIX");
    assert_int_equal(chain.count, 2);
    assert_int_equal(chain.quote_ns, new_york_ns(20210426, 12, 0));
    assert_near(chain.spot, 17.79, 0);
    assert_string_equal(chain.rows[0].symbol.root, "VIX");
    assert_int_equal(chain.rows[0].symbol.type, 'P');
    assert_int_equal(chain.rows[0].ask_size, 240);
    assert_near(chain.rows[1].bid, 8.07, 0);
    assert_int_equal(chain.rows[1].symbol.strike, 105000);
    vw_chain_free(&chain);
    read_good(DATA "chain_snapshots.csv", "2021-04-26T11:59:59", &chain);
    assert_int_equal(chain.count, 1);
    assert_near(chain.rows[0].bid, 8.19, 0);
    assert_near(chain.rows[0].vendor_vega, 0.0003, 0);
    vw_chain_free(&chain);
    assert_int_equal(
        vw_chain_read_at(DATA "chain_snapshots.csv", "2021-04-26T09:59:59", NULL, &chain, &error),
        VW_ERR_DATA);
}

static void gz_reads_like_plain(void **state)
{
    char path[80];
    gzFile file;
    vw_chain chain;

    (void)state;
    snprintf(path, sizeof path, "/tmp/vegawire_chain_%d.csv.gz", (int)getpid());
    file = gzopen(path, "wb");
    gzputs(file, "# SPX synthetic asof_ET=2026-07-21T10:00:00\n"
                 "EXPIRATION,Root,Strike,Side,Bid,Ask\n20260821,SPXW,7000,call,1,2\n");
    gzclose(file);
    read_good(path, NULL, &chain);
    unlink(path);
    assert_int_equal(chain.count, 1);
    assert_true(chain.synthetic);
    assert_int_equal(chain.quote_ns, new_york_ns(20260721, 10, 0));
    vw_chain_free(&chain);
}

static void bad_rows_are_skipped_counted_and_named(void **state)
{
    vw_chain chain;

    (void)state;
    read_good(write_text("expiry,root,strike,type,bid,ask\n"
                         "2026-08-21,SPXW,7000,C,1,2\n"
                         "2026-08-21,SPXW,7000,P,1,2\n"
                         "2026-08-21,SPXW,7100,P,1,2\n"
                         "2026-08-21,SPXW,7200,P,1,2\n"
                         "2026-08-21,SPXW,7300,P,1,2\n"
                         "2026-08-21,SPXW,7000,C,1.5,2.5\n" /* again: the later one counts */
                         "2026-08-21,SPXW,-5,C,1,2\n"
                         "2026-08-21,SPXW,7000,X,1,2\n"
                         "2026-08-32,SPXW,7000,C,1,2\n"
                         "2026-08-21,SPXW,7000,C,inf,2\n"),
              NULL, &chain);
    assert_int_equal(chain.count, 5);
    assert_int_equal(chain.bad_rows, 5);
    assert_non_null(strstr(chain.first_bad, ":8: strike '-5'"));
    assert_near(chain.rows[0].bid, 1.5, 0);
    vw_chain_free(&chain);
}

static void a_symbol_that_contradicts_its_row_is_refused(void **state)
{
    static const char *const rows[] = {"Fri Aug 28 2026,SPXW260821C07000000,1,2,7000.00",
                                       "Fri Aug 21 2026,SPXW260821C07000000,1,2,7005.00",
                                       "Fri Aug 21 2026,SPXW260821P07000000,1,2,7000.00"};

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(rows); i++) {
        char text[512];

        snprintf(text, sizeof text,
                 "Expiration Date,Calls,Bid,Ask,Strike,Puts,Bid,Ask\n%s,SPXW260821P07000000,3,4\n",
                 rows[i]);
        expect_error(write_text(text), ":2: symbol");
    }
}

static void what_is_no_chain_is_one_clear_error(void **state)
{
    static char wide[200000];
    static const char binary[] = "expiry,root\0,strike";
    char path[80];
    FILE *file;

    (void)state;
    expect_error("/nonexistent/chain.csv", "/nonexistent/chain.csv: No such file");
    expect_error("/tmp", "/tmp: Is a directory");
    expect_error(write_text(""), ":1: expected a header");
    expect_error(write_text("hello\n"), "expected a header");
    expect_error(write_text("a,b,c\n1,2,3\n"), "expected a header");
    expect_error(write_text("expiry,root,strike,type,bid,ask\n"), "expected options");
    expect_error(write_text("expiry,root,strike,type,bid,ask\nx,y,z,u,v,w\n"), ":2: expiry 'x'");
    expect_error(write_text("expiry,root,strike,type,bid,ask\n2026-08-21,SPX,1,C,1,2\n2026-08"),
                 ":3: the file ends in the middle of a row");
    expect_error(write_text("expiry,root,strike,type,bid,ask\n\"2026-08-21,SPX,1,C,1,2\n"),
                 ":2: a quotation mark");
    expect_error(write_file(binary, sizeof binary), ":1: a zero byte");
    memset(wide, ',', sizeof wide);
    expect_error(write_file(wide, sizeof wide), "64 KiB");
    for (size_t i = 1; i < sizeof wide; i += 2) {
        wide[i] = '\n';
    }
    expect_error(write_file(wide, sizeof wide), "expected a header");
    memset(wide, 'x', sizeof wide);
    for (size_t i = 1; i < sizeof wide; i += 2) {
        wide[i] = '\n';
    }
    expect_error(write_file(wide, sizeof wide), "expected a header");
    /* a gz file cut short */
    snprintf(path, sizeof path, "/tmp/vegawire_chain_%d.csv.gz", (int)getpid());
    file = fopen(path, "wb");
    fwrite("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x4b\xad", 1, 12, file);
    fclose(file);
    expect_error(path, "cut short");
    unlink(path);
}

static void rows_whose_column_is_far_right_do_not_read_beyond_the_line(void **state)
{
    (void)state;
    expect_error(write_text("expiry,root,strike,type,bid,,,,,,,,ask\n2026-08-21,SPX,7000,C,1\n"),
                 ":2: 5 columns: expected at least 13");
}

static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

/* Changes, cuts, doubles or drops a few bytes. */
static size_t mutate(char *bytes, size_t size, size_t size_max, uint64_t *seed)
{
    static const char spice[] = ",\"\n\r#\0 -+.eE0129CPxX\xff\xef\xbb\xbf@:";
    int changes = 1 + (int)(next_random(seed) % 8);

    while (changes-- > 0 && size > 1) {
        size_t at = next_random(seed) % size;
        size_t length = 1 + next_random(seed) % 20;

        switch (next_random(seed) % 4) {
        case 0:
            bytes[at] = (char)next_random(seed);
            break;
        case 1:
            bytes[at] = spice[next_random(seed) % (sizeof spice - 1)];
            break;
        case 2:
            length = length < size - at ? length : size - at;
            memmove(bytes + at, bytes + at + length, size - at - length);
            size -= length;
            break;
        default:
            if (size + length <= size_max && length <= size - at) {
                memmove(bytes + at + length, bytes + at, size - at);
                size += length;
            }
        }
    }
    return next_random(seed) % 16 == 0 ? next_random(seed) % (size + 1) : size;
}

static void mutated_files_never_crash_the_reader(void **state)
{
    static const char *const names[] = {DATA "chain_quotedata.csv", DATA "chain_quotedata.dat",
                                        DATA "chain_normalised.csv", DATA "chain_snapshots.csv"};
    static const char *const at[] = {NULL, "vendor", "2021-04-26T11:00:00", "x"};
    const char *given = getenv("VEGAWIRE_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : 20220610;
    const char *turns = getenv("VEGAWIRE_TURNS");
    int count = turns != NULL ? atoi(turns) : 2000, good = 0;

    (void)state;
    printf("seed %llu (VEGAWIRE_SEED, VEGAWIRE_TURNS)\n", (unsigned long long)seed);
    for (int i = 0; i < count; i++) {
        char bytes[4096];
        FILE *file = fopen(names[i % 4], "rb");
        size_t size = fread(bytes, 1, 3000, file);
        vw_chain chain;
        vw_error error = {""};
        int64_t instant_ns;
        vw_err err;

        fclose(file);
        size = mutate(bytes, size, sizeof bytes, &seed);
        err = vw_chain_read_at(write_file(bytes, size), at[i / 4 % 4], NULL, &chain, &error);
        assert_true(err == VW_OK || (err == VW_ERR_DATA && error.text[0] != '\0'));
        if (err == VW_OK) {
            good++;
            assert_true(chain.count > 0);
            for (size_t k = 0; k < chain.count; k++) {
                assert_true(chain.rows[k].bid >= 0 && isfinite(chain.rows[k].bid));
                assert_true(chain.rows[k].ask >= 0 && isfinite(chain.rows[k].ask));
                assert_true(chain.rows[k].symbol.strike > 0);
                assert_true(vw_calendar_valid(chain.rows[k].symbol.expiry));
            }
            vw_chain_instant(&chain, at[i / 4 % 4], &instant_ns, &error);
            vw_chain_free(&chain);
        }
    }
    assert_true(good > count / 10); /* else the mutations are too coarse to test anything */
}

static int remove_temporary(void **state)
{
    (void)state;
    unlink(temporary);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_delayed_quotes_page_reads_as_calls_and_puts),
        cmocka_unit_test(quotes_of_the_page_are_fifteen_minutes_old_or_of_the_last_close),
        cmocka_unit_test(at_chooses_the_instant),
        cmocka_unit_test(the_older_page_reads_too),
        cmocka_unit_test(the_page_of_before_2018_tells_series_in_brackets),
        cmocka_unit_test(a_page_that_a_spreadsheet_wrote_again_still_reads),
        cmocka_unit_test(a_download_time_that_cannot_be_read_is_named),
        cmocka_unit_test(the_normalised_form_states_its_instant),
        cmocka_unit_test(of_several_snapshots_one_is_taken),
        cmocka_unit_test(gz_reads_like_plain),
        cmocka_unit_test(bad_rows_are_skipped_counted_and_named),
        cmocka_unit_test(a_symbol_that_contradicts_its_row_is_refused),
        cmocka_unit_test(what_is_no_chain_is_one_clear_error),
        cmocka_unit_test(rows_whose_column_is_far_right_do_not_read_beyond_the_line),
        cmocka_unit_test(mutated_files_never_crash_the_reader),
    };

    return cmocka_run_group_tests(tests, NULL, remove_temporary);
}
