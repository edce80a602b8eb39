#include "feeds/opra.h"

#include "core/base/bytes.h"
#include "tests/check.h"
#include "tests/feeds/opra_bytes.h"

#include <string.h>

static const vw_opra_form form_63;

static void long_quotes_have_a_strike_and_prices_of_their_own_decimals(void **state)
{
    bytes from = long_quote(' ', 'X', 'C', 'B');
    vw_opra_message message;

    (void)state;
    assert_int_equal(vw_opra_decode(&form_63, from.at, from.size, &message), 43);
    assert_int_equal(message.category, VW_OPRA_LONG_QUOTE);
    assert_int_equal(message.length, 43);
    assert_int_equal(message.participant, 'C');
    assert_int_equal(message.type, 'B');
    assert_int_equal(message.transaction_id, 77001);
    assert_int_equal(message.reference, 42);
    assert_string_equal(message.quote.series.symbol, "SPXW");
    assert_int_equal(message.quote.series.option, 'P');
    assert_int_equal(message.quote.series.expiry, 20261219);
    assert_int_equal(vw_opra_price_scaled(message.quote.series.strike), 68250000);
    assert_int_equal(vw_opra_price_scaled(message.quote.bid.price), -12500);
    assert_int_equal(vw_opra_price_scaled(message.quote.offer.price), 147500);
    assert_int_equal(message.quote.bid.size, 10);
    assert_int_equal(message.quote.offer.size, 20);
    assert_int_equal(message.quote.offer.participant, 'C');
    assert_int_equal(message.quote.bbo_bid, VW_OPRA_BBO_SAME);
}

static void short_quotes_have_one_decimal_in_the_strike_and_two_in_prices(void **state)
{
    bytes from = {.size = 0};
    vw_opra_message message;

    (void)state;
    put_head(&from, 'q', ' ', 'O');
    put_text(&from, "AMZN");
    put(&from, 'L', 1);
    put(&from, 29, 1);
    put(&from, 23, 1);
    put(&from, 65535, 2);
    put(&from, 1410, 2);
    put(&from, 43, 2);
    put(&from, 65535, 2);
    put(&from, 2, 2);
    put_appendage(&from, 'N', 1410);
    put_appendage(&from, 'P', 1460);
    assert_int_equal(vw_opra_decode(&form_63, from.at, from.size, &message), 49);
    assert_string_equal(message.quote.series.symbol, "AMZN");
    assert_int_equal(message.quote.series.option, 'C');
    assert_int_equal(message.quote.series.expiry, 20231229);
    assert_int_equal(vw_opra_price_scaled(message.quote.series.strike), 65535000);
    assert_int_equal(vw_opra_price_scaled(message.quote.bid.price), 141000);
    assert_int_equal(vw_opra_price_scaled(message.quote.offer.price), 6553500);
    assert_int_equal(message.quote.best_bid.participant, 'N');
    assert_int_equal(message.quote.best_offer.participant, 'P');
    assert_int_equal(message.quote.best_offer.price.value, 1460);
    assert_int_equal(message.quote.best_offer.size, 300);
    for (size_t size = 0; size < from.size; size++) {
        assert_int_equal(vw_opra_decode(&form_63, from.at, size, &message), VW_OPRA_MORE);
    }
}

