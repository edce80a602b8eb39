#include "bench/rivals/rivals.h"

typedef struct message {
    uint64_t order_id, execution_id, ts_event, ts_recv;
    int64_t price, bid, offer;
    uint32_t time_offset, quantity, bid_size, offer_size, strike, sequence, instrument;
    int32_t delta;
    char side, condition, option, action;
    uint8_t flags, day, year;
    char symbol[8];
} message;

static uint64_t little(const unsigned char *from, size_t size)
{
    uint64_t value = 0;

    for (size_t i = 0; i < size; i++) {
        value |= (uint64_t)from[i] << (8 * i);
    }
    return value;
}

static uint64_t big(const unsigned char *from, size_t size)
{
    uint64_t value = 0;

    for (size_t i = 0; i < size; i++) {
        value = value << 8 | from[i];
    }
    return value;
}

static void copy_text(char *to, const unsigned char *from, size_t size)
{
    for (size_t i = 0; i < size && from[i] != ' '; i++) {
        to[i] = (char)from[i];
    }
}

uint64_t vw_rival_pitch(const unsigned char *block, size_t size)
{
    uint64_t sum = 0;
    size_t at = 8;

    while (at + 2 <= size) {
        const unsigned char *from = block + at;
        message out = {.order_id = 0};

        if (from[0] < 2 || from[0] > size - at) {
            break;
        }
        out.time_offset = (uint32_t)little(from + 2, 4);
        out.order_id = little(from + 6, 8);
        switch (from[1]) {
        case 0x21:
            out.side = (char)from[14];
            out.quantity = (uint32_t)little(from + 15, 4);
            copy_text(out.symbol, from + 19, 6);
            out.price = (int64_t)little(from + 25, 8);
            out.flags = from[33];
            break;
        case 0x22:
            out.side = (char)from[14];
            out.quantity = (uint32_t)little(from + 15, 2);
            copy_text(out.symbol, from + 17, 6);
            out.price = 100 * (int64_t)little(from + 23, 2);
            out.flags = from[25];
            break;
        case 0x23:
            out.quantity = (uint32_t)little(from + 14, 4);
            out.execution_id = little(from + 18, 8);
            out.condition = (char)from[26];
            break;
        case 0x28:
            out.quantity = (uint32_t)little(from + 14, 2);
            out.price = 100 * (int64_t)little(from + 16, 2);
            out.flags = from[18];
            break;
        case 0x29:
            break;
        default:
            out.order_id = 0;
        }
        __asm__ volatile("" : : "r"(&out) : "memory"); /* the struct is wanted, not only the sum */
        sum += out.order_id;
        at += from[0];
    }
    return sum;
}

static size_t read_appendage(const unsigned char *from, char indicator)
{
    message out = {.side = (char)from[0]};

    if (indicator != 'M') {
        return 0;
    }
    out.price = (int32_t)big(from + 2, 4);
    out.quantity = (uint32_t)big(from + 6, 4);
    __asm__ volatile("" : : "r"(&out) : "memory");
    return 10;
}

uint64_t vw_rival_opra(const unsigned char *block, size_t size)
{
    uint64_t sum = 0;
    uint32_t check = 0;
    size_t at = 21;

    for (size_t i = 0; i < size; i++) {
        check += i == 19 || i == 20 ? 0 : block[i];
    }
    if ((check & 0xFFFF) != big(block + 19, 2)) {
        return 0;
    }
    for (unsigned i = 0; i < block[10]; i++) {
        const unsigned char *from = block + at;
        message out = {.side = (char)from[0], .condition = (char)from[2]};

        out.sequence = (uint32_t)big(from + 4, 4);
        switch (from[1]) {
        case 'k':
            copy_text(out.symbol, from + 12, 5);
            out.option = from[18] < 'M' ? 'C' : 'P';
            out.day = from[19];
            out.year = from[20];
            out.strike = (uint32_t)big(from + 22, 4);
            out.bid = (int32_t)big(from + 27, 4);
            out.bid_size = (uint32_t)big(from + 31, 4);
            out.offer = (int32_t)big(from + 35, 4);
            out.offer_size = (uint32_t)big(from + 39, 4);
            at += 43 + read_appendage(from + 43, (char)from[3]);
            break;
        case 'q':
            copy_text(out.symbol, from + 12, 4);
            out.option = from[16] < 'M' ? 'C' : 'P';
            out.day = from[17];
            out.year = from[18];
            out.strike = (uint32_t)big(from + 19, 2);
            out.bid = (int64_t)big(from + 21, 2);
            out.bid_size = (uint32_t)big(from + 23, 2);
            out.offer = (int64_t)big(from + 25, 2);
            out.offer_size = (uint32_t)big(from + 27, 2);
            at += 29 + read_appendage(from + 29, (char)from[3]);
            break;
        default:
            return sum;
        }
        __asm__ volatile("" : : "r"(&out) : "memory");
        sum += (uint64_t)out.bid;
    }
    return sum;
}

uint64_t vw_rival_dbn(const unsigned char *records, size_t size)
{
    uint64_t sum = 0;

    for (size_t at = 0; at + 16 <= size; at += 4 * (size_t)records[at]) {
        const unsigned char *from = records + at;
        message out = {.instrument = (uint32_t)little(from + 4, 4)};

        out.ts_event = little(from + 8, 8);
        switch (from[1]) {
        case 0x01:
            out.price = (int64_t)little(from + 16, 8);
            out.quantity = (uint32_t)little(from + 24, 4);
            out.action = (char)from[28];
            out.side = (char)from[29];
            out.flags = from[30];
            out.ts_recv = little(from + 32, 8);
            out.delta = (int32_t)little(from + 40, 4);
            out.sequence = (uint32_t)little(from + 44, 4);
            out.bid = (int64_t)little(from + 48, 8);
            out.offer = (int64_t)little(from + 56, 8);
            out.bid_size = (uint32_t)little(from + 64, 4);
            out.offer_size = (uint32_t)little(from + 68, 4);
            break;
        default:
            return sum;
        }
        __asm__ volatile("" : : "r"(&out) : "memory");
        sum += (uint64_t)out.bid;
    }
    return sum;
}
