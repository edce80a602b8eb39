#include "tools/bench_report.h"

#include "revision.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

static json_t *number_or_null(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static double null_or_number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return json_is_number(value) ? json_number_value(value) : NAN;
}

/* The text under key, "" when there is none. */
static void copy_text(const json_t *object, const char *key, char *to, size_t size)
{
    const char *text = json_string_value(json_object_get(object, key));

    snprintf(to, size, "%s", text != NULL ? text : "");
}

static json_t *pack_machine(const vw_machine *machine)
{
    return json_pack("{s:s,s:i,s:s,s:s,s:s,s:s,s:i,s:f,s:f,s:f,s:f,s:f,s:f,s:i,s:f,s:f,s:f}",
                     "processor", machine->processor, "processors", (int)machine->processors,
                     "virtual_by", machine->virtual_by, "kernel", machine->kernel, "compiler",
                     machine->compiler, "isa", machine->isa, "pinned", machine->pinned, "load",
                     machine->load, "l1_kib", machine->l1_kib, "l2_kib", machine->l2_kib, "l3_kib",
                     machine->l3_kib, "ghz", machine->ghz, "vector_ops_per_ns",
                     machine->vector_ops_ns, "vector_bits", (int)machine->vector_bits,
                     "read_gb_per_s", machine->read_bytes_ns, "copy_gb_per_s",
                     machine->copy_bytes_ns, "apart_ns", machine->apart_ns);
}

static json_t *pack_result(const vw_bench_result *result)
{
    const struct {
        const char *key;
        double value;
    } numbers[] = {
        {"ns", result->ns},
        {"ns_low", result->ns_low},
        {"ns_high", result->ns_high},
        {"per_second", 1e9 / result->ns},
        {"ratio", result->ratio},
        {"ratio_low", result->ratio_low},
        {"ratio_high", result->ratio_high},
        {"max_error", result->error.max},
        {"p99_error", result->error.p99},
        {"greeks_max_error", result->error.greeks_max},
        {"greeks_p99_error", result->error.greeks_p99},
        {"share_of_limit", result->share},
        {"apart_ns", result->apart_ns},
        {"p50_ns", result->p50_ns},
        {"p99_ns", result->p99_ns},
        {"p999_ns", result->p999_ns},
        {"max_ns", result->max_ns},
    };
    json_t *object = json_pack("{s:s,s:s,s:s,s:s,s:s,s:b}", "group", result->group, "name",
                               result->name, "item", result->item, "rate", result->rate, "rival",
                               result->rival, "control", (int)result->control);

    json_object_set_new(object, "errors",
                        result->errors != NULL ? json_string(result->errors) : json_null());
    for (size_t i = 0; i < VW_COUNT_OF(numbers); i++) {
        json_object_set_new(object, numbers[i].key, number_or_null(numbers[i].value));
    }
    return object;
}

vw_err vw_bench_report_write(FILE *to, const vw_bench_report *report, vw_error *error)
{
    json_t *results = json_array();
    json_t *root;
    int wrote;

    for (size_t i = 0; i < report->count; i++) {
        json_array_append_new(results, pack_result(&report->results[i]));
    }
    root =
        json_pack("{s:s,s:o,s:f,s:o}", "revision", VW_REVISION, "machine",
                  pack_machine(&report->machine), "seconds", report->seconds, "results", results);
    wrote = json_dumpf(root, to, JSON_INDENT(1) | JSON_REAL_PRECISION(6));
    json_decref(root);
    if (wrote != 0 || fputc('\n', to) == EOF || fflush(to) != 0) {
        return vw_fail(error, VW_ERR_SYSTEM, "cannot write the report");
    }
    return VW_OK;
}

static void read_machine(const json_t *from, vw_machine *machine)
{
    *machine = (vw_machine){
        .processors = (unsigned)null_or_number(from, "processors"),
        .ghz = null_or_number(from, "ghz"),
        .vector_ops_ns = null_or_number(from, "vector_ops_per_ns"),
        .read_bytes_ns = null_or_number(from, "read_gb_per_s"),
        .copy_bytes_ns = null_or_number(from, "copy_gb_per_s"),
        .apart_ns = null_or_number(from, "apart_ns"),
    };
    copy_text(from, "processor", machine->processor, sizeof machine->processor);
    copy_text(from, "virtual_by", machine->virtual_by, sizeof machine->virtual_by);
    copy_text(from, "kernel", machine->kernel, sizeof machine->kernel);
    copy_text(from, "compiler", machine->compiler, sizeof machine->compiler);
    copy_text(from, "isa", machine->isa, sizeof machine->isa);
}

static void read_result(const json_t *from, vw_bench_result *result)
{
    *result = (vw_bench_result){
        .ns = null_or_number(from, "ns"),
        .ratio = null_or_number(from, "ratio"),
        .apart_ns = null_or_number(from, "apart_ns"),
        .p50_ns = null_or_number(from, "p50_ns"),
        .p99_ns = null_or_number(from, "p99_ns"),
        .control = json_is_true(json_object_get(from, "control")),
    };
    copy_text(from, "group", result->group, sizeof result->group);
    copy_text(from, "name", result->name, sizeof result->name);
    copy_text(from, "rival", result->rival, sizeof result->rival);
}

