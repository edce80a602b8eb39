#include "core/engine/quotes.h"

#include <math.h>
#include <string.h>

/* Each column begins on a cache line. */
enum { COLUMN_ALIGN = 64 };

static size_t column_size(uint32_t strikes_max, size_t width)
{
    return vw_round_up(strikes_max * width, COLUMN_ALIGN);
}

size_t vw_quotes_size(uint32_t strikes_max)
{
    size_t wide = column_size(strikes_max, sizeof(double));
    size_t infos = column_size(strikes_max, sizeof(vw_quote_info));
    size_t bytes = column_size(strikes_max, sizeof(uint8_t));

    if (strikes_max == 0 || strikes_max > 65536) {
        return 0;
    }
    return 5 * wide + 2 * bytes + VW_SIDES * (2 * wide + infos);
}

static void *take(unsigned char **at, uint32_t strikes_max, size_t width)
{
    void *column = *at;

    *at += column_size(strikes_max, width);
    return column;
}

void vw_quotes_init(vw_quotes *quotes, void *mem, uint32_t strikes_max)
{
    unsigned char *at = mem;

    vw_check(vw_quotes_size(strikes_max) != 0);
    memset(mem, 0, vw_quotes_size(strikes_max));
    *quotes = (vw_quotes){.count_max = strikes_max};
    quotes->strike = take(&at, strikes_max, sizeof(double));
    quotes->log_strike = take(&at, strikes_max, sizeof(double));
    quotes->vol = take(&at, strikes_max, sizeof(double));
    quotes->bid_vol = take(&at, strikes_max, sizeof(double));
    quotes->ask_vol = take(&at, strikes_max, sizeof(double));
    for (size_t s = 0; s < VW_SIDES; s++) {
        vw_quote_columns *side = &quotes->side[s];

        side->bid = take(&at, strikes_max, sizeof(double));
        side->ask = take(&at, strikes_max, sizeof(double));
        side->info = take(&at, strikes_max, sizeof(vw_quote_info));
    }
    quotes->status = take(&at, strikes_max, sizeof(uint8_t));
    quotes->quality = take(&at, strikes_max, sizeof(uint8_t));
    vw_check(at == (unsigned char *)mem + vw_quotes_size(strikes_max));
}

uint32_t vw_quotes_row(const vw_quotes *quotes, double strike)
{
    uint32_t low = 0, high = quotes->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (quotes->strike[middle] < strike) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Moves the elements from row on up by one and leaves a zero at row. */
static void open_row(void *column, size_t width, uint32_t row, uint32_t count)
{
    unsigned char *at = (unsigned char *)column + row * width;

    memmove(at + width, at, (count - row) * width);
    memset(at, 0, width);
}

static void open_side(vw_quote_columns *side, uint32_t row, uint32_t count)
{
    open_row(side->bid, sizeof *side->bid, row, count);
    open_row(side->ask, sizeof *side->ask, row, count);
    open_row(side->info, sizeof *side->info, row, count);
    side->info[row].instrument = VW_INSTRUMENT_NONE;
    side->info[row].quality = VW_QUOTE_ABSENT;
}

uint32_t vw_quotes_insert(vw_quotes *quotes, double strike)
{
    uint32_t row = vw_quotes_row(quotes, strike), count = quotes->count;

    if (row < count && quotes->strike[row] == strike) {
        return row;
    }
    if (count == quotes->count_max) {
        return VW_ROW_NONE;
    }
    open_row(quotes->strike, sizeof *quotes->strike, row, count);
    open_row(quotes->log_strike, sizeof *quotes->log_strike, row, count);
    open_row(quotes->vol, sizeof *quotes->vol, row, count);
    open_row(quotes->bid_vol, sizeof *quotes->bid_vol, row, count);
    open_row(quotes->ask_vol, sizeof *quotes->ask_vol, row, count);
    open_row(quotes->status, sizeof *quotes->status, row, count);
    open_row(quotes->quality, sizeof *quotes->quality, row, count);
    open_side(&quotes->side[VW_CALL], row, count);
    open_side(&quotes->side[VW_PUT], row, count);
    quotes->strike[row] = strike;
    quotes->log_strike[row] = log(strike);
    quotes->status[row] = VW_STATUS_NO_MARKET;
    quotes->count++;
    return row;
}

static double to_points(int64_t price)
{
    return price > 0 ? (double)price / (double)VW_PRICE_ONE : 0;
}

void vw_quotes_set(vw_quote_columns *side, uint32_t row, const vw_event *event)
{
    double bid = to_points(event->quote.bid), ask = to_points(event->quote.ask);
    vw_quote_info *info = &side->info[row];
    unsigned quality = (event->quality & VW_QUOTE_STALE) | (info->quality & VW_QUOTE_HALTED);

    if (bid == 0 && ask == 0) {
        quality |= VW_QUOTE_ABSENT;
    } else if (bid == 0 || ask == 0) {
        quality |= VW_QUOTE_ONE_SIDED;
    } else if (bid > ask) {
        quality |= VW_QUOTE_CROSSED;
    }
    side->bid[row] = bid;
    side->ask[row] = ask;
    info->bid_size = bid > 0 ? event->quote.bid_size : 0;
    info->ask_size = ask > 0 ? event->quote.ask_size : 0;
    info->exchange_ns = event->exchange_ns;
    info->receive_ns = event->receive_ns;
    info->sequence = event->sequence;
    info->quality = (uint8_t)quality;
}

void vw_quotes_clear(vw_quote_columns *side, uint32_t row)
{
    vw_quote_info *info = &side->info[row];

    side->bid[row] = side->ask[row] = 0;
    info->bid_size = info->ask_size = 0;
    info->quality = (uint8_t)((info->quality & VW_QUOTE_HALTED) | VW_QUOTE_ABSENT);
}
