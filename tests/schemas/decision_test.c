#include "schemas/decode.h"
#include "schemas/encode.h"
#include "schemas/staging.h"

#include "tests/check.h"
#include "tests/schemas/samples.h"

#include <string.h>

static vw_signal_row signals[2] = {{.value = 2.5, .signal = 3}, {.value = 0, .flags = 1}};
static vw_decision_layer_row layers[1] = {{.weight_ppm = 1000000, .layer = 3, .month = 2}};
static vw_decision_leg_row legs[1] = {
    {.strike = 20, .now = 1, .wanted = 2, .id = 9, .expiry = 20260722, .root = "VIX", .kind = 2}};
static vw_decision_condor_row condors[1] = {{.contracts = 100, .z = 1.2, .root = "SPXW"}};
static vw_proposal_row proposals[2] = {{.cash_usd = -5, .steps = 1}, {.steps = 0}};
static vw_step_row steps[1] = {{.strike = 20, .contracts = 3, .root = "VIX", .type = 'C'}};
static vw_given_up_row given_up[1] = {{.price = 0.5, .constraint = 2}};

static vw_message sample_decision(void)
{
    static vw_decision_row head;
    static vw_decision_book_row book;
    vw_message message = sample_message(VW_MESSAGE_HEDGE);

    head = (vw_decision_row){.decision = 41,
                             .settings_hash = 0x1234,
                             .r_final = 0.7,
                             .reasons = UINT64_C(1) << 40,
                             .regime = VW_REGIME_INVERTED,
                             .level = 2,
                             .heavy = 3,
                             .flags = VW_DECISION_SOLVED,
                             .preset = "alvh-ladder"};
    book = (vw_decision_book_row){.quick_ratio = 1.3};
    message.decision = (vw_decision_rows){.head = &head,
                                          .book = &book,
                                          .signals = signals,
                                          .layers = layers,
                                          .legs = legs,
                                          .condors = condors,
                                          .proposals = proposals,
                                          .steps = steps,
                                          .given_up = given_up,
                                          .signal_count = 2,
                                          .layer_count = 1,
                                          .leg_count = 1,
                                          .condor_count = 1,
                                          .proposal_count = 2,
                                          .step_count = 1,
                                          .given_up_count = 1};
    return message;
}

/* Encodes and decodes; false when the decoder refuses it. */
static bool pass(const vw_message *message, vw_message *got, vw_decoder *decoder)
{
    static vw_encoder *encoder;
    char topic[VW_TOPIC_SIZE + 1];
    vw_topic name = sample_topic(VW_MESSAGE_HEDGE);

    encoder = encoder != NULL ? encoder : vw_encoder_open();
    vw_frame frame = vw_encode(encoder, name.name, message);

    return vw_decode(decoder, frame.bytes, frame.size, topic, got);
}

static void a_decision_comes_back_as_it_went_in(void **state)
{
    vw_message want = sample_decision(), got;
    vw_decoder *decoder = vw_decoder_open();

    (void)state;
    assert_true(pass(&want, &got, decoder));
    assert_memory_equal(got.decision.head, want.decision.head, sizeof *got.decision.head);
    assert_memory_equal(got.decision.book, want.decision.book, sizeof *got.decision.book);
    assert_int_equal(got.decision.signal_count, 2);
    assert_memory_equal(got.decision.signals, signals, sizeof signals);
    assert_int_equal(got.decision.detail_count, 0);
    assert_memory_equal(got.decision.layers, layers, sizeof layers);
    assert_memory_equal(got.decision.legs, legs, sizeof legs);
    assert_memory_equal(got.decision.condors, condors, sizeof condors);
    assert_memory_equal(got.decision.proposals, proposals, sizeof proposals);
    assert_memory_equal(got.decision.steps, steps, sizeof steps);
    assert_memory_equal(got.decision.given_up, given_up, sizeof given_up);
    vw_decoder_close(decoder);
}

static void a_hedge_without_a_decision_has_none(void **state)
{
    vw_message want = sample_message(VW_MESSAGE_HEDGE), got;
    vw_decoder *decoder = vw_decoder_open();

    (void)state;
    assert_true(pass(&want, &got, decoder));
    assert_null(got.decision.head);
    vw_decoder_close(decoder);
}

static void a_decision_that_makes_no_sense_is_refused(void **state)
{
    vw_message bad = sample_decision(), got;
    vw_decision_row head = *bad.decision.head;
    vw_decoder *decoder = vw_decoder_open();

    (void)state;
    bad.decision.head = &head;
    head.r_final = NAN;
    assert_false(pass(&bad, &got, decoder));
    head.r_final = 0;
    head.regime = 77;
    assert_false(pass(&bad, &got, decoder));
    head.regime = 0;
    assert_true(pass(&bad, &got, decoder));
    proposals[1].steps = 1; /* promised, not there */
    assert_false(pass(&bad, &got, decoder));
    proposals[1].steps = 0;
    steps[0].type = 'x';
    assert_false(pass(&bad, &got, decoder));
    steps[0].type = 'C';
    given_up[0].constraint = 200;
    assert_false(pass(&bad, &got, decoder));
    given_up[0].constraint = 2;
    vw_decoder_close(decoder);
}

static vw_update row(vw_update_kind kind, unsigned flags)
{
    return (vw_update){.kind = (uint8_t)kind, .flags = (uint8_t)flags};
}

static void its_rows_are_gathered_behind_the_legs_and_never_a_nan_passes(void **state)
{
    vw_counters counters = {0};
    vw_staging staging;
    vw_update update;

    (void)state;
    vw_staging_init(&staging, &counters);
    for (int turn = 0; turn < 2; turn++) { /* nothing of the first is in the second */
        update = row(VW_UPDATE_HEDGE, VW_UPDATE_FIRST);
        vw_staging_add(&staging, &update);
        update = row(VW_UPDATE_DECISION, 0);
        update.decision.r_asked = turn == 0 ? NAN : 0.5;
        vw_staging_add(&staging, &update);
        update = row(VW_UPDATE_DECISION_BOOK, 0);
        vw_staging_add(&staging, &update);
        update = row(VW_UPDATE_SIGNAL, VW_UPDATE_LAST);
        update.signal.value = 3;
        vw_staging_add(&staging, &update);
        const vw_message *message = vw_staging_take(&staging);

        assert_near(message->decision.head->r_asked, turn == 0 ? 0 : 0.5, 0);
        assert_int_equal(message->decision.signal_count, 1);
        assert_near(message->decision.signals[0].value, 3, 0);
    }
    assert_int_equal(vw_counters_get(&counters, VW_COUNT_NUMBERS_REFUSED), 1);
    update = row(VW_UPDATE_HEDGE, VW_UPDATE_FIRST | VW_UPDATE_LAST);
    vw_staging_add(&staging, &update);
    assert_null(vw_staging_take(&staging)->decision.head);
    vw_staging_free(&staging);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_decision_comes_back_as_it_went_in),
        cmocka_unit_test(a_hedge_without_a_decision_has_none),
        cmocka_unit_test(a_decision_that_makes_no_sense_is_refused),
        cmocka_unit_test(its_rows_are_gathered_behind_the_legs_and_never_a_nan_passes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
