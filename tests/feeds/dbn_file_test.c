#include "feeds/dbn_file.h"

#include "tests/check.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

/* A trade as a fragment holds it. */
static vw_dbn_wire_trade make_trade(uint32_t instrument)
{
    return (vw_dbn_wire_trade){
        .head = {.words = 12, .rtype = VW_DBN_TRADE, .instrument_id = instrument}, .size = 5};
}

static char path[64];

static void write_file(const void *bytes, size_t size)
{
    snprintf(path, sizeof path, "/tmp/vw_dbn_XXXXXX");
    int file = mkstemp(path);

    assert_true(file >= 0);
    assert_int_equal(write(file, bytes, size), size);
    close(file);
}

/* count_file reads path to its end; *err tells how that was. */
static size_t count_file(vw_err *err, vw_error *error)
{
    vw_input *input = vw_input_open(path, error);
    const unsigned char *record;
    size_t count = 0;

    assert_non_null(input);
    vw_dbn_file *file = vw_dbn_file_open(input, error);

    unlink(path);
    if (file == NULL) {
        *err = VW_ERR_DATA;
        return 0;
    }
    while (vw_dbn_file_next(file, &record) > 0) {
        vw_dbn_record read;

        assert_int_equal(vw_dbn_decode(record, 48, &read), 48);
        assert_int_equal(read.head.instrument_id, count++);
    }
    *err = vw_dbn_file_error(file, error);
    vw_dbn_file_close(file);
    return count;
}

static void a_fragment_of_several_zstd_frames_is_one_stream(void **state)
{
    unsigned char packed[4096];
    vw_error error = {""};
    size_t size = 0;
    vw_err err;

    (void)state;
    for (uint32_t frame = 0; frame < 3; frame++) {
        vw_dbn_wire_trade trades[2] = {make_trade(2 * frame), make_trade(2 * frame + 1)};
        size_t made = ZSTD_compress(packed + size, sizeof packed - size, trades, sizeof trades, 3);

        assert_false(ZSTD_isError(made));
        size += made;
    }
    write_file(packed, size);
    assert_int_equal(count_file(&err, &error), 6);
    assert_int_equal(err, VW_OK);
    write_file(packed, size - 5);
    assert_true(count_file(&err, &error) >= 4);
    assert_int_equal(err, VW_ERR_DATA);
    assert_non_null(strstr(error.text, "middle of compressed data"));
    packed[size / 3] ^= 0x55; /* the second frame's first byte */
    write_file(packed, size);
    count_file(&err, &error);
    assert_int_equal(err, VW_ERR_DATA);
}

static void gzip_is_read_as_well(void **state)
{
    vw_dbn_wire_trade trades[50];
    vw_error error = {""};
    vw_err err;

    (void)state;
    for (uint32_t i = 0; i < 50; i++) {
        trades[i] = make_trade(i);
    }
    write_file("", 0);
    gzFile file = gzopen(path, "wb");

    assert_int_equal(gzwrite(file, trades, sizeof trades), sizeof trades);
    gzclose(file);
    assert_int_equal(count_file(&err, &error), 50);
    assert_int_equal(err, VW_OK);
}

static void what_ends_too_early_or_is_not_dbn_says_so(void **state)
{
    vw_dbn_wire_trade trades[2] = {make_trade(0), make_trade(1)};
    vw_error error = {""};
    vw_err err;

    (void)state;
    write_file(trades, sizeof trades - 1);
    assert_int_equal(count_file(&err, &error), 1);
    assert_int_equal(err, VW_ERR_DATA);
    assert_non_null(strstr(error.text, "byte 48: ends in the middle of a record"));
    trades[1].head.words = 1;
    write_file(trades, sizeof trades);
    assert_int_equal(count_file(&err, &error), 1);
    assert_non_null(strstr(error.text, "no way on"));
    write_file("DBN\x09\x20\x00\x00\x00", 8);
    count_file(&err, &error);
    assert_non_null(strstr(error.text, "version 1, 2 or 3"));
    write_file("DBN\x03\xFF\xFF\xFF\x0E", 8);
    count_file(&err, &error);
    assert_non_null(strstr(error.text, "ends in the metadata"));
    write_file("\x51\x2A\x4D\x18\x00\x00\x00\x00", 8);
    count_file(&err, &error);
    assert_non_null(strstr(error.text, "legacy dbz"));
    write_file("", 0);
    assert_int_equal(count_file(&err, &error), 0);
    assert_int_equal(err, VW_OK);
    assert_null(vw_input_open("/nowhere/at.all", &error));
    assert_non_null(strstr(error.text, "/nowhere/at.all"));
}

static void streams_longer_than_the_buffers_come_out_unchanged(void **state)
{
    size_t size = 3000000, made;
    unsigned char *bytes = malloc(size), *back = malloc(size + 1), *packed = malloc(size + 4096);
    const unsigned char *at;
    vw_error error;

    (void)state;
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (unsigned char)(i * i >> 7);
    }
    for (int zstd = 0; zstd < 2; zstd++) {
        made = zstd ? ZSTD_compress(packed, size + 4096, bytes, size, 1) : size;
        write_file(zstd ? packed : bytes, made);
        vw_input *input = vw_input_open(path, &error);

        assert_non_null(input);
        unlink(path);
        assert_true(vw_input_peek(input, 1000, &at) >= 1000);
        assert_memory_equal(at, bytes, 1000);
        assert_int_equal(vw_input_read(input, back, 777), 777);
        assert_int_equal(vw_input_peek(input, VW_INPUT_PEEK_MAX, &at) >= VW_INPUT_PEEK_MAX, 1);
        assert_memory_equal(at, bytes + 777, VW_INPUT_PEEK_MAX);
        assert_int_equal(vw_input_read(input, back + 777, size), size - 777);
        assert_memory_equal(back, bytes, size);
        assert_int_equal(vw_input_error(input, NULL), VW_OK);
        vw_input_close(input);
    }
    free(bytes);
    free(back);
    free(packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fragment_of_several_zstd_frames_is_one_stream),
        cmocka_unit_test(gzip_is_read_as_well),
        cmocka_unit_test(what_ends_too_early_or_is_not_dbn_says_so),
        cmocka_unit_test(streams_longer_than_the_buffers_come_out_unchanged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
