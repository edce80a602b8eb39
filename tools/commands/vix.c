#include "tools/commands/commands.h"

#include "core/base/log.h"
#include "core/vol/forward.h"
#include "core/vol/vix_forward.h"
#include "feeds/chain_slices.h"
#include "feeds/treasury.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXPIRIES_MAX = 512, NEAR = 0, NEXT = 1 };

typedef struct request {
    const char *path, *at, *rate, *treasury, *format;
    int64_t days;
} request;

/* The two expiries and where their rates come from. */
typedef struct pair {
    const vw_chain_slice *slice[2];
    double minutes[2], rate[2];
    const char *rate_source;
    vw_vix_strip strip[2];
    double value;
    double forward_variance; /* per year between the two; negative is calendar arbitrage */
    vw_family family;        /* of the options */
} pair;

static vw_family family_of(const vw_chain_slice *slice)
{
    const vw_root *root = vw_root_find(slice->root, strlen(slice->root));

    return root != NULL ? root->family : VW_FAMILY_OTHER;
}

/* Of SPX where there is any, else of VIX: the vol of vol. */
static vw_family family_of_index(const vw_chain_slices *slices)
{
    vw_family family = VW_FAMILY_OTHER;

    for (size_t i = 0; i < slices->count && family != VW_FAMILY_SPX; i++) {
        vw_family of = family_of(&slices->list[i]);

        family = of == VW_FAMILY_SPX || of == VW_FAMILY_VIX ? of : family;
    }
    return family;
}

static double minutes_of(const vw_chain_slice *slice, int64_t instant_ns)
{
    int64_t settlement_ns =
        vw_calendar_settlement_ns(NULL, slice->root, slice->expiry, slice->settlement);

    return (double)(settlement_ns - instant_ns) / 60e9;
}

static vw_err choose(const vw_chain_slices *slices, int64_t instant_ns, const request *asked,
                     pair *terms, vw_error *error)
{
    uint32_t today = vw_calendar_date(instant_ns, NULL);
    vw_vix_expiry expiries[EXPIRIES_MAX];
    const vw_chain_slice *from[EXPIRIES_MAX];
    size_t count = 0, chosen[2];

    terms->family = family_of_index(slices);
    for (size_t i = 0; i < slices->count && count < EXPIRIES_MAX; i++) {
        const vw_chain_slice *slice = &slices->list[i];

        if (terms->family != VW_FAMILY_OTHER && family_of(slice) == terms->family) {
            from[count] = slice;
            expiries[count++] =
                (vw_vix_expiry){slice->expiry, slice->settlement, minutes_of(slice, instant_ns)};
        }
    }
    if (count == 0) {
        return vw_fail(error, VW_ERR_DATA, "%s: expected options on SPX or VIX, found none",
                       asked->path);
    }
    if (!vw_vix_choose(NULL, terms->family, today, expiries, count, (double)asked->days,
                       &chosen[NEAR], &chosen[NEXT])) {
        return vw_fail(error, VW_ERR_DATA,
                       "%s: no two index expiries around %d days; another --days or --at?",
                       asked->path, (int)asked->days);
    }
    for (int term = NEAR; term <= NEXT; term++) {
        terms->slice[term] = from[chosen[term]];
        terms->minutes[term] = expiries[chosen[term]].minutes;
    }
    return VW_OK;
}

static bool read_rates(const char *text, double rate[2])
{
    char *end;

    rate[NEAR] = rate[NEXT] = strtod(text, &end);
    if (end != text && *end == ',') {
        text = end + 1;
        rate[NEXT] = strtod(text, &end);
    }
    return end != text && *end == '\0' && fabs(rate[NEAR]) <= 0.3 && fabs(rate[NEXT]) <= 0.3;
}

/* The rate curve that the chain's own calls and puts imply. */
static bool curve_of_chain(const vw_chain_slices *slices, int64_t instant_ns, vw_family family,
                           vw_rate_curve *curve)
{
    static vw_forward forwards[EXPIRIES_MAX];
    static double years[EXPIRIES_MAX];
    size_t count = 0;

    for (size_t i = 0; i < slices->count && count < EXPIRIES_MAX; i++) {
        const vw_chain_slice *slice = &slices->list[i];
        double *scratch = malloc(VW_FORWARD_SCRATCH(slice->count) * sizeof *scratch);
        vw_parity parity = {slice->strike,
                            slice->call_bid,
                            slice->call_ask,
                            slice->put_bid,
                            slice->put_ask,
                            slice->count,
                            minutes_of(slice, instant_ns) / VW_VIX_MINUTES_PER_YEAR,
                            0.05,
                            0};

        if (scratch == NULL || family_of(slice) != family || parity.years <= 0) {
            free(scratch);
            continue;
        }
        vw_forward_fit(&parity, vw_fit_kernels_get(NULL), scratch, &forwards[count]);
        years[count++] = parity.years;
        free(scratch);
    }
    return vw_rate_curve_fit(curve, forwards, years, count, 0);
}

