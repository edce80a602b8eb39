#include "core/hedge/snapshot.h"

#include "tests/core/hedge/scene.h"

static scene s;
static unsigned char *bytes;

static int open_scene(void **state)
{
    (void)state;
    scene_open(&s);
    bytes = malloc(vw_snapshot_size());
    return bytes == NULL;
}

static int shut_scene(void **state)
{
    (void)state;
    scene_shut(&s);
    free(bytes);
    return 0;
}

static void decide_at(double vx1, double vx2, int64_t pass_ns)
{
    s.in.now_ns += pass_ns;
    scene_curve(&s, vx1, vx2);
    scene_decide(&s);
}

static void a_restart_in_mid_dwell_inverts_at_the_same_instant(void **state)
{
    vw_decision uninterrupted;
    vw_error error;

    (void)state;
    for (uint32_t i = 0; i < 50; i++) {
        scene_close(&s, 20260101 + i, 25 + i % 3, 30, 29, 6000 + i, 10);
    }
    scene_book_b(&s, 6450, 0.16, 33);
    scene_vx(&s, 1, 0);
    decide_at(33, 30.95, 0);
    decide_at(33, 30.95, 10 * SCENE_MINUTE);
    vw_snapshot_write(&s.set, s.state, bytes);
    decide_at(33, 30.95, 5 * SCENE_MINUTE - SCENE_SECOND);
    assert_int_equal(s.out.regime, VW_REGIME_BACKWARDATION);
    decide_at(33, 30.95, SCENE_SECOND);
    assert_int_equal(s.out.regime, VW_REGIME_INVERTED);
    uninterrupted = s.out;
    memset(s.state, 0xa5, vw_policy_state_size());
    assert_int_equal(vw_snapshot_read(&s.set, s.state, bytes, vw_snapshot_size(), &error), VW_OK);
    s.in.now_ns -= SCENE_SECOND;
    decide_at(33, 30.95, 0);
    assert_int_equal(s.out.regime, VW_REGIME_BACKWARDATION);
    decide_at(33, 30.95, SCENE_SECOND);
    assert_memory_equal(&s.out, &uninterrupted, sizeof s.out);
}

static void live_betas_are_kept(void **state)
{
    vw_error error;

    (void)state;
    for (uint32_t i = 0; i < 30; i++) {
        vw_vx_beta_add(vw_policy_betas(s.state), 0, 20, i % 2 == 0 ? 0.6 : -0.5,
                       i % 2 == 0 ? 1 : -1);
    }
    vw_vx_beta_estimate before = vw_vx_beta_at(vw_policy_betas(s.state), 0, 20);

    assert_false(before.prior);
    vw_snapshot_write(&s.set, s.state, bytes);
    vw_policy_init(s.state, &s.set);
    assert_int_equal(vw_snapshot_read(&s.set, s.state, bytes, vw_snapshot_size(), &error), VW_OK);
    assert_near(vw_vx_beta_at(vw_policy_betas(s.state), 0, 20).beta, before.beta, 0);
}

static void expect_refused(size_t size, const char *word)
{
    vw_error error = {{0}};
    size_t state_size = vw_policy_state_size();
    unsigned char *before = malloc(state_size);

    assert_non_null(before);
    memcpy(before, s.state, state_size);
    assert_int_equal(vw_snapshot_read(&s.set, s.state, bytes, size, &error), VW_ERR_DATA);
    assert_non_null(strstr(error.text, word));
    assert_memory_equal(before, s.state, state_size);
    free(before);
}

static void what_is_no_snapshot_of_ours_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    decide_at(20, 21, 0);
    vw_snapshot_write(&s.set, s.state, bytes);
    expect_refused(0, "not a snapshot");
    expect_refused(vw_snapshot_size() - 1, "cut short");
    bytes[vw_snapshot_size() / 2] ^= 1;
    expect_refused(vw_snapshot_size(), "damaged");
    bytes[vw_snapshot_size() / 2] ^= 1;
    bytes[4]++;
    expect_refused(vw_snapshot_size(), "version");
    bytes[4]--;
    s.set.e2_vix = 17;
    expect_refused(vw_snapshot_size(), "settings");
    bytes[0] = 'X';
    expect_refused(vw_snapshot_size(), "not a snapshot");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(live_betas_are_kept, open_scene, shut_scene),
        cmocka_unit_test_setup_teardown(a_restart_in_mid_dwell_inverts_at_the_same_instant,
                                        open_scene, shut_scene),
        cmocka_unit_test_setup_teardown(what_is_no_snapshot_of_ours_is_refused_and_changes_nothing,
                                        open_scene, shut_scene),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
