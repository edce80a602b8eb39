#include "feeds/dbn_file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { RECORD_HEAD = 16, METADATA_STEP = 1024 * 1024 };

struct vw_dbn_file {
    vw_input *input;
    unsigned char *kept; /* the metadata's bytes */
    vw_dbn_metadata metadata;
    bool has_metadata;
    uint64_t at; /* bytes taken so far */
    vw_err err;
    vw_error error;
    unsigned char record[VW_DBN_RECORD_MAX];
};

bool vw_dbn_file_is(const unsigned char *at, size_t size)
{
    static const uint8_t kinds[] = {
        VW_DBN_MBP10,     VW_DBN_STATUS,    VW_DBN_DEFINITION, VW_DBN_ERROR,    VW_DBN_MAPPING,
        VW_DBN_SYSTEM,    VW_DBN_OHLCV_1S,  VW_DBN_OHLCV_1M,   VW_DBN_OHLCV_1H, VW_DBN_OHLCV_1D,
        VW_DBN_OHLCV_EOD, VW_DBN_MBO,       VW_DBN_CMBP1,      VW_DBN_CBBO_1S,  VW_DBN_CBBO_1M,
        VW_DBN_TCBBO,     VW_DBN_BBO_1S,    VW_DBN_BBO_1M,     VW_DBN_MBP1,     VW_DBN_TRADE,
        VW_DBN_OHLCV,     VW_DBN_STATISTICS};
    vw_dbn_record record;

    if (size >= 4 && memcmp(at, "DBN", 3) == 0) {
        return true;
    }
    if (size < RECORD_HEAD || memchr(kinds, at[1], sizeof kinds) == NULL) {
        return false;
    }
    return vw_dbn_decode(at, size, &record) > 0 && record.trailing <= 8;
}

static void fail_at(vw_dbn_file *file, const char *what)
{
    file->err = vw_fail(&file->error, VW_ERR_DATA, "%s: byte %" PRIu64 ": %s",
                        vw_input_name(file->input), file->at, what);
}

/* keep_metadata reads `whole` bytes, growing as they come: the length may be a lie. */
static bool keep_metadata(vw_dbn_file *file, size_t whole)
{
    size_t done = 0, room = 0;

    while (done < whole) {
        if (done == room) {
            room = 2 * room + METADATA_STEP < whole ? 2 * room + METADATA_STEP : whole;
            file->kept = realloc(file->kept, room);
            vw_check(file->kept != NULL);
        }
        size_t got = vw_input_read(file->input, file->kept + done, room - done);

        if (got == 0) {
            return false;
        }
        done += got;
    }
    return true;
}

static vw_err read_metadata(vw_dbn_file *file)
{
    const unsigned char *at;
    size_t size = vw_input_peek(file->input, sizeof(vw_dbn_wire_prelude), &at);

    if (size < 4 || memcmp(at, "DBN", 3) != 0) {
        return VW_OK; /* a fragment, or nothing */
    }
    int64_t whole = vw_dbn_metadata_size(at, size);

    if (whole <= 0 || whole > VW_DBN_METADATA_MAX) {
        fail_at(file, whole == 0  ? "ends in the metadata"
                      : whole < 0 ? "expected DBN of version 1, 2 or 3"
                                  : "metadata above 256 MiB");
        return file->err;
    }
    if (!keep_metadata(file, (size_t)whole)) {
        fail_at(file, "ends in the metadata");
        return file->err;
    }
    if (vw_dbn_metadata_read(file->kept, (size_t)whole, &file->metadata) != whole) {
        fail_at(file, "the lists of the metadata do not fit its length");
        return file->err;
    }
    file->at = (uint64_t)whole;
    file->has_metadata = true;
    return VW_OK;
}

vw_dbn_file *vw_dbn_file_open(vw_input *input, vw_error *error)
{
    const unsigned char *at;
    bool dbz = vw_input_peek(input, 4, &at) >= 4 && (at[0] & 0xF0) == 0x50 &&
               memcmp(at + 1, "\x2A\x4D\x18", 3) == 0;
    vw_dbn_file *file = calloc(1, sizeof *file);

    vw_check(file != NULL);
    file->input = input;
    if (dbz) {
        fail_at(file, "legacy dbz, which is not DBN; convert it with Databento's dbn tool");
    }
    if (dbz || read_metadata(file) != VW_OK) {
        if (vw_input_error(input, error) == VW_OK && error != NULL) {
            *error = file->error;
        }
        vw_dbn_file_close(file);
        return NULL;
    }
    return file;
}

const vw_dbn_metadata *vw_dbn_file_metadata(const vw_dbn_file *file)
{
    return file->has_metadata ? &file->metadata : NULL;
}

size_t vw_dbn_file_next(vw_dbn_file *file, const unsigned char **record)
{
    size_t got = vw_input_read(file->input, file->record, 1);

    if (got == 0 || file->err != VW_OK) {
        return 0;
    }
    size_t size = 4 * (size_t)file->record[0];

    if (size < RECORD_HEAD) {
        fail_at(file, "a record shorter than its header; no way on");
        return 0;
    }
    got += vw_input_read(file->input, file->record + 1, size - 1);
    if (got < size) {
        fail_at(file, "ends in the middle of a record");
        return 0;
    }
    file->at += size;
    *record = file->record;
    return size;
}

vw_err vw_dbn_file_error(const vw_dbn_file *file, vw_error *error)
{
    if (vw_input_error(file->input, error) != VW_OK) {
        return VW_ERR_DATA;
    }
    if (file->err != VW_OK && error != NULL) {
        *error = file->error;
    }
    return file->err;
}

void vw_dbn_file_close(vw_dbn_file *file)
{
    if (file == NULL) {
        return;
    }
    vw_input_close(file->input);
    free(file->kept);
    free(file);
}
