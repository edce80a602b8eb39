#include "tools/fit_report.h"

#include <math.h>
#include <stdlib.h>

void vw_fit_report_date(uint32_t date, char text[16])
{
    snprintf(text, 16, "%04u-%02u-%02u", date / 10000 % 10000, date / 100 % 100, date % 100);
}

void vw_fit_report_instant(int64_t instant_ns, char text[32])
{
    int64_t second = instant_ns / 1000000000, day = second / 86400, rest = second % 86400;
    char date[16];

    vw_fit_report_date(vw_calendar_add_days(19700101, (int)day), date);
    snprintf(text, 32, "%sT%02d:%02d:%02dZ", date, (int)(rest / 3600), (int)(rest / 60 % 60),
             (int)(rest % 60));
}

/* One CSV field, empty when there is no number. */
static void field(FILE *to, double value, const char *after)
{
    if (isfinite(value)) {
        fprintf(to, "%.17g", value);
    }
    fputs(after, to);
}

typedef void print_quote(FILE *to, const char *date, const char *root, const vw_fit_quote *quote);

static vw_err each_quote(const vw_fit_report *report, FILE *to, print_quote *print, vw_error *error)
{
    vw_err err = VW_OK;

    for (size_t i = 0; i < report->fit->count && err == VW_OK; i++) {
        const vw_expiry_fit *expiry = &report->fit->expiries[i];
        size_t count = vw_fit_quotes_count(expiry);
        vw_fit_quote *quotes = malloc((count + 1) * sizeof *quotes);
        char date[16];

        if (quotes == NULL) {
            return vw_fail(error, VW_ERR_SYSTEM, "out of memory");
        }
        vw_fit_report_date(expiry->slice->expiry, date);
        err = vw_fit_quotes_get(report->fit, expiry, report->kernels, quotes, error);
        for (size_t j = 0; j < count && err == VW_OK; j++) {
            print(to, date, expiry->slice->root, &quotes[j]);
        }
        free(quotes);
    }
    return err;
}

static void print_quote_csv(FILE *to, const char *date, const char *root, const vw_fit_quote *q)
{
    const double columns[] = {q->mid_iv, q->bid_iv, q->ask_iv, q->fit_iv,
                              q->delta,  q->gamma,  q->vega,   q->theta};

    fprintf(to, "%s,%s,%.10g,%c,%.10g,%.10g,", date, root, q->strike, q->type, q->bid, q->ask);
    for (size_t i = 0; i < VW_COUNT_OF(columns); i++) {
        field(to, columns[i], ",");
    }
    fprintf(to, "%s\n", vw_status_name(q->status));
}

static void print_expiry_csv(FILE *to, const vw_chain_fit *fit, const vw_expiry_fit *expiry)
{
    const vw_slice *slice = vw_chain_fit_slice(fit, expiry), none = {.least_g = NAN};
    const vw_slice *s = slice != NULL ? slice : &none;
    const vw_smile_quality *q = &expiry->quality;
    const vw_forward *f = &expiry->forward;
    double has = slice != NULL ? 1 : NAN;
    const double columns[] = {
        has * s->svi.a,
        has * s->svi.b,
        has * s->svi.rho,
        has * s->svi.m,
        has * s->svi.sigma,
        has * s->svi_rmse_vol,
        q->quotes,
        has * (q->quotes > 0 ? (double)q->inside / q->quotes : NAN),
        has * q->rmse_vol,
        has * q->core_rmse_vol,
        has * q->max_error_vol,
        s->least_g,
        expiry->calendar_min,
    };
    char date[16];

    vw_fit_report_date(expiry->slice->expiry, date);
    fprintf(to, "%s,%s,%s,", date, expiry->slice->settlement == 'A' ? "AM" : "PM",
            expiry->slice->root);
    field(to, expiry->years, ",");
    field(to, f->used > 0 ? f->forward : NAN, ",");
    field(to, f->used > 0 ? f->discount : NAN, ",");
    fprintf(to, "%s,", slice == NULL ? "" : slice->model == VW_MODEL_HKS ? "hks" : "svi");
    for (size_t i = 0; i < VW_COUNT_OF(columns); i++) {
        field(to, columns[i], ",");
    }
    fprintf(to, "%s\n", vw_status_name(expiry->status));
}

vw_err vw_fit_report_csv(const vw_fit_report *report, FILE *to, vw_error *error)
{
    if (report->quotes) {
        fprintf(to, "expiry,root,strike,type,bid,ask,mid_iv,bid_iv,ask_iv,fit_iv,"
                    "delta,gamma,vega,theta,status\n");
        return each_quote(report, to, print_quote_csv, error);
    }
    fprintf(to, "expiry,settlement,root,years,forward,discount,model,"
                "svi_a,svi_b,svi_rho,svi_m,svi_sigma,svi_rmse_vol,quotes,inside,rmse_vol,"
                "core_rmse_vol,max_vol_error,butterfly_min_g,calendar_min,status\n");
    for (size_t i = 0; i < report->fit->count; i++) {
        print_expiry_csv(to, report->fit, &report->fit->expiries[i]);
    }
    return VW_OK;
}

