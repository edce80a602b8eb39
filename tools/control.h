/* control.h: the socket by which a user changes what a running engine goes by.
 *
 * A ZeroMQ REP socket: one JSON object asks, one answers.
 *   {"command": "status"}
 *   {"command": "book", "yaml": TEXT, "name": FILE}            the whole book, as portfolio.yaml
 *   {"command": "inputs", "yaml": TEXT, "name": FILE}          events, account, macro, entry, anew
 *   {"command": "position", "root": "VX", "expiry": 20260722, "type": "future", "strike": 0,
 *    "contracts": 57}                                          a hedge leg; 0 contracts closes it
 * Answers: {"ok": true, ...} or {"ok": false, "code": EXIT CODE, "error": TEXT}.  What was taken is
 * on its way to the engine, whole (core/engine/control.h).  There is no authentication: keep it on
 * loopback or on ipc.
 *
 * Threads  the main thread, between its naps; never the engine's.
 * Memory   the heap; requests beyond 1 MiB are refused.
 * Full     a ring without room: the answer is an error, and nothing was changed.
 * Errors   open: VW_ERR_SYSTEM, naming the endpoint. */
#ifndef VW_TOOLS_CONTROL_H
#define VW_TOOLS_CONTROL_H

#include "core/base/ring.h"
#include "core/hedge/portfolio.h"

#define VW_CONTROL_DEFAULT "tcp://127.0.0.1:5602"

typedef struct vw_control vw_control;

/* vw_control_open binds the socket; ring is the engine's, book what the engine began with. */
vw_err vw_control_open(const char *endpoint, vw_ring *ring, const vw_portfolio *book,
                       vw_control **control, vw_error *error);

/* vw_control_poll answers all that was asked, without waiting; NULL: there is no socket. */
void vw_control_poll(vw_control *control, int64_t now_ns);

/* vw_control_answer answers one request: the inside of poll.  The caller frees the text. */
char *vw_control_answer(vw_control *control, const char *request, size_t size, int64_t now_ns);

void vw_control_close(vw_control *control);

/* vw_control_ask sends a request to endpoint and returns the answer, which the caller frees;
 * VW_ERR_SYSTEM when none comes in time. */
vw_err vw_control_ask(const char *endpoint, const char *request, int timeout_ms, char **answer,
                      vw_error *error);

#endif