static vw_err find_rates(const vw_chain_slices *slices, int64_t instant_ns, const request *asked,
                         pair *terms, vw_error *error)
{
    vw_treasury treasury;
    vw_rate_curve curve;

    if (asked->rate != NULL) {
        terms->rate_source = "given";
        return read_rates(asked->rate, terms->rate)
                   ? VW_OK
                   : vw_fail(error, VW_ERR_USAGE,
                             "--rate %s: expected one or two (near,next) fractions per year in "
                             "[-0.3, 0.3], such as 0.0525",
                             asked->rate);
    }
    if (asked->treasury != NULL) {
        uint32_t date = vw_calendar_date(instant_ns, NULL);
        vw_err err = vw_treasury_read(asked->treasury, date, &treasury, error);

        terms->rate_source = "treasury";
        for (int term = NEAR; err == VW_OK && term <= NEXT; term++) {
            terms->rate[term] =
                vw_treasury_rate(&treasury, terms->minutes[term] / VW_VIX_MINUTES_PER_YEAR);
        }
        return err;
    }
    terms->rate_source =
        curve_of_chain(slices, instant_ns, terms->family, &curve) ? "parity" : "none";
    if (strcmp(terms->rate_source, "none") == 0) {
        vw_log("vix: no expiry is long enough to imply a rate; taking 0 (see --rate)");
    }
    for (int term = NEAR; term <= NEXT; term++) {
        terms->rate[term] =
            vw_rate_curve_rate(&curve, terms->minutes[term] / VW_VIX_MINUTES_PER_YEAR);
    }
    return VW_OK;
}

static void evaluate(pair *terms, double days)
{
    for (int term = NEAR; term <= NEXT; term++) {
        const vw_chain_slice *slice = terms->slice[term];
        vw_vix_quotes quotes = {slice->strike,  slice->call_bid, slice->call_ask,
                                slice->put_bid, slice->put_ask,  slice->count};

        vw_vix_term(&quotes, terms->minutes[term], terms->rate[term], &terms->strip[term]);
    }
    terms->value = vw_vix_value(&terms->strip[NEAR], &terms->strip[NEXT], days);
    terms->forward_variance =
        vw_vix_forward_variance(terms->strip, 2, terms->minutes[NEAR], terms->minutes[NEXT]);
}

static const char *index_name(const pair *terms, int64_t days)
{
    if (terms->family == VW_FAMILY_VIX) {
        return days == 30 ? "VVIX" : "VIX method on VIX";
    }
    return days == 30 ? "VIX" : days == 9 ? "VIX9D" : days == 93 ? "VIX3M" : "VIX method";
}

static const char *settlement_name(char settlement)
{
    return settlement == 'A' ? "AM" : "PM";
}

/* The first of the terms' statuses that is not ok. */
static vw_status status_of(const pair *terms)
{
    vw_status near = terms->strip[NEAR].status, next = terms->strip[NEXT].status;

    if (near != VW_STATUS_OK || next != VW_STATUS_OK) {
        return near != VW_STATUS_OK ? near : next;
    }
    return isfinite(terms->value) ? VW_STATUS_OK : VW_STATUS_BAD_INPUT;
}

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *term_json(const pair *terms, int term)
{
    const vw_chain_slice *slice = terms->slice[term];
    const vw_vix_strip *strip = &terms->strip[term];

    return json_pack(
        "{s:s, s:s, s:i, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:o, s:o, s:s}", "term",
        term == NEAR ? "near" : "next", "root", slice->root, "expiry", (int)slice->expiry,
        "settlement", settlement_name(slice->settlement), "minutes", number(strip->minutes),
        "years", number(strip->minutes / VW_VIX_MINUTES_PER_YEAR), "rate", number(strip->rate),
        "forward", number(strip->forward), "k0", number(strip->k0), "sum", number(strip->sum),
        "variance", number(strip->variance), "strikes", (int)strip->strikes, "low",
        number(strip->low), "high", number(strip->high), "status", vw_status_name(strip->status));
}

