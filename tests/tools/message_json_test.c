#include "tools/message_json.h"

#include "tests/check.h"
#include "tests/schemas/samples.h"

#include <string.h>

static json_t *make(vw_message_kind kind, const vw_message *message)
{
    vw_topic topic = sample_topic(kind);

    return vw_message_json(topic.name, message, false);
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    assert_non_null(text);
    return text;
}

static double real_of(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);

    assert_true(json_is_real(value));
    return json_real_value(value);
}

static void assert_null_at(const json_t *object, const char *name)
{
    assert_true(json_is_null(json_object_get(object, name)));
}

static const json_t *row_of(const json_t *object, const char *list, size_t index)
{
    const json_t *row = json_array_get(json_object_get(object, list), index);

    assert_non_null(row);
    return row;
}

static void numbers_keep_every_digit(void **state)
{
    vw_message message = sample_message(VW_MESSAGE_GREEKS);
    vw_greeks_row row = message.greeks[1];
    json_t *object, *again;
    char *line;

    (void)state;
    row.vol = 0.1 + 0.2;
    row.charm = -1.0 / 3;
    message.greeks = &row;
    message.greeks_count = 1;
    object = make(VW_MESSAGE_GREEKS, &message);
    line = json_dumps(object, JSON_COMPACT);
    again = json_loads(line, 0, NULL);
    assert_near(real_of(row_of(again, "greeks", 0), "vol"), row.vol, 0);
    assert_near(real_of(row_of(again, "greeks", 0), "charm"), row.charm, 0);
    assert_int_equal(json_integer_value(json_object_get(again, "publish_ns")), message.publish_ns);
    assert_string_equal(text_of(again, "topic"), "greeks.SPXW.220610P");
    assert_string_equal(text_of(again, "kind"), "greeks");
    assert_string_equal(text_of(again, "root"), "SPXW");
    assert_string_equal(text_of(again, "settlement"), "P");
    assert_string_equal(text_of(row_of(again, "greeks", 0), "calc"), "cut");
    assert_string_equal(text_of(row_of(again, "greeks", 0), "type"), "P");
    free(line);
    json_decref(again);
    json_decref(object);
}

static void a_failed_number_is_null_and_says_why(void **state)
{
    vw_message message = sample_message(VW_MESSAGE_GREEKS);
    vw_greeks_row row = message.greeks[0];
    const json_t *got;
    json_t *object;

    (void)state;
    row.status = VW_STATUS_BELOW_INTRINSIC;
    row.quality = VW_QUOTE_ONE_SIDED | VW_QUOTE_STALE;
    row.bid = 0;
    row.bid_size = 0;
    row.bid_vol = 0;
    message.greeks = &row;
    message.greeks_count = 1;
    object = make(VW_MESSAGE_GREEKS, &message);
    got = row_of(object, "greeks", 0);
    assert_null_at(got, "vol");
    assert_null_at(got, "price");
    assert_null_at(got, "delta");
    assert_null_at(got, "charm");
    assert_null_at(got, "bid");
    assert_null_at(got, "bid_vol");
    assert_near(real_of(got, "ask"), row.ask, 0);
    assert_string_equal(text_of(got, "status"), "below_intrinsic");
    assert_int_equal(json_array_size(json_object_get(got, "quality")), 2);
    assert_string_equal(json_string_value(json_array_get(json_object_get(got, "quality"), 0)),
                        "one_sided");
    json_decref(object);
}

static void stale_and_one_sided_numbers_stand_with_their_flag(void **state)
{
    static const vw_status statuses[] = {VW_STATUS_OK, VW_STATUS_STALE, VW_STATUS_ONE_SIDED};

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(statuses); i++) {
        vw_message message = sample_message(VW_MESSAGE_GREEKS);
        vw_greeks_row row = message.greeks[0];
        json_t *object;

        row.status = (uint8_t)statuses[i];
        message.greeks = &row;
        message.greeks_count = 1;
        object = make(VW_MESSAGE_GREEKS, &message);
        assert_near(real_of(row_of(object, "greeks", 0), "delta"), row.delta, 0);
        assert_string_equal(text_of(row_of(object, "greeks", 0), "status"),
                            vw_status_name(statuses[i]));
        json_decref(object);
    }
}

