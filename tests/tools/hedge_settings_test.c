#include "tools/hedge_settings.h"

#include "tests/check.h"

#include <string.h>

static void print_given(void *self, const vw_field *field, const char *path, const char *value,
                        size_t line)
{
    size_t *absent = self;

    (void)value;
    if (line == 0 && field->kind != VW_FIELD_LIST && strncmp(path, "rungs", 5) != 0 &&
        strncmp(path, "budget", 6) != 0) {
        print_error("tools/presets/alvh.yaml does not show %s\n", path);
        (*absent)++;
    }
}

static void alvh_shows_every_key_and_is_the_default(void **state)
{
    vw_hedge_settings settings;
    vw_config_map *map = NULL;
    vw_error error = {""};
    size_t absent = 0;

    (void)state;
    assert_int_equal(vw_hedge_settings_read("alvh", &settings, &error), VW_OK);
    assert_memory_equal(&settings, &vw_hedge_defaults, sizeof settings);
    assert_int_equal(vw_config_map_open(VW_SOURCE_DIR "/tools/presets/alvh.yaml",
                                        &vw_hedge_settings_table, &map, &error),
                     VW_OK);
    vw_config_map_visit(map, &settings, print_given, &absent);
    vw_config_map_close(map);
    assert_int_equal(absent, 0);
}

static void every_preset_is_found_by_its_name_and_makes_sense(void **state)
{
    static const vw_sizing sizings[] = {VW_SIZING_VEGA, VW_SIZING_BUDGET, VW_SIZING_LADDER,
                                        VW_SIZING_NONE};
    vw_hedge_settings settings;
    vw_error error = {""};
    size_t i;

    (void)state;
    for (i = 0; vw_preset_name(i) != NULL; i++) {
        assert_int_equal(vw_hedge_settings_read(vw_preset_name(i), &settings, &error), VW_OK);
        assert_string_equal(settings.preset, vw_preset_name(i));
        assert_int_equal(settings.sizing, sizings[i]);
    }
    assert_int_equal(i, 4);
}

static void expect_wrong(const char *text, const char *want)
{
    vw_hedge_settings settings;
    vw_error error = {""};
    FILE *file = fopen(VW_BINARY_DIR "/wrong_preset.yaml", "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(vw_hedge_settings_read(VW_BINARY_DIR "/wrong_preset.yaml", &settings, &error),
                     VW_ERR_CONFIG);
    if (strstr(error.text, want) == NULL) {
        print_error("got  %s\nwant %s\n", error.text, want);
        fail();
    }
}

static void what_makes_no_sense_is_named_with_its_line(void **state)
{
    vw_hedge_settings settings;
    vw_error error = {""};

    (void)state;
    expect_wrong("posture: hero\n", "wrong_preset.yaml:1:10: posture: hero: expected one of");
    expect_wrong("kinds:\n  flat: vx bonds\n",
                 "wrong_preset.yaml:2:9: kinds.flat: vx bonds: expected any of vx,");
    expect_wrong("guardrail: {band: 0.3}\n", "band, trade, urgent must ascend");
    expect_wrong("regime: {contango_percent: 5}\n", "contango_return_percent");
    expect_wrong("sizing: ladder\n", "needs rungs");
    expect_wrong("signals: {zzzzzzzzz: 1}\n", "known here: ");
    assert_int_equal(vw_hedge_settings_read("alhv", &settings, &error), VW_ERR_CONFIG);
    assert_non_null(strstr(error.text, "alhv: no such preset"));
}

static void a_set_of_words_is_read_and_written(void **state)
{
    vw_hedge_settings settings;
    vw_error error = {""};
    FILE *file = fopen(VW_BINARY_DIR "/set_preset.yaml", "w");

    (void)state;
    assert_non_null(file);
    fputs("kinds: {flat: vix_call etp, contango: none}\n", file);
    fclose(file);
    assert_int_equal(vw_hedge_settings_read(VW_BINARY_DIR "/set_preset.yaml", &settings, &error),
                     VW_OK);
    assert_int_equal(settings.flat_kinds, VW_KIND_BIT(VW_KIND_VIX_CALL) | VW_KIND_BIT(VW_KIND_ETP));
    assert_int_equal(settings.contango_kinds, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alvh_shows_every_key_and_is_the_default),
        cmocka_unit_test(every_preset_is_found_by_its_name_and_makes_sense),
        cmocka_unit_test(what_makes_no_sense_is_named_with_its_line),
        cmocka_unit_test(a_set_of_words_is_read_and_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