static void print_json(const pair *terms, const vw_chain *chain, const char *when,
                       const request *asked)
{
    json_t *json = json_pack("{s:s, s:s, s:s, s:I, s:o, s:o, s:s, s:s, s:[o, o]}", "file",
                             asked->path, "index", index_name(terms, asked->days), "at", when,
                             "days", (json_int_t)asked->days, "vix", number(terms->value),
                             "forward_variance", number(terms->forward_variance), "status",
                             vw_status_name(status_of(terms)), "rate_source", terms->rate_source,
                             "terms", term_json(terms, NEAR), term_json(terms, NEXT));

    json_object_set_new(json, "synthetic", json_boolean(chain->synthetic));
    json_dumpf(json, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    putchar('\n');
    json_decref(json);
}

static void print_table(const pair *terms, const vw_chain *chain, const char *when,
                        const request *asked)
{
    printf("%s (%d days) at %s: %.2f (%s)%s\n", index_name(terms, asked->days), (int)asked->days,
           when, terms->value, vw_status_name(status_of(terms)),
           chain->synthetic ? " SYNTHETIC" : "");
    printf("%-4s %-5s %8s %2s %12s %9s %12s %9s %12s %7s\n", "term", "root", "expiry", "",
           "minutes", "rate", "forward", "k0", "variance", "strikes");
    for (int term = NEAR; term <= NEXT; term++) {
        const vw_chain_slice *slice = terms->slice[term];
        const vw_vix_strip *strip = &terms->strip[term];

        printf("%-4s %-5s %8u %2s %12.3f %9.6f %12.4f %9.2f %12.9f %7zu\n",
               term == NEAR ? "near" : "next", slice->root, slice->expiry,
               settlement_name(slice->settlement), strip->minutes, strip->rate, strip->forward,
               strip->k0, strip->variance, strip->strikes);
    }
}

/* "2023-09-14T20:15:00Z" */
static void write_instant(int64_t instant_ns, char text[32])
{
    int64_t second = instant_ns / 1000000000, day = second / 86400, rest = second % 86400;
    uint32_t date = vw_calendar_add_days(19700101, (int)day);

    snprintf(text, 32, "%04u-%02u-%02uT%02d:%02d:%02dZ", date / 10000 % 10000, date / 100 % 100,
             date % 100, (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
}

static vw_err compute(const vw_chain *chain, const request *asked, vw_error *error)
{
    vw_chain_slices slices = {0};
    pair terms = {0};
    int64_t instant_ns = 0;
    char when[32];
    vw_err err = vw_chain_instant(chain, asked->at, &instant_ns, error);

    if (err == VW_OK) {
        err = vw_chain_slices_make(chain, &slices, error);
    }
    if (err == VW_OK) {
        err = choose(&slices, instant_ns, asked, &terms, error);
    }
    if (err == VW_OK) {
        err = find_rates(&slices, instant_ns, asked, &terms, error);
    }
    if (err == VW_OK) {
        evaluate(&terms, (double)asked->days);
        write_instant(instant_ns, when);
        if (strcmp(asked->format, "json") == 0) {
            print_json(&terms, chain, when, asked);
        } else {
            print_table(&terms, chain, when, asked);
        }
    }
    vw_chain_slices_free(&slices);
    return err;
}

static vw_err run(const vw_command *command, int argc, char **argv, vw_error *error)
{
    request asked = {.days = 30, .format = "json"};
    const vw_option options[] = {
        {"days", 0, VW_OPTION_WHOLE, &asked.days, "DAYS",
         "horizon: 30 (VIX), 9 (VIX9D), 93 (VIX3M)", 1, 365},
        {"at", 0, VW_OPTION_TEXT, &asked.at, "TIME", "quote, download, vendor, or an instant", 0,
         0},
        {"rate", 0, VW_OPTION_TEXT, &asked.rate, "R[,R]", "continuous rate: both, or near,next", 0,
         0},
        {"treasury", 0, VW_OPTION_TEXT, &asked.treasury, "FILE", "Treasury yields by day (CSV)", 0,
         0},
        {"format", 0, VW_OPTION_TEXT, &asked.format, "FORMAT", "json or table", 0, 0},
    };
    vw_arguments arguments;
    vw_chain chain;
    vw_err err =
        vw_options_parse(command, options, VW_COUNT_OF(options), 1, argc, argv, &arguments, error);

    if (err != VW_OK || arguments.done) {
        return err;
    }
    if (arguments.count != 1) {
        return vw_fail(error, VW_ERR_USAGE, "expected a chain file; see vegawire vix --help");
    }
    if (strcmp(asked.format, "json") != 0 && strcmp(asked.format, "table") != 0) {
        return vw_fail(error, VW_ERR_USAGE, "--format %s: expected json or table", asked.format);
    }
    if (asked.rate != NULL && asked.treasury != NULL) {
        return vw_fail(error, VW_ERR_USAGE, "--rate and --treasury: give one of them");
    }
    asked.path = arguments.list[0];
    err = vw_chain_read_at(asked.path, asked.at, NULL, &chain, error);
    if (err != VW_OK) {
        return err;
    }
    if (chain.bad_rows > 0) {
        vw_log("vix: %zu bad rows skipped, the first %s", chain.bad_rows, chain.first_bad);
    }
    err = compute(&chain, &asked, error);
    vw_chain_free(&chain);
    return err;
}

const vw_command vw_command_vix = {
    .name = "vix",
    .summary = "VIX-method index of a chain, and its steps",
    .usage = "CHAIN.csv[.gz] | -",
    .details =
        "Takes the two expiries around the horizon as the exchange does (Fridays; from 61 days\n"
        "on third Fridays; before October 2014 the first two third Fridays a week away), and\n"
        "gives for both minutes, forward, k0, variance and strikes.  A chain of VIX options gives\n"
        "the vol of vol, from its monthly expiries.\n"
        "Without --rate or --treasury the rate is what the chain's own calls and puts imply.",
    .run = run,
};
