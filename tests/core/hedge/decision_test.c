#include "core/hedge/decision.h"

#include "core/hedge/settings.h"

#include "tests/check.h"

#include <string.h>

static void every_reason_and_warning_has_a_word_of_its_own_and_a_phrase(void **state)
{
    (void)state;
    for (int i = 0; i < VW_REASON_COUNT; i++) {
        assert_true(strlen(vw_reason_text((vw_reason)i)) > 0);
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(vw_reason_name((vw_reason)i), vw_reason_name((vw_reason)j));
        }
    }
    for (int i = 0; i < VW_WARNING_COUNT; i++) {
        assert_true(strlen(vw_warning_text((vw_warning)i)) > 0);
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(vw_warning_name((vw_warning)i), vw_warning_name((vw_warning)j));
        }
    }
}

static void signals_and_details_have_names_of_their_own(void **state)
{
    (void)state;
    for (int i = 1; i < VW_SIGNAL_COUNT; i++) {
        assert_string_not_equal(vw_signal_name((vw_signal_id)i),
                                vw_signal_name((vw_signal_id)(i - 1)));
    }
    for (int i = 1; i < VW_DETAIL_COUNT; i++) {
        assert_string_not_equal(vw_detail_name((vw_detail)i), vw_detail_name((vw_detail)(i - 1)));
    }
}

static void the_defaults_take_the_regime_thresholds_of_the_regime_machine(void **state)
{
    (void)state;
    const vw_regime_limits *limits = &vw_hedge_defaults.regime;

    assert_int_equal(limits->contango_permille, vw_regime_defaults.contango_permille);
    assert_int_equal(limits->contango_return_permille, vw_regime_defaults.contango_return_permille);
    assert_int_equal(limits->flat_return_permille, vw_regime_defaults.flat_return_permille);
    assert_int_equal(limits->inverted_points, vw_regime_defaults.inverted_points);
    assert_int_equal(limits->armed_points, vw_regime_defaults.armed_points);
    assert_int_equal(limits->inverted_leave_points, vw_regime_defaults.inverted_leave_points);
    assert_int_equal(limits->dwell_ns, vw_regime_defaults.dwell_ns);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reason_and_warning_has_a_word_of_its_own_and_a_phrase),
        cmocka_unit_test(signals_and_details_have_names_of_their_own),
        cmocka_unit_test(the_defaults_take_the_regime_thresholds_of_the_regime_machine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
