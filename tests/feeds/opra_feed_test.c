/* OPRA blocks through the whole feed: the national best per series, and when it is not known. */
#include "tests/feeds/play.h"

#include "tests/feeds/opra_bytes.h"

#define SECOND VW_NS_PER_SECOND

static play *open_opra(void)
{
    vw_feed_config config = play_config();

    config.channels[0].protocol = VW_PROTOCOL_OPRA;
    config.channel_count = 1;
    return play_open(config, 4096);
}

/* A quote of C on a series of root and month code (A call January .. X put December) that expires
 * in 2026; prices in cents. */
static bytes quote(const char *root, char month, unsigned day, uint32_t strike, char indicator,
                   int32_t bid, uint32_t bid_size, int32_t offer, uint32_t offer_size)
{
    bytes to = {.size = 0};

    put_head(&to, 'k', ' ', indicator);
    put_text(&to, root);
    to.size += 5 - strlen(root);
    memset(to.at + 12 + strlen(root), ' ', 5 - strlen(root));
    put(&to, 0, 1);
    put(&to, (unsigned char)month, 1);
    put(&to, day, 1);
    put(&to, 26, 1);
    put(&to, 'I', 1);
    put(&to, strike, 4);
    put(&to, 'B', 1);
    put(&to, (uint32_t)bid, 4);
    put(&to, bid_size, 4);
    put(&to, (uint32_t)offer, 4);
    put(&to, offer_size, 4);
    return to;
}

/* send gives the feed a block of messages on a line. */
static void send(play *self, size_t line, uint32_t sequence, const bytes *messages, size_t count)
{
    bytes block = {.size = 0};

    put_block(&block, sequence, (unsigned)count, self->now_ns);
    for (size_t i = 0; i < count; i++) {
        put_bytes(&block, &messages[i]);
    }
    end_block(&block);
    vw_feed_packet(self->feed, 0, line, block.at, block.size, self->now_ns);
    play_drain(self);
}

static void expect_added_up(const play *self, uint64_t held)
{
    assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_IN),
                     play_counted(self, VW_COUNT_MESSAGES_ACCEPTED) +
                         play_counted(self, VW_COUNT_MESSAGES_DUPLICATE) +
                         play_counted(self, VW_COUNT_MESSAGES_LATE) +
                         play_counted(self, VW_COUNT_MESSAGES_MALFORMED) + held);
}

static void a_quote_that_is_best_defines_its_series_and_is_sent(void **state)
{
    play *self = open_opra();
    bytes best = quote("SPXW", 'I', 18, 6825, 'F', 1250, 10, 1310, 7);

    (void)state;
    send(self, 0, 1, &best, 1);
    const vw_event *definition = play_find(self, VW_EVENT_DEFINITION, 0);

    assert_non_null(definition);
    assert_memory_equal(definition->definition.root, "SPXW\0", 6);
    assert_int_equal(definition->definition.type, 'C');
    assert_int_equal(definition->definition.expiry, 20260918);
    assert_int_equal(definition->definition.strike, 6825 * VW_PRICE_ONE);
    assert_int_equal(definition->definition.multiplier, 100);
    play_check_quote(self, 0, 125000, 10, 131000, 7, 0);
    assert_int_equal(play_find(self, VW_EVENT_QUOTE, 0)->exchange_ns, PLAY_START_NS);
    assert_int_equal(play_find(self, VW_EVENT_TRADING, 0)->trading.status, 'T');
    expect_added_up(self, 0);
    play_close(self);
}

static void settlement_is_told_per_series_not_by_its_ticker(void **state)
{
    static const struct {
        const char *root;
        unsigned day; /* of September 2026; the 18th is the third Friday */
        char settlement;
    } rows[] = {{"SPX", 18, 'A'}, {"SPX", 17, 'A'},  {"SPX", 11, 'P'}, {"SPX", 25, 'P'},
                {"SPX", 30, 'P'}, {"SPXW", 18, 'P'}, {"VIX", 16, 'A'}, {"VIXW", 23, 'A'}};
    play *self = open_opra();

    (void)state;
    for (uint32_t i = 0; i < VW_COUNT_OF(rows); i++) {
        bytes best = quote(rows[i].root, 'I', rows[i].day, 20, 'F', 100, 1, 110, 1);

        send(self, 0, i + 1, &best, 1);
        assert_int_equal(play_find(self, VW_EVENT_DEFINITION, i)->definition.settlement,
                         rows[i].settlement);
    }
    play_close(self);
}

