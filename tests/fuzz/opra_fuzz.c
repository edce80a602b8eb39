/* Any bytes as an OPRA block and as messages one after the other. */
#include "feeds/opra.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_price(vw_opra_price price)
{
    vw_check(price.decimals <= 8);
    if (price.value >= INT32_MIN && price.value <= UINT32_MAX) {
        vw_opra_price_scaled(price);
    }
}

static void check_message(const vw_opra_message *message, const uint8_t *from)
{
    vw_opra_best best = {.bid.participant = 'Z'};

    switch (message->category) {
    case VW_OPRA_LONG_QUOTE:
    case VW_OPRA_SHORT_QUOTE:
        check_price(message->quote.series.strike);
        check_price(message->quote.bid.price);
        check_price(message->quote.best_offer.price);
        vw_opra_best_apply(&best, &message->quote);
        break;
    case VW_OPRA_LAST_SALE:
        check_price(message->sale.price);
        break;
    case VW_OPRA_DAY_SUMMARY:
        check_price(message->day.underlying);
        break;
    case VW_OPRA_ADMINISTRATIVE:
    case VW_OPRA_CONTROL:
        vw_check((const uint8_t *)message->text.text + message->text.size ==
                 from + message->length);
        break;
    default:
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vw_opra_form form = {.control_has_text = size > 0 && (data[0] & 1),
                         .index_offer_narrow = size > 0 && (data[0] & 2)};
    vw_opra_message message;
    vw_opra_block block;

    if (size > 1 && vw_opra_block_read(data + 1, size - 1, &block) == VW_OPRA_BLOCK_OK) {
        vw_check(block.size <= size - 1);
    }
    for (size_t at = 1; at < size;) {
        int used = vw_opra_decode(&form, data + at, size - at, &message);

        if (used == VW_OPRA_MORE || used == VW_OPRA_LOST) {
            break;
        }
        vw_check(message.length > 0 && message.length <= size - at);
        vw_check(used == VW_OPRA_MALFORMED || (uint32_t)used == message.length);
        if (used > 0) {
            check_message(&message, data + at);
        }
        at += message.length;
    }
    return 0;
}
