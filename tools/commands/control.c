#include "tools/commands/commands.h"

#include "tools/control.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 1 << 19 };

/* A file as the text of a request. */
static vw_err ask_file(const char *command, const char *path, json_t **request, vw_error *error)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
    vw_err err = VW_OK;

    if (file == NULL) {
        return vw_fail(error, VW_ERR_DATA, "%s: %s", path, strerror(errno));
    }
    char *text = malloc(TEXT_MAX);

    vw_check(text != NULL);
    size_t size = fread(text, 1, TEXT_MAX, file);

    *request = size == TEXT_MAX ? NULL
                                : json_pack("{s:s, s:s, s:s%}", "command", command, "name", path,
                                            "yaml", text, size);
    if (*request == NULL) {
        err = vw_fail(error, VW_ERR_DATA, "%s: expected YAML: UTF-8 text below %d bytes", path,
                      TEXT_MAX);
    }
    free(text);
    if (file != stdin) {
        fclose(file);
    }
    return err;
}

/* 2026-07-22 or 20260722; 0: neither. */
static int read_date(const char *text)
{
    char digits[9];
    size_t count = 0;

    for (; *text != '\0'; text++) {
        if (*text >= '0' && *text <= '9' && count < 8) {
            digits[count++] = *text;
        } else if (*text != '-') {
            return 0;
        }
    }
    digits[count] = '\0';
    return count == 8 ? atoi(digits) : 0;
}

static bool read_number(const char *text, double *value)
{
    char *end;

    *value = strtod(text, &end);
    return end != text && *end == '\0';
}

/* ROOT EXPIRY future CONTRACTS, or ROOT EXPIRY call|put STRIKE CONTRACTS */
static vw_err ask_position(char **words, int count, json_t **request, vw_error *error)
{
    double strike = 0, contracts = 0;
    bool future = count >= 3 && strcmp(words[2], "future") == 0;
    bool right = count == (future ? 4 : 5) && read_date(words[1]) != 0 &&
                 (future || read_number(words[3], &strike)) &&
                 read_number(words[count - 1], &contracts);

    if (!right) {
        return vw_fail(error, VW_ERR_USAGE,
                       "position: expected ROOT YYYY-MM-DD future CONTRACTS, or ROOT YYYY-MM-DD "
                       "call|put STRIKE CONTRACTS");
    }
    *request = json_pack("{s:s, s:s, s:s, s:i, s:f, s:f}", "command", "position", "root", words[0],
                         "type", words[2], "expiry", read_date(words[1]), "strike", strike,
                         "contracts", contracts);
    return VW_OK;
}

static vw_err make_request(const vw_arguments *arguments, json_t **request, vw_error *error)
{
    char **words = arguments->list;
    int count = arguments->count;

    if (count == 1 && strcmp(words[0], "status") == 0) {
        *request = json_pack("{s:s}", "command", "status");
        return VW_OK;
    }
    if (count == 2 && (strcmp(words[0], "book") == 0 || strcmp(words[0], "inputs") == 0)) {
        return ask_file(words[0], words[1], request, error);
    }
    if (count > 1 && strcmp(words[0], "position") == 0) {
        return ask_position(words + 1, count - 1, request, error);
    }
    return vw_fail(
        error, VW_ERR_USAGE,
        "expected status, book FILE, inputs FILE or position ...; see vegawire control --help");
}

static vw_err print_answer(const char *text, vw_error *error)
{
    json_t *answer = json_loads(text, 0, NULL);
    const char *why = "an answer that is none of ours";
    int ok = 0, code = VW_ERR_DATA;
    vw_err err = VW_OK;

    if (json_unpack(answer, "{s:b, s?i, s?s}", "ok", &ok, "code", &code, "error", &why) != 0 ||
        !ok) {
        err = vw_fail(error,
                      code >= VW_ERR_DATA && code <= VW_ERR_UNHEALTHY ? (vw_err)code : VW_ERR_DATA,
                      "%s", why);
    } else {
        printf("%s\n", text);
    }
    json_decref(answer);
    return err;
}

static vw_err run(const vw_command *command, int argc, char **argv, vw_error *error)
{
    const char *endpoint = VW_CONTROL_DEFAULT;
    double seconds = 5;
    const vw_option options[] = {
        {.name = "endpoint",
         .letter = 'e',
         .kind = VW_OPTION_TEXT,
         .value = &endpoint,
         .argument = "ENDPOINT",
         .help = "the engine's control.endpoint; by default " VW_CONTROL_DEFAULT},
        {.name = "seconds",
         .letter = 's',
         .kind = VW_OPTION_NUMBER,
         .value = &seconds,
         .argument = "S",
         .help = "wait so long for the answer; 5",
         .min = 0.01,
         .max = 3600},
    };
    vw_arguments arguments;
    char *answer = NULL;
    vw_err err =
        vw_options_parse(command, options, VW_COUNT_OF(options), 6, argc, argv, &arguments, error);

    if (err != VW_OK || arguments.done) {
        return err;
    }
    json_t *request = NULL;

    err = make_request(&arguments, &request, error);
    if (err != VW_OK) {
        return err;
    }
    char *text = json_dumps(request, JSON_COMPACT);

    vw_check(text != NULL);
    err = vw_control_ask(endpoint, text, (int)(seconds * 1e3), &answer, error);
    if (err == VW_OK) {
        err = print_answer(answer, error);
    }
    free(answer);
    free(text);
    json_decref(request);
    return err;
}

const vw_command vw_command_control = {
    .name = "control",
    .summary = "changes the book and the inputs of a running engine",
    .usage = "status | book FILE | inputs FILE | position ...",
    .details =
        "The engine listens where its configuration says control.endpoint; without that, nowhere.\n"
        "  status                                        the book as it stands\n"
        "  book portfolio.yaml                           the whole book anew\n"
        "  inputs hedge_inputs.yaml                      events, account, macro anew; with\n"
        "                                                entry_asked: true, new condors proposed\n"
        "  position VX 2026-07-22 future 57              a hedge leg; 0 contracts closes it\n"
        "  position VIX 2026-07-22 call 25 200\n"
        "A change counts as a whole: the engine never sees half a condor.  The answer is one JSON\n"
        "object with the book.  Any ZeroMQ REQ socket may ask the same: see tools/control.h.",
    .run = run,
};