/* A table cell of given width, a dash when there is no number. */
static void cell(FILE *to, int width, int digits, double value)
{
    if (isfinite(value)) {
        fprintf(to, " %*.*f", width, digits, value);
    } else {
        fprintf(to, " %*s", width, "-");
    }
}

static void print_quote_table(FILE *to, const char *date, const char *root, const vw_fit_quote *q)
{
    fprintf(to, "%s %-5s %9.2f %c", date, root, q->strike, q->type);
    cell(to, 9, 2, q->bid);
    cell(to, 9, 2, q->ask);
    cell(to, 7, 2, 100 * q->mid_iv);
    cell(to, 7, 2, 100 * q->bid_iv);
    cell(to, 7, 2, 100 * q->ask_iv);
    cell(to, 7, 2, 100 * q->fit_iv);
    cell(to, 8, 4, q->delta);
    cell(to, 9, 6, q->gamma);
    cell(to, 8, 3, q->vega);
    cell(to, 8, 3, q->theta);
    fprintf(to, " %s\n", vw_status_name(q->status));
}

static void print_expiry_table(FILE *to, const vw_chain_fit *fit, const vw_expiry_fit *expiry)
{
    const vw_slice *slice = vw_chain_fit_slice(fit, expiry);
    const vw_smile_quality *q = &expiry->quality;
    const vw_forward *f = &expiry->forward;
    char date[16];

    vw_fit_report_date(expiry->slice->expiry, date);
    fprintf(to, "%s %s %-5s", date, expiry->slice->settlement == 'A' ? "AM" : "PM",
            expiry->slice->root);
    cell(to, 8, 2, 365 * expiry->years);
    cell(to, 9, 2, f->used > 0 ? f->forward : NAN);
    cell(to, 6, 2, f->used > 0 ? 100 * f->rate : NAN);
    if (slice != NULL) {
        fprintf(to, " %s", slice->model == VW_MODEL_HKS ? "hks" : "svi");
        cell(to, 6, 2, 100 * vw_slice_at(slice, 0, expiry->years).vol);
        fprintf(to, " %6u", q->quotes);
        cell(to, 6, 1, q->quotes > 0 ? 100.0 * q->inside / q->quotes : NAN);
        cell(to, 7, 1, 1e4 * q->core_rmse_vol);
        cell(to, 7, 1, 1e4 * slice->svi_rmse_vol);
        cell(to, 7, 4, slice->least_g);
        cell(to, 9, 5, expiry->calendar_min);
    }
    fprintf(to, " %s\n", vw_status_name(expiry->status));
}

static void print_arbitrages(FILE *to, const vw_chain_fit *fit)
{
    for (size_t i = 0; i < fit->arbitrage_count; i++) {
        const vw_found_arbitrage *found = &fit->arbitrages[i];
        char date[16];

        vw_fit_report_date(found->near->slice->expiry, date);
        fprintf(to, "%s at %s %s %.10g: %.2f USD\n", vw_arbitrage_name(found->row.kind), date,
                found->near->slice->root, found->row.strike, found->row.edge_usd);
    }
}

vw_err vw_fit_report_table(const vw_fit_report *report, FILE *to, vw_error *error)
{
    const vw_chain_fit *fit = report->fit;
    char at[32];

    vw_fit_report_instant(fit->at_ns, at);
    fprintf(to, "%s at %s%s\n", report->chain->underlying, at,
            report->chain->synthetic ? " SYNTHETIC" : "");
    if (report->quotes) {
        fprintf(to, "%-10s %-5s %9s %s %9s %9s %7s %7s %7s %7s %8s %9s %8s %8s %s\n", "expiry",
                "root", "strike", "t", "bid", "ask", "mid %", "bid %", "ask %", "fit %", "delta",
                "gamma", "vega", "theta", "status");
        return each_quote(report, to, print_quote_table, error);
    }
    fprintf(to, "%-10s %-2s %-5s %8s %9s %6s %3s %6s %6s %6s %7s %7s %7s %9s %s\n", "expiry", "",
            "root", "days", "forward", "rate %", "fit", "atm %", "quotes", "in %", "core bp",
            "svi bp", "min g", "calendar", "status");
    for (size_t i = 0; i < fit->count; i++) {
        print_expiry_table(to, fit, &fit->expiries[i]);
    }
    print_arbitrages(to, fit);
    return VW_OK;
}
