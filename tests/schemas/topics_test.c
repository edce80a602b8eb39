#include "schemas/topics.h"

#include "tests/check.h"
#include "tests/schemas/samples.h"

#include <string.h>

static void topics_are_named_as_the_stream_is_specified(void **state)
{
    const vw_group_row vix = {.root = "VIX", .expiry = 20220615, .settlement = 'A'};
    const vw_group_row wide = {.root = "ABCDEFGH", .expiry = 20991231, .settlement = 'P'};

    (void)state;
    assert_string_equal(vw_topic_of(VW_MESSAGE_GREEKS, &sample_group, NULL).name,
                        "greeks.SPXW.220610P");
    assert_string_equal(vw_topic_of(VW_MESSAGE_SURFACE, &vix, NULL).name, "surface.VIX.220615A");
    assert_string_equal(vw_topic_of(VW_MESSAGE_SURFACE, &wide, NULL).name,
                        "surface.ABCDEFGH.991231P");
    assert_string_equal(vw_topic_of(VW_MESSAGE_DEFINITIONS, &vix, NULL).name, "def.VIX");
    assert_string_equal(vw_topic_of(VW_MESSAGE_CURVE, NULL, NULL).name, "curve.VX");
    assert_string_equal(vw_topic_of(VW_MESSAGE_HEDGE, NULL, "main").name, "hedge.main");
    assert_string_equal(vw_topic_of(VW_MESSAGE_STATUS, NULL, NULL).name, "status");
    assert_string_equal(vw_topic_of(VW_MESSAGE_HEARTBEAT, NULL, NULL).name, "heartbeat");
}

static void topics_are_padded_with_nothing_but_nul(void **state)
{
    static const char zeros[VW_TOPIC_SIZE] = {0};
    vw_topic topic = vw_topic_of(VW_MESSAGE_CURVE, NULL, NULL);

    (void)state;
    assert_memory_equal(topic.name + strlen("curve.VX"), zeros, VW_TOPIC_SIZE - strlen("curve.VX"));
}

static void a_prefix_matches_as_zeromq_has_it(void **state)
{
    vw_topic topic = vw_topic_of(VW_MESSAGE_GREEKS, &sample_group, NULL);

    (void)state;
    assert_true(vw_topic_matches(&topic, "", 0));
    assert_true(vw_topic_matches(&topic, "greeks.SPX", 10));
    assert_true(vw_topic_matches(&topic, topic.name, VW_TOPIC_SIZE));
    assert_false(vw_topic_matches(&topic, "greeks.SPX.", 11));
    assert_false(vw_topic_matches(&topic, "x", 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(topics_are_named_as_the_stream_is_specified),
        cmocka_unit_test(topics_are_padded_with_nothing_but_nul),
        cmocka_unit_test(a_prefix_matches_as_zeromq_has_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
