#include "tools/commands/commands.h"

#include "core/base/log.h"
#include "tools/fit_plot.h"
#include "tools/fit_report.h"

#include <errno.h>
#include <string.h>

typedef struct request {
    const char *path, *at, *format, *plot;
    double rate;
    bool quotes;
} request;

static vw_err print(const vw_fit_report *report, const request *asked, vw_error *error)
{
    if (strcmp(asked->format, "csv") == 0) {
        return vw_fit_report_csv(report, stdout, error);
    }
    if (strcmp(asked->format, "table") == 0) {
        return vw_fit_report_table(report, stdout, error);
    }
    return vw_fit_report_json(report, stdout, error);
}

static vw_err plot(const vw_fit_report *report, const char *path, vw_error *error)
{
    FILE *to = fopen(path, "w");
    char title[128], at[32];

    if (to == NULL) {
        return vw_fail(error, VW_ERR_DATA, "--plot %s: %s", path, strerror(errno));
    }
    vw_fit_report_instant(report->fit->at_ns, at);
    snprintf(title, sizeof title, "%.8s at %s%s", report->chain->underlying, at,
             report->chain->synthetic ? " SYNTHETIC" : "");
    vw_fit_plot(report->fit, title, to);
    return fclose(to) == 0 ? VW_OK
                           : vw_fail(error, VW_ERR_DATA, "--plot %s: %s", path, strerror(errno));
}

static vw_err fit_chain(const vw_chain *chain, const request *asked, const vw_kernels *kernels,
                        vw_error *error)
{
    vw_chain_fit fit = {0};
    vw_fit_report report = {chain, &fit, kernels, asked->quotes};
    int64_t at_ns = 0;
    vw_err err = vw_chain_instant(chain, asked->at, &at_ns, error);

    if (err == VW_OK) {
        err = vw_chain_fit_make(chain, at_ns, asked->rate, kernels, &fit, error);
    }
    if (err == VW_OK) {
        err = print(&report, asked, error);
    }
    if (err == VW_OK && asked->plot != NULL) {
        err = plot(&report, asked->plot, error);
    }
    vw_chain_fit_free(&fit);
    return err;
}

static vw_err run(const vw_command *command, int argc, char **argv, vw_error *error)
{
    request asked = {.format = "json", .rate = 0.04};
    const vw_option options[] = {
        {"at", 0, VW_OPTION_TEXT, &asked.at, "TIME", "quote, download, vendor, or an instant", 0,
         0},
        {"quotes", 0, VW_OPTION_FLAG, &asked.quotes, NULL, "a row for each quote as well", 0, 0},
        {"format", 0, VW_OPTION_TEXT, &asked.format, "FORMAT", "json, csv or table", 0, 0},
        {"plot", 0, VW_OPTION_TEXT, &asked.plot, "FILE", "draw the smiles as SVG", 0, 0},
        {"rate", 0, VW_OPTION_NUMBER, &asked.rate, "RATE",
         "continuous rate where no expiry is long enough to imply one; 0.04", -0.3, 0.3},
    };
    vw_arguments arguments;
    vw_chain chain;
    vw_err err =
        vw_options_parse(command, options, VW_COUNT_OF(options), 1, argc, argv, &arguments, error);

    if (err != VW_OK || arguments.done) {
        return err;
    }
    if (arguments.count != 1) {
        return vw_fail(error, VW_ERR_USAGE, "expected a chain file; see vegawire fit --help");
    }
    if (strcmp(asked.format, "json") != 0 && strcmp(asked.format, "csv") != 0 &&
        strcmp(asked.format, "table") != 0) {
        return vw_fail(error, VW_ERR_USAGE, "--format %s: expected json, csv or table",
                       asked.format);
    }
    asked.path = arguments.list[0];
    err = vw_chain_read_at(asked.path, asked.at, NULL, &chain, error);
    if (err != VW_OK) {
        return err;
    }
    if (chain.bad_rows > 0) {
        vw_log("fit: %zu bad rows skipped, the first %s", chain.bad_rows, chain.first_bad);
    }
    err = fit_chain(&chain, &asked, arguments.kernels, error);
    vw_chain_free(&chain);
    return err;
}

const vw_command vw_command_fit = {
    .name = "fit",
    .summary = "forwards and arbitrage-free smiles of a chain",
    .usage = "CHAIN",
    .details =
        "CHAIN is the exchange's delayed-quotes CSV in any of its layouts, or the normalised CSV,\n"
        "plain or gz, or - for standard input.  --at is the valuation instant: `quote` (what the\n"
        "file says or implies, the default), `download`, `vendor`, or 2023-09-14T16:15:00 (New\n"
        "York), ...Z (UTC).  Series already settled are listed as expired.\n"
        "\n"
        "Each expiry has its forward and discount from put-call parity, an HKS smile through its\n"
        "out-of-the-money quotes (raw SVI for VIX options with fewer than 20 quotes, and beside\n"
        "HKS as the compact form), the share of those quotes that the smile passes through, and\n"
        "errors in vol.  fit_iv, inside and errors are the surface's as queried: at one\n"
        "log-moneyness an expiry has no less total variance than any before it, whose wing beyond\n"
        "its own quotes gives way to the smiles of later expiries that are quoted there.  Status\n"
        "`stale`: the quotes are not of one moment, for conversions beat the forward, or no smile\n"
        "passes through half of them.\n"
        "\n"
        "With --quotes, CSV and table list quotes in place of expiries: desk units\n"
        "(delta and gamma undiscounted, vega per vol point, theta per calendar day); an option in\n"
        "the money has the vols of the other side of its strike.  Arbitrage is in dollars for one\n"
        "option, at bids and asks.",
    .run = run,
};
