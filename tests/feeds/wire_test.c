/* Every PITCH capture beside which someone else's decode stands must decode to the same fields. */
#include "feeds/pitch.h"
#include "tests/check.h"

#include <glob.h>
#include <jansson.h>
#include <pcap/pcap.h>
#include <string.h>

/* One packet of a capture and where its messages stand. */
typedef struct packet {
    const char *file;
    vw_dialect dialect;
    bool framing_only; /* of the messages, only length and type are checked */
    unsigned char payload[2048];
    size_t size;
    vw_wire_block block;
    vw_pitch_message messages[256];
    size_t at[256];
} packet;

typedef struct tally {
    size_t packets, messages, fields, again;
} tally;

/* Ethernet, with or without a VLAN tag, IPv4, UDP. */
static bool is_udp(const unsigned char *frame, size_t size, size_t *payload, size_t *length)
{
    size_t type = size > 18 && frame[12] == 0x81 && frame[13] == 0x00 ? 16 : 12, ip = type + 2;

    if (size < ip + 28 || frame[type] != 0x08 || frame[type + 1] != 0x00 || frame[ip + 9] != 17) {
        return false;
    }
    size_t udp = ip + 4 * (size_t)(frame[ip] & 15);

    *payload = udp + 8;
    *length = (size_t)(frame[udp + 4] << 8 | frame[udp + 5]) - 8;
    return *payload + *length <= size;
}

static void decode(packet *self)
{
    size_t at = sizeof self->block;

    assert_true(vw_pitch_block(self->payload, self->size, &self->block));
    for (size_t i = 0; i < self->block.count; i++) {
        int used =
            vw_pitch_decode(self->dialect, self->payload + at, self->size - at, &self->messages[i]);

        assert_true(used > 0);
        self->at[i] = at;
        at += (size_t)used;
    }
    assert_int_equal(at, self->block.length);
}

/* Encoding what was decoded gives the bytes of the wire, for forms that are still sent. */
static bool comes_again(const packet *self, size_t index)
{
    const vw_pitch_message *message = &self->messages[index];
    unsigned char bytes[VW_PITCH_MESSAGE_MAX];
    size_t size = vw_pitch_encode(self->dialect, message, bytes);

    if (size == 0 || size != message->length) {
        return false; /* a form of the past, or never written */
    }
    assert_memory_equal(bytes, self->payload + self->at[index], size);
    return true;
}

/* The one in brackets of "Buy Order (B)", or all. */
static const char *bracketed(const char *shown, char *to)
{
    const char *open = strrchr(shown, '(');

    if (open == NULL) {
        return shown;
    }
    snprintf(to, 32, "%.*s", (int)strcspn(open + 1, ")"), open + 1);
    return to;
}

static void same_number(uint64_t got, const char *shown)
{
    assert_int_equal(got, strtoull(shown, NULL, 10));
}

static void same_price(int64_t got, const char *shown)
{
    assert_near((double)got / 10000, strtod(shown, NULL), 1e-9);
}

static void same_char(char got, const char *shown)
{
    char code[32];

    assert_int_equal(got, bracketed(shown, code)[0]);
}

static bool is_order(vw_pitch_type type)
{
    return type == VW_PITCH_ADD_LONG || type == VW_PITCH_ADD_SHORT || type == VW_PITCH_ADD_EXPANDED;
}

static bool is_trade(vw_pitch_type type)
{
    return type == VW_PITCH_TRADE_LONG || type == VW_PITCH_TRADE_SHORT ||
           type == VW_PITCH_TRADE_EXPANDED;
}

static uint64_t id_of(const vw_pitch_message *message)
{
    return is_order(message->type)   ? message->order.order_id
           : is_trade(message->type) ? message->trade.order_id
                                     : message->change.order_id;
}

static uint32_t quantity_of(const vw_pitch_message *message)
{
    return is_order(message->type)   ? message->order.quantity
           : is_trade(message->type) ? message->trade.quantity
                                     : message->change.quantity;
}

