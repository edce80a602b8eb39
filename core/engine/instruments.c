#include "core/engine/instruments.h"

#include <string.h>

/* At most half of the slots are taken, so that a search is short and always ends. */
static uint32_t slots_for(uint32_t instruments_max)
{
    uint32_t slots = 4;

    while (slots < 2 * instruments_max) {
        slots *= 2;
    }
    return slots;
}

size_t vw_instruments_size(uint32_t instruments_max, uint32_t groups_max)
{
    if (instruments_max == 0 || instruments_max > UINT32_C(1) << 24 || groups_max == 0 ||
        groups_max >= VW_GROUP_NONE) {
        return 0;
    }
    return vw_round_up(instruments_max * sizeof(vw_instrument), 16) +
           vw_round_up(groups_max * sizeof(vw_group), 16) +
           vw_round_up(slots_for(instruments_max) * sizeof(uint32_t), 16);
}

void vw_instruments_init(vw_instruments *table, void *mem, uint32_t instruments_max,
                         uint32_t groups_max)
{
    unsigned char *at = mem;
    uint32_t slots = slots_for(instruments_max);

    vw_check(vw_instruments_size(instruments_max, groups_max) != 0);
    memset(mem, 0, vw_instruments_size(instruments_max, groups_max));
    *table = (vw_instruments){
        .count_max = instruments_max, .groups_max = groups_max, .slot_mask = slots - 1};
    table->slot_shift = 32 - (uint32_t)__builtin_ctz(slots);
    table->instruments = (vw_instrument *)(void *)at;
    at += vw_round_up(instruments_max * sizeof(vw_instrument), 16);
    table->groups = (vw_group *)(void *)at;
    at += vw_round_up(groups_max * sizeof(vw_group), 16);
    table->slots = (uint32_t *)(void *)at;
    memset(table->slots, 0xff, slots * sizeof(uint32_t)); /* VW_INSTRUMENT_NONE everywhere */
}

/* What the definition does not say follows from the root; a root nobody knows is an index option
 * that settles at the close. */
static vw_group describe(const vw_event *event, const vw_calendar *calendar, uint32_t *multiplier)
{
    size_t size = strnlen(event->definition.root, sizeof event->definition.root);
    const vw_root *root = vw_root_find(event->definition.root, size);
    vw_group group = {.expiry = event->definition.expiry,
                      .settlement = 'P',
                      .futures = event->definition.type == 'F',
                      .family = VW_FAMILY_OTHER};

    memcpy(group.root, event->definition.root, size);
    *multiplier = group.futures ? 1000 : 100;
    if (root != NULL) {
        memcpy(group.root, root->name, sizeof group.root);
        group.settlement = vw_root_settlement(root, group.expiry);
        group.family = root->family;
        *multiplier = root->multiplier;
    }
    if (event->definition.settlement == 'A' || event->definition.settlement == 'P') {
        group.settlement = event->definition.settlement;
    }
    if (event->definition.multiplier != 0) {
        *multiplier = event->definition.multiplier;
    }
    group.settlement_ns =
        vw_calendar_settlement_ns(calendar, group.root, group.expiry, group.settlement);
    return group;
}

static uint32_t find_group(vw_instruments *table, const vw_group *wanted)
{
    for (uint32_t i = 0; i < table->group_count; i++) {
        const vw_group *group = &table->groups[i];

        if (group->expiry == wanted->expiry && group->settlement == wanted->settlement &&
            group->futures == wanted->futures &&
            memcmp(group->root, wanted->root, sizeof group->root) == 0) {
            return i;
        }
    }
    if (table->group_count == table->groups_max) {
        return VW_GROUP_NONE;
    }
    table->groups[table->group_count] = *wanted;
    return table->group_count++;
}

static bool makes_sense(const vw_event *event)
{
    bool future = event->definition.type == 'F';

    return event->instrument != VW_INSTRUMENT_NONE && vw_calendar_valid(event->definition.expiry) &&
           (future || event->definition.type == 'C' || event->definition.type == 'P') &&
           (future ? event->definition.strike == 0 : event->definition.strike > 0);
}

uint32_t vw_instruments_add(vw_instruments *table, const vw_event *event,
                            const vw_calendar *calendar, vw_counter *full)
{
    uint32_t slot = vw_instruments_slot(table, event->instrument);
    uint32_t multiplier;

    *full = VW_COUNT_MESSAGES_MALFORMED;
    if (!makes_sense(event)) {
        return VW_INSTRUMENT_NONE;
    }
    *full = VW_COUNT_INSTRUMENTS_FULL;
    if (table->count == table->count_max) {
        return VW_INSTRUMENT_NONE;
    }
    vw_group group = describe(event, calendar, &multiplier);
    uint32_t group_index = find_group(table, &group);
    *full = VW_COUNT_EXPIRIES_FULL;
    if (group_index == VW_GROUP_NONE) {
        return VW_INSTRUMENT_NONE;
    }
    while (table->slots[slot] != VW_INSTRUMENT_NONE) {
        slot = (slot + 1) & table->slot_mask;
    }
    table->slots[slot] = table->count;
    table->instruments[table->count] = (vw_instrument){
        .strike = (double)event->definition.strike / (double)VW_PRICE_ONE,
        .number = event->instrument,
        .multiplier = multiplier,
        .group = (uint16_t)group_index,
        .type = (uint8_t)event->definition.type,
        .feed = event->feed,
        .unit = event->unit,
        .weekly = event->definition.weekly,
    };
    return table->count++;
}
