#include "schemas/encode.h"

#include "schemas/decode.h"
#include "tests/check.h"
#include "tests/schemas/samples.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GOLDEN VW_SOURCE_DIR "/tests/data/golden_messages.txt"

enum { KIND_FIRST = VW_MESSAGE_DEFINITIONS, KIND_LAST = VW_MESSAGE_HEARTBEAT, HEX_MAX = 16384 };

static vw_frame encode_sample(vw_encoder *encoder, vw_message_kind kind)
{
    vw_message message = sample_message(kind);
    vw_topic topic = sample_topic(kind);

    return vw_encode(encoder, topic.name, &message);
}

static void assert_same_rows(const void *got, const void *want, size_t count, size_t size)
{
    if (count > 0) {
        assert_memory_equal(got, want, count * size);
    }
}

static void assert_same_message(const vw_message *got, const vw_message *want)
{
    assert_int_equal(got->kind, want->kind);
    assert_int_equal(got->epoch, want->epoch);
    assert_int_equal(got->sequence, want->sequence);
    assert_int_equal(got->exchange_ns, want->exchange_ns);
    assert_int_equal(got->receive_ns, want->receive_ns);
    assert_int_equal(got->publish_ns, want->publish_ns);
    assert_string_equal(got->source, want->source);
    assert_memory_equal(&got->group, &want->group, sizeof got->group);
    assert_int_equal(got->definition_count, want->definition_count);
    assert_int_equal(got->greeks_count, want->greeks_count);
    assert_int_equal(got->curve_point_count, want->curve_point_count);
    assert_int_equal(got->layer_count, want->layer_count);
    assert_int_equal(got->leg_count, want->leg_count);
    assert_int_equal(got->unit_count, want->unit_count);
    assert_int_equal(got->counter_count, want->counter_count);
    assert_same_rows(got->definitions, want->definitions, want->definition_count,
                     sizeof *want->definitions);
    assert_same_rows(got->greeks, want->greeks, want->greeks_count, sizeof *want->greeks);
    assert_same_rows(got->surface, want->surface, want->surface != NULL, sizeof *want->surface);
    assert_same_rows(got->curve, want->curve, want->curve != NULL, sizeof *want->curve);
    assert_same_rows(got->curve_points, want->curve_points, want->curve_point_count,
                     sizeof *want->curve_points);
    assert_same_rows(got->hedge, want->hedge, want->hedge != NULL, sizeof *want->hedge);
    assert_same_rows(got->layers, want->layers, want->layer_count, sizeof *want->layers);
    assert_same_rows(got->legs, want->legs, want->leg_count, sizeof *want->legs);
    assert_same_rows(got->units, want->units, want->unit_count, sizeof *want->units);
    assert_same_rows(got->heartbeat, want->heartbeat, want->heartbeat != NULL,
                     sizeof *want->heartbeat);
    for (size_t i = 0; i < want->counter_count; i++) {
        assert_string_equal(got->counters[i].name, want->counters[i].name);
        assert_int_equal(got->counters[i].value, want->counters[i].value);
        assert_int_equal(got->counters[i].loss, want->counters[i].loss);
    }
}

static void every_kind_comes_back_as_it_went_in(void **state)
{
    vw_encoder *encoder = vw_encoder_open();
    vw_decoder *decoder = vw_decoder_open();

    (void)state;
    for (int kind = KIND_FIRST; kind <= KIND_LAST; kind++) {
        vw_message want = sample_message((vw_message_kind)kind), got;
        vw_topic topic = sample_topic((vw_message_kind)kind);
        vw_frame frame = encode_sample(encoder, (vw_message_kind)kind);
        char name[VW_TOPIC_SIZE + 1];

        assert_int_equal((uintptr_t)frame.bytes % 8, 0);
        assert_true(vw_decode(decoder, frame.bytes, frame.size, name, &got));
        assert_string_equal(name, topic.name);
        assert_same_message(&got, &want);
    }
    vw_decoder_close(decoder);
    vw_encoder_close(encoder);
}

