#include "tools/housekeeping.h"

#include "core/base/clock.h"
#include "core/base/log.h"

#include <ctype.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>

#define SAY_AGAIN_NS (10 * VW_NS_PER_SECOND)

/* Worth a line beside the losses.  The reactor says itself when it falls back, with the reason. */
static const vw_counter notable[] = {
    VW_COUNT_BUFFERS_OUT,         VW_COUNT_GAPS_HEALED,     VW_COUNT_GAPS_REFUSED,
    VW_COUNT_GAP_TIMEOUTS,        VW_COUNT_SPINS_HEALED,    VW_COUNT_SPINS_FAILED,
    VW_COUNT_RECOVERY_LINKS_LOST, VW_COUNT_SEQUENCE_RESETS, VW_COUNT_SUBSCRIPTIONS,
    VW_COUNT_SUBSCRIPTIONS_ENDED,
};

static bool is_said(vw_counter counter)
{
    for (size_t i = 0; i < VW_COUNT_OF(notable); i++) {
        if (notable[i] == counter) {
            return true;
        }
    }
    return vw_counters_info(counter)->loss;
}

static const char *lower(const char *name, char *text, size_t size)
{
    size_t i;

    for (i = 0; i + 1 < size && name[i] != '\0'; i++) {
        text[i] = (char)tolower((unsigned char)name[i]);
    }
    text[i] = '\0';
    return text;
}

static void say(const vw_housekeeping *housekeeping, size_t part, vw_counter counter,
                uint64_t before, uint64_t now)
{
    const vw_counter_info *info = vw_counters_info(counter);
    char name[40];

    vw_log("%s: %s +%" PRIu64 ", %" PRIu64 " %s so far (%s)",
           vw_topology_part(housekeeping->topology, part), lower(info->name, name, sizeof name),
           now - before, now, info->unit, info->meaning);
}

static void say_changes(vw_housekeeping *housekeeping, int64_t now_ns, bool all)
{
    size_t parts;
    const vw_counters *const *counters = vw_topology_counters(housekeeping->topology, &parts);

    for (size_t i = 0; i < parts; i++) {
        for (vw_counter counter = 0; counter < VW_COUNT_COUNT; counter++) {
            uint64_t now = vw_counters_get(counters[i], counter);
            uint64_t before = housekeeping->seen[i][counter].value;
            int64_t said_ns = housekeeping->seen[i][counter].said_ns;

            if (now == before || !is_said(counter) ||
                (!all && said_ns != 0 && now_ns - said_ns < SAY_AGAIN_NS)) {
                continue;
            }
            say(housekeeping, i, counter, before, now);
            housekeeping->seen[i][counter].value = now;
            housekeeping->seen[i][counter].said_ns = now_ns;
        }
    }
}

static uint32_t all_lines(const vw_feed_config *feed)
{
    uint32_t lines = 0;

    for (size_t i = 0; i < feed->channel_count; i++) {
        for (size_t j = 0; j < feed->channels[i].line_count; j++) {
            lines |= VW_FEED_LINE_BIT(i, j);
        }
    }
    return lines;
}

static void say_lines(vw_housekeeping *housekeeping)
{
    const vw_feed_config *feed = &vw_topology_config_of(housekeeping->topology)->feed;
    uint32_t now = vw_topology_silent_lines(housekeeping->topology);
    uint32_t changed = now ^ housekeeping->silent_lines;

    for (size_t i = 0; i < feed->channel_count; i++) {
        for (size_t j = 0; j < feed->channels[i].line_count; j++) {
            const vw_line_config *line = &feed->channels[i].lines[j];
            uint32_t bit = VW_FEED_LINE_BIT(i, j);

            if ((changed & now & bit) != 0) {
                vw_log("feed: %s %c, %s:%u, is silent: no packet for %g s", feed->channels[i].name,
                       (int)('A' + j), line->group, line->port,
                       (double)feed->channels[i].silent_ns / 1e9);
            } else if ((changed & bit) != 0) {
                vw_log("feed: %s %c, %s:%u, is heard again", feed->channels[i].name, (int)('A' + j),
                       line->group, line->port);
            }
        }
    }
    if (changed != 0 && now == all_lines(feed)) {
        vw_log("feed: every line is silent; quotes are stale until the exchange is heard again");
    }
    housekeeping->silent_lines = now;
}

void vw_housekeeping_begin(vw_housekeeping *housekeeping, const vw_topology *topology)
{
    *housekeeping = (vw_housekeeping){.topology = topology};
}

void vw_housekeeping_turn(vw_housekeeping *housekeeping, int64_t monotonic_ns)
{
    say_changes(housekeeping, monotonic_ns, false);
    say_lines(housekeeping);
}

static json_t *percentile_us(const vw_histogram *latency, double share)
{
    uint64_t ns = vw_histogram_percentile(latency, share);

    return atomic_load_explicit(&latency->count, memory_order_relaxed) == 0
               ? json_null()
               : json_real((double)(ns / 100) / 10);
}

static void say_latency(const vw_histogram *latency)
{
    uint64_t count = atomic_load_explicit(&latency->count, memory_order_relaxed);

    if (count == 0) {
        vw_log("wire to publish: nothing was published on a tick");
        return;
    }
    vw_log("wire to publish: p50 %.1f us, p99 %.1f us, p99.9 %.1f us (%" PRIu64 " ticks)",
           (double)vw_histogram_percentile(latency, 0.5) / 1e3,
           (double)vw_histogram_percentile(latency, 0.99) / 1e3,
           (double)vw_histogram_percentile(latency, 0.999) / 1e3, count);
}

static void say_losses(const vw_counters *const *counters, size_t parts, uint64_t losses)
{
    char name[40];

    if (losses == 0) {
        vw_log("losses: none");
        return;
    }
    for (vw_counter counter = 0; counter < VW_COUNT_COUNT; counter++) {
        const vw_counter_info *info = vw_counters_info(counter);
        uint64_t lost = vw_counters_sum(counters, parts, counter);

        if (info->loss && lost > 0) {
            vw_log("losses: %s %" PRIu64 " %s (%s)", lower(info->name, name, sizeof name), lost,
                   info->unit, info->meaning);
        }
    }
}

void vw_housekeeping_end(vw_housekeeping *housekeeping, int64_t monotonic_ns)
{
    size_t parts;
    const vw_counters *const *counters = vw_topology_counters(housekeeping->topology, &parts);
    const vw_histogram *latency = vw_topology_latency(housekeeping->topology);
    uint64_t in = vw_counters_sum(counters, parts, VW_COUNT_MESSAGES_IN);
    uint64_t out = vw_counters_sum(counters, parts, VW_COUNT_MESSAGES_OUT);
    uint64_t losses = vw_counters_losses(counters, parts);
    json_t *totals;

    say_changes(housekeeping, monotonic_ns, true);
    vw_log("messages in %" PRIu64 ", out %" PRIu64, in, out);
    say_losses(counters, parts, losses);
    say_latency(latency);
    totals = json_pack("{s:I, s:I, s:I, s:o, s:o, s:o}", "messages_in", (json_int_t)in,
                       "messages_out", (json_int_t)out, "losses", (json_int_t)losses, "p50_us",
                       percentile_us(latency, 0.5), "p99_us", percentile_us(latency, 0.99),
                       "p999_us", percentile_us(latency, 0.999));
    json_dumpf(totals, stdout, JSON_COMPACT | JSON_REAL_PRECISION(9));
    printf("\n");
    fflush(stdout);
    json_decref(totals);
}