static void only_what_the_indicator_says_moves_the_national_best(void **state)
{
    play *self = open_opra();
    bytes first = quote("SPX", 'I', 18, 6825, 'F', 1250, 10, 1310, 7);
    bytes mere = quote("SPX", 'I', 18, 6825, 'A', 1100, 1, 1900, 1);
    bytes other = quote("SPX", 'I', 18, 6825, 'G', 1260, 3, 1900, 1);
    bytes none = quote("SPX", 'I', 18, 6825, 'I', 0, 0, 1900, 1);

    (void)state;
    put_appendage(&other, 'W', 1305);
    send(self, 0, 1, &first, 1);
    send(self, 0, 2, &mere, 1);
    assert_int_equal(play_count(self, VW_EVENT_QUOTE), 1);
    send(self, 0, 3, &other, 1);
    play_check_quote(self, 0, 126000, 3, 130500, 300, 0);
    send(self, 0, 4, &none, 1);
    play_check_quote(self, 0, VW_PRICE_NONE, 0, 130500, 300, 0);
    play_close(self);
}

static void negative_prices_and_short_quotes_are_as_good(void **state)
{
    play *self = open_opra();
    bytes low = quote("SPX", 'U', 18, 6825, 'F', -5, 10, 5, 7), narrow = {.size = 0};

    (void)state;
    send(self, 0, 1, &low, 1);
    play_check_quote(self, 0, -500, 10, 500, 7, 0);
    put_head(&narrow, 'q', ' ', 'F');
    put_text(&narrow, "VIX ");
    put(&narrow, 'I', 1);
    put(&narrow, 16, 1);
    put(&narrow, 26, 1);
    put(&narrow, 225, 2);
    put(&narrow, 61, 2);
    put(&narrow, 239, 2);
    put(&narrow, 63, 2);
    put(&narrow, 495, 2);
    send(self, 0, 2, &narrow, 1);
    play_check_quote(self, 1, 6100, 239, 6300, 495, 0);
    assert_int_equal(play_find(self, VW_EVENT_DEFINITION, 1)->definition.strike,
                     22 * VW_PRICE_ONE + VW_PRICE_ONE / 2);
    play_close(self);
}

static void both_lines_count_once_however_they_are_framed(void **state)
{
    play *self = open_opra();
    bytes many[16];

    (void)state;
    for (uint32_t i = 0; i < 16; i++) {
        many[i] = quote("SPX", 'I', 18, 6000 + i, 'F', (int32_t)(100 + i), 1, 200, 1);
    }
    send(self, 0, 1, many, 16);
    send(self, 1, 1, many, 5);
    send(self, 1, 6, many + 5, 11);
    assert_int_equal(play_count(self, VW_EVENT_DEFINITION), 16);
    assert_int_equal(play_count(self, VW_EVENT_QUOTE), 16);
    assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_ACCEPTED), 16);
    assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_DUPLICATE), 16);
    send(self, 0, 20, many, 3); /* 17 to 19 are on B alone, and then in part */
    send(self, 1, 17, many, 4);
    assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_MISSED), 0);
    assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_ACCEPTED), 22);
    expect_added_up(self, 0);
    play_close(self);
}

static void after_a_gap_a_side_is_stale_until_a_quote_says_it_again(void **state)
{
    play *self = open_opra();
    bytes first = quote("SPX", 'I', 18, 6825, 'F', 1250, 10, 1310, 7);
    bytes bid = quote("SPX", 'I', 18, 6825, 'E', 1240, 2, 1900, 1);
    bytes offer = quote("SPX", 'I', 18, 6825, 'B', 1000, 2, 1300, 1);

    (void)state;
    send(self, 0, 1, &first, 1);
    send(self, 0, 4, &bid, 1); /* 2 and 3 never came */
    self->now_ns += PLAY_WAIT_NS;
    vw_feed_turn(self->feed, self->now_ns);
    play_drain(self);
    assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_MISSED), 2);
    play_check_quote(self, 0, 124000, 2, 131000, 7, VW_QUOTE_STALE);
    for (int i = 0; i < 100; i++) { /* time heals nothing: nobody repeats quotes here */
        bytes integrity = {.size = 0};

        self->now_ns += SECOND;
        put_head(&integrity, 'H', 'N', ' ');
        send(self, 0, 5, &integrity, 1);
    }
    play_check_quote(self, 0, 124000, 2, 131000, 7, VW_QUOTE_STALE);
    send(self, 0, 5, &offer, 1);
    play_check_quote(self, 0, 124000, 2, 130000, 1, 0);
    expect_added_up(self, 0);
    play_close(self);
}