static void a_frame_at_an_odd_address_is_read_as_well(void **state)
{
    vw_encoder *encoder = vw_encoder_open();
    vw_decoder *decoder = vw_decoder_open();
    vw_frame frame = encode_sample(encoder, VW_MESSAGE_GREEKS);
    unsigned char *moved = malloc(frame.size + 1);
    char name[VW_TOPIC_SIZE + 1];
    vw_message got, want = sample_message(VW_MESSAGE_GREEKS);

    (void)state;
    memcpy(moved + 1, frame.bytes, frame.size);
    assert_true(vw_decode(decoder, moved + 1, frame.size, name, &got));
    assert_int_equal((uintptr_t)got.greeks % 8, 0);
    assert_same_message(&got, &want);
    free(moved);
    vw_decoder_close(decoder);
    vw_encoder_close(encoder);
}

/* One of the ways in which a message of greeks may differ from the one before it. */
static void vary(vw_message *message, size_t turn)
{
    int64_t *const numbers[] = {(int64_t *)&message->epoch, (int64_t *)&message->sequence,
                                &message->exchange_ns, &message->receive_ns, &message->publish_ns};
    static const char *const sources[] = {"sim", "live", "a source of 16 c", "b source of 16 c"};

    message->sequence += turn;
    message->publish_ns += (int64_t)turn;
    message->group.expiry += (uint32_t)(turn % 3);
    if (turn % 7 == 0) {
        *numbers[turn / 7 % VW_COUNT_OF(numbers)] = 0; /* left out by the library */
    }
    if (turn % 11 == 0) {
        message->group = (vw_group_row){0};
    }
    memcpy(message->source, sources[turn / 13 % VW_COUNT_OF(sources)],
           strnlen(sources[turn / 13 % VW_COUNT_OF(sources)], VW_SOURCE_SIZE));
}

/* A fresh encoder has nothing but the library. */
static void filled_in_frames_are_those_the_library_builds(void **state)
{
    enum { ROWS_MAX = 600, TURNS = 400 };
    static const size_t counts[] = {1, 1, 2, 1, 64, 64, 63, 3, 256, 257, 1, ROWS_MAX, 1, 2, 0};
    static vw_greeks_row rows[ROWS_MAX];
    vw_encoder *encoder = vw_encoder_open();
    vw_decoder *decoder = vw_decoder_open();
    char name[VW_TOPIC_SIZE + 1];

    (void)state;
    for (size_t turn = 0; turn < TURNS; turn++) {
        vw_message message = sample_header(VW_MESSAGE_GREEKS), got;
        vw_topic topic = {.name = "greeks.other"};
        vw_encoder *fresh = vw_encoder_open();
        vw_frame want, have;

        memset(message.source, 0, sizeof message.source);
        vary(&message, turn);
        message.greeks = rows;
        message.greeks_count = counts[turn % VW_COUNT_OF(counts)];
        for (size_t i = 0; i < message.greeks_count; i++) {
            rows[i] = sample_greeks((uint32_t)(turn + i), VW_CALC_TICK);
        }
        topic = turn % 2 == 0 ? sample_topic(VW_MESSAGE_GREEKS) : topic;
        want = vw_encode(fresh, topic.name, &message);
        have = vw_encode(encoder, topic.name, &message);
        assert_int_equal((uintptr_t)have.bytes % 8, 0);
        assert_int_equal(have.size, want.size);
        assert_memory_equal(have.bytes, want.bytes, want.size);
        assert_int_equal(vw_decode(decoder, have.bytes, have.size, name, &got),
                         vw_decode(decoder, want.bytes, want.size, name, &got));
        vw_encoder_close(fresh);
    }
    vw_decoder_close(decoder);
    vw_encoder_close(encoder);
}

/* Writes the golden file anew; for a change of the schema that is meant. */
static void write_golden(vw_encoder *encoder)
{
    FILE *file = fopen(GOLDEN, "w");

    assert_non_null(file);
    fprintf(file, "# One message of every kind (tests/schemas/samples.h), topic and FlatBuffer, in "
                  "hexadecimal.\n# VEGAWIRE_GOLDEN=write tests/schemas/encode writes it anew.\n");
    for (int kind = KIND_FIRST; kind <= KIND_LAST; kind++) {
        vw_frame frame = encode_sample(encoder, (vw_message_kind)kind);

        fprintf(file, "%s ", vw_message_word(VW_WORDS_KIND, (unsigned)kind));
        for (size_t i = 0; i < frame.size; i++) {
            fprintf(file, "%02x", ((const unsigned char *)frame.bytes)[i]);
        }
        fprintf(file, "\n");
    }
    fclose(file);
}