/* The table of the specification: bid, offer (s same, t this, o other, n none). */
static void every_bbo_indicator_moves_the_national_best_as_specified(void **state)
{
    static const char *const rows[] = {"Ass", "Bst", "Cso", "Dsn", "Ets", "Ftt",
                                       "Gto", "Htn", "Ins", "Jnt", "Kno", "Lnn",
                                       "Mos", "Not", "Ooo", "Pon", " ss"};

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(rows); i++) {
        bytes from = long_quote(rows[i][0], 'A', 'C', 'B');
        vw_opra_best best = {.bid = {{7, 0}, 1, 'Z'}, .offer = {{9, 0}, 1, 'Z'}};
        vw_opra_side *const sides[] = {&best.bid, &best.offer};
        vw_opra_message message;

        put_appendage(&from, 'M', 5);
        put_appendage(&from, 'T', 6);
        int extra = (rows[i][1] == 'o') + (rows[i][2] == 'o');

        assert_int_equal(vw_opra_decode(&form_63, from.at, from.size, &message), 43 + 10 * extra);
        bool touched = vw_opra_best_apply(&best, &message.quote);

        assert_int_equal(touched, rows[i][1] != 's' || rows[i][2] != 's');
        for (size_t side = 0; side < 2; side++) {
            char other = side == 1 && rows[i][1] == 'o' ? 'T' : 'M';
            char want = rows[i][1 + side] == 's'   ? 'Z'
                        : rows[i][1 + side] == 't' ? 'C'
                        : rows[i][1 + side] == 'o' ? other
                                                   : '\0';

            assert_int_equal(sides[side]->participant, want);
        }
    }
}

static void every_denominator_code_scales_and_any_other_is_malformed(void **state)
{
    static const char codes[] = "IABCDEFGH";
    int64_t want[] = {-1250000, -125000, -12500, -1250, -125, -13, -1, 0, 0};

    (void)state;
    for (size_t i = 0; i < 9; i++) {
        bytes from = long_quote(' ', 'A', 'C', codes[i]);
        vw_opra_message message;

        assert_int_equal(vw_opra_decode(&form_63, from.at, from.size, &message), 43);
        assert_int_equal(message.quote.bid.price.decimals, i);
        assert_int_equal(message.quote.bid.price.value, -125);
        assert_int_equal(vw_opra_price_scaled(message.quote.bid.price), want[i]);
    }
    for (int code = 0; code < 256; code++) {
        bytes from = long_quote(' ', 'A', 'C', (char)code);
        bool known = code != 0 && strchr(codes, code) != NULL;
        vw_opra_message message;

        assert_int_equal(vw_opra_decode(&form_63, from.at, from.size, &message),
                         known ? 43 : VW_OPRA_MALFORMED);
        assert_int_equal(message.length, 43);
        from = long_quote(' ', 'A', (char)code, 'B');
        assert_int_equal(vw_opra_decode(&form_63, from.at, from.size, &message),
                         known ? 43 : VW_OPRA_MALFORMED);
    }
}

static void sales_know_whether_they_take_a_trade_back(void **state)
{
    (void)state;
    for (int type = ' '; type < 127; type++) {
        bytes from = {.size = 0};
        vw_opra_message message;

        put_head(&from, 'a', (char)type, ' ');
        put_series(&from, 'A', 'I', 6825);
        put(&from, 17, 4);
        put(&from, 'B', 1);
        put(&from, 1265, 4);
        put(&from, 99, 4);
        put(&from, 0, 4);
        assert_int_equal(vw_opra_decode(&form_63, from.at, from.size, &message), 43);
        assert_int_equal(message.sale.volume, 17);
        assert_int_equal(message.sale.trade_id, 99);
        assert_int_equal(vw_opra_price_scaled(message.sale.price), 126500);
        assert_int_equal(message.sale.cancel, strchr("ACEG", type) != NULL);
    }
}

static void open_interest_and_summary_are_read(void **state)
{
    bytes from = {.size = 0};
    vw_opra_message message;

    (void)state;
    put_head(&from, 'd', ' ', ' ');
    put_series(&from, 'B', 'I', 6825);
    put(&from, 123456, 4);
    assert_int_equal(vw_opra_decode(&form_63, from.at, from.size, &message), 30);
    assert_int_equal(message.day.open_interest, 123456);
    assert_int_equal(message.day.series.expiry, 20260219);
    from.size = 0;
    put_head(&from, 'f', ' ', ' ');
    put_series(&from, 'B', 'I', 6825);
    put(&from, 1, 4);
    put(&from, 2, 4);
    put(&from, 'B', 1);
    for (uint32_t i = 3; i <= 6; i++) {
        put(&from, i, 4);
    }
    put(&from, (uint32_t)-7, 4);
    put(&from, 'D', 1);
    put(&from, 68251234, 8);
    put(&from, 8, 4);
    put(&from, 9, 4);
    assert_int_equal(vw_opra_decode(&form_63, from.at, from.size, &message), 72);
    assert_int_equal(message.day.volume, 1);
    assert_int_equal(message.day.open_interest, 2);
    assert_int_equal(message.day.open.value, 3);
    assert_int_equal(message.day.high.value, 4);
    assert_int_equal(message.day.low.value, 5);
    assert_int_equal(message.day.last.value, 6);
    assert_int_equal(message.day.net_change.value, -7);
    assert_int_equal(vw_opra_price_scaled(message.day.underlying), 68251234);
    assert_int_equal(message.day.bid.value, 8);
    assert_int_equal(message.day.offer.value, 9);
}

