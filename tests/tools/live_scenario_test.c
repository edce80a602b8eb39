#include "tests/tools/live_scenario.h"

#define FOLDER VW_SOURCE_DIR "/tests/scenarios/"

static void a_chain_played_live_gives_what_the_scenario_of_it_gives(void **state)
{
    (void)state;
    live_scenario_compare(FOLDER "chain_new_condor.yaml", FOLDER "../data/chain_scenario.csv");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chain_played_live_gives_what_the_scenario_of_it_gives),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
