#include "tools/fit_report.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

static const double DAY = 1.0 / 365;

/* What is summed over expiries. */
typedef struct totals {
    size_t expiries, fitted, expired, quotes, inside, core_quotes;
    double core_square_sum;
    size_t butterfly_violations, calendar_violations, lifted;
} totals;

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *count_json(size_t value)
{
    return json_integer((json_int_t)value);
}

static json_t *numbers(const double *values, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list, number(values[i]));
    }
    return list;
}

static json_t *hks_json(const vw_slice *slice)
{
    const vw_hks *hks = &slice->hks;

    if (slice->model != VW_MODEL_HKS) {
        return json_null();
    }
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "sd", number(hks->sd), "c0", number(hks->c0),
                     "c1", number(hks->c1), "m", numbers(hks->m, hks->nodes), "s",
                     numbers(hks->s, hks->nodes), "c", numbers(hks->c, hks->nodes));
}

static json_t *svi_json(const vw_slice *slice)
{
    const vw_svi *svi = &slice->svi;

    if (!(svi->sigma > 0)) {
        return json_null();
    }
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "a", number(svi->a), "b", number(svi->b), "rho",
                     number(svi->rho), "m", number(svi->m), "sigma", number(svi->sigma));
}

static void set_fit(json_t *json, const vw_expiry_fit *expiry, const vw_slice *slice)
{
    const vw_smile_quality *q = &expiry->quality;
    vw_slice_point money = vw_slice_at(slice, 0, expiry->years);

    json_object_set_new(json, "atm_vol", number(money.vol));
    json_object_set_new(json, "atm_skew", number(money.skew));
    json_object_set_new(json, "model", json_string(slice->model == VW_MODEL_HKS ? "hks" : "svi"));
    json_object_set_new(json, "hks", hks_json(slice));
    json_object_set_new(json, "svi", svi_json(slice));
    json_object_set_new(json, "svi_rmse_vol", number(slice->svi_rmse_vol));
    json_object_set_new(json, "k_min", number(slice->k_min));
    json_object_set_new(json, "k_max", number(slice->k_max));
    json_object_set_new(json, "quotes", count_json(q->quotes));
    json_object_set_new(json, "inside",
                        number(q->quotes > 0 ? (double)q->inside / q->quotes : NAN));
    json_object_set_new(json, "rmse_vol", number(q->rmse_vol));
    json_object_set_new(json, "core_quotes", count_json(q->core_quotes));
    json_object_set_new(json, "core_rmse_vol", number(q->core_quotes > 0 ? q->core_rmse_vol : NAN));
    json_object_set_new(json, "max_vol_error", number(q->max_error_vol));
    json_object_set_new(json, "butterfly_min_g", number(slice->least_g));
    json_object_set_new(json, "calendar_min", number(expiry->calendar_min));
    json_object_set_new(json, "calendar_lifted", count_json(expiry->lifted));
}

static json_t *expiry_json(const vw_fit_report *report, const vw_expiry_fit *expiry)
{
    static const char *const missing[] = {
        "atm_vol",       "atm_skew",      "model",           "hks",         "svi",
        "svi_rmse_vol",  "k_min",         "k_max",           "inside",      "rmse_vol",
        "core_rmse_vol", "max_vol_error", "butterfly_min_g", "calendar_min"};
    const vw_slice *slice = vw_chain_fit_slice(report->fit, expiry);
    const vw_forward *f = &expiry->forward;
    bool has_forward = f->used > 0;
    char date[16];
    json_t *json;

    vw_fit_report_date(expiry->slice->expiry, date);
    json =
        json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:i}", "expiry", date, "settlement",
                  expiry->slice->settlement == 'A' ? "AM" : "PM", "root", expiry->slice->root,
                  "years", number(expiry->years), "forward", number(has_forward ? f->forward : NAN),
                  "forward_se", number(has_forward ? f->forward_se : NAN), "discount",
                  number(has_forward ? f->discount : NAN), "rate",
                  number(has_forward ? f->rate : NAN), "pairs", (int)f->used);
    if (slice != NULL) {
        set_fit(json, expiry, slice);
    } else {
        for (size_t i = 0; i < VW_COUNT_OF(missing); i++) {
            json_object_set_new(json, missing[i], json_null());
        }
        json_object_set_new(json, "quotes", json_integer(0));
    }
    json_object_set_new(json, "status", json_string(vw_status_name(expiry->status)));
    return json;
}

static vw_err add_quotes(const vw_fit_report *report, const vw_expiry_fit *expiry, json_t *list,
                         vw_error *error)
{
    size_t count = vw_fit_quotes_count(expiry);
    vw_fit_quote *quotes = malloc((count + 1) * sizeof *quotes);
    vw_err err = quotes != NULL
                     ? vw_fit_quotes_get(report->fit, expiry, report->kernels, quotes, error)
                     : vw_fail(error, VW_ERR_SYSTEM, "out of memory");
    char date[16];

    vw_fit_report_date(expiry->slice->expiry, date);
    for (size_t i = 0; i < count && err == VW_OK; i++) {
        const vw_fit_quote *q = &quotes[i];

        json_array_append_new(
            list,
            json_pack(
                "{s:s, s:s, s:f, s:s#, s:f, s:f, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s}",
                "expiry", date, "root", expiry->slice->root, "strike", q->strike, "type", &q->type,
                1, "bid", q->bid, "ask", q->ask, "mid_iv", number(q->mid_iv), "bid_iv",
                number(q->bid_iv), "ask_iv", number(q->ask_iv), "fit_iv", number(q->fit_iv),
                "delta", number(q->delta), "gamma", number(q->gamma), "vega", number(q->vega),
                "theta", number(q->theta), "status", vw_status_name(q->status)));
    }
    free(quotes);
    return err;
}

