#include "schemas/last_values.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_PER_FRAME = 1024 };

static void *must(void *allocated)
{
    vw_check(allocated != NULL);
    return allocated;
}

static uint32_t add_topic(vw_last_values *values, vw_message_kind kind, const vw_group_row *group,
                          const char *book)
{
    vw_topic_state *state;

    if (values->topic_count == values->topic_capacity) {
        values->topic_capacity *= 2;
        values->topics =
            must(realloc(values->topics, values->topic_capacity * sizeof *values->topics));
    }
    state = &values->topics[values->topic_count];
    *state = (vw_topic_state){.topic = vw_topic_of(kind, group, book), .kind = kind};
    if (group != NULL) {
        state->group = *group;
    }
    return (uint32_t)values->topic_count++;
}

void vw_last_values_init(vw_last_values *values, uint32_t instruments_max, uint32_t groups_max,
                         const char *book)
{
    *values = (vw_last_values){
        .topics = must(calloc(64, sizeof *values->topics)),
        .topic_capacity = 64,
        .greeks = must(calloc(groups_max, sizeof *values->greeks)),
        .surface = must(calloc(groups_max, sizeof *values->surface)),
        .roots = must(calloc(groups_max, sizeof *values->roots)),
        .groups_max = groups_max,
        .definition = must(calloc(instruments_max, sizeof *values->definition)),
        .instruments_max = instruments_max,
    };
    add_topic(values, VW_MESSAGE_STATUS, NULL, book);
    add_topic(values, VW_MESSAGE_HEARTBEAT, NULL, book);
    add_topic(values, VW_MESSAGE_CURVE, NULL, book);
    add_topic(values, VW_MESSAGE_HEDGE, NULL, book);
}

void vw_last_values_free(vw_last_values *values)
{
    for (size_t i = 0; i < values->topic_count; i++) {
        free(values->topics[i].last);
        free(values->topics[i].rows);
    }
    free(values->topics);
    free(values->greeks);
    free(values->surface);
    free(values->roots);
    free(values->definition);
}

static uint32_t find_root(vw_last_values *values, const vw_group_row *row)
{
    vw_group_row root = {0};

    for (size_t i = VW_TOPIC_FIRST_ROOT; i < values->topic_count; i++) {
        const vw_topic_state *state = &values->topics[i];

        if (state->kind == VW_MESSAGE_DEFINITIONS &&
            memcmp(state->group.root, row->root, sizeof row->root) == 0) {
            return (uint32_t)i;
        }
    }
    memcpy(root.root, row->root, sizeof root.root);
    return add_topic(values, VW_MESSAGE_DEFINITIONS, &root, "");
}

bool vw_last_values_group(vw_last_values *values, uint32_t group, const vw_group_row *row)
{
    if (group >= values->groups_max) {
        return false;
    }
    if (values->roots[group] == 0) {
        values->roots[group] = find_root(values, row);
        values->greeks[group] = add_topic(values, VW_MESSAGE_GREEKS, row, "");
        values->surface[group] = add_topic(values, VW_MESSAGE_SURFACE, row, "");
    }
    return true;
}

uint32_t vw_last_values_topic(const vw_last_values *values, const vw_update *update)
{
    uint32_t topic = 0;

    switch ((vw_update_kind)update->kind) {
    case VW_UPDATE_CURVE:
    case VW_UPDATE_CURVE_POINT:
        return VW_TOPIC_CURVE;
    case VW_UPDATE_HEDGE:
    case VW_UPDATE_HEDGE_LAYER:
    case VW_UPDATE_HEDGE_LEG:
    case VW_UPDATE_DECISION:
    case VW_UPDATE_DECISION_BOOK:
    case VW_UPDATE_SIGNAL:
    case VW_UPDATE_DETAIL:
    case VW_UPDATE_DECISION_LAYER:
    case VW_UPDATE_DECISION_LEG:
    case VW_UPDATE_DECISION_CONDOR:
    case VW_UPDATE_PROPOSAL:
    case VW_UPDATE_STEP:
    case VW_UPDATE_GIVEN_UP:
        return VW_TOPIC_HEDGE;
    case VW_UPDATE_UNIT:
        return VW_TOPIC_STATUS;
    case VW_UPDATE_GREEKS:
        topic = update->group < values->groups_max ? values->greeks[update->group] : 0;
        break;
    case VW_UPDATE_SURFACE:
        topic = update->group < values->groups_max ? values->surface[update->group] : 0;
        break;
    case VW_UPDATE_DEFINITION:
        topic = update->group < values->groups_max ? values->roots[update->group] : 0;
        break;
    case VW_UPDATE_GROUP:
        break;
    }
    return topic != 0 ? topic : UINT32_MAX;
}

