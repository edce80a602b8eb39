#include "tools/view.h"

#include "core/base/clock.h"
#include "core/market/event.h"
#include "tools/view_state.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { DRAIN_NS = 50000000 };

vw_err vw_view_open(const char *endpoint, vw_view **view, vw_error *error)
{
    vw_view *made = calloc(1, sizeof *made);
    vw_err err;

    vw_check(made != NULL);
    snprintf(made->endpoint, sizeof made->endpoint, "%s", endpoint);
    err = vw_subscriber_open(endpoint, NULL, 0, &made->subscriber, error);
    if (err != VW_OK) {
        free(made);
        return err;
    }
    made->second_ns = vw_clock_monotonic_ns();
    *view = made;
    return VW_OK;
}

static void say(vw_view *view, int64_t at_ns, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void say(vw_view *view, int64_t at_ns, const char *format, ...)
{
    va_list args;

    memmove(view->events + 1, view->events, (VIEW_EVENTS_MAX - 1) * sizeof *view->events);
    view->event_count += view->event_count < VIEW_EVENTS_MAX;
    view->events[0].at_ns = at_ns;
    va_start(args, format);
    vsnprintf(view->events[0].text, sizeof view->events[0].text, format, args);
    va_end(args);
}

static int compare_groups(const vw_group_row *a, const vw_group_row *b)
{
    int order = memcmp(a->root, b->root, sizeof a->root);

    if (order != 0) {
        return order;
    }
    if (a->expiry != b->expiry) {
        return a->expiry < b->expiry ? -1 : 1;
    }
    return a->settlement - b->settlement;
}

/* The group, made at its place if it is new.  What the user has chosen stays chosen. */
static view_group *find_group(vw_view *view, const vw_group_row *group)
{
    size_t low = 0, high = view->group_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = compare_groups(&view->groups[middle]->group, group);

        if (order == 0) {
            return view->groups[middle];
        }
        *(order < 0 ? &low : &high) = order < 0 ? middle + 1 : middle;
    }
    if (view->group_count == view->group_capacity) {
        view->group_capacity = view->group_capacity > 0 ? 2 * view->group_capacity : 64;
        view->groups = realloc(view->groups, view->group_capacity * sizeof *view->groups);
        vw_check(view->groups != NULL);
    }
    memmove(view->groups + low + 1, view->groups + low,
            (view->group_count - low) * sizeof *view->groups);
    view->groups[low] = calloc(1, sizeof **view->groups);
    vw_check(view->groups[low] != NULL);
    view->groups[low]->group = *group;
    view->selected += view->group_count > 0 && low <= view->selected;
    view->group_count++;
    return view->groups[low];
}

static view_strike *find_strike(view_group *group, double strike)
{
    size_t low = 0, high = group->strike_count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (group->strikes[middle].strike == strike) {
            return &group->strikes[middle];
        }
        *(group->strikes[middle].strike < strike ? &low : &high) =
            group->strikes[middle].strike < strike ? middle + 1 : middle;
    }
    if (group->strike_count == group->strike_capacity) {
        group->strike_capacity = group->strike_capacity > 0 ? 2 * group->strike_capacity : 64;
        group->strikes = realloc(group->strikes, group->strike_capacity * sizeof *group->strikes);
        vw_check(group->strikes != NULL);
    }
    memmove(group->strikes + low + 1, group->strikes + low,
            (group->strike_count - low) * sizeof *group->strikes);
    group->strikes[low] = (view_strike){.strike = strike};
    group->strike_count++;
    return &group->strikes[low];
}

static void take_greeks(vw_view *view, const vw_message *message)
{
    view_group *group = find_group(view, &message->group);

    for (size_t i = 0; i < message->greeks_count; i++) {
        const vw_greeks_row *row = &message->greeks[i];
        view_strike *strike = find_strike(group, row->strike);

        if (row->type == 'C') {
            strike->call = *row;
            strike->has_call = true;
        } else {
            strike->put = *row;
            strike->has_put = true;
        }
    }
}

