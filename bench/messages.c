/* messages: rows into FlatBuffers, beside the copy of the same rows, which is the least there can
 * be. */
#include "bench/subjects.h"
#include "schemas/encode.h"
#include "schemas/topics.h"

#include <string.h>

enum { ROWS = 64, MESSAGES = 256 };

static vw_greeks_row rows[ROWS], copied[ROWS];
static vw_encoder *encoder;
static vw_topic topic;
static vw_group_row group = {.expiry = 20261218, .root = "SPXW", .settlement = 'P'};
static uint64_t bytes;

static vw_message message_of(size_t count)
{
    vw_message message = {.kind = VW_MESSAGE_GREEKS,
                          .exchange_ns = 1,
                          .receive_ns = 2,
                          .publish_ns = 3,
                          .epoch = 4,
                          .sequence = 5,
                          .group = group,
                          .source = "bench",
                          .greeks = rows,
                          .greeks_count = count};

    return message;
}

static void run_copy(const void *context)
{
    size_t count = *(const size_t *)context;

    for (size_t i = 0; i < MESSAGES; i++) {
        memcpy(copied, rows, count * sizeof *rows);
        __asm__ volatile("" : : "r"(copied) : "memory");
    }
}

static void run_encode(const void *context)
{
    vw_message message = message_of(*(const size_t *)context);

    for (size_t i = 0; i < MESSAGES; i++) {
        message.sequence = i + 1;
        bytes += vw_encode(encoder, topic.name, &message).size;
    }
}

static size_t open_encode(vw_bench_subject *to, const char *isa, const char **why)
{
    static const size_t one = 1, all = ROWS;
    const vw_bench_subject subjects[] = {
        {"memcpy, 1 row a message", run_copy, &one, MESSAGES, .rival = ""},
        {"FlatBuffer, 1 row a message", run_encode, &one, MESSAGES,
         .rival = "memcpy, 1 row a message"},
        {"memcpy, 64 rows a message", run_copy, &all, MESSAGES * ROWS, .rival = ""},
        {"FlatBuffer, 64 rows a message", run_encode, &all, MESSAGES * ROWS,
         .rival = "memcpy, 64 rows a message"},
    };

    (void)isa, (void)why;
    encoder = encoder != NULL ? encoder : vw_encoder_open();
    topic = vw_topic_of(VW_MESSAGE_GREEKS, &group, "");
    memcpy(to, subjects, sizeof subjects);
    return VW_COUNT_OF(subjects);
}

const vw_bench_group vw_bench_encode = {
    "encode", "Messages: rows of greeks into FlatBuffers", "row", "rows/s", open_encode, NULL,
};
