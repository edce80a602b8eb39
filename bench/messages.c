/* messages: rows into FlatBuffers, beside the same messages by the library's builder and the copy
 * of the same rows, which is the least there can be. */
#include "bench/rivals/rivals.h"
#include "bench/subjects.h"
#include "schemas/encode.h"
#include "schemas/topics.h"

#include <string.h>

enum { ROWS = 64, MESSAGES = 256, PLACES = 8 };

/* A pass uses the next place: one process in eight would otherwise find its one place 30 % slower,
 * and which one is luck. */
static struct place {
    vw_greeks_row rows[ROWS], copied[ROWS];
    vw_message message;
    vw_encoder *encoder;
} * places;
static size_t next_place;
static vw_topic topic;
static vw_group_row group = {.expiry = 20261218, .root = "SPXW", .settlement = 'P'};
static uint64_t bytes;

static struct place *take_place(void)
{
    return &places[next_place++ % PLACES];
}

static void run_copy(const void *context)
{
    size_t count = *(const size_t *)context;
    struct place *at = take_place();

    for (size_t i = 0; i < MESSAGES; i++) {
        memcpy(at->copied, at->rows, count * sizeof *at->rows);
        __asm__ volatile("" : : "r"(at->copied) : "memory");
    }
}

static void run_encode(const void *context)
{
    struct place *at = take_place();

    at->message.greeks_count = *(const size_t *)context;
    for (size_t i = 0; i < MESSAGES; i++) {
        at->message.sequence = i + 1;
        bytes += vw_encode(at->encoder, topic.name, &at->message).size;
    }
}

static void run_builder(const void *context)
{
    struct place *at = take_place();

    at->message.greeks_count = *(const size_t *)context;
    for (size_t i = 0; i < MESSAGES; i++) {
        at->message.sequence = i + 1;
        bytes += vw_rival_flatbuffers(&at->message);
    }
}

static void open_places(void)
{
    places = vw_bench_memory(PLACES * sizeof *places);
    for (size_t i = 0; i < PLACES; i++) {
        places[i].encoder = vw_encoder_open();
        places[i].message = (vw_message){.kind = VW_MESSAGE_GREEKS,
                                         .exchange_ns = 1,
                                         .receive_ns = 2,
                                         .publish_ns = 3,
                                         .epoch = 4,
                                         .group = group,
                                         .source = "bench",
                                         .greeks = places[i].rows};
    }
}

static size_t open_encode(vw_bench_subject *to, const char *isa, const char **why)
{
    static const size_t one = 1, all = ROWS;
    void (*const build)(const void *) = vw_rival_flatbuffers != NULL ? run_builder : NULL;
    const vw_bench_subject subjects[] = {
        {"Google's builder, 1 row a message", build, &one, MESSAGES, .rival = ""},
        {"memcpy, 1 row a message", run_copy, &one, MESSAGES, .rival = ""},
        {"FlatBuffer, 1 row a message", run_encode, &one, MESSAGES,
         .rival = build != NULL ? "Google's builder, 1 row a message" : "memcpy, 1 row a message"},
        {"Google's builder, 64 rows a message", build, &all, MESSAGES * ROWS, .rival = ""},
        {"memcpy, 64 rows a message", run_copy, &all, MESSAGES * ROWS, .rival = ""},
        {"FlatBuffer, 64 rows a message", run_encode, &all, MESSAGES * ROWS,
         .rival =
             build != NULL ? "Google's builder, 64 rows a message" : "memcpy, 64 rows a message"},
    };

    (void)isa, (void)why;
    if (places == NULL) {
        open_places();
    }
    topic = vw_topic_of(VW_MESSAGE_GREEKS, &group, "");
    memcpy(to, subjects, sizeof subjects);
    return VW_COUNT_OF(subjects);
}

const vw_bench_group vw_bench_encode = {
    "encode", "Messages: rows of greeks into FlatBuffers", "row", "rows/s", open_encode, NULL,
};