static int64_t price_of(const vw_pitch_message *message)
{
    return is_order(message->type)   ? message->order.price
           : is_trade(message->type) ? message->trade.price
                                     : message->change.price;
}

static const char *symbol_of(const vw_pitch_message *message)
{
    return message->type == VW_PITCH_FUTURE    ? message->future.symbol
           : message->type == VW_PITCH_MAPPING ? message->mapping.symbol
           : is_trade(message->type)           ? message->trade.symbol
                                               : message->order.symbol;
}

static bool same_definition(const vw_pitch_future *future, const char *label, const char *shown)
{
    if (strcmp(label, "Unit Timestamp") == 0) {
        same_number(future->unit_timestamp, shown);
    } else if (strcmp(label, "Report Symbol") == 0) {
        assert_string_equal(future->report_symbol, shown);
    } else if (strcmp(label, "Expiration Date") == 0) {
        same_number(future->expiration_date, shown);
    } else if (strcmp(label, "Contract Size") == 0) {
        same_number(future->contract_size, shown);
    } else if (strcmp(label, "Listing State") == 0) {
        same_char(future->listing_state, shown);
    } else if (strcmp(label, "Price Increment") == 0) {
        same_price(future->price_increment, shown);
    } else if (strcmp(label, "Futures Flags") == 0) {
        char code[32];

        same_number(future->flags, bracketed(shown, code));
    } else if (strcmp(label, "Leg Count") == 0) {
        same_number(future->leg_count, shown);
    } else {
        return false;
    }
    return true;
}

static bool same_event(const vw_pitch_message *message, const char *label, const char *shown)
{
    bool trade = is_trade(message->type);

    if (strcmp(label, "Time") == 0 || strcmp(label, "Time Reference") == 0) {
        if (message->type != VW_PITCH_TIME) {
            return false; /* the dissector repeats the last Time */
        }
        same_number(message->time.seconds, shown);
    } else if (strcmp(label, "Epoch") == 0) {
        same_number(message->time.epoch, shown);
    } else if (strcmp(label, "Auction Id") == 0) {
        same_number(message->auction.auction_id, shown);
    } else if (strcmp(label, "Execution Id") == 0) {
        same_number(trade ? message->trade.execution_id : message->change.execution_id, shown);
    } else if (strcmp(label, "Trade Condition") == 0) {
        same_char(trade ? message->trade.condition : message->change.condition, shown);
    } else if (strcmp(label, "Symbol Condition") == 0) {
        same_char(message->mapping.condition, shown);
    } else if (strcmp(label, "Underlying") == 0) {
        assert_string_equal(message->mapping.underlying, shown);
    } else if (strcmp(label, "Osi Symbol") == 0) {
        assert_memory_equal(message->mapping.osi, shown, strlen(shown)); /* shown up to a blank */
    } else {
        return false;
    }
    return true;
}

/* same_field checks one field of the other decode; false: nothing we have. */
static bool same_field(const vw_pitch_message *message, const char *label, const char *shown)
{
    if (strcmp(label, "Message Length") == 0) {
        same_number(message->length, shown);
    } else if (strcmp(label, "Message Type") == 0) {
        char code[32];

        assert_int_equal(message->wire_type, strtoul(bracketed(shown, code), NULL, 16));
    } else if (strcmp(label, "Time Offset") == 0) {
        same_number(message->time_offset_ns, shown);
    } else if (strcmp(label, "Order Id") == 0) {
        same_number(id_of(message), shown);
    } else if (strstr(label, "Quantity") != NULL) {
        same_number(quantity_of(message), shown);
    } else if (strcmp(label, "Price") == 0 || strstr(label, "Price Short") != NULL ||
               strstr(label, "Short Price") != NULL) {
        same_price(price_of(message), shown);
    } else if (strcmp(label, "Side Indicator") == 0) {
        same_char(is_trade(message->type) ? message->trade.side : message->order.side, shown);
    } else if (strcmp(label, "Symbol") == 0 || strcmp(label, "Feed Symbol") == 0 ||
               strcmp(label, "Complex Instrument Id") == 0) {
        assert_string_equal(symbol_of(message), shown);
    } else if (message->type == VW_PITCH_FUTURE) {
        return same_definition(&message->future, label, shown);
    } else {
        return same_event(message, label, shown);
    }
    return true;
}

