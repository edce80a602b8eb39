/* Every file of tests/scenarios says what must come out of it; this runs them all and prints which
 * field of which file came out otherwise. */
#include "tools/scenario_run.h"

#include "tests/check.h"

#include <glob.h>
#include <string.h>

static size_t expected, wrong;

static void say_wrong(void *self, const vw_scenario_turn *turn, size_t expect, const char *text)
{
    (void)self;
    print_error("%s: step %zu, expect[%zu]: %s\n", turn->scenario->file, turn->number, expect,
                text);
    wrong++;
}

static void visit(void *self, const vw_scenario_turn *turn)
{
    expected += vw_scenario_check(turn, say_wrong, self);
}

static void every_scenario_comes_out_as_it_says(void **state)
{
    glob_t found;

    (void)state;
    assert_int_equal(glob(VW_SOURCE_DIR "/tests/scenarios/*.yaml", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        vw_scenario *scenario = NULL;
        vw_error error = {""};
        size_t before = expected;

        if (vw_scenario_read(found.gl_pathv[i], NULL, &scenario, &error) != VW_OK ||
            vw_scenario_run(scenario, visit, NULL, &error) != VW_OK) {
            print_error("%s\n", error.text);
            wrong++;
        } else if (expected == before) {
            print_error("%s: expects nothing\n", found.gl_pathv[i]);
            wrong++;
        }
        vw_scenario_free(scenario);
    }
    print_message("%zu scenarios, %zu expectations\n", found.gl_pathc, expected);
    globfree(&found);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_scenario_comes_out_as_it_says)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
