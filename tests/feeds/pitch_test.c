#include "feeds/pitch.h"

#include "feeds/cfe_wire.h"
#include "tests/check.h"

#include <jansson.h>
#include <string.h>

static const vw_pitch_type written[] = {
    VW_PITCH_TIME,           VW_PITCH_TIME_REFERENCE, VW_PITCH_UNIT_CLEAR,
    VW_PITCH_ADD_LONG,       VW_PITCH_ADD_SHORT,      VW_PITCH_ADD_EXPANDED,
    VW_PITCH_EXECUTED,       VW_PITCH_EXECUTED_AT,    VW_PITCH_REDUCE_LONG,
    VW_PITCH_REDUCE_SHORT,   VW_PITCH_MODIFY_LONG,    VW_PITCH_MODIFY_SHORT,
    VW_PITCH_DELETE,         VW_PITCH_TRADE_LONG,     VW_PITCH_TRADE_SHORT,
    VW_PITCH_TRADE_EXPANDED, VW_PITCH_TRADE_BREAK,    VW_PITCH_SESSION_END,
    VW_PITCH_MAPPING,        VW_PITCH_TRADING_STATUS, VW_PITCH_TRANSACTION_BEGIN,
    VW_PITCH_TRANSACTION_END};
static const vw_pitch_type written_cfe[] = {VW_PITCH_FUTURE, VW_PITCH_SETTLEMENT,
                                            VW_PITCH_OPEN_INTEREST};

static bool options_only(vw_pitch_type type)
{
    return type == VW_PITCH_ADD_EXPANDED || type == VW_PITCH_EXECUTED_AT ||
           type == VW_PITCH_TRADE_EXPANDED || type == VW_PITCH_MAPPING;
}

/* random_bytes makes a message of the type with any content; its length is what encode gives. */
static size_t random_message(vw_dialect dialect, vw_pitch_type type, unsigned char *to)
{
    unsigned char noise[VW_PITCH_MESSAGE_MAX];
    vw_pitch_message message;

    for (size_t i = 0; i < sizeof noise; i++) {
        noise[i] = (unsigned char)('0' + rand() % 60);
    }
    noise[0] = sizeof noise;
    noise[1] = (unsigned char)type;
    if (type == VW_PITCH_FUTURE) {
        noise[38] = (unsigned char)(rand() % 4);
        noise[39] = (unsigned char)(sizeof(vw_wire_future_dated) + (unsigned)(rand() % 20));
    }
    assert_int_equal(vw_pitch_decode(dialect, noise, sizeof noise, &message), sizeof noise);
    assert_int_equal(message.type, type);
    return vw_pitch_encode(dialect, &message, to);
}

static void check_round_trip(vw_dialect dialect, vw_pitch_type type)
{
    unsigned char first[VW_PITCH_MESSAGE_MAX], second[VW_PITCH_MESSAGE_MAX];
    size_t size = random_message(dialect, type, first);
    vw_pitch_message message;

    assert_true(size >= 6);
    assert_int_equal(first[0], size);
    assert_int_equal(vw_pitch_decode(dialect, first, size, &message), size);
    assert_int_equal(vw_pitch_encode(dialect, &message, second), size);
    assert_memory_equal(first, second, size);
    for (size_t shorter = 0; shorter < size; shorter++) {
        assert_int_equal(vw_pitch_decode(dialect, first, shorter, &message), VW_PITCH_MORE);
    }
}

static void encode_after_decode_gives_the_same_bytes(void **state)
{
    unsigned seed = 20230914;

    (void)state;
    srand(seed);
    printf("seed %u\n", seed);
    for (int round = 0; round < 200; round++) {
        for (size_t i = 0; i < VW_COUNT_OF(written); i++) {
            check_round_trip(VW_DIALECT_OPTIONS, written[i]);
            check_round_trip(VW_DIALECT_COMPLEX, written[i]);
            if (!options_only(written[i])) {
                check_round_trip(VW_DIALECT_CFE, written[i]);
            }
        }
        for (size_t i = 0; i < VW_COUNT_OF(written_cfe); i++) {
            check_round_trip(VW_DIALECT_CFE, written_cfe[i]);
        }
    }
}

