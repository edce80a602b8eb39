#include "tools/commands/commands.h"

#include "tools/rows.h"

#include <math.h>

enum { TYPE, FORWARD, STRIKE, YEARS, VOL, RATE };

static const char *const inputs[] = {"type", "forward", "strike", "years", "vol", "rate", NULL};
static const char *const outputs[] = {"price", "delta", "gamma", "vega",  "theta",
                                      "rho",   "vanna", "volga", "charm", NULL};

static void compute(const void *context, const vw_rows_batch *batch)
{
    const vw_kernels *kernels = context;
    double discount[VW_ROWS_BATCH_MAX];
    double *const *in = batch->in, *const *out = batch->out;
    vw_black_inputs options = {in[FORWARD], in[STRIKE], in[YEARS], in[VOL],
                               discount,    in[TYPE],   in[RATE]};
    vw_black_outputs greeks = {out[0], out[1], out[2], out[3], out[4],
                               out[5], out[6], out[7], out[8], .status = batch->status};

    for (size_t i = 0; i < batch->count; i++) {
        discount[i] = exp(-in[RATE][i] * fmax(in[YEARS][i], 0));
    }
    kernels->black(&options, &greeks, batch->count);
}

static vw_err run(const vw_command *command, int argc, char **argv, vw_error *error)
{
    const char *format = "csv";
    const vw_option options[] = {{.name = "format",
                                  .kind = VW_OPTION_TEXT,
                                  .value = &format,
                                  .argument = "csv|json",
                                  .help = "output; json: an object a line (default csv)"}};
    vw_arguments arguments;
    vw_err err =
        vw_options_parse(command, options, VW_COUNT_OF(options), 1, argc, argv, &arguments, error);

    if (err != VW_OK || arguments.done) {
        return err;
    }
    return vw_rows_command(&(vw_rows_work){"price", inputs, outputs, compute, arguments.kernels},
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
        "forward fixed, rho per 1.00 with the forward fixed.  17 digits; other columns pass\n"
        "through.  A row that cannot be priced keeps its place with status bad_input and is named\n"
        "on stderr.",
    .run = run,
};
