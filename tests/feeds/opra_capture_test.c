#include "feeds/opra.h"

#include "tests/check.h"

#include <jansson.h>
#include <string.h>

static const vw_opra_form form_63;

typedef struct packet {
    unsigned char bytes[1500];
    size_t size;
    json_t *fields; /* [depth, label, offset, size, hex, shown] */
    json_t *all;
} packet;

static packet load(const char *path)
{
    packet from = {.all = json_load_file(vw_test_data(path), 0, NULL)};
    json_t *first = json_array_get(from.all, 0);
    const char *hex = json_string_value(json_object_get(first, "payload"));

    assert_non_null(hex);
    for (; hex[0] != '\0'; hex += 2) {
        unsigned byte;

        assert_int_equal(sscanf(hex, "%2x", &byte), 1);
        from.bytes[from.size++] = (unsigned char)byte;
    }
    from.fields = json_object_get(first, "fields");
    return from;
}

/* shown returns what the independent decode shows behind "Label: ". */
static const char *shown(const packet *from, const char *label)
{
    json_t *field;
    size_t i;

    json_array_foreach(from->fields, i, field)
    {
        if (strcmp(json_string_value(json_array_get(field, 1)), label) == 0) {
            return json_string_value(json_array_get(field, 5)) + strlen(label) + 2;
        }
    }
    fail_msg("no field %s", label);
    return NULL;
}

static void assert_whole(const packet *from, const char *label, int64_t got)
{
    assert_int_equal(strtoll(shown(from, label), NULL, 10), got);
}

/* A code is shown as "Words (X)"; a blank as "(<whitespace>)". */
static void assert_code(const packet *from, const char *label, char got)
{
    const char *at = strchr(shown(from, label), '(');

    assert_non_null(at);
    assert_int_equal(at[1] == '<' ? ' ' : at[1], got);
}

static void check_block(const packet *from, const vw_opra_block *block)
{
    assert_whole(from, "Version", block->version);
    assert_whole(from, "Block Size", block->size);
    assert_code(from, "Data Feed Indicator", block->feed);
    assert_code(from, "Retransmission Indicator", block->retransmission);
    assert_int_equal(block->session, 0);
    assert_whole(from, "Block Sequence Number", block->sequence);
    assert_whole(from, "Messages In Block", block->count);
    assert_whole(from, "Seconds", block->seconds);
    assert_whole(from, "Nanoseconds", block->nanoseconds);
    assert_whole(from, "Block Checksum", block->checksum);
}

static void the_captured_long_quote_is_read_field_by_field(void **state)
{
    packet from = load("wire/opra/LongEquityAndIndexQuoteMessage.json");
    vw_opra_message message;
    vw_opra_block block;

    (void)state;
    assert_int_equal(vw_opra_block_read(from.bytes, from.size, &block), VW_OPRA_BLOCK_OK);
    check_block(&from, &block);
    assert_int_equal(vw_opra_decode(&form_63, from.bytes + 21, from.size - 21, &message), 53);
    const vw_opra_quote *quote = &message.quote;

    assert_int_equal(message.category, VW_OPRA_LONG_QUOTE);
    assert_code(&from, "Participant Id", message.participant);
    assert_code(&from, "Message Category", message.wire_category);
    assert_code(&from, "Long Equity And Index Quote Message Type", message.type);
    assert_code(&from, "Bbo Indicator", message.indicator);
    assert_whole(&from, "Transaction Id", message.transaction_id);
    assert_whole(&from, "Participant Reference Number", message.reference);
    assert_string_equal(quote->series.symbol, "AMZN");
    assert_int_equal(quote->series.option, 'C');
    assert_int_equal(quote->series.expiry, 20240119);
    assert_whole(&from, "Strike Price", quote->series.strike.value);
    assert_int_equal(quote->series.strike.decimals, 2);
    assert_whole(&from, "Bid Price", quote->bid.price.value);
    assert_int_equal(quote->bid.price.decimals, 2);
    assert_whole(&from, "Bid Size", quote->bid.size);
    assert_whole(&from, "Offer Price", quote->offer.price.value);
    assert_whole(&from, "Offer Size", quote->offer.size);
    assert_code(&from, "Best Bid Participant Id", quote->best_bid.participant);
    assert_whole(&from, "Best Bid Price", quote->best_bid.price.value);
    assert_whole(&from, "Best Bid Size", quote->best_bid.size);
    assert_int_equal(quote->bbo_offer, VW_OPRA_BBO_SAME);
    json_decref(from.all);
}

static void the_captured_line_integrity_message_leaves_one_pad_byte(void **state)
{
    packet from = load("wire/opra/ControlMessage.json");
    vw_opra_message message;
    vw_opra_block block;

    (void)state;
    assert_int_equal(vw_opra_block_read(from.bytes, from.size, &block), VW_OPRA_BLOCK_OK);
    check_block(&from, &block);
    assert_int_equal(vw_opra_decode(&form_63, from.bytes + 21, from.size - 21, &message), 12);
    assert_int_equal(message.category, VW_OPRA_CONTROL);
    assert_code(&from, "Participant Id", message.participant);
    assert_code(&from, "Control Message Type", message.type);
    assert_whole(&from, "Transaction Id", message.transaction_id);
    assert_int_equal(from.size, 21 + 12 + 1);
    assert_whole(&from, "Block Pad Byte", from.bytes[33]);
    json_decref(from.all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_captured_long_quote_is_read_field_by_field),
        cmocka_unit_test(the_captured_line_integrity_message_leaves_one_pad_byte),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