static size_t add_row(vw_topic_state *state, const void *row, size_t size)
{
    if (state->row_count == state->row_capacity) {
        state->row_capacity = state->row_capacity > 0 ? 2 * state->row_capacity : 64;
        state->rows = must(realloc(state->rows, state->row_capacity * size));
    }
    memcpy((unsigned char *)state->rows + state->row_count * size, row, size);
    return state->row_count++;
}

static void keep_definitions(vw_last_values *values, vw_topic_state *state,
                             const vw_message *message)
{
    for (size_t i = 0; i < message->definition_count; i++) {
        const vw_definition_row *row = &message->definitions[i];
        vw_definition_row *kept = state->rows;
        uint32_t known;

        if (row->instrument >= values->instruments_max) {
            continue;
        }
        known = values->definition[row->instrument];
        if (known > 0 && known <= state->row_count &&
            kept[known - 1].instrument == row->instrument) {
            kept[known - 1] = *row;
        } else {
            values->definition[row->instrument] = (uint32_t)add_row(state, row, sizeof *row) + 1;
        }
    }
}

static void keep_units(vw_topic_state *state, const vw_message *message)
{
    for (size_t i = 0; i < message->unit_count; i++) {
        const vw_unit_row *row = &message->units[i];
        vw_unit_row *kept = state->rows;
        size_t j = 0;

        while (j < state->row_count && (kept[j].feed != row->feed || kept[j].unit != row->unit)) {
            j++;
        }
        if (j < state->row_count) {
            kept[j] = *row;
        } else {
            add_row(state, row, sizeof *row);
        }
    }
}

static void keep_frame(vw_topic_state *state, vw_frame frame)
{
    if (frame.size > state->last_capacity) {
        state->last_capacity = vw_round_up(frame.size, 512);
        free(state->last);
        state->last = must(malloc(state->last_capacity));
    }
    memcpy(state->last, frame.bytes, frame.size);
    state->last_size = frame.size;
}

void vw_last_values_keep(vw_last_values *values, uint32_t topic, const vw_message *message,
                         vw_frame frame)
{
    vw_topic_state *state = &values->topics[topic];

    switch (state->kind) {
    case VW_MESSAGE_GREEKS:
        break;
    case VW_MESSAGE_DEFINITIONS:
        keep_definitions(values, state, message);
        break;
    case VW_MESSAGE_STATUS:
        keep_units(state, message);
        break;
    default:
        keep_frame(state, frame);
        break;
    }
}

void vw_last_values_subscribe(vw_last_values *values, const void *prefix, size_t prefix_size)
{
    for (size_t i = 0; i < values->topic_count; i++) {
        vw_topic_state *state = &values->topics[i];

        if ((state->last_size > 0 || state->row_count > 0) &&
            vw_topic_matches(&state->topic, prefix, prefix_size)) {
            values->due_count += !state->due;
            state->due = true;
            state->row_next = 0;
            values->due_next = 0;
        }
    }
}

static size_t row_size(const vw_topic_state *state)
{
    return state->kind == VW_MESSAGE_DEFINITIONS ? sizeof(vw_definition_row) : sizeof(vw_unit_row);
}

vw_topic_state *vw_last_values_next(vw_last_values *values, const void **rows, size_t *rows_count)
{
    vw_topic_state *state;
    size_t left;

    if (values->due_count == 0) {
        return NULL;
    }
    while (!values->topics[values->due_next].due) {
        values->due_next = values->due_next + 1 < values->topic_count ? values->due_next + 1 : 0;
    }
    state = &values->topics[values->due_next];
    left = state->row_count - state->row_next;
    *rows_count = left < ROWS_PER_FRAME ? left : ROWS_PER_FRAME;
    *rows = *rows_count == 0
                ? NULL
                : (const unsigned char *)state->rows + state->row_next * row_size(state);
    state->row_next += *rows_count;
    state->due = state->row_next < state->row_count;
    values->due_count -= !state->due;
    return state;
}