static void take_curve(vw_view *view, const vw_message *message)
{
    size_t count =
        message->curve_point_count < VIEW_POINTS_MAX ? message->curve_point_count : VIEW_POINTS_MAX;

    view->curve = *message->curve;
    view->point_count = count;
    view->has_curve = true;
    if (count > 0) {
        memcpy(view->points, message->curve_points, count * sizeof *view->points);
    }
}

static void take_decision(vw_view *view, const vw_decision_rows *rows)
{
    view->has_decision = rows->head != NULL;
    view->trade_count = 0;
    if (rows->head == NULL) {
        return;
    }
    view->decision = *rows->head;
    for (size_t i = 0; i < rows->leg_count; i++) {
        if (rows->legs[i].wanted != rows->legs[i].now) {
            if (view->trade_count < VIEW_TRADES_MAX) {
                view->trades[view->trade_count] = rows->legs[i];
            }
            view->trade_count++;
        }
    }
}

static void take_hedge(vw_view *view, const char *topic, const vw_message *message)
{
    size_t count = message->layer_count < VW_LAYERS ? message->layer_count : VW_LAYERS;

    view->hedge = *message->hedge;
    view->layer_count = count;
    view->has_hedge = true;
    take_decision(view, &message->decision);
    if (count > 0) {
        memcpy(view->layers, message->layers, count * sizeof *view->layers);
    }
    snprintf(view->book, sizeof view->book, "%.*s", VW_TOPIC_SIZE - 1, topic + strlen("hedge."));
}

static void take_unit(vw_view *view, const vw_unit_row *row)
{
    size_t i = 0;

    while (i < view->unit_count &&
           (view->units[i].feed != row->feed || view->units[i].unit != row->unit)) {
        i++;
    }
    if (i == VIEW_UNITS_MAX) {
        return;
    }
    view->unit_count += i == view->unit_count;
    view->units[i] = *row;
    if (row->state == VW_UNIT_GAP && row->missed == 0) {
        say(view, row->receive_ns,
            "feed %u unit %u: held back from %" PRIu32 " on to be healed, %" PRIu32 " series stale",
            row->feed, row->unit, row->first, row->series);
    } else if (row->state == VW_UNIT_GAP) {
        say(view, row->receive_ns,
            "feed %u unit %u: %" PRIu64 " messages missed from %" PRIu32 ", %" PRIu32
            " series stale",
            row->feed, row->unit, row->missed, row->first, row->series);
    } else {
        say(view, row->receive_ns, "feed %u unit %u: %s", row->feed, row->unit,
            vw_message_word(VW_WORDS_UNIT_STATE, row->state));
    }
}

static void take_heartbeat(vw_view *view, const vw_message *message)
{
    view->heartbeat = *message->heartbeat;
    view->has_heartbeat = true;
    for (size_t i = 0; i < message->counter_count; i++) {
        if (strcmp(message->counters[i].name, "messages_accepted") == 0) {
            view->messages_in = message->counters[i].value;
        }
    }
}

/* Market time goes back when the exchange begins anew; heartbeats know. */
static void note_times(vw_view *view, const vw_message *message)
{
    if (message->kind == VW_MESSAGE_HEARTBEAT || message->exchange_ns > view->exchange_ns) {
        view->exchange_ns = message->exchange_ns;
    }
    if (message->receive_ns > view->receive_ns) {
        view->receive_ns = message->receive_ns;
    }
}

