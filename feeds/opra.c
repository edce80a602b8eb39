#include "feeds/opra.h"

#include "core/base/bytes.h"

/* What a BBO indicator says of bid and offer, by its byte; the blank says nothing of either. */
typedef struct bbo_entry {
    uint8_t bid, offer;
    uint8_t appendages;
    bool known;
} bbo_entry;

#define BBO(bid_word, offer_word)                                                                  \
    {                                                                                              \
        VW_OPRA_BBO_##bid_word, VW_OPRA_BBO_##offer_word,                                          \
            (VW_OPRA_BBO_##bid_word == VW_OPRA_BBO_OTHER) +                                        \
                (VW_OPRA_BBO_##offer_word == VW_OPRA_BBO_OTHER),                                   \
            true                                                                                   \
    }

static const bbo_entry bbo_entries[256] = {
    [' '] = BBO(SAME, SAME),   ['A'] = BBO(SAME, SAME),  ['B'] = BBO(SAME, THIS),
    ['C'] = BBO(SAME, OTHER),  ['D'] = BBO(SAME, NONE),  ['E'] = BBO(THIS, SAME),
    ['F'] = BBO(THIS, THIS),   ['G'] = BBO(THIS, OTHER), ['H'] = BBO(THIS, NONE),
    ['I'] = BBO(NONE, SAME),   ['J'] = BBO(NONE, THIS),  ['K'] = BBO(NONE, OTHER),
    ['L'] = BBO(NONE, NONE),   ['M'] = BBO(OTHER, SAME), ['N'] = BBO(OTHER, THIS),
    ['O'] = BBO(OTHER, OTHER), ['P'] = BBO(OTHER, NONE),
};

static const bbo_entry *find_bbo(char indicator)
{
    return &bbo_entries[(unsigned char)indicator];
}

static int32_t load_i32(const void *from)
{
    return (int32_t)vw_load_u32_be(from);
}

/* read_decimals returns the decimals of a denominator code, or 255. */
static uint32_t read_decimals(char code)
{
    if (code == 'I') {
        return 0;
    }
    return code >= 'A' && code <= 'H' ? (uint32_t)(code - 'A' + 1) : 255;
}

/* read_symbol copies `size` characters, a constant, without trailing blanks; `to` is all 0. */
static inline void read_symbol(char to[6], const char *from, size_t size)
{
    memcpy(to, from, size);
    while (size > 0 && to[size - 1] == ' ') {
        to[--size] = '\0';
    }
}

static bool read_expiration(const vw_opra_wire_expiration *wire, vw_opra_series *series)
{
    uint32_t month = (uint32_t)(wire->month - 'A');

    if (month >= 24 || wire->day < 1 || wire->day > 31) {
        return false;
    }
    series->option = month < 12 ? 'C' : 'P';
    month = month < 12 ? month : month - 12;
    series->expiry = (2000U + wire->year) * 10000 + (month + 1) * 100 + wire->day;
    return true;
}

static bool read_series(const unsigned char *from, vw_opra_series *series)
{
    vw_opra_wire_series wire;

    memcpy(&wire, from, sizeof wire);
    *series = (vw_opra_series){
        .strike = {vw_load_u32_be(&wire.strike), read_decimals(wire.strike_denominator)}};
    read_symbol(series->symbol, wire.symbol, sizeof wire.symbol);
    return read_expiration(&wire.expiration, series) && series->strike.decimals <= 8;
}

static bool read_appendage(const unsigned char *from, vw_opra_side *side)
{
    vw_opra_wire_appendage wire;

    memcpy(&wire, from, sizeof wire);
    *side = (vw_opra_side){.price = {load_i32(&wire.price), read_decimals(wire.denominator)},
                           .size = vw_load_u32_be(&wire.size),
                           .participant = wire.participant};
    return side->price.decimals <= 8;
}

/* read_best fills what the BBO indicator and the appendages behind the quote say. */
static bool read_best(const unsigned char *from, size_t at, vw_opra_message *message)
{
    const bbo_entry *entry = find_bbo(message->indicator);
    vw_opra_quote *quote = &message->quote;
    bool fits = true;

    quote->bbo_bid = (vw_opra_bbo)entry->bid;
    quote->bbo_offer = (vw_opra_bbo)entry->offer;
    quote->best_bid = (vw_opra_side){.participant = 0};
    quote->best_offer = (vw_opra_side){.participant = 0};
    if (entry->appendages == 0) {
        return true;
    }
    if (entry->bid == VW_OPRA_BBO_OTHER) {
        fits = read_appendage(from + at, &quote->best_bid);
        at += sizeof(vw_opra_wire_appendage);
    }
    if (entry->offer == VW_OPRA_BBO_OTHER) {
        fits = read_appendage(from + at, &quote->best_offer) && fits;
    }
    return fits;
}

static bool decode_long_quote(const unsigned char *from, vw_opra_message *message)
{
    vw_opra_quote *quote = &message->quote;
    vw_opra_wire_long_quote wire;

    memcpy(&wire, from, sizeof wire);
    uint32_t decimals = read_decimals(wire.denominator);

    /* Side by side, not the whole at once: that would clear it with a slow string instruction. */
    quote->bid = (vw_opra_side){
        {load_i32(&wire.bid), decimals}, vw_load_u32_be(&wire.bid_size), wire.head.participant};
    quote->offer = (vw_opra_side){
        {load_i32(&wire.offer), decimals}, vw_load_u32_be(&wire.offer_size), wire.head.participant};
    bool fits = read_series(from + offsetof(vw_opra_wire_long_quote, series), &quote->series);

    return read_best(from, sizeof wire, message) && fits && decimals <= 8;
}

static bool decode_short_quote(const unsigned char *from, vw_opra_message *message)
{
    vw_opra_quote *quote = &message->quote;
    vw_opra_wire_short_quote wire;

    memcpy(&wire, from, sizeof wire);
    quote->series = (vw_opra_series){.strike = {vw_load_u16_be(&wire.strike), 1}};
    quote->bid = (vw_opra_side){
        {vw_load_u16_be(&wire.bid), 2}, vw_load_u16_be(&wire.bid_size), wire.head.participant};
    quote->offer = (vw_opra_side){
        {vw_load_u16_be(&wire.offer), 2}, vw_load_u16_be(&wire.offer_size), wire.head.participant};
    read_symbol(quote->series.symbol, wire.symbol, sizeof wire.symbol);
    bool fits = read_expiration(&wire.expiration, &quote->series);

    return read_best(from, sizeof wire, message) && fits;
}

static bool decode_last_sale(const unsigned char *from, vw_opra_message *message)
{
    vw_opra_sale *sale = &message->sale;
    vw_opra_wire_last_sale wire;
    char type = message->type;

    memcpy(&wire, from, sizeof wire);
    *sale = (vw_opra_sale){.price = {load_i32(&wire.premium), read_decimals(wire.denominator)},
                           .volume = vw_load_u32_be(&wire.volume),
                           .trade_id = vw_load_u32_be(&wire.trade_id),
                           .cancel = type == 'A' || type == 'C' || type == 'E' || type == 'G'};
    return read_series(from + offsetof(vw_opra_wire_last_sale, series), &sale->series) &&
           sale->price.decimals <= 8;
}

static bool decode_open_interest(const unsigned char *from, vw_opra_message *message)
{
    message->day = (vw_opra_day){.open_interest = vw_load_u32_be(
                                     from + offsetof(vw_opra_wire_open_interest, open_interest))};
    return read_series(from + offsetof(vw_opra_wire_open_interest, series), &message->day.series);
}

static bool decode_day_summary(const unsigned char *from, vw_opra_message *message)
{
    vw_opra_day *day = &message->day;
    vw_opra_wire_day_summary wire;

    memcpy(&wire, from, sizeof wire);
    uint32_t decimals = read_decimals(wire.denominator);

    *day = (vw_opra_day){.open = {load_i32(&wire.open), decimals},
                         .high = {load_i32(&wire.high), decimals},
                         .low = {load_i32(&wire.low), decimals},
                         .last = {load_i32(&wire.last), decimals},
                         .net_change = {load_i32(&wire.net_change), decimals},
                         .underlying = {(int64_t)vw_load_u64_be(&wire.underlying),
                                        read_decimals(wire.underlying_denominator)},
                         .bid = {load_i32(&wire.bid), decimals},
                         .offer = {load_i32(&wire.offer), decimals},
                         .volume = vw_load_u32_be(&wire.volume),
                         .open_interest = vw_load_u32_be(&wire.open_interest)};
    return read_series(from + offsetof(vw_opra_wire_day_summary, series), &day->series) &&
           decimals <= 8 && day->underlying.decimals <= 8;
}

static bool decode_index(const vw_opra_form *form, const unsigned char *from,
                         vw_opra_message *message)
{
    const unsigned char *offer = from + offsetof(vw_opra_wire_index_quote, offer);
    vw_opra_index *index = &message->index;
    vw_opra_wire_index wire;

    memcpy(&wire, from, sizeof wire);
    vw_opra_price value = {load_i32(&wire.value), read_decimals(wire.denominator)};

    *index = (vw_opra_index){.quoted = message->type == 'I'};
    if (index->quoted) {
        index->bid = value;
        index->offer = (vw_opra_price){form->index_offer_narrow ? load_i32(offer)
                                                                : (int64_t)vw_load_u64_be(offer),
                                       value.decimals};
    } else {
        index->value = value;
    }
    read_symbol(index->symbol, wire.symbol, sizeof wire.symbol);
    return value.decimals <= 8;
}

static bool decode_mapping(const unsigned char *from, vw_opra_message *message)
{
    vw_opra_series *series = &message->mapping.series;
    vw_opra_wire_mapping wire;

    memcpy(&wire, from, sizeof wire);
    message->mapping = (vw_opra_mapping){
        .series.strike = {vw_load_u32_be(&wire.strike), read_decimals(wire.strike_denominator)},
        .line = vw_load_u16_be(&wire.line)};
    read_symbol(series->symbol, wire.symbol, sizeof wire.symbol);
    return read_expiration(&wire.expiration, series) && series->strike.decimals <= 8;
}

/* quote_size returns the bytes of a quote by its BBO indicator, or 0. */
static size_t quote_size(size_t base, char indicator)
{
    const bbo_entry *entry = find_bbo(indicator);

    return entry->known ? base + entry->appendages * sizeof(vw_opra_wire_appendage) : 0;
}

/* text_size returns the bytes of a message with text, of which `size` are there. */
static size_t text_size(const unsigned char *from, size_t size)
{
    return size < sizeof(vw_opra_wire_text)
               ? sizeof(vw_opra_wire_text)
               : sizeof(vw_opra_wire_text) +
                     vw_load_u16_be(from + offsetof(vw_opra_wire_text, size));
}

/* message_size returns the bytes of a whole message, or 0 when that is not known. */
static size_t message_size(const vw_opra_form *form, const unsigned char *from, size_t size,
                           const vw_opra_wire_head *head)
{
    switch (head->category) {
    case VW_OPRA_LONG_QUOTE:
        return quote_size(sizeof(vw_opra_wire_long_quote), head->indicator);
    case VW_OPRA_SHORT_QUOTE:
        return quote_size(sizeof(vw_opra_wire_short_quote), head->indicator);
    case VW_OPRA_LAST_SALE:
        return sizeof(vw_opra_wire_last_sale);
    case VW_OPRA_OPEN_INTEREST:
        return sizeof(vw_opra_wire_open_interest);
    case VW_OPRA_DAY_SUMMARY:
        return sizeof(vw_opra_wire_day_summary);
    case VW_OPRA_SERIES_MAPPING:
        return sizeof(vw_opra_wire_mapping);
    case VW_OPRA_INDEX:
        if (head->type == 'I') {
            return sizeof(vw_opra_wire_index_quote) - (form->index_offer_narrow ? 4 : 0);
        }
        return head->type == ' ' ? sizeof(vw_opra_wire_index) : 0;
    case VW_OPRA_ADMINISTRATIVE:
        return text_size(from, size);
    case VW_OPRA_CONTROL:
        return form->control_has_text ? text_size(from, size) : sizeof *head;
    default:
        return 0;
    }
}

static size_t measure(bool control_has_text, bool index_offer_narrow, const unsigned char *from,
                      size_t size)
{
    const vw_opra_form form = {control_has_text, index_offer_narrow};
    vw_opra_wire_head head;

    if (size < sizeof head) {
        return 0;
    }
    memcpy(&head, from, sizeof head);
    size_t length = message_size(&form, from, size, &head);

    return length <= size ? length : 0;
}

static size_t measure_newest(const unsigned char *from, size_t size)
{
    return measure(false, false, from, size);
}

static size_t measure_narrow(const unsigned char *from, size_t size)
{
    return measure(false, true, from, size);
}

static size_t measure_text(const unsigned char *from, size_t size)
{
    return measure(true, false, from, size);
}

static size_t measure_both(const unsigned char *from, size_t size)
{
    return measure(true, true, from, size);
}

vw_opra_measure_fn *vw_opra_measure(const vw_opra_form *form)
{
    static vw_opra_measure_fn *const measures[2][2] = {{measure_newest, measure_narrow},
                                                       {measure_text, measure_both}};

    return measures[form->control_has_text][form->index_offer_narrow];
}

static bool decode_body(const vw_opra_form *form, const unsigned char *from,
                        vw_opra_message *message)
{
    switch (message->category) {
    case VW_OPRA_LONG_QUOTE:
        return decode_long_quote(from, message);
    case VW_OPRA_SHORT_QUOTE:
        return decode_short_quote(from, message);
    case VW_OPRA_LAST_SALE:
        return decode_last_sale(from, message);
    case VW_OPRA_OPEN_INTEREST:
        return decode_open_interest(from, message);
    case VW_OPRA_DAY_SUMMARY:
        return decode_day_summary(from, message);
    case VW_OPRA_SERIES_MAPPING:
        return decode_mapping(from, message);
    case VW_OPRA_INDEX:
        return decode_index(form, from, message);
    default:
        message->text = (vw_opra_text){(const char *)from + message->length, 0};
        if (message->length > sizeof(vw_opra_wire_head)) {
            message->text = (vw_opra_text){(const char *)from + sizeof(vw_opra_wire_text),
                                           message->length - sizeof(vw_opra_wire_text)};
        }
        return true;
    }
}

int vw_opra_decode(const vw_opra_form *form, const unsigned char *from, size_t size,
                   vw_opra_message *message)
{
    vw_opra_wire_head head;

    message->category = VW_OPRA_UNKNOWN;
    message->length = 0;
    if (size < sizeof head) {
        return VW_OPRA_MORE;
    }
    memcpy(&head, from, sizeof head);
    message->wire_category = head.category;
    message->participant = head.participant;
    message->type = head.type;
    message->indicator = head.indicator;
    message->transaction_id = vw_load_u32_be(&head.transaction_id);
    message->reference = vw_load_u32_be(&head.reference);
    size_t length = message_size(form, from, size, &head);

    if (length == 0) {
        return VW_OPRA_LOST;
    }
    if (length > size) {
        return VW_OPRA_MORE;
    }
    message->length = (uint32_t)length;
    message->category = (vw_opra_category)head.category;
    return decode_body(form, from, message) ? (int)length : VW_OPRA_MALFORMED;
}

/* sum_bytes adds up eight bytes at a time, in four lanes of 16 bits. */
static uint16_t sum_bytes(const unsigned char *from, size_t size)
{
    const uint64_t even = UINT64_C(0x00FF00FF00FF00FF);
    uint32_t sum = 0;

    while (size >= 8) {
        size_t words = size / 8 < 128 ? size / 8 : 128; /* a lane then holds at most 128 x 510 */
        uint64_t lanes = 0;

        for (size_t i = 0; i < words; i++) {
            uint64_t word = vw_load_u64(from + 8 * i);

            lanes += (word & even) + (word >> 8 & even);
        }
        sum += (uint32_t)(lanes & 0xFFFF) + (uint32_t)(lanes >> 16 & 0xFFFF) +
               (uint32_t)(lanes >> 32 & 0xFFFF) + (uint32_t)(lanes >> 48);
        from += 8 * words;
        size -= 8 * words;
    }
    while (size-- > 0) {
        sum += *from++;
    }
    return (uint16_t)sum;
}

vw_opra_verdict vw_opra_block_read(const unsigned char *payload, size_t size, vw_opra_block *block)
{
    vw_opra_wire_block wire;

    *block = (vw_opra_block){.size = 0};
    if (size < sizeof wire) {
        return VW_OPRA_BLOCK_SHORT;
    }
    memcpy(&wire, payload, sizeof wire);
    *block = (vw_opra_block){.sequence = vw_load_u32_be(&wire.sequence),
                             .seconds = vw_load_u32_be(&wire.seconds),
                             .nanoseconds = vw_load_u32_be(&wire.nanoseconds),
                             .size = vw_load_u16_be(&wire.size),
                             .checksum = vw_load_u16_be(&wire.checksum),
                             .version = wire.version,
                             .session = wire.session,
                             .count = wire.count,
                             .feed = wire.feed,
                             .retransmission = wire.retransmission};
    block->time_ns = INT64_C(1000000000) * block->seconds + block->nanoseconds;
    if (block->feed != 'O') {
        return VW_OPRA_BLOCK_FOREIGN;
    }
    if (block->size < sizeof wire || block->size > size) {
        return VW_OPRA_BLOCK_SHORT;
    }
    size_t at = offsetof(vw_opra_wire_block, checksum);
    uint16_t sum = (uint16_t)(sum_bytes(payload, at) +
                              sum_bytes(payload + sizeof wire, block->size - sizeof wire));

    return sum == block->checksum ? VW_OPRA_BLOCK_OK : VW_OPRA_BLOCK_CHECKSUM;
}

int64_t vw_opra_price_scaled(vw_opra_price price)
{
    static const int64_t up[] = {10000, 1000, 100, 10, 1};
    int64_t value = price.value;

    if (price.decimals <= 4) {
        return value * up[price.decimals];
    }
    for (uint32_t decimals = price.decimals; decimals > 5; decimals--) {
        value /= 10;
    }
    return (value + (value < 0 ? -5 : 5)) / 10;
}

/* apply_side moves one side of the best; true if it was touched. */
static bool apply_side(vw_opra_side *best, vw_opra_bbo bbo, const vw_opra_side *own,
                       const vw_opra_side *other)
{
    switch (bbo) {
    case VW_OPRA_BBO_THIS:
        *best = *own;
        return true;
    case VW_OPRA_BBO_OTHER:
        *best = *other;
        return true;
    case VW_OPRA_BBO_NONE:
        *best = (vw_opra_side){.participant = 0};
        return true;
    default:
        return false;
    }
}

bool vw_opra_best_apply(vw_opra_best *best, const vw_opra_quote *quote)
{
    bool bid = apply_side(&best->bid, quote->bbo_bid, &quote->bid, &quote->best_bid);
    bool offer = apply_side(&best->offer, quote->bbo_offer, &quote->offer, &quote->best_offer);

    return bid || offer;
}
