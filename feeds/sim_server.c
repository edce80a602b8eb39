#include "feeds/sim_server.h"

#include "core/base/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 16 };

static const int64_t every_ns = 200 * VW_NS_PER_US;

void vw_sim_sockets_init(vw_sim_sockets *sockets)
{
    for (size_t c = 0; c < VW_SIM_SERVER_CHANNELS; c++) {
        for (size_t s = 0; s < VW_SIM_SERVERS; s++) {
            sockets->listening[c][s] = -1;
        }
    }
}

static vw_err listen_on(const vw_server_config *server, int *opened, vw_error *error)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(server->port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), one = 1;

    if (fd < 0 || inet_pton(AF_INET, server->address, &address.sin_addr) != 1 ||
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0 ||
        bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
        listen(fd, BACKLOG) != 0) {
        const char *why = errno == EADDRINUSE ? "port in use: stop that program or choose others "
                                                "with --servers"
                                              : strerror(errno);

        if (fd >= 0) {
            close(fd);
        }
        return vw_fail(error, VW_ERR_SYSTEM, "recovery server on %s:%u: %s", server->address,
                       (unsigned)server->port, why);
    }
    *opened = fd;
    return VW_OK;
}

static const vw_server_config *place_of(const vw_sim_recovery *recovery, size_t channel,
                                        size_t server)
{
    const vw_recovery_config *config = &recovery->addresses[channel].recovery;

    return server == VW_SIM_GAP_PROXY ? &config->gap : &config->spins[0];
}

vw_err vw_sim_sockets_open(vw_sim_sockets *sockets, const vw_sim_recovery *recovery,
                           vw_error *error)
{
    for (size_t c = 0; c < VW_SIM_SERVER_CHANNELS; c++) {
        for (size_t s = 0; s < VW_SIM_SERVERS; s++) {
            const vw_server_config *place = place_of(recovery, c, s);

            if (place->port != 0) {
                vw_err err = listen_on(place, &sockets->listening[c][s], error);

                if (err != VW_OK) {
                    return err;
                }
            }
        }
    }
    return VW_OK;
}

static void end(vw_sim_session *session)
{
    close(session->socket);
    vw_sim_session_end(session);
}

static void welcome(const vw_sim_sockets *sockets, vw_sim_recovery *recovery, size_t channel,
                    size_t server, int64_t now_ns)
{
    int fd = accept4(sockets->listening[channel][server], NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    int one = 1;

    if (fd < 0) {
        return;
    }
    vw_sim_session *session =
        vw_sim_session_begin(recovery, (vw_sim_server)server, channel, now_ns);

    if (session == NULL) {
        close(fd);
        return;
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    session->socket = fd;
}

/* listen_to takes what has come; false: the client is gone, or has no manners. */
static bool listen_to(vw_sim_recovery *recovery, vw_sim_session *session, int64_t now_ns)
{
    unsigned char bytes[256];
    ssize_t got = recv(session->socket, bytes, sizeof bytes, 0);

    if (got < 0) {
        return errno == EAGAIN || errno == EINTR;
    }
    return got > 0 && vw_sim_session_take(recovery, session, bytes, (size_t)got, now_ns);
}

/* speak sends what there is; false: the client is gone, or is to go. */
static bool speak(vw_sim_session *session)
{
    if (session->out_sent < session->out_size) {
        ssize_t sent = send(session->socket, session->out + session->out_sent,
                            session->out_size - session->out_sent, MSG_NOSIGNAL);

        if (sent < 0) {
            return errno == EAGAIN || errno == EINTR;
        }
        session->out_sent += (size_t)sent;
    }
    if (session->out_sent < session->out_size) {
        return true;
    }
    session->out_size = session->out_sent = 0;
    return !session->cut;
}

void vw_sim_sockets_poll(vw_sim_sockets *sockets, vw_sim_recovery *recovery, int64_t now_ns)
{
    if (now_ns - sockets->polled_ns < every_ns) {
        return;
    }
    sockets->polled_ns = now_ns;
    for (size_t c = 0; c < VW_SIM_SERVER_CHANNELS; c++) {
        for (size_t s = 0; s < VW_SIM_SERVERS; s++) {
            if (sockets->listening[c][s] >= 0) {
                welcome(sockets, recovery, c, s, now_ns);
            }
        }
    }
    for (size_t i = 0; i < VW_SIM_SESSIONS; i++) {
        vw_sim_session *session = &recovery->sessions[i];

        if (session->open && session->socket >= 0 &&
            (!listen_to(recovery, session, now_ns) ||
             !vw_sim_session_idle(recovery, session, now_ns) || !speak(session))) {
            end(session);
        }
    }
}

void vw_sim_sockets_close(vw_sim_sockets *sockets, vw_sim_recovery *recovery)
{
    for (size_t c = 0; c < VW_SIM_SERVER_CHANNELS; c++) {
        for (size_t s = 0; s < VW_SIM_SERVERS; s++) {
            if (sockets->listening[c][s] >= 0) {
                close(sockets->listening[c][s]);
                sockets->listening[c][s] = -1;
            }
        }
    }
    for (size_t i = 0; i < VW_SIM_SESSIONS; i++) {
        if (recovery->sessions[i].open && recovery->sessions[i].socket >= 0) {
            end(&recovery->sessions[i]);
        }
    }
}