static void the_bytes_on_the_wire_are_those_agreed(void **state)
{
    static char line[HEX_MAX + 64], hex[HEX_MAX], got[HEX_MAX];
    vw_encoder *encoder = vw_encoder_open();
    int kind = KIND_FIRST;
    FILE *file;

    (void)state;
    if (getenv("VEGAWIRE_GOLDEN") != NULL) {
        write_golden(encoder);
    }
    file = fopen(GOLDEN, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        char word[32];
        vw_frame frame;

        if (line[0] == '#') {
            continue;
        }
        assert_int_equal(sscanf(line, "%31s %16383s", word, hex), 2);
        assert_string_equal(word, vw_message_word(VW_WORDS_KIND, (unsigned)kind));
        frame = encode_sample(encoder, (vw_message_kind)kind);
        assert_true(2 * frame.size < HEX_MAX);
        for (size_t i = 0; i < frame.size; i++) {
            snprintf(got + 2 * i, 3, "%02x", ((const unsigned char *)frame.bytes)[i]);
        }
        assert_string_equal(got, hex);
        kind++;
    }
    assert_int_equal(kind, KIND_LAST + 1);
    fclose(file);
    vw_encoder_close(encoder);
}

static void truncated_frames_are_no_messages(void **state)
{
    vw_encoder *encoder = vw_encoder_open();
    vw_decoder *decoder = vw_decoder_open();
    char name[VW_TOPIC_SIZE + 1];
    vw_message message;

    (void)state;
    for (int kind = KIND_FIRST; kind <= KIND_LAST; kind++) {
        vw_frame frame = encode_sample(encoder, (vw_message_kind)kind);

        for (size_t size = 0; size < frame.size; size++) {
            unsigned char *cut = malloc(size + 1); /* its end is where ASan looks */

            memcpy(cut, frame.bytes, size);
            if (vw_decode(decoder, cut, size, name, &message)) {
                assert_int_equal(message.kind, kind); /* only padding was cut off */
                assert_true(frame.size - size < 8);
            }
            free(cut);
        }
    }
    vw_decoder_close(decoder);
    vw_encoder_close(encoder);
}

static void assert_sound(const vw_message *message)
{
    for (size_t i = 0; i < message->greeks_count; i++) {
        assert_true(isfinite(message->greeks[i].vol) && isfinite(message->greeks[i].charm));
        assert_non_null(vw_message_word(VW_WORDS_STATUS, message->greeks[i].status));
    }
    for (size_t i = 0; i < message->leg_count; i++) {
        assert_non_null(vw_message_word(VW_WORDS_STATUS, message->legs[i].status));
    }
    for (size_t i = 0; i < message->unit_count; i++) {
        assert_non_null(vw_message_word(VW_WORDS_UNIT_STATE, message->units[i].state));
    }
    for (size_t i = 0; i < message->counter_count; i++) {
        assert_true(strlen(message->counters[i].name) < 1 << 20);
    }
}

static void flipped_bits_never_give_rows_without_sense(void **state)
{
    vw_encoder *encoder = vw_encoder_open();
    vw_decoder *decoder = vw_decoder_open();
    size_t refused = 0, tried = 0;
    char name[VW_TOPIC_SIZE + 1];
    vw_message message;

    (void)state;
    for (int kind = KIND_FIRST; kind <= KIND_LAST; kind++) {
        vw_frame frame = encode_sample(encoder, (vw_message_kind)kind);
        unsigned char *bytes = malloc(frame.size);

        memcpy(bytes, frame.bytes, frame.size);
        for (size_t bit = 0; bit < 8 * frame.size; bit++) {
            bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
            tried++;
            if (vw_decode(decoder, bytes, frame.size, name, &message)) {
                assert_sound(&message);
            } else {
                refused++;
            }
            bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
        }
        free(bytes);
    }
    print_message("%zu of %zu flipped bits refused\n", refused, tried);
    assert_true(refused > tried / 20);
    vw_decoder_close(decoder);
    vw_encoder_close(encoder);
}

