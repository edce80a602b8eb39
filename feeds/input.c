#include "feeds/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum { RAW_BYTES = 128 * 1024, GZIP_WINDOW = 15 + 16 };

typedef enum form { PLAIN, GZIP, ZSTD } form;

struct vw_input {
    const char *name;
    int file;
    form form;
    z_stream gzip;
    ZSTD_DStream *zstd;
    bool inside;  /* a compressed stream has begun and not ended */
    bool raw_end; /* nothing more to be had from the file */
    bool stopped; /* end or error */
    vw_err err;
    vw_error error;
    size_t raw_at, raw_size;
    size_t at, size; /* of out: taken, there */
    unsigned char raw[RAW_BYTES];
    unsigned char out[2 * VW_INPUT_PEEK_MAX];
};

static void stop(vw_input *input, const char *why)
{
    input->stopped = true;
    input->err = vw_fail(&input->error, VW_ERR_DATA, "%s: %s", input->name, why);
}

/* fill_raw reads until there are `least` raw bytes or the file ends; those there are stay. */
static void fill_raw(vw_input *input, size_t least)
{
    memmove(input->raw, input->raw + input->raw_at, input->raw_size - input->raw_at);
    input->raw_size -= input->raw_at;
    input->raw_at = 0;
    while (input->raw_size < least && !input->raw_end) {
        ssize_t got =
            read(input->file, input->raw + input->raw_size, sizeof input->raw - input->raw_size);

        if (got > 0) {
            input->raw_size += (size_t)got;
        } else if (got == 0 || errno != EINTR) {
            input->raw_end = true;
        }
        if (got < 0 && errno != EINTR) {
            stop(input, strerror(errno));
        }
    }
}

static size_t make_plain(vw_input *input, unsigned char *to, size_t room)
{
    size_t have = input->raw_size - input->raw_at;
    size_t size = have < room ? have : room;

    memcpy(to, input->raw + input->raw_at, size);
    input->raw_at += size;
    return size;
}

static size_t make_gzip(vw_input *input, unsigned char *to, size_t room)
{
    z_stream *z = &input->gzip;

    if (!input->inside) {
        inflateReset(z);
        input->inside = true;
    }
    z->next_in = input->raw + input->raw_at;
    z->avail_in = (uInt)(input->raw_size - input->raw_at);
    z->next_out = to;
    z->avail_out = (uInt)room;
    int result = inflate(z, Z_NO_FLUSH);

    input->raw_at = input->raw_size - z->avail_in;
    if (result == Z_STREAM_END) {
        input->inside = false;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
        stop(input, z->msg != NULL ? z->msg : "garbled gzip data");
    }
    return room - z->avail_out;
}

static size_t make_zstd(vw_input *input, unsigned char *to, size_t room)
{
    ZSTD_inBuffer in = {input->raw, input->raw_size, input->raw_at};
    ZSTD_outBuffer out = {to, room, 0};
    size_t result = ZSTD_decompressStream(input->zstd, &out, &in);

    input->raw_at = in.pos;
    if (ZSTD_isError(result)) {
        stop(input, ZSTD_getErrorName(result));
        return 0;
    }
    input->inside = result != 0;
    return out.pos;
}

/* fill makes more of out; it has room. */
static void fill(vw_input *input)
{
    if (input->raw_at == input->raw_size) {
        fill_raw(input, 1);
    }
    if (input->stopped) {
        return;
    }
    bool drained = input->raw_at == input->raw_size;

    if (drained && (input->form == PLAIN || !input->inside)) {
        input->stopped = true;
        return;
    }
    unsigned char *to = input->out + input->size;
    size_t room = sizeof input->out - input->size;
    size_t made = input->form == PLAIN  ? make_plain(input, to, room)
                  : input->form == GZIP ? make_gzip(input, to, room)
                                        : make_zstd(input, to, room);

    input->size += made;
    if (made == 0 && drained && input->inside && !input->stopped) {
        stop(input, "ends in the middle of compressed data");
    }
}

static bool begin_form(vw_input *input, vw_error *error)
{
    fill_raw(input, 4);
    bool gzip = input->raw_size >= 2 && memcmp(input->raw, "\x1f\x8b", 2) == 0;
    bool zstd = input->raw_size >= 4 && memcmp(input->raw, "\x28\xb5\x2f\xfd", 4) == 0;

    input->form = gzip ? GZIP : zstd ? ZSTD : PLAIN;
    if (gzip && inflateInit2(&input->gzip, GZIP_WINDOW) == Z_OK) {
        return true;
    }
    if (zstd) {
        input->zstd = ZSTD_createDStream();
    }
    if (gzip || (zstd && input->zstd == NULL)) {
        vw_fail(error, VW_ERR_DATA, "%s: no memory to decompress", input->name);
        return false;
    }
    return true;
}

vw_input *vw_input_open(const char *path, vw_error *error)
{
    bool standard = strcmp(path, "-") == 0;
    int file = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

    if (file < 0) {
        vw_fail(error, VW_ERR_DATA, "%s: %s", path, strerror(errno));
        return NULL;
    }
    vw_input *input = calloc(1, sizeof *input);

    vw_check(input != NULL);
    input->name = standard ? "standard input" : path;
    input->file = file;
    if (!begin_form(input, error)) {
        vw_input_close(input);
        return NULL;
    }
    if (input->err != VW_OK) {
        vw_input_error(input, error);
        vw_input_close(input);
        return NULL;
    }
    return input;
}

const char *vw_input_name(const vw_input *input)
{
    return input->name;
}

size_t vw_input_peek(vw_input *input, size_t want, const unsigned char **at)
{
    if (input->at > 0 && input->size - input->at < want) {
        memmove(input->out, input->out + input->at, input->size - input->at);
        input->size -= input->at;
        input->at = 0;
    }
    while (input->size - input->at < want && input->size < sizeof input->out && !input->stopped) {
        fill(input);
    }
    *at = input->out + input->at;
    return input->size - input->at;
}

size_t vw_input_read(vw_input *input, void *to, size_t size)
{
    unsigned char *next = to;
    size_t done = 0;

    while (done < size) {
        const unsigned char *at;
        size_t have = vw_input_peek(input, 1, &at);
        size_t take = have < size - done ? have : size - done;

        if (take == 0) {
            break;
        }
        memcpy(next + done, at, take);
        input->at += take;
        done += take;
    }
    return done;
}

double vw_input_share(const vw_input *input)
{
    struct stat info;
    off_t at = lseek(input->file, 0, SEEK_CUR);

    if (fstat(input->file, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size == 0 || at < 0) {
        return -1;
    }
    return (double)at / (double)info.st_size;
}

vw_err vw_input_error(const vw_input *input, vw_error *error)
{
    if (input->err != VW_OK && error != NULL) {
        *error = input->error;
    }
    return input->err;
}

void vw_input_close(vw_input *input)
{
    if (input == NULL) {
        return;
    }
    if (input->form == GZIP) {
        inflateEnd(&input->gzip);
    }
    ZSTD_freeDStream(input->zstd);
    if (input->file != STDIN_FILENO) {
        close(input->file);
    }
    free(input);
}
