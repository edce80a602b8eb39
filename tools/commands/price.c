#include "tools/commands/commands.h"

#include "tools/rows.h"

#include <string.h>

enum { TYPE, FORWARD, STRIKE, YEARS, VOL, RATE };

static const vw_rows_input inputs[] = {{"type", VW_ROWS_SIDE},        {"forward", VW_ROWS_POSITIVE},
                                       {"strike", VW_ROWS_POSITIVE},  {"years", VW_ROWS_NUMBER},
                                       {"vol", VW_ROWS_NOT_NEGATIVE}, {"rate", VW_ROWS_NUMBER},
                                       {NULL, VW_ROWS_NUMBER}};
static const char *const common[] = {"price", "delta", "gamma", "vega", "theta",
                                     "rho",   "vanna", "volga", "charm"};
/* On request. */
enum { VETA, SPEED, COLOR, ZOMMA, ULTIMA, DUAL_DELTA, DUAL_GAMMA, RARE };
static const char *const rare[] = {"veta",   "speed",      "color",     "zomma",
                                   "ultima", "dual_delta", "dual_gamma"};

typedef struct request {
    const vw_kernels *kernels;
    const char *outputs[VW_COUNT_OF(common) + RARE + 1]; /* NULL-ended */
    size_t count;
    size_t column[RARE]; /* among the outputs; 0: not wanted */
} request;

static void compute(const void *context, const vw_rows_batch *batch)
{
    const request *wanted = context;
    double discount[VW_ROWS_BATCH_MAX], *more[RARE];
    double *const *in = batch->in, *const *out = batch->out;
    vw_black_inputs options = {in[FORWARD], in[STRIKE], in[YEARS], in[VOL],
                               discount,    in[TYPE],   in[RATE]};

    for (size_t i = 0; i < RARE; i++) {
        more[i] = wanted->column[i] > 0 ? out[wanted->column[i]] : NULL;
    }
    vw_black_outputs greeks = {
        out[0],      out[1],       out[2],           out[3],           out[4],       out[5],
        out[6],      out[7],       out[8],           more[VETA],       more[SPEED],  more[COLOR],
        more[ZOMMA], more[ULTIMA], more[DUAL_DELTA], more[DUAL_GAMMA], batch->status};

    for (size_t i = 0; i < batch->count; i++) {
        discount[i] = vw_black_discount(in[RATE][i], in[YEARS][i]);
    }
    wanted->kernels->black(&options, &greeks, batch->count);
}

static bool is_name(const char *name, const char *text, size_t length)
{
    return strlen(name) == length && memcmp(name, text, length) == 0;
}

/* Adds a greek, or all of them; those that are always there, and those asked for twice, add
 * nothing.  False when there is none of that name. */
static bool add_greek(request *wanted, const char *text, size_t length)
{
    bool all = is_name("all", text, length), known = all;

    for (size_t i = 0; i < VW_COUNT_OF(common); i++) {
        known |= is_name(common[i], text, length);
    }
    for (size_t i = 0; i < RARE; i++) {
        bool meant = all || is_name(rare[i], text, length);

        known |= meant;
        if (meant && wanted->column[i] == 0) {
            wanted->column[i] = wanted->count;
            wanted->outputs[wanted->count++] = rare[i];
        }
    }
    return known;
}

static vw_err add_greeks(request *wanted, const char *list, vw_error *error)
{
    while (*list != '\0') {
        size_t length = strcspn(list, ",");

        if (!add_greek(wanted, list, length)) {
            return vw_fail(error, VW_ERR_USAGE,
                           "--greeks %.*s: expected all, or some of veta, speed, color, zomma, "
                           "ultima, dual_delta, dual_gamma",
                           (int)length, list);
        }
        list += length + (list[length] == ',');
    }
    return VW_OK;
}

static vw_err run(const vw_command *command, int argc, char **argv, vw_error *error)
{
    const char *format = "csv", *greeks = "";
    request wanted = {.count = VW_COUNT_OF(common)};
    const vw_option options[] = {
        {.name = "format",
         .kind = VW_OPTION_TEXT,
         .value = &format,
         .argument = "csv|json",
         .help = "output; json: an object a line (default csv)"},
        {.name = "greeks",
         .kind = VW_OPTION_TEXT,
         .value = &greeks,
         .argument = "LIST|all",
         .help = "more of them: veta,speed,color,zomma,ultima,dual_delta,dual_gamma"}};
    vw_arguments arguments;
    vw_err err =
        vw_options_parse(command, options, VW_COUNT_OF(options), 1, argc, argv, &arguments, error);

    if (err != VW_OK || arguments.done) {
        return err;
    }
    memcpy(wanted.outputs, common, sizeof common);
    wanted.kernels = arguments.kernels;
    err = add_greeks(&wanted, greeks, error);
    return err != VW_OK
               ? err
               : vw_rows_command(&(vw_rows_work){"price", inputs, wanted.outputs, compute, &wanted},
                                 &arguments, format, error);
}

const vw_command vw_command_price = {
    .name = "price",
    .summary = "CSV of options in, price and greeks out",
    .usage = "[FILE|-]",
    .details =
        "Columns by header name, in any order: type (C|P), forward, strike, years, vol (0.20 is\n"
        "20 %), rate (continuous, for the discount exp(-rate years)).  Adds, or replaces in "
        "place,\n"
        "price, delta, gamma, vega, theta, rho, vanna, volga, charm and status: plain "
        "derivatives,\n"
        "discounted; delta and gamma to the forward, vega per 1.00 vol, theta per year with the\n"
        "forward fixed, rho per 1.00 with the forward fixed.  With --greeks, before status: veta\n"
        "(d vega / d time), speed (d gamma / d forward), color (d gamma / d time), zomma\n"
        "(d gamma / d vol), ultima (d volga / d vol), dual delta and gamma (to the strike), times\n"
        "in years that pass.  17 digits; other columns pass through.  A status is ok, expired or\n"
        "at_intrinsic (vol 0); a row that cannot be priced keeps its place with bad_input and is\n"
        "named on stderr.",
    .run = run,
};
