/* decode: the wire decoders against plain switches that load byte by byte.
 *
 * Messages from memory, 4,096 a pass in blocks as they come: PITCH orders of
 * an options feed (adds, modifies, deletes, executions, short and long), OPRA quotes (long, short,
 * with and without appendages; blocks with their checksum), DBN mbp-1 records at any address. */
#include "bench/rivals/rivals.h"
#include "bench/subjects.h"
#include "core/base/bytes.h"
#include "feeds/dbn.h"
#include "feeds/opra.h"
#include "feeds/pitch.h"

#include <string.h>

enum { COUNT = 4096, PER_BLOCK = 16, BLOCK_ROOM = 1472 };

typedef struct blocks {
    unsigned char bytes[COUNT / PER_BLOCK][BLOCK_ROOM];
    size_t size[COUNT / PER_BLOCK];
} blocks;

static blocks pitch, opra;
static unsigned char dbn[COUNT * sizeof(vw_dbn_wire_mbp1) + 1];
static volatile uint64_t sink;

static uint32_t draw(uint64_t *state)
{
    *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (uint32_t)(*state >> 33);
}

static void make_pitch(void)
{
    static const vw_pitch_type types[] = {
        VW_PITCH_ADD_SHORT,    VW_PITCH_ADD_SHORT, VW_PITCH_ADD_LONG, VW_PITCH_MODIFY_SHORT,
        VW_PITCH_MODIFY_SHORT, VW_PITCH_DELETE,    VW_PITCH_DELETE,   VW_PITCH_EXECUTED};
    uint64_t state = 1;

    for (size_t block = 0; block < COUNT / PER_BLOCK; block++) {
        vw_pitch_writer writer;

        vw_pitch_begin(&writer, pitch.bytes[block], BLOCK_ROOM, 1, 1);
        for (size_t i = 0; i < PER_BLOCK; i++) {
            vw_pitch_message message = {.type = types[draw(&state) % VW_COUNT_OF(types)]};
            unsigned char bytes[VW_PITCH_MESSAGE_MAX];

            if (message.type == VW_PITCH_ADD_SHORT || message.type == VW_PITCH_ADD_LONG) {
                message.order = (vw_pitch_order){.order_id = draw(&state),
                                                 .price = 100 * (int64_t)(draw(&state) % 30000),
                                                 .quantity = draw(&state) % 500,
                                                 .side = 'B',
                                                 .symbol = "02abCD"};
            } else {
                message.change = (vw_pitch_change){.order_id = draw(&state),
                                                   .price = 100 * (int64_t)(draw(&state) % 30000),
                                                   .quantity = draw(&state) % 500};
            }
            vw_pitch_add(&writer, bytes, vw_pitch_encode(VW_DIALECT_OPTIONS, &message, bytes));
        }
        pitch.size[block] = vw_pitch_end(&writer);
    }
}

static size_t put_quote(unsigned char *to, uint64_t *state)
{
    static const char indicators[] = " AAAEBFM";
    char indicator = indicators[draw(state) % 8];
    size_t used;

    if (draw(state) % 3 == 0) {
        vw_opra_wire_short_quote wire = {.head = {'C', 'q', ' ', indicator, 0, 0},
                                         .symbol = "SPXW",
                                         .expiration = {'A', 16, 26},
                                         .bid = (uint16_t)draw(state)};

        memcpy(to, &wire, used = sizeof wire);
    } else {
        vw_opra_wire_long_quote wire = {.head = {'C', 'k', ' ', indicator, 0, 0},
                                        .series = {"SPXW ", 0, {'M', 16, 26}, 'B', draw(state)},
                                        .denominator = 'B',
                                        .bid = (int32_t)draw(state)};

        memcpy(to, &wire, used = sizeof wire);
    }
    if (indicator == 'M') {
        vw_opra_wire_appendage wire = {'P', 'B', (int32_t)draw(state), 1};

        memcpy(to + used, &wire, sizeof wire);
        used += sizeof wire;
    }
    return used;
}

static void make_opra(void)
{
    uint64_t state = 1;

    for (size_t block = 0; block < COUNT / PER_BLOCK; block++) {
        unsigned char *to = opra.bytes[block];
        vw_opra_wire_block head = {.version = 6, .feed = 'O', .count = PER_BLOCK};
        size_t used = sizeof head;
        uint32_t sum = 0;

        for (size_t i = 0; i < PER_BLOCK; i++) {
            used += put_quote(to + used, &state);
        }
        used += used % 2;
        head.size = __builtin_bswap16((uint16_t)used);
        memcpy(to, &head, sizeof head);
        for (size_t i = 0; i < used; i++) {
            sum += to[i];
        }
        head.checksum = __builtin_bswap16((uint16_t)sum);
        memcpy(to, &head, sizeof head);
        opra.size[block] = used;
    }
}

