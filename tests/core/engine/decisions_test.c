#include "core/engine/decisions.h"

#include "tests/check.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 2048 };

typedef struct rows {
    vw_update row[ROWS_MAX];
    size_t count;
} rows;

static vw_update *next_row(void *self, vw_update_kind kind)
{
    rows *to = self;

    assert_true(to->count < ROWS_MAX);
    to->row[to->count] = (vw_update){.kind = (uint8_t)kind};
    return &to->row[to->count];
}

static void row_done(void *self)
{
    ((rows *)self)->count++;
}

static size_t first_of(const rows *of, vw_update_kind kind)
{
    for (size_t i = 0; i < of->count; i++) {
        if (of->row[i].kind == kind) {
            return i;
        }
    }
    fail();
    return 0;
}

static void a_decision_has_as_many_rows_as_it_says_each_in_its_place(void **state)
{
    vw_decision *decision = calloc(1, sizeof *decision);
    vw_hedge_inputs *inputs = calloc(1, sizeof *inputs);
    rows *all = calloc(1, sizeof *all);

    (void)state;
    assert_true(decision != NULL && inputs != NULL && all != NULL);
    decision->leg_count = 2;
    decision->legs[1] = (vw_decision_leg){.id = 7, .now = 3, .wanted = 5};
    inputs->instruments[1] = (vw_hedge_instrument){
        .root = "VIX", .kind = VW_KIND_VIX_CALL_SPREAD, .strike = 20, .strike_far = 30};
    decision->condor_count = 1;
    inputs->condors[0] = (vw_hedge_condor){.contracts = 10, .debit = true, .v30 = {1, 2, 3}};
    decision->proposal_count = 2;
    decision->proposals[0].step_count = 1;
    decision->proposals[1].step_count = 2;
    decision->proposals[1].steps[1] = (vw_proposal_step){.root = "VX", .contracts = -4};
    decision->given_up_count = 1;
    decision->reasons = UINT64_C(1) << VW_REASON_GUARDRAIL;
    decision->held = true;
    vw_decisions_write(decision, inputs, "alvh", next_row, row_done, all);
    assert_int_equal(all->count, vw_decisions_rows(decision));
    assert_true(vw_decisions_rows(decision) <= vw_decisions_rows_max());
    assert_int_equal(all->row[0].kind, VW_UPDATE_DECISION);
    assert_string_equal(all->row[0].decision.preset, "alvh");
    assert_int_equal(all->row[0].decision.flags, VW_DECISION_HELD);
    assert_int_equal(all->row[0].decision.reasons, UINT64_C(1) << VW_REASON_GUARDRAIL);
    const vw_decision_leg_row *leg =
        &all->row[first_of(all, VW_UPDATE_DECISION_LEG) + 1].decision_leg;

    assert_string_equal(leg->root, "VIX");
    assert_near(leg->wanted, 5, 0);
    assert_near(leg->strike_far, 30, 0);
    const vw_decision_condor_row *condor =
        &all->row[first_of(all, VW_UPDATE_DECISION_CONDOR)].decision_condor;

    assert_near(condor->contracts, -10, 0); /* a debit */
    assert_near(condor->v30, 2, 0);         /* where spot is */
    size_t proposal = first_of(all, VW_UPDATE_PROPOSAL);

    assert_int_equal(all->row[proposal].proposal.steps, 1);
    assert_int_equal(all->row[proposal + 2].kind, VW_UPDATE_PROPOSAL);
    assert_near(all->row[proposal + 4].step.contracts, -4, 0);
    assert_int_equal(all->row[all->count - 1].kind, VW_UPDATE_GIVEN_UP);
    free(all);
    free(inputs);
    free(decision);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_decision_has_as_many_rows_as_it_says_each_in_its_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
