#include "feeds/capture.h"

#include "tests/check.h"

#include <pcap/pcap.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

typedef struct bytes {
    unsigned char at[4096];
    size_t size;
} bytes;

static void put(bytes *to, uint64_t value, size_t size, bool big)
{
    for (size_t i = 0; i < size; i++) {
        to->at[to->size++] = (unsigned char)(value >> (8 * (big ? size - 1 - i : i)));
    }
}

static void put_udp(bytes *to, uint16_t fragment, const char *payload, size_t said)
{
    size_t size = strlen(payload);

    put(to, 0x45, 1, true);
    put(to, 0, 1, true);
    put(to, 28 + size, 2, true);
    put(to, 1, 2, true);
    put(to, fragment, 2, true);
    put(to, 0x2011, 2, true); /* ttl, UDP */
    put(to, 0, 2, true);
    put(to, 0xA23B3404, 4, true);
    put(to, 0xE000CE04, 4, true);
    put(to, 45003, 2, true);
    put(to, 45004, 2, true);
    put(to, 8 + said, 2, true);
    put(to, 0, 2, true);
    memcpy(to->at + to->size, payload, size);
    to->size += size;
}

/* frame makes an Ethernet frame with `tags` VLAN tags, padded to 60 bytes. */
static bytes make_frame(int tags, uint16_t fragment, const char *payload, size_t said)
{
    bytes to = {.size = 12};

    for (int i = 0; i < tags; i++) {
        put(&to, i == 0 ? 0x88A8 : 0x8100, 2, true);
        put(&to, 7, 2, true);
    }
    put(&to, 0x0800, 2, true);
    put_udp(&to, fragment, payload, said);
    while (to.size < 60) {
        put(&to, 0xEE, 1, true);
    }
    return to;
}

static void put_file(bytes *to, bool big, bool nano)
{
    put(to, nano ? 0xA1B23C4D : 0xA1B2C3D4, 4, big);
    put(to, 2, 2, big);
    put(to, 4, 2, big);
    put(to, 0, 8, big);
    put(to, 65535, 4, big);
    put(to, DLT_EN10MB, 4, big);
}

static void put_record(bytes *to, bool big, uint32_t second, uint32_t part, const bytes *frame)
{
    put(to, second, 4, big);
    put(to, part, 4, big);
    put(to, frame->size, 4, big);
    put(to, frame->size, 4, big);
    memcpy(to->at + to->size, frame->at, frame->size);
    to->size += frame->size;
}

static char path[64];

static void write_file(const void *from, size_t size)
{
    snprintf(path, sizeof path, "/tmp/vw_capture_XXXXXX");
    int file = mkstemp(path);

    assert_true(file >= 0);
    assert_int_equal(write(file, from, size), size);
    close(file);
}

static vw_capture *open_file(const char *name, vw_error *error)
{
    vw_input *input = vw_input_open(name, error);

    assert_non_null(input);
    return vw_capture_open(input, error);
}

static void datagrams_have_the_size_udp_says_in_every_file_form(void **state)
{
    (void)state;
    for (int form = 0; form < 4; form++) {
        bool big = form & 1, nano = form & 2;
        bytes file = {.size = 0}, frame = make_frame(form, 0, "hello", 5);
        vw_error error = {""};
        vw_datagram got;

        put_file(&file, big, nano);
        put_record(&file, big, 1701291404, nano ? 954681088 : 954681, &frame);
        write_file(file.at, file.size);
        vw_capture *capture = open_file(path, &error);

        unlink(path);
        assert_non_null(capture);
        assert_true(vw_capture_next(capture, &got));
        assert_int_equal(got.size, 5);
        assert_memory_equal(got.payload, "hello", 5);
        assert_true(got.capture_ns == INT64_C(1701291404954681000) + (nano ? 88 : 0));
        assert_int_equal(got.from_host, 0xA23B3404);
        assert_int_equal(got.to_host, 0xE000CE04);
        assert_int_equal(got.from_port, 45003);
        assert_int_equal(got.to_port, 45004);
        assert_int_equal(got.frame, 1);
        assert_false(vw_capture_next(capture, &got));
        assert_int_equal(vw_capture_error(capture, &error), VW_OK);
        vw_capture_close(capture);
    }
}

static void pcapng_is_read_with_its_own_resolution(void **state)
{
    bytes file = {.size = 0}, frame = make_frame(0, 0, "hello", 5);
    uint64_t stamp = UINT64_C(1701291404954681088);
    vw_error error = {""};
    vw_datagram got;

    (void)state;
    put(&file, 0x0A0D0D0A, 4, false);
    put(&file, 28, 4, false);
    put(&file, 0x1A2B3C4D, 4, false);
    put(&file, 1, 4, false);
    put(&file, UINT64_MAX, 8, false);
    put(&file, 28, 4, false);
    put(&file, 1, 4, false); /* interface: Ethernet, nanoseconds */
    put(&file, 32, 4, false);
    put(&file, DLT_EN10MB, 4, false);
    put(&file, 65535, 4, false);
    put(&file, 9, 2, false); /* if_tsresol */
    put(&file, 1, 2, false);
    put(&file, 9, 4, false);
    put(&file, 0, 4, false);
    put(&file, 32, 4, false);
    put(&file, 6, 4, false); /* enhanced packet */
    put(&file, 32 + 60, 4, false);
    put(&file, 0, 4, false);
    put(&file, stamp >> 32, 4, false);
    put(&file, stamp & UINT32_MAX, 4, false);
    put(&file, 60, 4, false);
    put(&file, 60, 4, false);
    memcpy(file.at + file.size, frame.at, 60);
    file.size += 60;
    put(&file, 32 + 60, 4, false);
    write_file(file.at, file.size);
    vw_capture *capture = open_file(path, &error);

    unlink(path);
    assert_non_null(capture);
    assert_true(vw_capture_next(capture, &got));
    assert_true(got.capture_ns == (int64_t)stamp);
    assert_memory_equal(got.payload, "hello", 5);
    vw_capture_close(capture);
}