static void make_dbn(void)
{
    uint64_t state = 1;

    for (size_t i = 0; i < COUNT; i++) {
        vw_dbn_wire_mbp1 wire = {.head = {20, VW_DBN_MBP1, 22, draw(&state), draw(&state)},
                                 .price = draw(&state),
                                 .levels[0] = {.bid_px = draw(&state), .ask_px = draw(&state)}};

        memcpy(dbn + 1 + i * sizeof wire, &wire, sizeof wire);
    }
}

static void run_pitch(const void *context)
{
    uint64_t sum = 0;

    (void)context;
    for (size_t block = 0; block < COUNT / PER_BLOCK; block++) {
        const unsigned char *at = pitch.bytes[block] + sizeof(vw_wire_block);
        const unsigned char *end = pitch.bytes[block] + pitch.size[block];
        vw_pitch_message message;

        while (at < end) {
            at += vw_pitch_decode(VW_DIALECT_OPTIONS, at, (size_t)(end - at), &message);
            sum += message.order.order_id;
        }
    }
    sink = sum;
}

static void run_opra(const void *context)
{
    static const vw_opra_form form;
    uint64_t sum = 0;

    (void)context;
    for (size_t i = 0; i < COUNT / PER_BLOCK; i++) {
        const unsigned char *at = opra.bytes[i] + sizeof(vw_opra_wire_block);
        const unsigned char *end = opra.bytes[i] + opra.size[i];
        vw_opra_message message;
        vw_opra_block block;

        vw_check(vw_opra_block_read(opra.bytes[i], opra.size[i], &block) == VW_OPRA_BLOCK_OK);
        for (unsigned j = 0; j < block.count; j++) {
            at += vw_opra_decode(&form, at, (size_t)(end - at), &message);
            sum += (uint64_t)message.quote.bid.price.value;
        }
    }
    sink = sum;
}

static void run_dbn(const void *context)
{
    uint64_t sum = 0;
    vw_dbn_record record;

    (void)context;
    for (size_t at = 1; at < sizeof dbn;) {
        at += (size_t)vw_dbn_decode(dbn + at, sizeof dbn - at, &record);
        sum += (uint64_t)record.mbp1.levels[0].bid_px;
    }
    sink = sum;
}

static void run_pitch_rival(const void *context)
{
    uint64_t sum = 0;

    (void)context;
    for (size_t block = 0; block < COUNT / PER_BLOCK; block++) {
        sum += vw_rival_pitch(pitch.bytes[block], pitch.size[block]);
    }
    sink = sum;
}

static void run_opra_rival(const void *context)
{
    uint64_t sum = 0;

    (void)context;
    for (size_t block = 0; block < COUNT / PER_BLOCK; block++) {
        sum += vw_rival_opra(opra.bytes[block], opra.size[block]);
    }
    sink = sum;
}

static void run_dbn_rival(const void *context)
{
    (void)context;
    sink = vw_rival_dbn(dbn + 1, sizeof dbn - 1);
}

/* same stops unless both see the same numbers. */
static void same(void (*ours)(const void *), void (*rival)(const void *))
{
    uint64_t want;

    ours(NULL);
    want = sink;
    rival(NULL);
    vw_check(sink == want);
}

static size_t open_decode(vw_bench_subject *to, const char *isa, const char **why)
{
    bool rivals = vw_rival_pitch != NULL;
    const vw_bench_subject subjects[] = {
        {"byte-wise PITCH", rivals ? run_pitch_rival : NULL, NULL, COUNT, .rival = ""},
        {"PITCH orders", run_pitch, NULL, COUNT, .rival = "byte-wise PITCH"},
        {"byte-wise OPRA", rivals ? run_opra_rival : NULL, NULL, COUNT, .rival = ""},
        {"OPRA quotes", run_opra, NULL, COUNT, .rival = "byte-wise OPRA"},
        {"byte-wise DBN", rivals ? run_dbn_rival : NULL, NULL, COUNT, .rival = ""},
        {"DBN mbp-1", run_dbn, NULL, COUNT, .rival = "byte-wise DBN"},
    };

    (void)isa, (void)why;
    make_pitch();
    make_opra();
    make_dbn();
    if (rivals) {
        same(run_pitch, run_pitch_rival);
        same(run_opra, run_opra_rival);
        same(run_dbn, run_dbn_rival);
    }
    memcpy(to, subjects, sizeof subjects);
    return VW_COUNT_OF(subjects);
}

const vw_bench_group vw_bench_decode = {
    "decode", "Decoders, messages from memory", "message", "messages/s", open_decode, NULL,
};
