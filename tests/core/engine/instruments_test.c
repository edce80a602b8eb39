#include "core/engine/instruments.h"

#include "tests/check.h"

#include <string.h>

static const vw_calendar CALENDAR;

static void open_table(vw_instruments *table, uint32_t instruments_max, uint32_t groups_max)
{
    size_t size = vw_instruments_size(instruments_max, groups_max);

    vw_instruments_init(table, aligned_alloc(16, size), instruments_max, groups_max);
}

static void close_table(vw_instruments *table)
{
    free(table->instruments); /* the first of the tables in the memory given */
}

static vw_event definition(uint32_t number, const char *root, uint32_t expiry, char type,
                           int64_t strike)
{
    vw_event event = {.kind = VW_EVENT_DEFINITION, .instrument = number, .feed = 2, .unit = 3};

    memcpy(event.definition.root, root, strlen(root));
    event.definition.expiry = expiry;
    event.definition.type = type;
    event.definition.strike = strike;
    return event;
}

static uint32_t add(vw_instruments *table, vw_event event)
{
    vw_counter full;

    return vw_instruments_add(table, &event, &CALENDAR, &full);
}

static void numbers_are_found_wherever_they_lie(void **state)
{
    const uint32_t numbers[] = {0, 1, 32768, UINT32_MAX - 1, 7, 1u << 31};
    vw_instruments table;

    (void)state;
    open_table(&table, 8, 4);
    for (uint32_t i = 0; i < VW_COUNT_OF(numbers); i++) {
        assert_int_equal(vw_instruments_find(&table, numbers[i]), VW_INSTRUMENT_NONE);
        assert_int_equal(add(&table, definition(numbers[i], "SPXW", 20260821, 'C', 60000000)), i);
    }
    for (uint32_t i = 0; i < VW_COUNT_OF(numbers); i++) {
        assert_int_equal(vw_instruments_find(&table, numbers[i]), i);
    }
    assert_int_equal(vw_instruments_find(&table, 2), VW_INSTRUMENT_NONE);
    close_table(&table);
}

static void the_root_says_what_the_definition_does_not(void **state)
{
    vw_instruments table;
    vw_event event;

    (void)state;
    open_table(&table, 16, 16);
    add(&table, definition(0, "SPX", 20260821, 'C', 60000000));
    add(&table, definition(1, "SPXW", 20260821, 'P', 60000000));
    add(&table, definition(2, "VIX", 20260819, 'C', 200000));
    add(&table, definition(3, "VX", 20260819, 'F', 0));
    add(&table, definition(4, "ABC", 20260821, 'C', 10000));
    event = definition(5, "SPXW", 20260821, 'C', 60000000);
    event.definition.settlement = 'A';
    event.definition.multiplier = 50;
    add(&table, event);
    assert_int_equal(table.group_count, 6);
    assert_int_equal(table.groups[0].settlement, 'A');
    assert_int_equal(table.groups[1].settlement, 'P');
    assert_true(table.groups[0].settlement_ns == vw_calendar_ns(20260821, 9 * 3600 + 1800));
    assert_true(table.groups[1].settlement_ns == vw_calendar_ns(20260821, 16 * 3600));
    assert_int_equal(table.groups[2].family, VW_FAMILY_VIX);
    assert_true(table.groups[3].futures);
    assert_int_equal(table.instruments[3].multiplier, 1000);
    assert_int_equal(table.groups[4].family, VW_FAMILY_OTHER);
    assert_int_equal(table.groups[4].settlement, 'P');
    assert_int_equal(table.groups[5].settlement, 'A');
    assert_int_equal(table.instruments[5].multiplier, 50);
    assert_near(table.instruments[2].strike, 20, 0);
    assert_int_equal(table.instruments[0].feed, 2);
    assert_int_equal(table.instruments[0].unit, 3);
    close_table(&table);
}

static void series_of_one_root_expiry_and_settlement_share_a_group(void **state)
{
    vw_instruments table;

    (void)state;
    open_table(&table, 16, 16);
    add(&table, definition(0, "SPXW", 20260821, 'C', 60000000));
    add(&table, definition(1, "SPXW", 20260821, 'P', 70000000));
    add(&table, definition(2, "SPXW", 20260824, 'P', 70000000));
    assert_int_equal(table.group_count, 2);
    assert_int_equal(table.instruments[0].group, table.instruments[1].group);
    close_table(&table);
}

static void full_tables_say_which(void **state)
{
    vw_instruments table;
    vw_event event = definition(2, "SPXW", 20260831, 'C', 60000000);
    vw_counter full;

    (void)state;
    open_table(&table, 3, 2);
    add(&table, definition(0, "SPXW", 20260821, 'C', 60000000));
    add(&table, definition(1, "SPXW", 20260824, 'C', 60000000));
    assert_int_equal(vw_instruments_add(&table, &event, &CALENDAR, &full), VW_INSTRUMENT_NONE);
    assert_int_equal(full, VW_COUNT_EXPIRIES_FULL);
    assert_int_equal(add(&table, definition(3, "SPXW", 20260824, 'P', 60000000)), 2);
    assert_int_equal(vw_instruments_add(&table, &event, &CALENDAR, &full), VW_INSTRUMENT_NONE);
    assert_int_equal(full, VW_COUNT_INSTRUMENTS_FULL);
    assert_int_equal(vw_instruments_find(&table, 2), VW_INSTRUMENT_NONE);
    close_table(&table);
}

static void definitions_without_sense_are_malformed(void **state)
{
    const vw_event bad[] = {definition(1, "SPXW", 20260832, 'C', 60000000),
                            definition(1, "SPXW", 20260821, 'X', 60000000),
                            definition(1, "SPXW", 20260821, 'C', 0),
                            definition(1, "VX", 20260819, 'F', 200000),
                            definition(VW_INSTRUMENT_NONE, "SPXW", 20260821, 'C', 60000000)};
    vw_instruments table;
    vw_counter full;

    (void)state;
    open_table(&table, 8, 8);
    for (size_t i = 0; i < VW_COUNT_OF(bad); i++) {
        assert_int_equal(vw_instruments_add(&table, &bad[i], &CALENDAR, &full), VW_INSTRUMENT_NONE);
        assert_int_equal(full, VW_COUNT_MESSAGES_MALFORMED);
    }
    assert_int_equal(table.group_count, 0);
    close_table(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_found_wherever_they_lie),
        cmocka_unit_test(the_root_says_what_the_definition_does_not),
        cmocka_unit_test(series_of_one_root_expiry_and_settlement_share_a_group),
        cmocka_unit_test(full_tables_say_which),
        cmocka_unit_test(definitions_without_sense_are_malformed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