vw_err vw_bench_report_read(const char *path, vw_bench_report *report, vw_error *error)
{
    json_error_t where;
    json_t *root = json_load_file(path, 0, &where), *results, *machine;

    if (root == NULL) {
        return where.line > 0
                   ? vw_fail(error, VW_ERR_DATA, "%s:%d: %s", path, where.line, where.text)
                   : vw_fail(error, VW_ERR_DATA, "%s", where.text); /* names the file */
    }
    results = json_object_get(root, "results");
    machine = json_object_get(root, "machine");
    if (!json_is_array(results) || !json_is_object(machine) ||
        !json_is_integer(json_object_get(machine, "processors"))) {
        json_decref(root);
        return vw_fail(error, VW_ERR_DATA,
                       "%s: no report of vegawire bench; make one with `vegawire bench --format "
                       "json > FILE`",
                       path);
    }
    *report = (vw_bench_report){.count = json_array_size(results)};
    report->count = report->count < VW_BENCH_RESULTS_MAX ? report->count : VW_BENCH_RESULTS_MAX;
    read_machine(machine, &report->machine);
    for (size_t i = 0; i < report->count; i++) {
        read_result(json_array_get(results, i), &report->results[i]);
    }
    json_decref(root);
    return VW_OK;
}

static const vw_bench_result *find(const vw_bench_report *in, const vw_bench_result *like)
{
    for (size_t i = 0; i < in->count; i++) {
        if (strcmp(in->results[i].group, like->group) == 0 &&
            strcmp(in->results[i].name, like->name) == 0 &&
            in->results[i].control == like->control) {
            return &in->results[i];
        }
    }
    return NULL;
}

static bool are_ratios(const vw_bench_result *before, const vw_bench_result *now)
{
    return isfinite(before->ratio) && isfinite(now->ratio) &&
           strcmp(before->rival, now->rival) == 0;
}

/* A hypervisor that runs the processors elsewhere has changed what uses two of them. */
static bool is_moved(const vw_bench_result *before, const vw_bench_result *now)
{
    return isfinite(before->apart_ns) && isfinite(now->apart_ns) &&
           vw_machine_moved(before->apart_ns, now->apart_ns);
}

/* Returns whether now is within a tenth of before. */
static bool print_pair(FILE *to, const vw_bench_result *before, const vw_bench_result *now)
{
    bool by_ratio = are_ratios(before, now);
    double was = by_ratio ? before->ratio : before->ns, is = by_ratio ? now->ratio : now->ns;
    const char *word = is > 1.1 * was ? "slower" : is < was / 1.1 ? "faster" : "";

    fprintf(to, "%-10s %-40s %12.3f %12.3f %9.3f  %-6s %s%s\n", now->group, now->name, was, is,
            is / was, is_moved(before, now) ? "moved" : word, by_ratio ? "of " : "ns",
            by_ratio ? now->rival : "");
    return word[0] == '\0';
}

vw_err vw_bench_report_comparable(const vw_bench_report *before, const vw_machine *now,
                                  vw_error *error)
{
    const char *what = vw_machine_differs(&before->machine, now);

    if (what == NULL) {
        return VW_OK;
    }
    return vw_fail(error, VW_ERR_DATA,
                   "that report is of another machine (%s; there %s, here %s); --other-machine "
                   "compares them all the same",
                   what, before->machine.processor, now->processor);
}

/* Says of each group that uses two processors when they were elsewhere. */
static void print_moves(FILE *to, const vw_bench_report *before, const vw_bench_report *now)
{
    for (size_t i = 0; i < now->count; i++) {
        const vw_bench_result *result = &now->results[i], *old = find(before, result);

        if (result->control && old != NULL && is_moved(old, result)) {
            fprintf(to,
                    "%s: the processors were %.0f ns apart, now %.0f: moved, another machine for "
                    "what uses two\n",
                    result->group, old->apart_ns, result->apart_ns);
        }
    }
}

void vw_bench_report_compare(FILE *to, const vw_bench_report *before, const vw_bench_report *now)
{
    const char *what = vw_machine_differs(&before->machine, &now->machine);
    size_t ratios = 0, alike = 0, moved = 0;

    fprintf(to, "\n");
    if (what != NULL) {
        fprintf(to, "another machine (%s): times say nothing, ratios little\n", what);
    }
    print_moves(to, before, now);
    fprintf(to, "%-10s %-40s %12s %12s %9s\n", "group", "subject", "before", "now", "quotient");
    for (size_t i = 0; i < now->count; i++) {
        const vw_bench_result *old = find(before, &now->results[i]);

        if (old != NULL && !now->results[i].control) {
            bool within = print_pair(to, old, &now->results[i]);
            bool is_ratio = are_ratios(old, &now->results[i]);
            bool elsewhere = is_moved(old, &now->results[i]);

            moved += is_ratio && elsewhere;
            ratios += is_ratio && !elsewhere;
            alike += within && is_ratio && !elsewhere;
        }
    }
    if (ratios + moved > 0) {
        fprintf(to, "%zu of %zu ratios are within a tenth of what they were", alike, ratios);
        fprintf(to, moved > 0 ? "; %zu moved\n" : "\n", moved);
    }
}