static void check_header(const packet *self, const char *label, const char *shown, tally *sum)
{
    if (strcmp(label, "Length") == 0) {
        same_number(self->block.length, shown);
    } else if (strcmp(label, "Count") == 0) {
        same_number(self->block.count, shown);
    } else if (strcmp(label, "Unit") == 0) {
        same_number(self->block.unit, shown);
    } else if (strcmp(label, "Sequence") == 0) {
        same_number(self->block.sequence, shown);
    } else {
        return;
    }
    sum->fields++;
}

/* Fields as [depth, label, offset, size, raw, "label: shown"], messages begun by a "Message". */
static void check_fields(const packet *self, json_t *fields, tally *sum)
{
    size_t index, message = 0;
    bool in_message = false;
    json_t *field;

    json_array_foreach(fields, index, field)
    {
        const char *label = json_string_value(json_array_get(field, 1));
        const char *text = json_string_value(json_array_get(field, 5));
        const char *shown = strstr(text, ": ");

        if (strcmp(label, "Message") == 0) {
            message += in_message;
            in_message = true;
        } else if (shown != NULL && json_integer_value(json_array_get(field, 3)) > 0) {
            if (in_message) {
                sum->fields += same_field(&self->messages[message], label, shown + 2);
            } else {
                check_header(self, label, shown + 2, sum);
            }
        }
    }
    assert_int_equal(message + in_message, self->block.count);
}

/* The same as objects: "hdr" and a list "msgs". */
static void check_objects(const packet *self, json_t *line, tally *sum)
{
    json_t *messages = json_object_get(line, "msgs"), *fields, *value;
    const char *label;
    size_t index;

    json_object_foreach(json_object_get(line, "hdr"), label, value)
    {
        check_header(self, label, json_string_value(value), sum);
    }
    assert_int_equal(json_array_size(messages), self->block.count);
    json_array_foreach(messages, index, fields)
    {
        json_object_foreach(fields, label, value)
        {
            if (!self->framing_only || strncmp(label, "Message ", strlen("Message ")) == 0) {
                sum->fields += same_field(&self->messages[index], label, json_string_value(value));
            }
        }
    }
}

/* others_decode returns the array of packets of the .json beside a capture, or of its .jsonl. */
static json_t *others_decode(const char *file)
{
    char path[1024], line[1 << 16];
    int stem = (int)(strlen(file) - strlen(".pcap"));

    snprintf(path, sizeof path, "%.*s.json", stem, file);
    json_t *packets = json_load_file(path, 0, NULL);

    if (packets != NULL) {
        return packets;
    }
    snprintf(path, sizeof path, "%.*s.jsonl", stem, file);
    FILE *lines = fopen(path, "r");

    assert_non_null(lines);
    packets = json_array();
    while (fgets(line, sizeof line, lines) != NULL) {
        json_t *object = json_loads(line, 0, NULL);

        assert_non_null(object);
        json_array_append_new(packets, object);
    }
    fclose(lines);
    return packets;
}