static bytes make_mixed(void)
{
    bytes file = {.size = 0}, good = make_frame(0, 0, "hello", 5);
    bytes lying = make_frame(0, 0, "hello", 500), arp = {.size = 60};
    bytes first = make_frame(1, 0x2000, "hello", 5), last = make_frame(1, 5, "hello", 5);

    arp.at[12] = 8;
    arp.at[13] = 6;
    put_file(&file, false, false);
    put_record(&file, false, 1, 0, &first);
    put_record(&file, false, 2, 0, &last);
    put_record(&file, false, 3, 0, &lying);
    put_record(&file, false, 4, 0, &arp);
    put_record(&file, false, 5, 0, &good);
    good.size = 44; /* cut within the payload */
    put_record(&file, false, 6, 0, &good);
    return file;
}

static void count_mixed(const char *name)
{
    vw_error error = {""};
    vw_datagram got;
    vw_capture *capture = open_file(name, &error);

    assert_non_null(capture);
    assert_true(vw_capture_next(capture, &got));
    assert_int_equal(got.frame, 5);
    assert_false(vw_capture_next(capture, &got));
    const vw_capture_counts *counts = vw_capture_counted(capture);

    assert_int_equal(counts->frames, 6);
    assert_int_equal(counts->datagrams, 1);
    assert_int_equal(counts->fragments, 2);
    assert_int_equal(counts->cut, 2);
    assert_int_equal(counts->other, 1);
    assert_int_equal(vw_capture_error(capture, &error), VW_OK);
    vw_capture_close(capture);
}

static void what_is_no_whole_datagram_is_counted_by_its_kind(void **state)
{
    bytes file = make_mixed();

    (void)state;
    write_file(file.at, file.size);
    count_mixed(path);
    unlink(path);
}

static void captures_come_packed_or_from_standard_input(void **state)
{
    bytes file = make_mixed();
    unsigned char packed[8192];
    size_t size = ZSTD_compress(packed, sizeof packed, file.at, file.size, 3);
    int ends[2];

    (void)state;
    write_file(packed, size);
    count_mixed(path);
    unlink(path);
    write_file("", 0);
    gzFile gzip = gzopen(path, "wb");

    assert_int_equal(gzwrite(gzip, file.at, (unsigned)file.size), file.size);
    gzclose(gzip);
    count_mixed(path);
    unlink(path);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], packed, size), size);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    count_mixed("-");
}

static void a_garbled_or_cut_file_says_where_it_stopped(void **state)
{
    bytes file = make_mixed();
    vw_error error = {""};
    vw_datagram got;

    (void)state;
    write_file(file.at, file.size - 3);
    vw_capture *capture = open_file(path, &error);

    assert_non_null(capture);
    assert_true(vw_capture_next(capture, &got));
    assert_false(vw_capture_next(capture, &got));
    assert_int_equal(vw_capture_error(capture, &error), VW_ERR_DATA);
    assert_non_null(strstr(error.text, path));
    vw_capture_close(capture);
    unlink(path);
    write_file("not a capture", 13);
    assert_null(open_file(path, &error));
    assert_non_null(strstr(error.text, "neither pcap nor pcapng"));
    unlink(path);
    file.at[20] = 105; /* wireless */
    write_file(file.at, file.size);
    assert_null(open_file(path, &error));
    assert_non_null(strstr(error.text, "link type"));
    unlink(path);
}

static void other_link_types_are_unwrapped(void **state)
{
    static const struct {
        int link;
        size_t head, type_at;
    } rows[] = {
        {DLT_LINUX_SLL, 16, 14}, {DLT_LINUX_SLL2, 20, 0}, {DLT_NULL, 4, 2}, {DLT_RAW, 0, 0}};

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(rows); i++) {
        bytes frame = {.size = rows[i].head};
        vw_capture_counts counts = {0};
        vw_datagram got;

        frame.at[rows[i].type_at] = 8;
        put_udp(&frame, 0, "hello", 5);
        assert_true(vw_capture_unwrap(rows[i].link, frame.at, frame.size, &got, &counts));
        assert_memory_equal(got.payload, "hello", 5);
        for (size_t less = 0; less < frame.size; less++) {
            assert_false(vw_capture_unwrap(rows[i].link, frame.at, less, &got, &counts));
        }
        assert_int_equal(counts.frames, frame.size + 1);
        assert_int_equal(counts.cut + counts.other, frame.size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(datagrams_have_the_size_udp_says_in_every_file_form),
        cmocka_unit_test(pcapng_is_read_with_its_own_resolution),
        cmocka_unit_test(what_is_no_whole_datagram_is_counted_by_its_kind),
        cmocka_unit_test(captures_come_packed_or_from_standard_input),
        cmocka_unit_test(a_garbled_or_cut_file_says_where_it_stopped),
        cmocka_unit_test(other_link_types_are_unwrapped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
