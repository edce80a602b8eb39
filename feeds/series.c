#include "feeds/series.h"

#include "core/base/bytes.h"
#include "core/market/event.h"

typedef struct vw_symbol_slot {
    uint64_t key; /* 0: free */
    uint32_t index;
} symbol_slot;

static uint64_t power_of_two(uint64_t least)
{
    uint64_t size = 16;

    while (size < least) {
        size *= 2;
    }
    return size;
}

static size_t layout(uint32_t series_max, size_t *symbols, size_t *contracts)
{
    size_t at = vw_round_up(sizeof(vw_series_table), VW_LINE_PAIR);

    at += vw_round_up(series_max * sizeof(vw_series), VW_LINE_PAIR);
    *symbols = at;
    at += power_of_two(4 * (uint64_t)series_max) * sizeof(symbol_slot);
    *contracts = at;
    return at + power_of_two(2 * (uint64_t)series_max) * sizeof(uint32_t);
}

size_t vw_series_size(uint32_t series_max)
{
    size_t symbols, contracts;

    if (series_max == 0 || series_max > 1U << 26) {
        return 0;
    }
    return layout(series_max, &symbols, &contracts);
}

vw_series_table *vw_series_init(void *mem, uint32_t series_max)
{
    size_t size = vw_series_size(series_max), symbols, contracts;
    unsigned char *base = mem;
    vw_series_table *table = mem;

    vw_check(size != 0);
    vw_check((uintptr_t)mem % VW_LINE_PAIR == 0);
    memset(mem, 0, size);
    layout(series_max, &symbols, &contracts);
    table->series = (vw_series *)(void *)(base + vw_round_up(sizeof *table, VW_LINE_PAIR));
    table->symbols = (symbol_slot *)(void *)(base + symbols);
    table->contracts = (uint32_t *)(void *)(base + contracts);
    table->symbol_mask = power_of_two(4 * (uint64_t)series_max) - 1;
    table->contract_mask = power_of_two(2 * (uint64_t)series_max) - 1;
    table->series_max = series_max;
    return table;
}

/* A feed symbol has six characters, so the last byte is free for the channel. */
static uint64_t key_of(uint8_t channel, const char symbol[8])
{
    return vw_load_u64(symbol) ^ (uint64_t)(channel + 1) << 56;
}

static uint64_t mix(uint64_t key)
{
    key *= UINT64_C(0x9E3779B97F4A7C15);
    return key ^ key >> 32;
}

/* slot_of returns where key is, or the free slot where it would be. */
static symbol_slot *slot_of(const vw_series_table *table, uint64_t key)
{
    uint64_t i = mix(key) & table->symbol_mask;

    while (table->symbols[i].key != 0 && table->symbols[i].key != key) {
        i = (i + 1) & table->symbol_mask;
    }
    return &table->symbols[i];
}

uint32_t vw_series_find(const vw_series_table *table, uint8_t channel, const char symbol[8])
{
    const symbol_slot *slot = slot_of(table, key_of(channel, symbol));

    return slot->key != 0 ? slot->index : VW_SERIES_NONE;
}

/* point lets a symbol mean a series.  Symbols of past days are never taken out one by one: when
 * they have filled the map, a new day is defining its own, and all others go. */
static void point(vw_series_table *table, uint64_t key, uint32_t index)
{
    symbol_slot *slot = slot_of(table, key);

    if (slot->key == 0) {
        if (table->symbol_count > table->symbol_mask / 4 * 3) {
            memset(table->symbols, 0, (table->symbol_mask + 1) * sizeof *table->symbols);
            table->symbol_count = 0;
            slot = slot_of(table, key);
        }
        table->symbol_count++;
    }
    *slot = (symbol_slot){key, index};
}

static uint32_t new_series(vw_series_table *table, uint8_t channel)
{
    if (table->count == table->series_max) {
        return VW_SERIES_NONE;
    }
    table->series[table->count] = (vw_series){
        .sent_price = {VW_PRICE_NONE, VW_PRICE_NONE}, .unit = UINT8_MAX, .channel = channel};
    return table->count++;
}

uint32_t vw_series_await(vw_series_table *table, uint8_t channel, const char symbol[8])
{
    if (table->waiting >= table->series_max / 2) {
        return VW_SERIES_NONE;
    }
    uint32_t index = new_series(table, channel);

    if (index != VW_SERIES_NONE) {
        table->waiting++;
        point(table, key_of(channel, symbol), index);
    }
    return index;
}

void vw_series_skip(vw_series_table *table, uint8_t channel, const char symbol[8])
{
    if (table->symbol_count < table->symbol_mask / 2) {
        point(table, key_of(channel, symbol), VW_SERIES_SKIPPED);
    }
}

static bool is_same(const vw_series *series, uint8_t channel, const vw_contract *contract)
{
    return series->defined && series->channel == channel &&
           memcmp(series->contract.root, contract->root, sizeof contract->root) == 0 &&
           series->contract.type == contract->type && series->contract.weekly == contract->weekly &&
           series->contract.expiry == contract->expiry &&
           series->contract.strike == contract->strike;
}

/* contract_slot returns where the contract's index + 1 is, or the free slot where it would be. */
static uint32_t *contract_slot(vw_series_table *table, uint8_t channel, const vw_contract *contract)
{
    uint64_t key = vw_load_u64(contract->root) ^ (uint64_t)contract->strike << 16 ^
                   (uint64_t)contract->expiry << 40 ^ (uint64_t)(uint8_t)contract->type;
    uint64_t i = mix(key) & table->contract_mask;

    while (table->contracts[i] != 0 &&
           !is_same(&table->series[table->contracts[i] - 1], channel, contract)) {
        i = (i + 1) & table->contract_mask;
    }
    return &table->contracts[i];
}

uint32_t vw_series_define(vw_series_table *table, uint8_t channel, const char symbol[8],
                          const vw_contract *contract, bool *fresh)
{
    uint64_t key = key_of(channel, symbol);
    uint32_t index = vw_series_find(table, channel, symbol);
    bool known = index < table->count;

    *fresh = false;
    if (known && is_same(&table->series[index], channel, contract)) {
        return index;
    }
    uint32_t *slot = contract_slot(table, channel, contract);

    if (*slot != 0) {
        point(table, key, *slot - 1);
        return *slot - 1;
    }
    if (known && !table->series[index].defined) {
        table->waiting--;
    } else {
        index = new_series(table, channel);
        if (index == VW_SERIES_NONE) {
            return index;
        }
        point(table, key, index);
    }
    table->series[index].contract = *contract;
    table->series[index].defined = true;
    *slot = index + 1;
    *fresh = true;
    return index;
}

uint32_t vw_series_contract(vw_series_table *table, uint8_t channel, const vw_contract *contract,
                            bool *fresh)
{
    uint32_t *slot = contract_slot(table, channel, contract);

    *fresh = *slot == 0;
    if (*slot != 0) {
        return *slot - 1;
    }
    uint32_t index = new_series(table, channel);

    if (index != VW_SERIES_NONE) {
        table->series[index].contract = *contract;
        table->series[index].defined = true;
        *slot = index + 1;
    }
    return index;
}
