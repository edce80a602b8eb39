/* Any bytes as a file, plain or compressed, of packets or of DBN records; read to its end. */
#include "feeds/capture.h"
#include "feeds/dbn_file.h"
#include "tests/fuzz/fuzz_file.h"

static void read_capture(vw_input *input)
{
    vw_error error = {""};
    vw_capture *capture = vw_capture_open(input, &error);
    vw_datagram datagram;
    uint64_t datagrams = 0, bytes = 0;

    vw_check((capture == NULL) == (error.text[0] != '\0'));
    while (capture != NULL && vw_capture_next(capture, &datagram)) {
        datagrams++;
        for (uint32_t i = 0; i < datagram.size; i += 64) {
            bytes += datagram.payload[i];
        }
    }
    if (capture != NULL) {
        const vw_capture_counts *counts = vw_capture_counted(capture);

        vw_check(counts->datagrams == datagrams);
        vw_check(counts->frames ==
                 counts->datagrams + counts->fragments + counts->cut + counts->other);
        (void)vw_capture_error(capture, &error);
        vw_capture_close(capture);
    }
    vw_check(bytes <= UINT64_MAX / 2);
}

static void read_records(vw_input *input)
{
    vw_error error = {""};
    vw_dbn_file *file = vw_dbn_file_open(input, &error);
    const unsigned char *record;
    size_t size;

    vw_check((file == NULL) == (error.text[0] != '\0'));
    while (file != NULL && (size = vw_dbn_file_next(file, &record)) > 0) {
        vw_check(size == 4U * record[0]);
    }
    if (file != NULL) {
        (void)vw_dbn_file_metadata(file);
        (void)vw_dbn_file_error(file, &error);
        vw_dbn_file_close(file);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vw_error error = {""};
    vw_input *input = vw_input_open(fuzz_file(data, size), &error);
    const unsigned char *at;

    if (input == NULL) {
        vw_check(error.text[0] != '\0');
        return 0;
    }
    size_t peeked = vw_input_peek(input, 64, &at);

    if (vw_capture_is(at, peeked)) {
        read_capture(input);
    } else {
        read_records(input);
    }
    return 0;
}