static void index_values_come_by_sale_or_by_quote_in_two_widths(void **state)
{
    vw_opra_form narrow = {.index_offer_narrow = true};
    bytes from = {.size = 0};
    vw_opra_message message;

    (void)state;
    put_head(&from, 'Y', ' ', ' ');
    put_text(&from, "VIX  ");
    put(&from, 0, 1);
    put(&from, 'B', 1);
    put(&from, 1693, 4);
    put(&from, 0, 4);
    assert_int_equal(vw_opra_decode(&form_63, from.at, from.size, &message), 27);
    assert_false(message.index.quoted);
    assert_string_equal(message.index.symbol, "VIX");
    assert_int_equal(vw_opra_price_scaled(message.index.value), 169300);
    from.at[2] = 'I';
    put(&from, 0, 4);
    memcpy(from.at + 23, "\0\0\0\0\0\0\x06\xA0", 8);
    assert_int_equal(vw_opra_decode(&form_63, from.at, from.size, &message), 31);
    assert_true(message.index.quoted);
    assert_int_equal(message.index.bid.value, 1693);
    assert_int_equal(message.index.offer.value, 1696);
    memcpy(from.at + 23, "\0\0\x06\xA0", 4);
    assert_int_equal(vw_opra_decode(&narrow, from.at, from.size, &message), 27);
    assert_int_equal(message.index.offer.value, 1696);
    from.at[2] = 'Q'; /* a form not known: its length is not either */
    assert_int_equal(vw_opra_decode(&form_63, from.at, from.size, &message), VW_OPRA_LOST);
}

static void series_mapping_has_no_reserved_byte_behind_the_symbol(void **state)
{
    bytes from = {.size = 0};
    vw_opra_message message;

    (void)state;
    put_head(&from, 'R', ' ', ' ');
    put_text(&from, "SPX  M");
    put(&from, 16, 1);
    put(&from, 26, 1);
    put(&from, 'I', 1);
    put(&from, 6825, 4);
    put(&from, 48, 2);
    from.size += 128;
    assert_int_equal(vw_opra_decode(&form_63, from.at, from.size, &message), 155);
    assert_string_equal(message.mapping.series.symbol, "SPX");
    assert_int_equal(message.mapping.series.option, 'P');
    assert_int_equal(message.mapping.series.expiry, 20260116);
    assert_int_equal(message.mapping.series.strike.value, 6825);
    assert_int_equal(message.mapping.line, 48);
}

static void text_is_as_long_as_it_says_and_may_be_empty(void **state)
{
    vw_opra_form old = {.control_has_text = true};
    bytes from = {.size = 0};
    vw_opra_message message;

    (void)state;
    put_head(&from, 'C', ' ', ' ');
    put(&from, 5, 2);
    put_text(&from, "HELLO");
    assert_int_equal(vw_opra_decode(&form_63, from.at, from.size, &message), 19);
    assert_int_equal(message.text.size, 5);
    assert_memory_equal(message.text.text, "HELLO", 5);
    from.at[1] = 'H';
    from.at[2] = 'N';
    assert_int_equal(vw_opra_decode(&form_63, from.at, from.size, &message), 12);
    assert_int_equal(message.text.size, 0);
    assert_int_equal(vw_opra_decode(&old, from.at, from.size, &message), 19);
    assert_int_equal(message.text.size, 5);
    from.at[1] = 'C';
    from.at[13] = 0;
    assert_int_equal(vw_opra_decode(&form_63, from.at, 14, &message), 14);
    from.at[12] = 255;
    assert_int_equal(vw_opra_decode(&form_63, from.at, from.size, &message), VW_OPRA_MORE);
}

