#include "tools/health.h"

#include "core/base/clock.h"
#include "core/market/event.h"
#include "schemas/subscriber.h"
#include "tools/command.h"
#include "tools/message_json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { WAIT_MS = 100, SECONDS_MAX = 5, UNITS_MAX = 256 };

/* What was heard. */
typedef struct hearing {
    size_t heartbeats;
    char source[VW_SOURCE_SIZE];
    vw_heartbeat first, last;
    uint64_t packets_first, packets_last;
    vw_unit_row units[UNITS_MAX]; /* the last word on each */
    size_t unit_count;
    char trouble[256]; /* "" = none */
} hearing;

static uint64_t counter_of(const vw_message *message, const char *name)
{
    for (size_t i = 0; i < message->counter_count; i++) {
        if (strcmp(message->counters[i].name, name) == 0) {
            return message->counters[i].value;
        }
    }
    return 0;
}

static void hear_units(hearing *heard, const vw_message *message)
{
    for (size_t i = 0; i < message->unit_count; i++) {
        const vw_unit_row *unit = &message->units[i];
        size_t at = 0;

        while (at < heard->unit_count &&
               (heard->units[at].feed != unit->feed || heard->units[at].unit != unit->unit)) {
            at++;
        }
        if (at < UNITS_MAX) {
            heard->units[at] = *unit;
            heard->unit_count += at == heard->unit_count;
        }
    }
}

static void hear(hearing *heard, const vw_message *message)
{
    if (message->kind == VW_MESSAGE_STATUS) {
        hear_units(heard, message);
    }
    if (message->kind != VW_MESSAGE_HEARTBEAT) {
        return;
    }
    if (heard->heartbeats++ == 0) {
        memcpy(heard->source, message->source, sizeof heard->source);
        heard->first = *message->heartbeat;
        heard->packets_first = counter_of(message, "packets_in");
    }
    heard->last = *message->heartbeat;
    heard->packets_last = counter_of(message, "packets_in");
}

static vw_err listen_to(const char *endpoint, hearing *heard, vw_error *error)
{
    static const char *const prefixes[] = {"heartbeat", "status"};
    int64_t end_ns = vw_clock_monotonic_ns() + SECONDS_MAX * VW_NS_PER_SECOND;
    vw_subscriber *subscriber = NULL;
    vw_received received;
    vw_err err = vw_subscriber_open(endpoint, prefixes, VW_COUNT_OF(prefixes), &subscriber, error);

    while (err == VW_OK && heard->heartbeats < 3 && vw_clock_monotonic_ns() < end_ns &&
           !vw_stop_requested()) {
        if (vw_subscriber_poll(subscriber, WAIT_MS, &received) == VW_SUBSCRIBER_MESSAGE &&
            !received.repeat) {
            hear(heard, received.message);
        } else if (received.event == VW_SUBSCRIBER_MESSAGE) {
            hear_units(heard, received.message);
        }
    }
    vw_subscriber_close(subscriber);
    return err;
}

static void judge(hearing *heard)
{
    size_t size = sizeof heard->trouble;
    uint64_t lost = heard->last.losses - heard->first.losses;

    if (heard->heartbeats < 2) {
        snprintf(heard->trouble, size, "%zu heartbeats within %d s", heard->heartbeats,
                 SECONDS_MAX);
        return;
    }
    for (size_t i = 0; i < heard->unit_count; i++) {
        const vw_unit_row *unit = &heard->units[i];

        if (unit->state != VW_UNIT_WHOLE && unit->state != VW_UNIT_LIVE &&
            unit->state != VW_UNIT_CLEAR) {
            snprintf(heard->trouble, size, "feed %u unit %u: %s, %u series stale", unit->feed,
                     unit->unit, vw_message_word(VW_WORDS_UNIT_STATE, unit->state), unit->series);
        }
    }
    if (heard->packets_last == heard->packets_first) {
        snprintf(heard->trouble, size, "no packet came in between two heartbeats");
    }
    if (lost > 0) {
        snprintf(heard->trouble, size, "%" PRIu64 " losses between two heartbeats", lost);
    }
}

static void print_table(const char *endpoint, const hearing *heard)
{
    const vw_heartbeat *last = &heard->last;

    printf("%-24s %s\n", "endpoint", endpoint);
    printf("%-24s %s\n", "source", heard->heartbeats > 0 ? heard->source : "-");
    printf("%-24s %.1f s\n", "uptime", (double)last->uptime_ns / 1e9);
    printf("%-24s %" PRIu64 "\n", "losses so far", last->losses);
    printf("%-24s p50 %.1f us, p99 %.1f us, p99.9 %.1f us (%" PRIu64 " ticks)\n", "wire to publish",
           (double)last->latency.p50_ns / 1e3, (double)last->latency.p99_ns / 1e3,
           (double)last->latency.p999_ns / 1e3, last->latency.count);
    printf("%-24s %s\n", "health", heard->trouble[0] != '\0' ? heard->trouble : "good");
}

static void print_json(const char *endpoint, const hearing *heard)
{
    const vw_heartbeat *last = &heard->last;
    json_t *report = json_pack(
        "{s:s, s:s, s:b, s:s, s:f, s:o, s:f, s:f, s:f}", "endpoint", endpoint, "source",
        heard->source, "healthy", heard->trouble[0] == '\0', "trouble", heard->trouble, "uptime_s",
        (double)last->uptime_ns / 1e9, "losses", vw_json_whole(last->losses), "p50_us",
        (double)last->latency.p50_ns / 1e3, "p99_us", (double)last->latency.p99_ns / 1e3, "p999_us",
        (double)last->latency.p999_ns / 1e3);

    json_dumpf(report, stdout, JSON_COMPACT | JSON_REAL_PRECISION(9));
    printf("\n");
    json_decref(report);
}

vw_err vw_health_check(const char *endpoint, bool json, vw_error *error)
{
    hearing heard = {.heartbeats = 0};
    vw_err err = listen_to(endpoint, &heard, error);

    if (err != VW_OK) {
        return err;
    }
    judge(&heard);
    if (json) {
        print_json(endpoint, &heard);
    } else {
        print_table(endpoint, &heard);
    }
    return heard.trouble[0] == '\0'
               ? VW_OK
               : vw_fail(error, VW_ERR_UNHEALTHY, "%s: %s", endpoint, heard.trouble);
}