static void line_integrity_is_no_gap_whether_it_is_counted_or_not(void **state)
{
    (void)state;
    for (uint32_t counted = 0; counted < 2; counted++) {
        play *self = open_opra();
        bytes best = quote("SPX", 'I', 18, 6825, 'F', 1250, 10, 1310, 7);
        bytes integrity = {.size = 0};

        put_head(&integrity, 'H', 'N', ' ');
        send(self, 0, 1, &best, 1);
        for (uint32_t i = 0, next = 2; i < 5; i++, next += 1 + counted) {
            self->now_ns += SECOND;
            send(self, 0, next, &integrity, 1);
            send(self, 1, next, &integrity, 1);
            send(self, 0, next + counted, &best, 1);
            send(self, 1, next + counted, &best, 1);
        }
        self->now_ns += SECOND;
        vw_feed_turn(self->feed, self->now_ns);
        assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_MISSED), 0);
        assert_int_equal(play_counted(self, VW_COUNT_HEARTBEATS), 10);
        assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_ACCEPTED), 6 + 5 * counted);
        expect_added_up(self, 0);
        play_close(self);
    }
}

static void an_unknown_category_loses_the_rest_of_its_block_and_says_so(void **state)
{
    play *self = open_opra();
    bytes messages[3] = {quote("SPX", 'I', 18, 6825, 'F', 1250, 10, 1310, 7),
                         quote("SPX", 'I', 18, 6825, 'F', 1250, 10, 1310, 7),
                         quote("SPX", 'I', 18, 6825, 'F', 1270, 10, 1310, 7)};

    (void)state;
    messages[1].at[1] = 'z';
    send(self, 0, 1, messages, 2); /* nothing was behind it */
    assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_MALFORMED), 1);
    play_check_quote(self, 0, 125000, 10, 131000, 7, 0);
    send(self, 0, 3, messages + 1, 2);
    assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_MALFORMED), 3);
    play_check_quote(self, 0, 125000, 10, 131000, 7, VW_QUOTE_STALE);
    send(self, 0, 5, messages, 1); /* the count went on */
    assert_int_equal(play_counted(self, VW_COUNT_GAPS), 0);
    play_check_quote(self, 0, 125000, 10, 131000, 7, 0);
    expect_added_up(self, 0);
    play_close(self);
}

static void administrative_text_and_pad_bytes_move_nothing(void **state)
{
    play *self = open_opra();
    bytes text = {.size = 0}, empty = {.size = 0};

    (void)state;
    put_head(&text, 'C', ' ', ' ');
    put(&text, 5, 2);
    put_text(&text, "HELLO");
    put_head(&empty, 'C', ' ', ' ');
    put(&empty, 0, 2);
    send(self, 0, 1, &text, 1);
    send(self, 0, 2, &empty, 1);
    assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_ACCEPTED), 2);
    assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_IGNORED), 2);
    assert_int_equal(play_counted(self, VW_COUNT_PACKETS_MALFORMED), 0);
    play_close(self);
}