static void sizes_are_those_of_the_specification(void **state)
{
    static const struct {
        vw_pitch_type type;
        size_t options, cfe;
    } rows[] = {{VW_PITCH_TIME, 10, 10},           {VW_PITCH_TIME_REFERENCE, 18, 18},
                {VW_PITCH_ADD_LONG, 34, 33},       {VW_PITCH_ADD_SHORT, 26, 25},
                {VW_PITCH_EXECUTED, 27, 27},       {VW_PITCH_REDUCE_LONG, 18, 18},
                {VW_PITCH_REDUCE_SHORT, 16, 16},   {VW_PITCH_MODIFY_LONG, 27, 26},
                {VW_PITCH_MODIFY_SHORT, 19, 18},   {VW_PITCH_DELETE, 14, 14},
                {VW_PITCH_TRADE_LONG, 42, 42},     {VW_PITCH_TRADE_SHORT, 34, 34},
                {VW_PITCH_TRADING_STATUS, 18, 18}, {VW_PITCH_UNIT_CLEAR, 6, 6},
                {VW_PITCH_MAPPING, 38, 0},         {VW_PITCH_EXECUTED_AT, 39, 0},
                {VW_PITCH_SETTLEMENT, 0, 25},      {VW_PITCH_OPEN_INTEREST, 0, 20}};
    unsigned char bytes[VW_PITCH_MESSAGE_MAX];

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(rows); i++) {
        vw_pitch_message message = {.type = rows[i].type};

        assert_int_equal(vw_pitch_encode(VW_DIALECT_OPTIONS, &message, bytes), rows[i].options);
        assert_int_equal(vw_pitch_encode(VW_DIALECT_CFE, &message, bytes), rows[i].cfe);
    }
}

static void short_prices_have_a_sign_only_where_the_dialect_gives_one(void **state)
{
    vw_pitch_message message = {.type = VW_PITCH_MODIFY_SHORT,
                                .change = {.order_id = 7, .price = -2206500, .quantity = 1}};
    unsigned char bytes[VW_PITCH_MESSAGE_MAX];

    (void)state;
    assert_int_equal(vw_pitch_encode(VW_DIALECT_OPTIONS, &message, bytes), 0);
    assert_int_equal(vw_pitch_encode(VW_DIALECT_COMPLEX, &message, bytes), 19);
    assert_int_equal(bytes[16], 0xCF); /* as a capture of the complex book has it */
    assert_int_equal(bytes[17], 0xA9);
    assert_int_equal(vw_pitch_decode(VW_DIALECT_COMPLEX, bytes, 19, &message), 19);
    assert_int_equal(message.change.price, -2206500);
    assert_int_equal(vw_pitch_decode(VW_DIALECT_OPTIONS, bytes, 19, &message), 19);
    assert_int_equal(message.change.price, 4347100);
    assert_false(vw_pitch_fits_short(4347100, 1));
    assert_true(vw_pitch_fits_short(3276700, 65535));
    assert_false(vw_pitch_fits_short(3276700, 65536));
    assert_false(vw_pitch_fits_short(12350, 1));
}

static void longer_messages_are_read_and_short_or_strange_ones_are_told_apart(void **state)
{
    unsigned char bytes[64] = {20, VW_PITCH_DELETE, 1, 0, 0, 0, 9};
    vw_pitch_message message;

    (void)state;
    assert_int_equal(vw_pitch_decode(VW_DIALECT_CFE, bytes, sizeof bytes, &message), 20);
    assert_int_equal(message.type, VW_PITCH_DELETE);
    assert_int_equal(message.change.order_id, 9);
    bytes[0] = 13;
    assert_int_equal(vw_pitch_decode(VW_DIALECT_CFE, bytes, sizeof bytes, &message),
                     VW_PITCH_MALFORMED);
    assert_int_equal(message.length, 13);
    bytes[0] = 1;
    assert_int_equal(vw_pitch_decode(VW_DIALECT_CFE, bytes, sizeof bytes, &message),
                     VW_PITCH_MALFORMED);
    assert_int_equal(message.length, 0);
    bytes[0] = 30;
    bytes[1] = 0x77;
    assert_int_equal(vw_pitch_decode(VW_DIALECT_CFE, bytes, sizeof bytes, &message), 30);
    assert_int_equal(message.type, VW_PITCH_UNKNOWN);
    assert_int_equal(message.wire_type, 0x77);
    bytes[1] = VW_PITCH_MAPPING; /* not a message of CFE */
    assert_int_equal(vw_pitch_decode(VW_DIALECT_CFE, bytes, sizeof bytes, &message), 30);
    assert_int_equal(message.type, VW_PITCH_UNKNOWN);
}

