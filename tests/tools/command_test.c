#include "tools/command.h"

#include "tests/check.h"

#include <string.h>

static const vw_command command = {.name = "try", .summary = "s", .usage = ""};

/* What an option list of each kind came to. */
typedef struct parsed {
    bool flag;
    const char *text;
    vw_texts texts;
    int64_t whole;
    double number;
    vw_arguments arguments;
    vw_error error;
    vw_err err;
} parsed;

static parsed parse(int argc, const char *const *argv)
{
    parsed got = {.whole = 7, .number = 0.5};
    const vw_option options[] = {
        {.name = "flag", .letter = 'f', .kind = VW_OPTION_FLAG, .value = &got.flag, .help = "h"},
        {.name = "text", .kind = VW_OPTION_TEXT, .value = &got.text, .argument = "T", .help = "h"},
        {.name = "texts",
         .kind = VW_OPTION_TEXTS,
         .value = &got.texts,
         .argument = "T",
         .help = "h"},
        {.name = "whole",
         .kind = VW_OPTION_WHOLE,
         .value = &got.whole,
         .argument = "N",
         .help = "h",
         .min = 1,
         .max = 10},
        {.name = "number",
         .letter = 'n',
         .kind = VW_OPTION_NUMBER,
         .value = &got.number,
         .argument = "X",
         .help = "h",
         .min = 0,
         .max = 1},
    };

    got.err = vw_options_parse(&command, options, VW_COUNT_OF(options), 1, argc, (char **)argv,
                               &got.arguments, &got.error);
    return got;
}

#define PARSE(...)                                                                                 \
    parse(VW_COUNT_OF(((const char *[]){__VA_ARGS__})), (const char *[]){__VA_ARGS__, NULL})

static void options_of_every_kind_are_read(void **state)
{
    parsed got = PARSE("try", "-f", "--text", "a", "--texts", "b", "--whole=3", "-n", "0.25", "c",
                       "--texts", "d");

    (void)state;
    assert_int_equal(got.err, VW_OK);
    assert_true(got.flag);
    assert_string_equal(got.text, "a");
    assert_int_equal(got.texts.count, 2);
    assert_string_equal(got.texts.list[0], "b");
    assert_string_equal(got.texts.list[1], "d");
    assert_int_equal(got.whole, 3);
    assert_near(got.number, 0.25, 0);
    assert_int_equal(got.arguments.count, 1);
    assert_string_equal(got.arguments.list[0], "c");
    assert_non_null(got.arguments.kernels);
    assert_false(got.arguments.isa_given);
}

static void a_shortened_isa_is_an_isa_that_was_given(void **state)
{
    parsed got = PARSE("try", "--is=baseline");

    (void)state;
    assert_int_equal(got.err, VW_OK);
    assert_true(got.arguments.isa_given);
    assert_string_equal(got.arguments.kernels->isa, "baseline");
}

static void defaults_stand_where_nothing_is_given(void **state)
{
    parsed got = PARSE("try");

    (void)state;
    assert_int_equal(got.err, VW_OK);
    assert_int_equal(got.whole, 7);
    assert_near(got.number, 0.5, 0);
    assert_int_equal(got.texts.count, 0);
}

static void expect_refusal(parsed got, const char *text)
{
    assert_int_equal(got.err, VW_ERR_USAGE);
    assert_string_equal(got.error.text, text);
}

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    expect_refusal(PARSE("try", "--wat"), "--wat: no such option; see vegawire try --help");
    expect_refusal(PARSE("try", "--text"), "--text: needs an argument; see vegawire try --help");
    expect_refusal(PARSE("try", "--whole", "11"), "--whole 11: expected a whole number in [1, 10]");
    expect_refusal(PARSE("try", "--whole", "3x"), "--whole 3x: expected a whole number in [1, 10]");
    expect_refusal(PARSE("try", "--number", "nan"), "--number nan: expected a number in [0, 1]");
    expect_refusal(PARSE("try", "--number", ""), "--number : expected a number in [0, 1]");
    expect_refusal(PARSE("try", "a", "b"), "b: one argument too many; see vegawire try --help");
    expect_refusal(PARSE("try", "--isa", "mmx"),
                   "--isa mmx: not on this machine; one of avx512, avx2, baseline");
    expect_refusal(PARSE("try", "--texts", "1", "--texts", "2", "--texts", "3", "--texts", "4",
                         "--texts", "5", "--texts", "6", "--texts", "7", "--texts", "8", "--texts",
                         "9"),
                   "--texts 9: given more than 8 times");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_of_every_kind_are_read),
        cmocka_unit_test(a_shortened_isa_is_an_isa_that_was_given),
        cmocka_unit_test(defaults_stand_where_nothing_is_given),
        cmocka_unit_test(what_is_wrong_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