static void what_an_absent_bit_names_is_null(void **state)
{
    vw_message message = sample_message(VW_MESSAGE_CURVE);
    vw_curve_row row = *message.curve;
    const json_t *curve;
    json_t *object;

    (void)state;
    row.absent = VW_ABSENT_SPOT_VIX | VW_ABSENT_CONTANGO;
    message.curve = &row;
    object = make(VW_MESSAGE_CURVE, &message);
    curve = json_object_get(object, "curve");
    assert_null_at(curve, "basis");
    assert_null_at(curve, "contango");
    assert_null_at(curve, "regime");
    assert_near(real_of(curve, "cm30"), row.cm30, 0);
    assert_int_equal(json_array_size(json_object_get(object, "points")), 3);
    assert_true(json_is_true(json_object_get(row_of(object, "points", 0), "monthly")));
    json_decref(object);
}

static void a_surface_without_forward_or_model_says_null(void **state)
{
    vw_message message = sample_message(VW_MESSAGE_SURFACE);
    vw_surface_row row = *message.surface;
    json_t *object;

    (void)state;
    message.surface = &row;
    object = make(VW_MESSAGE_SURFACE, &message);
    assert_near(real_of(json_object_get(object, "surface"), "svi_m"), row.svi_m, 0);
    assert_string_equal(text_of(json_object_get(object, "surface"), "forward_source"), "parity");
    json_decref(object);
    row.status = VW_STATUS_NO_MARKET;
    row.model = VW_MODEL_NONE;
    row.svi_a = row.svi_b = row.svi_rho = row.svi_m = row.svi_sigma = 0;
    object = make(VW_MESSAGE_SURFACE, &message);
    assert_null_at(json_object_get(object, "surface"), "forward");
    assert_null_at(json_object_get(object, "surface"), "svi_m");
    assert_null_at(json_object_get(object, "surface"), "rmse_vol");
    assert_near(real_of(json_object_get(object, "surface"), "years"), row.years, 0);
    json_decref(object);
}

static void a_book_that_is_absent_has_no_sums(void **state)
{
    vw_message message = sample_message(VW_MESSAGE_HEDGE);
    vw_hedge_row row = *message.hedge;
    vw_leg_row leg = message.legs[0];
    json_t *object;

    (void)state;
    row.absent = VW_ABSENT_BOOK;
    leg.status = VW_STATUS_NO_MARKET;
    leg.instrument = VW_INSTRUMENT_NONE;
    message.hedge = &row;
    message.legs = &leg;
    message.leg_count = 1;
    object = make(VW_MESSAGE_HEDGE, &message);
    assert_null_at(json_object_get(object, "hedge"), "vega_usd_per_point");
    assert_null_at(json_object_get(object, "hedge"), "hedge_ratio");
    assert_null_at(row_of(object, "legs", 0), "price");
    assert_null_at(row_of(object, "legs", 0), "instrument");
    assert_string_equal(text_of(row_of(object, "legs", 0), "root"), "SPXW");
    assert_near(real_of(row_of(object, "layers", 3), "hedge_ratio"), 0.75, 0);
    json_decref(object);
}

static void integers_beyond_int64_are_strings(void **state)
{
    vw_message message = sample_message(VW_MESSAGE_HEARTBEAT);
    const json_t *counters;
    json_t *object = make(VW_MESSAGE_HEARTBEAT, &message);

    (void)state;
    counters = json_object_get(json_object_get(object, "heartbeat"), "counters");
    assert_string_equal(text_of(counters, "gaps"), "9223372036854775808");
    assert_int_equal(json_integer_value(json_object_get(counters, "packets_in")), 123456);
    json_decref(object);
}

static void every_kind_makes_a_line(void **state)
{
    (void)state;
    for (int kind = VW_MESSAGE_DEFINITIONS; kind <= VW_MESSAGE_HEARTBEAT; kind++) {
        vw_message message = sample_message((vw_message_kind)kind);
        json_t *object = make((vw_message_kind)kind, &message);
        char *line = json_dumps(object, JSON_COMPACT);

        assert_non_null(line);
        assert_null(strchr(line, '\n'));
        assert_string_equal(text_of(object, "kind"),
                            vw_message_word(VW_WORDS_KIND, (unsigned)kind));
        free(line);
        json_decref(object);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_keep_every_digit),
        cmocka_unit_test(a_failed_number_is_null_and_says_why),
        cmocka_unit_test(stale_and_one_sided_numbers_stand_with_their_flag),
        cmocka_unit_test(what_an_absent_bit_names_is_null),
        cmocka_unit_test(a_surface_without_forward_or_model_says_null),
        cmocka_unit_test(a_book_that_is_absent_has_no_sums),
        cmocka_unit_test(integers_beyond_int64_are_strings),
        cmocka_unit_test(every_kind_makes_a_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