static void what_has_no_known_length_loses_the_rest_of_the_block(void **state)
{
    bytes from = long_quote('Q', 'A', 'C', 'B');
    vw_opra_message message;

    (void)state;
    assert_int_equal(vw_opra_decode(&form_63, from.at, from.size, &message), VW_OPRA_LOST);
    from = long_quote(' ', 'Y', 'C', 'B'); /* no such month: the length stands */
    assert_int_equal(vw_opra_decode(&form_63, from.at, from.size, &message), VW_OPRA_MALFORMED);
    assert_int_equal(message.length, 43);
    from.at[1] = 'z';
    assert_int_equal(vw_opra_decode(&form_63, from.at, from.size, &message), VW_OPRA_LOST);
    assert_int_equal(message.wire_category, 'z');
}

static void blocks_are_judged_by_size_and_checksum(void **state)
{
    bytes quote = long_quote(' ', 'A', 'C', 'B'), from = {.size = 0};
    vw_opra_block block;
    uint32_t sum = 0;

    (void)state;
    put(&from, 6, 1);
    put(&from, 64, 2);
    put_text(&from, "OV");
    put(&from, 'X', 1);
    put(&from, 402565753, 4);
    put(&from, 1, 1);
    put(&from, 1701291404, 4);
    put(&from, 954681088, 4);
    put(&from, 0, 2);
    memcpy(from.at + from.size, quote.at, quote.size);
    from.size += quote.size;
    for (size_t i = 0; i < from.size; i++) {
        sum += from.at[i];
    }
    from.at[19] = (unsigned char)(sum >> 8);
    from.at[20] = (unsigned char)sum;
    assert_int_equal(vw_opra_block_read(from.at, from.size, &block), VW_OPRA_BLOCK_OK);
    assert_int_equal(vw_opra_block_read(from.at, from.size + 12, &block), VW_OPRA_BLOCK_OK);
    assert_int_equal(block.version, 6);
    assert_int_equal(block.retransmission, 'V');
    assert_int_equal(block.session, 'X');
    assert_int_equal(block.sequence, 402565753);
    assert_int_equal(block.count, 1);
    assert_int_equal(block.time_ns, INT64_C(1701291404954681088));
    assert_int_equal(vw_opra_block_read(from.at, 63, &block), VW_OPRA_BLOCK_SHORT);
    assert_int_equal(vw_opra_block_read(from.at, 20, &block), VW_OPRA_BLOCK_SHORT);
    from.at[40] ^= 1;
    assert_int_equal(vw_opra_block_read(from.at, from.size, &block), VW_OPRA_BLOCK_CHECKSUM);
    from.at[3] = 'Q';
    assert_int_equal(vw_opra_block_read(from.at, from.size, &block), VW_OPRA_BLOCK_FOREIGN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_quotes_have_a_strike_and_prices_of_their_own_decimals),
        cmocka_unit_test(short_quotes_have_one_decimal_in_the_strike_and_two_in_prices),
        cmocka_unit_test(every_bbo_indicator_moves_the_national_best_as_specified),
        cmocka_unit_test(every_denominator_code_scales_and_any_other_is_malformed),
        cmocka_unit_test(sales_know_whether_they_take_a_trade_back),
        cmocka_unit_test(open_interest_and_summary_are_read),
        cmocka_unit_test(index_values_come_by_sale_or_by_quote_in_two_widths),
        cmocka_unit_test(series_mapping_has_no_reserved_byte_behind_the_symbol),
        cmocka_unit_test(text_is_as_long_as_it_says_and_may_be_empty),
        cmocka_unit_test(what_has_no_known_length_loses_the_rest_of_the_block),
        cmocka_unit_test(blocks_are_judged_by_size_and_checksum),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
