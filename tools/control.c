#include "tools/control.h"

#include "core/engine/control.h"
#include "core/market/symbol.h"
#include "tools/hedge_inputs.h"
#include "tools/portfolio.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

enum { REQUEST_MAX = 1 << 20 };

struct vw_control {
    void *context, *socket;
    vw_ring *ring;
    vw_portfolio book; /* as last sent */
};

/* ---- requests ------------------------------------------------------------------------------- */

static json_t *make_legs(const vw_portfolio *book)
{
    json_t *legs = json_array();

    for (size_t i = 0; i < book->leg_count; i++) {
        const vw_leg *leg = &book->legs[i];

        json_array_append_new(legs,
                              json_pack("{s:s, s:s, s:i, s:f, s:f, s:i}", "root", leg->root, "type",
                                        leg->type == 'F'   ? "future"
                                        : leg->type == 'C' ? "call"
                                                           : "put",
                                        "expiry", (int)leg->expiry, "strike", leg->strike,
                                        "contracts", leg->contracts, "condor", (int)leg->condor));
    }
    return legs;
}

static vw_err send_book(vw_control *control, const vw_portfolio *book, int64_t now_ns,
                        vw_error *error)
{
    if (!vw_control_send(control->ring, VW_CONTROL_BOOK, book, sizeof *book, now_ns)) {
        return vw_fail(error, VW_ERR_DATA,
                       "the engine has not yet taken what was sent before: try again");
    }
    control->book = *book;
    return VW_OK;
}

static vw_err take_book(vw_control *control, json_t *request, int64_t now_ns, vw_error *error)
{
    const char *name = "book", *yaml = NULL;
    vw_portfolio *book = malloc(sizeof *book);
    vw_err err;

    vw_check(book != NULL);
    if (json_unpack(request, "{s:s, s?s}", "yaml", &yaml, "name", &name) != 0) {
        err = vw_fail(error, VW_ERR_USAGE, "book: expected \"yaml\", the text of a portfolio");
    } else {
        err = vw_portfolio_parse(name, yaml, book, error);
    }
    if (err == VW_OK) {
        memcpy(book->book, control->book.book, sizeof book->book); /* its topic stays */
        err = send_book(control, book, now_ns, error);
    }
    free(book);
    return err;
}

static bool same_series(const vw_leg *a, const vw_leg *b)
{
    return a->hedge && strcmp(a->root, b->root) == 0 && a->type == b->type &&
           a->expiry == b->expiry && a->strike == b->strike;
}

static vw_err set_position(vw_portfolio *book, vw_leg *leg, vw_error *error)
{
    size_t kept = 0;

    for (size_t i = 0; i < book->leg_count; i++) {
        if (!same_series(&book->legs[i], leg)) {
            book->legs[kept++] = book->legs[i];
        } else {
            leg->package = book->legs[i].package;
            leg->entry_price = book->legs[i].entry_price;
        }
    }
    book->leg_count = kept;
    return leg->contracts != 0 ? vw_portfolio_add_hedge(book, leg, error) : VW_OK;
}

static vw_err read_leg(json_t *request, vw_leg *leg, vw_error *error)
{
    const char *root = "", *type = "";
    int expiry = 0;

    *leg = (vw_leg){.hedge = true};
    if (json_unpack(request, "{s:s, s:s, s:i, s?F, s:F}", "root", &root, "type", &type, "expiry",
                    &expiry, "strike", &leg->strike, "contracts", &leg->contracts) != 0) {
        return vw_fail(error, VW_ERR_USAGE,
                       "position: expected root, type, expiry (yyyymmdd), strike, contracts");
    }
    leg->type = strcmp(type, "future") == 0 ? 'F'
                : strcmp(type, "call") == 0 ? 'C'
                : strcmp(type, "put") == 0  ? 'P'
                                            : '?';
    leg->expiry = (uint32_t)expiry;
    if (strlen(root) >= sizeof leg->root) {
        return vw_fail(error, VW_ERR_CONFIG, "position: %s is no root", root);
    }
    memcpy(leg->root, root, strlen(root));
    return vw_portfolio_check_hedge(leg, error);
}

static vw_err take_position(vw_control *control, json_t *request, int64_t now_ns, vw_error *error)
{
    vw_portfolio *book = malloc(sizeof *book);
    vw_leg leg;
    vw_err err = read_leg(request, &leg, error);

    vw_check(book != NULL);
    *book = control->book;
    if (err == VW_OK) {
        err = set_position(book, &leg, error);
    }
    if (err == VW_OK) {
        err = send_book(control, book, now_ns, error);
    }
    free(book);
    return err;
}

static vw_err take_inputs(vw_control *control, json_t *request, int64_t now_ns, vw_error *error)
{
    const char *name = "inputs", *yaml = NULL;
    vw_user_inputs user;
    vw_err err;

    if (json_unpack(request, "{s:s, s?s}", "yaml", &yaml, "name", &name) != 0) {
        return vw_fail(error, VW_ERR_USAGE, "inputs: expected \"yaml\", the text of hedge inputs");
    }
    err = vw_hedge_inputs_parse(name, yaml, &user, error);
    if (err == VW_OK &&
        !vw_control_send(control->ring, VW_CONTROL_INPUTS, &user, sizeof user, now_ns)) {
        err = vw_fail(error, VW_ERR_DATA,
                      "the engine has not yet taken what was sent before: try again");
    }
    return err;
}

