#include "feeds/sim_line.h"

#include "core/base/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

enum { BEHIND_MAX = 4, SEND_BUFFER = 4 << 20 };

/* Well below the time that a receiver waits for a hole. */
static const int64_t held_max_ns = 5 * VW_NS_PER_MS;

static vw_err refuse(vw_sim_line *line, const vw_line_config *config, const char *why,
                     vw_error *error)
{
    vw_sim_line_close(line);
    return vw_fail(error, VW_ERR_SYSTEM, "cannot send to %s:%u from interface %s: %s",
                   config->group, config->port, config->interface, why);
}

static const char *explain(int number)
{
    switch (number) {
    case ENETUNREACH:
        return "no multicast route; `ip link set lo up` and `ip route add 239.0.0.0/8 dev lo`, or "
               "choose another --interface";
    case EADDRNOTAVAIL:
        return "no such address on this machine; `ip link set lo up` if lo is down, or choose "
               "another --interface";
    default:
        return strerror(number);
    }
}

vw_err vw_sim_line_open(vw_sim_line *line, const vw_line_config *config, vw_error *error)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(config->port)};
    struct in_addr from;
    int buffer = SEND_BUFFER;
    unsigned char on = 1;

    if (inet_pton(AF_INET, config->group, &to.sin_addr) != 1 ||
        inet_pton(AF_INET, config->interface, &from) != 1) {
        return refuse(line, config, "not an IPv4 address", error);
    }
    line->socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (line->socket < 0) {
        return refuse(line, config, explain(errno), error);
    }
    setsockopt(line->socket, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
    if (setsockopt(line->socket, IPPROTO_IP, IP_MULTICAST_IF, &from, sizeof from) != 0 ||
        setsockopt(line->socket, IPPROTO_IP, IP_MULTICAST_LOOP, &on, sizeof on) != 0 ||
        connect(line->socket, (const struct sockaddr *)&to, sizeof to) != 0) {
        return refuse(line, config, explain(errno), error);
    }
    return VW_OK;
}

bool vw_sim_line_loses(vw_sim_line *line)
{
    return line->impairment.loss > 0 && vw_sim_random_share(&line->random) < line->impairment.loss;
}

static void send_socket(vw_sim_line *line)
{
    size_t done = 0;

    for (size_t i = 0; i < line->queued; i++) {
        line->parts[i] = (struct iovec){line->queue[i].bytes, line->queue[i].size};
        line->headers[i] =
            (struct mmsghdr){.msg_hdr = {.msg_iov = &line->parts[i], .msg_iovlen = 1}};
    }
    while (done < line->queued) {
        int sent = sendmmsg(line->socket, line->headers + done, (unsigned)(line->queued - done), 0);

        if (sent > 0) {
            done += (size_t)sent;
        } else if (errno != EINTR) {
            line->failures++; /* that packet is lost; the rest may still pass */
            done++;
        }
    }
}

static void send_queue(vw_sim_line *line, int64_t now_ns)
{
    if (line->sink == NULL) {
        send_socket(line);
    }
    for (size_t i = 0; i < line->queued; i++) {
        if (line->sink != NULL) {
            line->sink(line->sink_self, line->channel, line->number, line->queue[i].bytes,
                       line->queue[i].size, now_ns);
        }
        line->bytes += line->queue[i].size;
    }
    line->packets += line->queued;
    line->queued = 0;
}

static void queue(vw_sim_line *line, const unsigned char *bytes, size_t size, int64_t now_ns)
{
    if (line->queued == VW_SIM_BURST) {
        send_queue(line, now_ns);
    }
    memcpy(line->queue[line->queued].bytes, bytes, size);
    line->queue[line->queued].size = size;
    line->queued++;
}

static void release(vw_sim_line *line, size_t i, int64_t now_ns)
{
    queue(line, line->held[i].packet.bytes, line->held[i].packet.size, now_ns);
    line->held_count--;
    memmove(&line->held[i], &line->held[i + 1], (line->held_count - i) * sizeof line->held[0]);
}

static void hold(vw_sim_line *line, const unsigned char *bytes, size_t size, int64_t now_ns)
{
    vw_sim_held *held = &line->held[line->held_count++];

    memcpy(held->packet.bytes, bytes, size);
    held->packet.size = size;
    held->behind = 1 + vw_sim_random_below(&line->random, BEHIND_MAX);
    held->until_ns = now_ns + held_max_ns;
    line->reordered++;
}

void vw_sim_line_put(vw_sim_line *line, const unsigned char *bytes, size_t size, int64_t now_ns)
{
    bool twice = line->impairment.duplicate > 0 &&
                 vw_sim_random_share(&line->random) < line->impairment.duplicate;
    bool late = line->impairment.reorder > 0 &&
                vw_sim_random_share(&line->random) < line->impairment.reorder;

    if (late && line->held_count < VW_SIM_HELD_MAX) {
        hold(line, bytes, size, now_ns);
    } else {
        queue(line, bytes, size, now_ns);
        for (size_t i = 0; i < line->held_count;) {
            if (--line->held[i].behind == 0) {
                release(line, i, now_ns);
            } else {
                i++;
            }
        }
    }
    if (twice) {
        queue(line, bytes, size, now_ns);
        line->duplicated++;
    }
}

void vw_sim_line_flush(vw_sim_line *line, int64_t now_ns)
{
    send_queue(line, now_ns);
    for (size_t i = 0; i < line->held_count;) {
        if (line->held[i].until_ns <= now_ns) {
            release(line, i, now_ns);
        } else {
            i++;
        }
    }
    send_queue(line, now_ns);
}

void vw_sim_line_last(vw_sim_line *line, int64_t now_ns)
{
    line->impairment = (vw_impairment){0};
    while (line->held_count > 0) {
        release(line, 0, now_ns);
    }
    send_queue(line, now_ns);
}

void vw_sim_line_close(vw_sim_line *line)
{
    if (line->socket >= 0) {
        close(line->socket);
        line->socket = -1;
    }
}
