#include "tools/commands/commands.h"

#include "tools/rows.h"

enum { TYPE, FORWARD, STRIKE, YEARS, PRICE, RATE };

static const vw_rows_input inputs[] = {{"type", VW_ROWS_SIDE},       {"forward", VW_ROWS_POSITIVE},
                                       {"strike", VW_ROWS_POSITIVE}, {"years", VW_ROWS_NUMBER},
                                       {"price", VW_ROWS_QUOTE},     {"rate", VW_ROWS_NUMBER},
                                       {NULL, VW_ROWS_NUMBER}};
static const char *const outputs[] = {"vol", NULL};

static void compute(const void *context, const vw_rows_batch *batch)
{
    const vw_kernels *kernels = context;
    double discount[VW_ROWS_BATCH_MAX];
    double *const *in = batch->in;
    vw_iv_inputs quotes = {in[FORWARD], in[STRIKE], in[YEARS], in[PRICE], discount, in[TYPE], NULL};

    for (size_t i = 0; i < batch->count; i++) {
        discount[i] = vw_black_discount(in[RATE][i], in[YEARS][i]);
    }
    kernels->implied_vol(&quotes, batch->out[0], batch->status, batch->count);
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
    return vw_rows_command(&(vw_rows_work){"iv", inputs, outputs, compute, arguments.kernels},
                           &arguments, format, error);
}

const vw_command vw_command_iv = {
    .name = "iv",
    .summary = "CSV of prices in, implied vols out",
    .usage = "[FILE|-]",
    .details =
        "Columns by header name, in any order: type (C|P), forward, strike, years, price\n"
        "(discounted), rate (continuous, for the discount exp(-rate years)).  Adds, or replaces "
        "in\n"
        "place, vol (0.20 is 20 %) and status: ok, below_intrinsic, at_intrinsic (vol 0),\n"
        "above_max, expired, no_market (the price is an empty cell), bad_input.  17 digits; other\n"
        "columns pass through.  A row that cannot be read keeps its place with status bad_input\n"
        "and is named on stderr.",
    .run = run,
};