static void index_values_and_trades_are_events(void **state)
{
    play *self = open_opra();
    bytes vix = {.size = 0}, spx = {.size = 0}, sale = {.size = 0}, cancel;

    (void)state;
    put_head(&vix, 'Y', ' ', ' ');
    put_text(&vix, "VIX  ");
    put(&vix, 0, 1);
    put(&vix, 'B', 1);
    put(&vix, 1693, 4);
    put(&vix, 0, 4);
    spx = vix;
    memcpy(spx.at + 12, "NDX  ", 5);
    put_head(&sale, 'a', 'I', ' ');
    put_text(&sale, "SPX  ");
    put(&sale, 0, 1);
    put_text(&sale, "I");
    put(&sale, 18, 1);
    put(&sale, 26, 1);
    put(&sale, 'I', 1);
    put(&sale, 6825, 4);
    put(&sale, 17, 4);
    put(&sale, 'B', 1);
    put(&sale, 1265, 4);
    put(&sale, 99, 4);
    put(&sale, 0, 4);
    cancel = sale;
    cancel.at[2] = 'A';
    send(self, 0, 1, &vix, 1);
    send(self, 0, 2, &spx, 1);
    send(self, 0, 3, &sale, 1);
    send(self, 0, 4, &cancel, 1);
    assert_int_equal(play_count(self, VW_EVENT_INDEX), 1);
    assert_string_equal(play_find(self, VW_EVENT_INDEX, 0)->index.name, "VIX");
    assert_int_equal(play_find(self, VW_EVENT_INDEX, 0)->index.bid, 169300);
    assert_int_equal(play_count(self, VW_EVENT_TRADE), 1);
    assert_int_equal(play_find(self, VW_EVENT_TRADE, 0)->trade.price, 126500);
    assert_int_equal(play_find(self, VW_EVENT_TRADE, 0)->trade.size, 17);
    for (size_t i = 0; i < self->count; i++) {
        if (self->events[i].kind == VW_EVENT_TRADE) {
            assert_ptr_not_equal(play_find(self, VW_EVENT_DEFINITION, 0), NULL);
            assert_true(play_find(self, VW_EVENT_DEFINITION, 0) < &self->events[i]);
        }
    }
    play_close(self);
}

/* What the bytes do not tell of their version, the configuration does. */
static void older_forms_are_read_where_they_are_configured(void **state)
{
    vw_feed_config config = play_config();
    bytes messages[3] = {{.size = 0}, {.size = 0}};

    (void)state;
    config.channels[0].protocol = VW_PROTOCOL_OPRA;
    config.channels[0].opra = (vw_opra_form){.control_has_text = true, .index_offer_narrow = true};
    config.channel_count = 1;
    play *self = play_open(config, 4096);

    put_head(&messages[0], 'H', 'C', ' ');
    put(&messages[0], 3, 2);
    put_text(&messages[0], "DAY");
    put_head(&messages[1], 'Y', 'I', ' ');
    put_text(&messages[1], "VIX  ");
    put(&messages[1], 0, 1);
    put(&messages[1], 'B', 1);
    put(&messages[1], 1690, 4);
    put(&messages[1], 1700, 4);
    messages[2] = quote("SPX", 'I', 18, 6825, 'F', 1250, 10, 1310, 7);
    send(self, 0, 1, messages, 3);
    send(self, 1, 2, messages + 1, 2);
    assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_ACCEPTED), 3);
    assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_DUPLICATE), 2);
    assert_int_equal(play_find(self, VW_EVENT_INDEX, 0)->index.ask, 170000);
    play_check_quote(self, 0, 125000, 10, 131000, 7, 0);
    play_close(self);
}

static void a_block_with_a_wrong_sum_is_not_taken(void **state)
{
    play *self = open_opra();
    bytes best = quote("SPX", 'I', 18, 6825, 'F', 1250, 10, 1310, 7), block = {.size = 0};

    (void)state;
    put_block(&block, 1, 1, self->now_ns);
    put_bytes(&block, &best);
    end_block(&block);
    block.at[50] ^= 4;
    vw_feed_packet(self->feed, 0, 0, block.at, block.size, self->now_ns);
    assert_int_equal(play_counted(self, VW_COUNT_PACKETS_MALFORMED), 1);
    assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_IN), 0);
    play_close(self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quote_that_is_best_defines_its_series_and_is_sent),
        cmocka_unit_test(settlement_is_told_per_series_not_by_its_ticker),
        cmocka_unit_test(only_what_the_indicator_says_moves_the_national_best),
        cmocka_unit_test(negative_prices_and_short_quotes_are_as_good),
        cmocka_unit_test(both_lines_count_once_however_they_are_framed),
        cmocka_unit_test(after_a_gap_a_side_is_stale_until_a_quote_says_it_again),
        cmocka_unit_test(line_integrity_is_no_gap_whether_it_is_counted_or_not),
        cmocka_unit_test(an_unknown_category_loses_the_rest_of_its_block_and_says_so),
        cmocka_unit_test(administrative_text_and_pad_bytes_move_nothing),
        cmocka_unit_test(index_values_and_trades_are_events),
        cmocka_unit_test(older_forms_are_read_where_they_are_configured),
        cmocka_unit_test(a_block_with_a_wrong_sum_is_not_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
