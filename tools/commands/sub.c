#include "tools/commands/commands.h"

#include "core/base/clock.h"
#include "schemas/subscriber.h"
#include "tools/message_json.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { TOPICS_MAX = 64, WAIT_MS = 100 };

typedef struct follower {
    const char *endpoint;
    int64_t count;  /* messages to print, 0 = no end */
    int64_t end_ns; /* monotonic, INT64_MAX = no end */
    int64_t printed;
    vw_subscriber *subscriber;
} follower;

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void say(const char *format, ...)
{
    va_list args;

    fflush(stdout); /* both streams in order, on a terminal */
    fprintf(stderr, "vegawire sub: ");
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\n");
}

static void print_line(json_t *object)
{
    json_dumpf(object, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(object);
}

static void print_gap(const vw_received *received)
{
    print_line(json_pack("{s:{s:s, s:o, s:o}}", "gap", "topic", received->topic, "first",
                         vw_json_whole(received->first), "missed",
                         vw_json_whole(received->missed)));
    say("%s: %" PRIu64 " messages lost, sequence %" PRIu64 " to %" PRIu64, received->topic,
        received->missed, received->first, received->first + received->missed - 1);
}

static void handle(follower *sub, const vw_received *received)
{
    switch (received->event) {
    case VW_SUBSCRIBER_NONE:
        break;
    case VW_SUBSCRIBER_MESSAGE:
        print_line(vw_message_json(received->topic, received->message, received->repeat));
        sub->printed++;
        break;
    case VW_SUBSCRIBER_GAP:
        print_gap(received);
        break;
    case VW_SUBSCRIBER_RESTARTED:
        say("%s: the publisher has restarted; sequences begin anew", sub->endpoint);
        break;
    case VW_SUBSCRIBER_SILENT:
        say("%s: nothing for %.1f s, not even a heartbeat; waiting for the publisher",
            sub->endpoint, (double)received->silent_ns / 1e9);
        break;
    case VW_SUBSCRIBER_BACK:
        say("%s: the publisher is back after %.1f s", sub->endpoint,
            (double)received->silent_ns / 1e9);
        break;
    case VW_SUBSCRIBER_MALFORMED:
        say("%s: a frame that is no message of this schema was dropped", sub->endpoint);
        break;
    }
}

static bool goes_on(const follower *sub)
{
    return !vw_stop_requested() && ferror(stdout) == 0 &&
           (sub->count == 0 || sub->printed < sub->count) && vw_clock_monotonic_ns() < sub->end_ns;
}

static int wait_ms(const follower *sub)
{
    int64_t left_ms = (sub->end_ns - vw_clock_monotonic_ns()) / VW_NS_PER_MS + 1;

    return left_ms < WAIT_MS ? (left_ms > 0 ? (int)left_ms : 0) : WAIT_MS;
}

/* Output is flushed when nothing waits: at once when quiet, in blocks when busy. */
static void follow(follower *sub)
{
    vw_received received;

    while (goes_on(sub)) {
        if (vw_subscriber_poll(sub->subscriber, 0, &received) == VW_SUBSCRIBER_NONE) {
            fflush(stdout);
            vw_subscriber_poll(sub->subscriber, wait_ms(sub), &received);
        }
        handle(sub, &received);
    }
    fflush(stdout);
}

static void summarise(const follower *sub)
{
    const vw_subscriber_stats *stats = vw_subscriber_stats_of(sub->subscriber);

    if (stats->gaps > 0 || stats->malformed > 0 || stats->restarts > 0 || sub->printed == 0) {
        say("%" PRId64 " messages; %" PRIu64 " lost in %" PRIu64 " gaps, %" PRIu64
            " malformed, %" PRIu64 " restarts of the publisher",
            sub->printed, stats->missed, stats->gaps, stats->malformed, stats->restarts);
    }
}

/* The first argument is the endpoint if it looks like one; the others are topics. */
static vw_err take_arguments(const vw_arguments *arguments, follower *sub, const char **topics,
                             size_t *topic_count, vw_error *error)
{
    int first = arguments->count > 0 && strchr(arguments->list[0], ':') != NULL;

    sub->endpoint = first ? arguments->list[0] : VW_ENDPOINT_DEFAULT;
    *topic_count = 0;
    for (int i = first; i < arguments->count; i++) {
        if (strlen(arguments->list[i]) >= VW_TOPIC_SIZE) {
            return vw_fail(error, VW_ERR_USAGE, "%s: no topic is longer than %d characters",
                           arguments->list[i], VW_TOPIC_SIZE - 1);
        }
        topics[(*topic_count)++] = arguments->list[i];
    }
    return VW_OK;
}

static vw_err run(const vw_command *command, int argc, char **argv, vw_error *error)
{
    follower sub = {.end_ns = INT64_MAX};
    double seconds = 0;
    const vw_option options[] = {
        {.name = "count",
         .letter = 'n',
         .kind = VW_OPTION_WHOLE,
         .value = &sub.count,
         .argument = "N",
         .help = "end after N messages",
         .min = 1,
         .max = 1e15},
        {.name = "seconds",
         .letter = 's',
         .kind = VW_OPTION_NUMBER,
         .value = &seconds,
         .argument = "S",
         .help = "end after S seconds",
         .min = 0.001,
         .max = 1e9},
    };
    const char *topics[TOPICS_MAX + 1];
    size_t topic_count;
    vw_arguments arguments;
    vw_err err = vw_options_parse(command, options, VW_COUNT_OF(options), TOPICS_MAX + 1, argc,
                                  argv, &arguments, error);

    if (err != VW_OK || arguments.done) {
        return err;
    }
    err = take_arguments(&arguments, &sub, topics, &topic_count, error);
    if (err == VW_OK) {
        err = vw_subscriber_open(sub.endpoint, topics, topic_count, &sub.subscriber, error);
    }
    if (err != VW_OK) {
        return err;
    }
    if (seconds > 0) {
        sub.end_ns = vw_clock_monotonic_ns() + (int64_t)(seconds * 1e9);
    }
    follow(&sub);
    summarise(&sub);
    vw_subscriber_close(sub.subscriber);
    return VW_OK;
}

const vw_command vw_command_sub = {
    .name = "sub",
    .summary = "decoded messages of a live stream as JSON lines; reports gaps",
    .usage = "[ENDPOINT] [TOPIC...]",
    .details =
        "ENDPOINT is tcp://HOST:PORT, by default " VW_ENDPOINT_DEFAULT ".  A TOPIC is a prefix:\n"
        "def. greeks. surface. curve. hedge. status heartbeat, greeks.SPXW, greeks.SPXW.220610P;\n"
        "none means all.  One JSON object a message; {\"gap\": ...} where messages were lost.\n"
        "Words for states, null for what is not to be had, times in ns since the Unix epoch.",
    .run = run,
};