static void check_file(const char *file, vw_dialect dialect, bool framing_only, tally *sum)
{
    char reason[PCAP_ERRBUF_SIZE];
    pcap_t *capture = pcap_open_offline(file, reason);
    json_t *decoded = others_decode(file);
    struct pcap_pkthdr *head;
    const unsigned char *frame;
    size_t next = 0;

    assert_non_null(capture);
    for (json_int_t number = 1; pcap_next_ex(capture, &head, &frame) == 1; number++) {
        static packet self;
        json_t *other = json_array_get(decoded, next);
        size_t payload = 0;

        if (json_integer_value(json_object_get(other, "frame")) != number) {
            continue; /* not PITCH */
        }
        self = (packet){.file = file, .dialect = dialect, .framing_only = framing_only};
        assert_true(is_udp(frame, head->caplen, &payload, &self.size));
        memcpy(self.payload, frame + payload, self.size);
        decode(&self);
        if (json_object_get(other, "fields") != NULL) {
            check_fields(&self, json_object_get(other, "fields"), sum);
        } else {
            check_objects(&self, other, sum);
        }
        for (size_t i = 0; i < self.block.count; i++) {
            assert_int_equal(self.messages[i].type == VW_PITCH_UNKNOWN, framing_only);
            sum->again += comes_again(&self, i);
        }
        sum->packets++;
        sum->messages += self.block.count;
        next++;
    }
    assert_int_equal(next, json_array_size(decoded));
    json_decref(decoded);
    pcap_close(capture);
}

static tally check_folder(const char *one, vw_dialect dialect, bool framing_only)
{
    char pattern[1024];
    const char *first = vw_test_data(one);
    glob_t found;
    tally sum = {0};

    snprintf(pattern, sizeof pattern, "%.*s/*.pcap", (int)(strrchr(first, '/') - first), first);
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        check_file(found.gl_pathv[i], dialect, framing_only, &sum);
    }
    globfree(&found);
    printf("%s: %zu packets, %zu messages, %zu fields the same, %zu messages encoded again\n", one,
           sum.packets, sum.messages, sum.fields, sum.again);
    return sum;
}

static void futures_of_2019_decode_as_others_decode_them(void **state)
{
    tally sum = check_folder("wire/cfe-pitch/v1.1.6/Heartbeat.pcap", VW_DIALECT_CFE, false);

    (void)state;
    assert_true(sum.packets >= 4 && sum.messages >= 4 && sum.fields >= 46 && sum.again >= 3);
}

static void the_complex_book_of_2020_decodes_as_others_decode_it(void **state)
{
    tally sum = check_folder("wire/cboe-c1-complex-pitch/v2.1.18/TimeMessage.pcap",
                             VW_DIALECT_COMPLEX, false);

    (void)state;
    assert_true(sum.packets >= 3 && sum.messages >= 5 && sum.fields >= 36 && sum.again >= 3);
}

static void equities_of_2023_decode_as_others_decode_them(void **state)
{
    tally sum = check_folder("wire/cboe-us-equities-pitch/byx-v2.41/MultipleMessages.pcap",
                             VW_DIALECT_OPTIONS, false);

    (void)state;
    assert_true(sum.packets >= 1 && sum.messages >= 3 && sum.fields >= 23 && sum.again >= 2);
}

static void the_lab_of_2014_decodes_as_others_decode_it(void **state)
{
    tally sum = check_folder("wire/bats-lab-pitch-2014/realtime_first10blocks.pcap",
                             VW_DIALECT_OPTIONS, false);

    (void)state;
    assert_true(sum.packets >= 100 && sum.messages >= 22 && sum.fields >= 500 && sum.again >= 6);
}

/* Its messages have layouts of their own, which are not decoded here: the frame is the same. */
static void australia_is_framed_alike_and_skipped_by_length(void **state)
{
    tally sum = check_folder("wire/cboe-au-pitch-2025/cxa_100packets_contiguous.pcap",
                             VW_DIALECT_OPTIONS, true);

    (void)state;
    assert_true(sum.packets >= 100 && sum.messages >= 107 && sum.fields >= 614);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(futures_of_2019_decode_as_others_decode_them),
        cmocka_unit_test(the_complex_book_of_2020_decodes_as_others_decode_it),
        cmocka_unit_test(equities_of_2023_decode_as_others_decode_them),
        cmocka_unit_test(the_lab_of_2014_decodes_as_others_decode_it),
        cmocka_unit_test(australia_is_framed_alike_and_skipped_by_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