static void take_message(vw_view *view, const char *topic, const vw_message *message)
{
    view_group *group;

    memcpy(view->source, message->source, sizeof view->source);
    note_times(view, message);
    switch (message->kind) {
    case VW_MESSAGE_DEFINITIONS:
        break;
    case VW_MESSAGE_GREEKS:
        take_greeks(view, message);
        break;
    case VW_MESSAGE_SURFACE:
        group = find_group(view, &message->group);
        group->surface = *message->surface;
        group->has_surface = true;
        break;
    case VW_MESSAGE_CURVE:
        take_curve(view, message);
        break;
    case VW_MESSAGE_HEDGE:
        take_hedge(view, topic, message);
        break;
    case VW_MESSAGE_STATUS:
        for (size_t i = 0; i < message->unit_count; i++) {
            take_unit(view, &message->units[i]);
        }
        break;
    case VW_MESSAGE_HEARTBEAT:
        take_heartbeat(view, message);
        break;
    }
}

/* Nothing of an earlier publisher is shown as if it were this one's. */
static void forget(vw_view *view)
{
    for (size_t i = 0; i < view->group_count; i++) {
        free(view->groups[i]->strikes);
        free(view->groups[i]);
    }
    view->group_count = view->selected = 0;
    view->chosen = false;
    view->has_curve = view->has_hedge = view->has_decision = view->has_heartbeat = false;
    view->unit_count = 0;
    view->exchange_ns = view->receive_ns = 0;
}

static void take_event(vw_view *view, const vw_received *received)
{
    switch (received->event) {
    case VW_SUBSCRIBER_NONE:
        break;
    case VW_SUBSCRIBER_MESSAGE:
        if (!received->repeat || received->message->kind != VW_MESSAGE_STATUS) {
            take_message(view, received->topic, received->message);
        }
        break;
    case VW_SUBSCRIBER_GAP:
        say(view, vw_clock_realtime_ns(), "%s: %" PRIu64 " messages lost on the way here",
            received->topic, received->missed);
        break;
    case VW_SUBSCRIBER_RESTARTED:
        forget(view);
        say(view, vw_clock_realtime_ns(), "the publisher has restarted");
        break;
    case VW_SUBSCRIBER_SILENT:
        view->silent = true;
        say(view, vw_clock_realtime_ns(), "the publisher is silent");
        break;
    case VW_SUBSCRIBER_BACK:
        view->silent = false;
        say(view, vw_clock_realtime_ns(), "the publisher is back after %.1f s",
            (double)received->silent_ns / 1e9);
        break;
    case VW_SUBSCRIBER_MALFORMED:
        say(view, vw_clock_realtime_ns(), "a frame that is no message was dropped");
        break;
    }
}

static void measure_rate(vw_view *view, int64_t now_ns)
{
    uint64_t messages = vw_subscriber_stats_of(view->subscriber)->messages;
    double seconds = (double)(now_ns - view->second_ns) / 1e9;

    if (seconds >= 1) {
        view->messages_per_second = (double)(messages - view->messages_before) / seconds;
        view->messages_before = messages;
        view->second_ns = now_ns;
    }
}

size_t vw_view_poll(vw_view *view, int timeout_ms)
{
    vw_received received;
    size_t taken = 0;
    int64_t start_ns = 0, now_ns = 0;

    while (vw_subscriber_poll(view->subscriber, taken == 0 ? timeout_ms : 0, &received) !=
           VW_SUBSCRIBER_NONE) {
        take_event(view, &received);
        taken++;
        now_ns = vw_clock_monotonic_ns();
        start_ns = taken == 1 ? now_ns : start_ns;
        if (now_ns - start_ns > DRAIN_NS) {
            break;
        }
    }
    measure_rate(view, vw_clock_monotonic_ns());
    return taken;
}

const vw_subscriber_stats *vw_view_stats(const vw_view *view)
{
    return vw_subscriber_stats_of(view->subscriber);
}

vw_regime vw_view_regime(const vw_view *view)
{
    return view->has_curve ? (vw_regime)view->curve.regime : VW_REGIME_UNKNOWN;
}

void vw_view_close(vw_view *view)
{
    if (view == NULL) {
        return;
    }
    vw_view_end_screen(view);
    vw_subscriber_close(view->subscriber);
    forget(view);
    free(view->groups);
    free(view);
}
