#include "tests/tools/live_scenario.h"

#include <unistd.h>

static void a_real_chain_played_live_gives_what_the_scenario_of_it_gives(void **state)
{
    const char *chain = vw_test_data("chains/cboe_quotedata/spx_20230914_1615.csv.gz");
    char file[] = "/tmp/vegawire-scenario-XXXXXX";
    FILE *to = fdopen(mkstemp(file), "w");

    (void)state;
    assert_non_null(to);
    fprintf(to,
            "about: a real chain\nrule: section 2\nclock: 2023-09-14T16:14:00\nchain: %s\n"
            "entry_asked: true\nvx: [{price: 17.00}, {price: 17.30}]\n"
            "condors: [{root: SPX, expiry: 2023-10-20, put_wing: 4200, put_short: 4300,\n"
            "           call_short: 4700, call_wing: 4800, contracts: 100, credit: 18}]\n",
            chain);
    fclose(to);
    live_scenario_compare(file, chain);
    unlink(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_real_chain_played_live_gives_what_the_scenario_of_it_gives),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