static vw_err take(vw_control *control, json_t *request, int64_t now_ns, vw_error *error)
{
    const char *command = "";

    if (json_unpack(request, "{s:s}", "command", &command) != 0) {
        return vw_fail(error, VW_ERR_USAGE, "expected {\"command\": ...}");
    }
    if (strcmp(command, "book") == 0) {
        return take_book(control, request, now_ns, error);
    }
    if (strcmp(command, "inputs") == 0) {
        return take_inputs(control, request, now_ns, error);
    }
    if (strcmp(command, "position") == 0) {
        return take_position(control, request, now_ns, error);
    }
    return strcmp(command, "status") == 0
               ? VW_OK
               : vw_fail(error, VW_ERR_USAGE, "%.40s: expected status, book, inputs or position",
                         command);
}

char *vw_control_answer(vw_control *control, const char *text, size_t size, int64_t now_ns)
{
    vw_error error = {""};
    json_error_t why;
    json_t *request = size <= REQUEST_MAX ? json_loadb(text, size, 0, &why) : NULL;
    vw_err err = request != NULL
                     ? take(control, request, now_ns, &error)
                     : vw_fail(&error, VW_ERR_USAGE,
                               "the request is no JSON object of up to %d bytes", REQUEST_MAX);
    json_t *answer =
        err == VW_OK ? json_pack("{s:b, s:s, s:o}", "ok", 1, "book", control->book.book, "legs",
                                 make_legs(&control->book))
                     : json_pack("{s:b, s:i, s:s}", "ok", 0, "code", (int)err, "error", error.text);
    char *said = answer != NULL ? json_dumps(answer, JSON_COMPACT) : NULL;

    vw_check(said != NULL);
    json_decref(answer);
    json_decref(request);
    return said;
}

/* ---- sockets -------------------------------------------------------------------------------- */

vw_err vw_control_open(const char *endpoint, vw_ring *ring, const vw_portfolio *book,
                       vw_control **opened, vw_error *error)
{
    vw_control *control = calloc(1, sizeof *control);
    const int none = 0;
    const int64_t request_max = REQUEST_MAX;

    vw_check(control != NULL);
    control->ring = ring;
    control->book = *book;
    control->context = zmq_ctx_new();
    control->socket = zmq_socket(control->context, ZMQ_REP);
    vw_check(control->socket != NULL);
    zmq_setsockopt(control->socket, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt(control->socket, ZMQ_MAXMSGSIZE, &request_max, sizeof request_max);
    if (zmq_bind(control->socket, endpoint) != 0) {
        int why = zmq_errno();

        vw_control_close(control);
        *opened = NULL;
        return vw_fail(error, VW_ERR_SYSTEM,
                       "control.endpoint %s: %s; is another engine running? choose another port",
                       endpoint, zmq_strerror(why));
    }
    *opened = control;
    return VW_OK;
}

void vw_control_poll(vw_control *control, int64_t now_ns)
{
    zmq_msg_t request;

    if (control == NULL) {
        return;
    }
    zmq_msg_init(&request);
    while (zmq_msg_recv(&request, control->socket, ZMQ_DONTWAIT) >= 0) {
        char *answer =
            vw_control_answer(control, zmq_msg_data(&request), zmq_msg_size(&request), now_ns);

        zmq_send(control->socket, answer, strlen(answer), ZMQ_DONTWAIT);
        free(answer);
    }
    zmq_msg_close(&request);
}

void vw_control_close(vw_control *control)
{
    if (control != NULL) {
        zmq_close(control->socket);
        zmq_ctx_term(control->context);
        free(control);
    }
}

vw_err vw_control_ask(const char *endpoint, const char *request, int timeout_ms, char **answer,
                      vw_error *error)
{
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_REQ);
    const int none = 0;
    vw_err err = VW_OK;
    zmq_msg_t message;

    vw_check(socket != NULL);
    *answer = NULL;
    zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &timeout_ms, sizeof timeout_ms);
    zmq_setsockopt(socket, ZMQ_SNDTIMEO, &timeout_ms, sizeof timeout_ms);
    zmq_msg_init(&message);
    if (zmq_connect(socket, endpoint) != 0 || zmq_send(socket, request, strlen(request), 0) < 0 ||
        zmq_msg_recv(&message, socket, 0) < 0) {
        err = vw_fail(error, VW_ERR_SYSTEM,
                      "%s: %s; is `vegawire run` up, with control.endpoint set to this?", endpoint,
                      zmq_strerror(zmq_errno()));
    } else {
        *answer = strndup(zmq_msg_data(&message), zmq_msg_size(&message));
        vw_check(*answer != NULL);
    }
    zmq_msg_close(&message);
    zmq_close(socket);
    zmq_ctx_term(context);
    return err;
}