static void a_byte_that_cfe_might_append_is_not_taken_for_flags(void **state)
{
    unsigned char bytes[34] = {34, VW_PITCH_ADD_LONG};
    vw_pitch_message message;

    (void)state;
    bytes[33] = VW_PITCH_FLAG_AON;
    assert_int_equal(vw_pitch_decode(VW_DIALECT_CFE, bytes, sizeof bytes, &message), 34);
    assert_int_equal(message.order.flags, 0);
    assert_int_equal(vw_pitch_decode(VW_DIALECT_OPTIONS, bytes, sizeof bytes, &message), 34);
    assert_int_equal(message.order.flags, VW_PITCH_FLAG_AON);
}

static void legs_beyond_the_message_are_malformed(void **state)
{
    unsigned char bytes[65] = {65, VW_PITCH_FUTURE};
    vw_pitch_message message;

    (void)state;
    bytes[38] = 2;
    bytes[39] = 45;
    assert_int_equal(vw_pitch_decode(VW_DIALECT_CFE, bytes, sizeof bytes, &message), 65);
    assert_ptr_equal(message.future.legs, bytes + 45);
    bytes[39] = 46;
    assert_int_equal(vw_pitch_decode(VW_DIALECT_CFE, bytes, sizeof bytes, &message),
                     VW_PITCH_MALFORMED);
    bytes[39] = 10;
    assert_int_equal(vw_pitch_decode(VW_DIALECT_CFE, bytes, sizeof bytes, &message),
                     VW_PITCH_MALFORMED);
    bytes[38] = 255;
    assert_int_equal(vw_pitch_decode(VW_DIALECT_CFE, bytes, sizeof bytes, &message),
                     VW_PITCH_MALFORMED);
}

static void blocks_are_written_until_full_and_read_back(void **state)
{
    unsigned char payload[64], message[14] = {14, VW_PITCH_DELETE};
    vw_pitch_writer writer;
    vw_wire_block block;

    (void)state;
    vw_pitch_begin(&writer, payload, 40, 3, 77);
    assert_true(vw_pitch_add(&writer, message, sizeof message));
    assert_true(vw_pitch_add(&writer, message, sizeof message));
    assert_false(vw_pitch_add(&writer, message, sizeof message));
    assert_int_equal(vw_pitch_end(&writer), 36);
    assert_true(vw_pitch_block(payload, 60, &block)); /* Ethernet pads short frames */
    assert_int_equal(block.length, 36);
    assert_int_equal(block.count, 2);
    assert_int_equal(block.unit, 3);
    assert_int_equal(block.sequence, 77);
    assert_false(vw_pitch_block(payload, 35, &block));
    assert_false(vw_pitch_block(payload, 7, &block));
    vw_pitch_begin(&writer, payload, 40, 3, 79);
    assert_int_equal(vw_pitch_end(&writer), 8);
}

static size_t from_hex(const char *hex, unsigned char *to)
{
    size_t size = strlen(hex) / 2;

    for (size_t i = 0; i < size; i++) {
        unsigned byte;

        assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
        to[i] = (unsigned char)byte;
    }
    return size;
}

static void check_number(json_t *expected, const char *key, int64_t got)
{
    json_t *value = json_object_get(expected, key);

    if (json_is_integer(value)) {
        assert_int_equal(got, json_integer_value(value));
    } else if (json_is_string(value)) {
        assert_near((double)got / 10000, strtod(json_string_value(value), NULL), 1e-9);
    }
}

