/* DBN records through the whole feed. */
#include "tests/feeds/play.h"

#include "core/market/calendar.h"
#include "feeds/dbn.h"

#include <time.h>

enum { LAST = 0x80, CALL = 7001, PUT = 7002, FUTURE = 9 };
#define OSI_CALL "SPX   230915C04500000"
#define CENT INT64_C(10000000) /* 1e-9 */

static play *open_dbn(void)
{
    vw_feed_config config = play_config();

    config.channels[0].protocol = VW_PROTOCOL_DBN;
    config.channel_count = 1;
    return play_open(config, 4096);
}

static void send(play *self, void *record, size_t size, uint8_t rtype, uint32_t instrument)
{
    vw_dbn_wire_head head = {.words = (uint8_t)(size / 4),
                             .rtype = rtype,
                             .publisher_id = ((vw_dbn_wire_head *)record)->publisher_id,
                             .instrument_id = instrument,
                             .ts_event = (uint64_t)self->now_ns};

    memcpy(record, &head, sizeof head);
    vw_feed_packet(self->feed, 0, 0, record, size, self->now_ns);
    play_drain(self);
}

static void define_on(play *self, uint32_t instrument, const char *symbol, char class,
                      uint32_t expiry)
{
    vw_dbn_wire_definition record = {.instrument_class = class,
                                     .expiration = (uint64_t)vw_calendar_ns(expiry, 34200)};

    memcpy(record.raw_symbol, symbol, strlen(symbol));
    send(self, &record, sizeof record, VW_DBN_DEFINITION, instrument);
}

static void define(play *self, uint32_t instrument, const char *symbol, char class)
{
    define_on(self, instrument, symbol, class, 20231018);
}

static void quote(play *self, uint32_t instrument, uint16_t publisher, int64_t bid, int64_t ask)
{
    vw_dbn_wire_mbp1 record = {.head.publisher_id = publisher,
                               .action = 'A',
                               .side = 'N',
                               .flags = LAST,
                               .sequence = 5,
                               .levels = {{bid, ask, 3, 4, 1, 1}}};

    send(self, &record, sizeof record, VW_DBN_MBP1, instrument);
}

static void order(play *self, uint32_t instrument, char action, char side, uint64_t id,
                  int64_t price, uint32_t size, uint8_t flags)
{
    vw_dbn_wire_mbo record = {.order_id = id,
                              .price = price,
                              .size = size,
                              .flags = flags,
                              .action = action,
                              .side = side};

    send(self, &record, sizeof record, VW_DBN_MBO, instrument);
}

static void definitions_name_options_and_futures_and_pass_over_the_rest(void **state)
{
    play *self = open_dbn();

    (void)state;
    define(self, CALL, OSI_CALL, 'C');
    define(self, FUTURE, "VX/V3", 'F');
    define(self, 10, "VX42/V3", 'F');
    define(self, 11, "VX/V3:1:S - VX/X3:1:B", 'S');
    define(self, 12, "AAPL  250221C00250000", 'C');
    assert_int_equal(play_count(self, VW_EVENT_DEFINITION), 3);
    const vw_event *option = play_find(self, VW_EVENT_DEFINITION, 0);
    const vw_event *monthly = play_find(self, VW_EVENT_DEFINITION, 1);

    assert_int_equal(option->definition.settlement, 'A');
    assert_int_equal(option->definition.strike, 4500 * VW_PRICE_ONE);
    assert_int_equal(monthly->definition.expiry, 20231018);
    assert_int_equal(monthly->definition.type, 'F');
    assert_false(monthly->definition.weekly);
    assert_true(play_find(self, VW_EVENT_DEFINITION, 2)->definition.weekly);
    quote(self, 12, 30, CENT, 2 * CENT);
    assert_int_equal(play_count(self, VW_EVENT_QUOTE), 0);
    play_close(self);
}

static void the_consolidated_publisher_outranks_a_venue(void **state)
{
    play *self = open_dbn();

    (void)state;
    vw_feed_name(self->feed, 0, CALL, OSI_CALL);
    quote(self, CALL, 22, 1250 * CENT, 1310 * CENT); /* all there is so far */
    play_check_quote(self, 0, 125000, 3, 131000, 4, 0);
    quote(self, CALL, 30, 1260 * CENT, 1300 * CENT);
    quote(self, CALL, 22, 1240 * CENT, 1320 * CENT);
    play_check_quote(self, 0, 126000, 3, 130000, 4, 0);
    quote(self, CALL, 30, VW_DBN_PRICE_NONE, 1300 * CENT);
    play_check_quote(self, 0, VW_PRICE_NONE, 0, 130000, 4, 0);
    assert_int_equal(self->last[0].sequence, 5);
    play_close(self);
}