static void what_kind_promises_must_be_there(void **state)
{
    vw_encoder *encoder = vw_encoder_open();
    vw_decoder *decoder = vw_decoder_open();
    char name[VW_TOPIC_SIZE + 1];
    vw_message message;

    (void)state;
    for (int kind = KIND_FIRST; kind <= KIND_LAST; kind++) {
        vw_topic topic = sample_topic((vw_message_kind)kind);
        vw_message empty = sample_header((vw_message_kind)kind);
        vw_frame frame = vw_encode(encoder, topic.name, &empty);

        assert_false(vw_decode(decoder, frame.bytes, frame.size, name, &message));
    }
    vw_decoder_close(decoder);
    vw_encoder_close(encoder);
}

static void a_number_that_is_not_finite_makes_no_message(void **state)
{
    vw_encoder *encoder = vw_encoder_open();
    vw_decoder *decoder = vw_decoder_open();
    vw_greeks_row row = sample_greeks(1, VW_CALC_TICK);
    vw_topic topic = sample_topic(VW_MESSAGE_GREEKS);
    char name[VW_TOPIC_SIZE + 1];
    vw_message message = sample_header(VW_MESSAGE_GREEKS), got;
    vw_frame frame;

    (void)state;
    message.greeks = &row;
    message.greeks_count = 1;
    frame = vw_encode(encoder, topic.name, &message);
    assert_true(vw_decode(decoder, frame.bytes, frame.size, name, &got));
    row.charm = NAN;
    frame = vw_encode(encoder, topic.name, &message);
    assert_false(vw_decode(decoder, frame.bytes, frame.size, name, &got));
    row.charm = 0;
    row.strike = INFINITY;
    frame = vw_encode(encoder, topic.name, &message);
    assert_false(vw_decode(decoder, frame.bytes, frame.size, name, &got));
    vw_decoder_close(decoder);
    vw_encoder_close(encoder);
}

static void the_words_of_the_schema_are_those_of_the_code(void **state)
{
    (void)state;
    for (unsigned i = 0; i < VW_STATUS_COUNT; i++) {
        assert_string_equal(vw_message_word(VW_WORDS_STATUS, i), vw_status_name((vw_status)i));
    }
    for (unsigned i = 0; i < VW_QUOTE_BITS; i++) {
        assert_string_equal(vw_message_word(VW_WORDS_QUALITY, i), vw_quote_name(i));
    }
    assert_null(vw_message_word(VW_WORDS_STATUS, VW_STATUS_COUNT));
    assert_null(vw_message_word(VW_WORDS_QUALITY, VW_QUOTE_BITS));
    assert_null(vw_message_word(VW_WORDS_REGIME, 256));
    assert_string_equal(vw_message_word(VW_WORDS_CALC, VW_CALC_CUT), "cut");
    assert_string_equal(vw_message_word(VW_WORDS_MODEL, VW_MODEL_HKS), "hks");
    assert_string_equal(vw_message_word(VW_WORDS_REGIME, VW_REGIME_BACKWARDATION), "backwardation");
    assert_string_equal(vw_message_word(VW_WORDS_FORWARD_SOURCE, VW_FORWARD_FUTURE), "future");
    assert_string_equal(vw_message_word(VW_WORDS_UNIT_STATE, VW_UNIT_SILENT), "silent");
    assert_string_equal(vw_message_word(VW_WORDS_KIND, VW_MESSAGE_STATUS), "status");
    assert_string_equal(vw_message_word(VW_WORDS_ABSENT, 2), "cm30");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_comes_back_as_it_went_in),
        cmocka_unit_test(a_frame_at_an_odd_address_is_read_as_well),
        cmocka_unit_test(the_bytes_on_the_wire_are_those_agreed),
        cmocka_unit_test(filled_in_frames_are_those_the_library_builds),
        cmocka_unit_test(truncated_frames_are_no_messages),
        cmocka_unit_test(flipped_bits_never_give_rows_without_sense),
        cmocka_unit_test(what_kind_promises_must_be_there),
        cmocka_unit_test(a_number_that_is_not_finite_makes_no_message),
        cmocka_unit_test(the_words_of_the_schema_are_those_of_the_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