static void check_text(json_t *expected, const char *key, const char *got)
{
    json_t *value = json_object_get(expected, key);

    if (value != NULL) {
        assert_string_equal(got, json_string_value(value));
    }
}

static void check_future(json_t *expected, const vw_pitch_future *future)
{
    char state[2] = {future->listing_state};

    check_text(expected, "symbol", future->symbol);
    check_number(expected, "unit_timestamp", future->unit_timestamp);
    check_text(expected, "report_symbol", future->report_symbol);
    check_number(expected, "futures_flags", future->flags);
    check_number(expected, "expiration_date", future->expiration_date);
    check_number(expected, "contract_size", future->contract_size);
    check_text(expected, "listing_state", state);
    check_number(expected, "price_increment", future->price_increment);
    check_number(expected, "leg_count", future->leg_count);
    check_number(expected, "contract_date", future->contract_date);
}

static void check_example(json_t *expected, const vw_pitch_message *message)
{
    char side[2] = {message->order.side}, condition[2] = {message->change.condition};

    check_number(expected, "time_offset", message->time_offset_ns);
    switch (message->type) {
    case VW_PITCH_TIME:
        check_number(expected, "time", message->time.seconds);
        check_number(expected, "epoch_time", message->time.epoch);
        break;
    case VW_PITCH_ADD_LONG:
    case VW_PITCH_ADD_SHORT:
        check_text(expected, "side", side);
        check_text(expected, "symbol", message->order.symbol);
        check_number(expected, "quantity", message->order.quantity);
        check_number(expected, "price", message->order.price);
        break;
    case VW_PITCH_EXECUTED:
        check_number(expected, "executed_quantity", message->change.quantity);
        check_text(expected, "trade_condition", condition);
        break;
    case VW_PITCH_FUTURE:
        check_future(expected, &message->future);
        break;
    default:
        break;
    }
}

static void the_examples_of_the_cfe_document_decode_and_encode(void **state)
{
    json_t *root = json_load_file(VW_SOURCE_DIR "/tests/data/cfe_pitch_examples.json", 0, NULL);
    json_t *vector;
    size_t index;

    (void)state;
    assert_non_null(root);
    assert_int_equal(json_array_size(json_object_get(root, "vectors")), 10);
    json_array_foreach(json_object_get(root, "vectors"), index, vector)
    {
        unsigned char bytes[256], again[VW_PITCH_MESSAGE_MAX];
        size_t size = from_hex(json_string_value(json_object_get(vector, "hex")), bytes), at = 0;
        json_t *expected = json_object_get(vector, "expected");
        vw_wire_block block = {0};

        if (json_object_get(expected, "hdr_length") != NULL) {
            assert_true(vw_pitch_block(bytes, size, &block));
            check_number(expected, "hdr_length", block.length);
            check_number(expected, "hdr_count", block.count);
            check_number(expected, "hdr_unit", block.unit);
            check_number(expected, "hdr_sequence", block.sequence);
            at = sizeof block;
        }
        while (at < size) {
            vw_pitch_message message;
            int used = vw_pitch_decode(VW_DIALECT_CFE, bytes + at, size - at, &message);

            assert_true(used > 0);
            assert_int_not_equal(message.type, VW_PITCH_UNKNOWN);
            check_example(expected, &message);
            assert_int_equal(vw_pitch_encode(VW_DIALECT_CFE, &message, again), used);
            assert_memory_equal(again, bytes + at, (size_t)used);
            at += (size_t)used;
        }
    }
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encode_after_decode_gives_the_same_bytes),
        cmocka_unit_test(sizes_are_those_of_the_specification),
        cmocka_unit_test(short_prices_have_a_sign_only_where_the_dialect_gives_one),
        cmocka_unit_test(longer_messages_are_read_and_short_or_strange_ones_are_told_apart),
        cmocka_unit_test(a_byte_that_cfe_might_append_is_not_taken_for_flags),
        cmocka_unit_test(legs_beyond_the_message_are_malformed),
        cmocka_unit_test(blocks_are_written_until_full_and_read_back),
        cmocka_unit_test(the_examples_of_the_cfe_document_decode_and_encode),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