static void mappings_of_a_live_session_name_what_follows(void **state)
{
    play *self = open_dbn();
    vw_dbn_wire_mapping mapping = {.stype_in_symbol = "SPX.OPT", .stype_out_symbol = OSI_CALL};
    vw_dbn_wire_cmbp1 record = {.action = 'T',
                                .side = 'A',
                                .price = 1265 * CENT,
                                .size = 2,
                                .levels = {{1250 * CENT, 1310 * CENT, 3, 4, 22, {0}, 22, {0}}}};

    (void)state;
    send(self, &record, sizeof record, VW_DBN_CMBP1, CALL);
    assert_int_equal(play_counted(self, VW_COUNT_SYMBOLS_UNKNOWN), 2);
    send(self, &mapping, sizeof mapping, VW_DBN_MAPPING, CALL);
    send(self, &record, sizeof record, VW_DBN_CMBP1, CALL);
    play_check_quote(self, 0, 125000, 3, 131000, 4, 0);
    assert_int_equal(play_count(self, VW_EVENT_TRADE), 1);
    assert_int_equal(play_find(self, VW_EVENT_TRADE, 0)->trade.side, 'B');
    play_close(self);
}

static void orders_make_a_book_that_is_shown_when_an_event_is_over(void **state)
{
    play *self = open_dbn();

    (void)state;
    define(self, FUTURE, "VX/V3", 'F');
    define_on(self, 10, "VX/X3", 'F', 20231115);
    order(self, FUTURE, 'R', 'N', 0, VW_DBN_PRICE_NONE, 0, LAST);
    order(self, FUTURE, 'A', 'B', 1, 1500 * CENT, 5, 0);
    assert_int_equal(play_count(self, VW_EVENT_QUOTE), 0); /* the event goes on */
    order(self, FUTURE, 'A', 'A', 2, 1510 * CENT, 6, LAST);
    play_check_quote(self, 0, 150000, 5, 151000, 6, 0);
    order(self, 10, 'R', 'N', 0, VW_DBN_PRICE_NONE, 0, LAST);
    order(self, 10, 'A', 'B', 3, 1550 * CENT, 1, LAST);
    order(self, FUTURE, 'M', 'B', 1, 1505 * CENT, 4, LAST);
    order(self, FUTURE, 'C', 'A', 2, 1510 * CENT, 2, LAST);
    play_check_quote(self, 0, 150500, 4, 151000, 4, 0); /* the other's clear left it alone */
    order(self, FUTURE, 'R', 'N', 0, VW_DBN_PRICE_NONE, 0, LAST);
    play_check_quote(self, 0, VW_PRICE_NONE, 0, VW_PRICE_NONE, 0, 0);
    play_check_quote(self, 1, 155000, 1, VW_PRICE_NONE, 0, 0);
    play_close(self);
}

static void every_record_is_accepted_or_malformed(void **state)
{
    play *self = open_dbn();
    unsigned char record[VW_DBN_RECORD_MAX];
    unsigned seed = (unsigned)time(NULL);

    (void)state;
    srand(seed);
    print_message("seed %u\n", seed);
    define(self, CALL, OSI_CALL, 'C');
    for (int i = 0; i < 20000; i++) {
        static const uint8_t kinds[] = {VW_DBN_MBO,    VW_DBN_MBP1,       VW_DBN_TRADE,
                                        VW_DBN_CMBP1,  VW_DBN_DEFINITION, VW_DBN_STATISTICS,
                                        VW_DBN_STATUS, VW_DBN_MAPPING,    0x77};
        size_t size = 16 + 4 * ((size_t)rand() % 130);

        for (size_t j = 0; j < size; j++) {
            record[j] = (unsigned char)rand();
        }
        if (rand() % 2) {
            record[38] = (unsigned char)"ACMRTF"[rand() % 6];
        }
        send(self, record, size, kinds[(size_t)rand() % sizeof kinds], CALL);
    }
    assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_IN), 20001);
    assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_ACCEPTED) +
                         play_counted(self, VW_COUNT_MESSAGES_MALFORMED),
                     20001);
    play_close(self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(definitions_name_options_and_futures_and_pass_over_the_rest),
        cmocka_unit_test(the_consolidated_publisher_outranks_a_venue),
        cmocka_unit_test(mappings_of_a_live_session_name_what_follows),
        cmocka_unit_test(orders_make_a_book_that_is_shown_when_an_event_is_over),
        cmocka_unit_test(every_record_is_accepted_or_malformed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