static void add_totals(totals *t, const vw_expiry_fit *expiry, const vw_slice *slice)
{
    t->expiries++;
    t->expired += expiry->status == VW_STATUS_EXPIRED;
    if (slice != NULL) {
        t->fitted++;
        t->quotes += expiry->quality.quotes;
        t->inside += expiry->quality.inside;
        t->core_quotes += expiry->quality.core_quotes;
        t->core_square_sum += expiry->quality.core_square_sum;
        t->butterfly_violations += slice->least_g < 0;
        t->calendar_violations += expiry->calendar_min < 0;
        t->lifted += expiry->lifted;
    }
}

static json_t *totals_json(const totals *t)
{
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "expiries", count_json(t->expiries),
        "fitted", count_json(t->fitted), "expired", count_json(t->expired), "quotes",
        count_json(t->quotes), "inside",
        number(t->quotes > 0 ? (double)t->inside / (double)t->quotes : NAN), "core_rmse_vol",
        number(t->core_quotes > 0 ? sqrt(t->core_square_sum / (double)t->core_quotes) : NAN),
        "butterfly_violations", count_json(t->butterfly_violations), "calendar_violations",
        count_json(t->calendar_violations), "calendar_lifted", count_json(t->lifted));
}

static json_t *arbitrage_json(const vw_found_arbitrage *found)
{
    char date[16], far[16];
    json_t *json;

    vw_fit_report_date(found->near->slice->expiry, date);
    json = json_pack("{s:s, s:s, s:s, s:f, s:f, s:f}", "kind", vw_arbitrage_name(found->row.kind),
                     "expiry", date, "root", found->near->slice->root, "strike", found->row.strike,
                     "edge", found->row.edge, "edge_usd", found->row.edge_usd);
    if (found->row.type != 0) {
        json_object_set_new(json, "type", json_stringn(&found->row.type, 1));
        json_object_set_new(json, "low", number(found->row.low));
        json_object_set_new(json, "high", number(found->row.high));
    }
    if (found->far != NULL) {
        vw_fit_report_date(found->far->slice->expiry, far);
        json_object_set_new(json, "far_expiry", json_string(far));
        json_object_set_new(json, "far_root", json_string(found->far->slice->root));
    }
    return json;
}

static void set_arbitrage(json_t *json, json_t *sums, const vw_chain_fit *fit)
{
    json_t *list = json_array();
    double usd = 0;

    for (size_t i = 0; i < fit->arbitrage_count; i++) {
        json_array_append_new(list, arbitrage_json(&fit->arbitrages[i]));
        usd += fit->arbitrages[i].row.edge_usd;
    }
    json_object_set_new(sums, "arbitrages", count_json(fit->arbitrage_count));
    json_object_set_new(sums, "arbitrage_edge_usd", number(usd));
    json_object_set_new(json, "arbitrage", list);
}

vw_err vw_fit_report_json(const vw_fit_report *report, FILE *to, vw_error *error)
{
    const vw_chain_fit *fit = report->fit;
    totals all = {0}, middle = {0};
    json_t *json = json_object(), *expiries = json_array(), *quotes = json_array(), *sums;
    vw_err err = VW_OK;
    char at[32];

    vw_fit_report_instant(fit->at_ns, at);
    json_object_set_new(json, "file", json_string(report->chain->path));
    json_object_set_new(json, "underlying", json_string(report->chain->underlying));
    json_object_set_new(json, "at", json_string(at));
    json_object_set_new(json, "spot", number(report->chain->spot));
    json_object_set_new(json, "synthetic", json_boolean(report->chain->synthetic));
    for (size_t i = 0; i < fit->count && err == VW_OK; i++) {
        const vw_expiry_fit *expiry = &fit->expiries[i];
        const vw_slice *slice = vw_chain_fit_slice(fit, expiry);

        json_array_append_new(expiries, expiry_json(report, expiry));
        add_totals(&all, expiry, slice);
        if (expiry->years >= 2 * DAY && expiry->years <= 400 * DAY) {
            add_totals(&middle, expiry, slice);
        }
        if (report->quotes) {
            err = add_quotes(report, expiry, quotes, error);
        }
    }
    sums = totals_json(&all);
    json_object_set_new(sums, "days_2_to_400", totals_json(&middle));
    json_object_set_new(sums, "bad_rows", count_json(report->chain->bad_rows));
    json_object_set_new(json, "expiries", expiries);
    set_arbitrage(json, sums, fit);
    json_object_set_new(json, "totals", sums);
    if (report->quotes) {
        json_object_set(json, "quotes", quotes);
    }
    if (err == VW_OK && json_dumpf(json, to, JSON_INDENT(1) | JSON_REAL_PRECISION(17)) == 0) {
        fputc('\n', to);
    }
    json_decref(quotes);
    json_decref(json);
    return err;
}
