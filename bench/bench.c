#include "bench/bench.h"

#include "bench/harness.h"
#include "core/base/clock.h"

#include <math.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum { ROUNDS_MIN = 9, ROUNDS_MAX = 301, SLICE_NS = 200000, TRIES = 3 };

/* One subject's rounds; the last row is the control, the first subject again. */
typedef struct row {
    const vw_bench_subject *subject;
    size_t passes;
    double ns[ROUNDS_MAX];
    double ratio[ROUNDS_MAX];
} row;

static row rows[VW_BENCH_SUBJECTS_MAX + 1];

/* What was handed out for good, so that a leak checker sees that it is meant. */
static void *kept[4096];
static size_t kept_count;

/* In huge pages, where it fills some, as the arena has them. */
void *vw_bench_memory(size_t size)
{
    size_t huge = (size_t)2 << 20, align = size < huge ? VW_LINE_PAIR : huge;
    void *mem = aligned_alloc(align, vw_round_up(size, align));

    vw_check(mem != NULL && kept_count < VW_COUNT_OF(kept));
    kept[kept_count++] = mem;
    if (align == huge) {
        madvise(mem, vw_round_up(size, align), MADV_HUGEPAGE);
    }
    memset(mem, 0, size);
    return mem;
}

const char *vw_bench_name(const char *format, ...)
{
    char *name = vw_bench_memory(VW_BENCH_NAME_SIZE);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(name, VW_BENCH_NAME_SIZE, format, arguments);
    va_end(arguments);
    return name;
}

const vw_kernels *vw_bench_next_set(const char *isa, size_t *i)
{
    for (const char *name; (name = vw_kernels_name(*i)) != NULL;) {
        ++*i;
        if ((isa == NULL || strcmp(isa, name) == 0) && strcmp(name, "reference") != 0 &&
            vw_kernels_get(name) != NULL) {
            return vw_kernels_get(name);
        }
    }
    return NULL;
}

void vw_bench_thread(pthread_t *thread, void *(*body)(void *), void *arg)
{
    pthread_attr_t attributes;
    cpu_set_t others;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    CPU_ZERO(&others);
    for (long cpu = 0; cpu < processors; cpu++) {
        if (cpu != sched_getcpu() || processors == 1) {
            CPU_SET((size_t)cpu, &others);
        }
    }
    pthread_attr_init(&attributes);
    pthread_attr_setaffinity_np(&attributes, sizeof others, &others);
    vw_check(pthread_create(thread, &attributes, body, arg) == 0);
    pthread_attr_destroy(&attributes);
}

double vw_bench_uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (double)(*state >> 11) * 0x1p-53;
}

static double time_passes(const vw_bench_subject *subject, size_t passes)
{
    return vw_harness_time(subject->name, subject->run, subject->run_ns, subject->context, passes);
}

/* The least of some: one that lost the processor would make all rounds of the subject too short. */
static double time_least(const vw_bench_subject *subject, size_t passes)
{
    double least = INFINITY;

    for (int i = 0; i < TRIES; i++) {
        least = fmin(least, time_passes(subject, passes));
    }
    return least;
}

/* As many passes as a slice of a round holds. */
static void calibrate(row *of)
{
    double once;

    time_passes(of->subject, 1);
    once = time_least(of->subject, 1);
    of->passes = 1;
    if (once < SLICE_NS / 4.0) {
        once = time_least(of->subject, 4);
    }
    if (once < SLICE_NS) {
        of->passes = (size_t)(SLICE_NS / fmax(once, 1));
    }
}

static void clear_latency(const vw_bench_subject *subject)
{
    if (subject->latency != NULL) {
        memset(subject->latency, 0, sizeof *subject->latency);
    }
}

/* How often a thread of ours was made to leave its processor. */
static long count_displaced(void)
{
    struct rusage usage;

    vw_check(getrusage(RUSAGE_SELF, &usage) == 0);
    return usage.ru_nivcsw;
}

/* A slice beforehand, so that no subject pays for what the one before it left in the caches.  One
 * in which another process had our processor is taken again. */
static double time_warm(const row *of)
{
    double least = INFINITY;
    bool displaced = true;

    for (int i = 0; i < TRIES && displaced; i++) {
        if (of->passes > 1) {
            time_passes(of->subject, of->passes);
        }
        long before = count_displaced();

        least = fmin(least, time_passes(of->subject, of->passes));
        displaced = count_displaced() != before;
    }
    return least / (double)of->subject->items;
}

/* The control takes its turn half-way, so that neither it nor the first comes after itself. */
static row *turn_of(size_t turn, size_t count)
{
    size_t middle = count / 2;

    if (turn == middle) {
        return &rows[count - 1];
    }
    return &rows[turn < middle ? turn : turn - 1];
}

/* A round begins with another subject each time: none is always the one after the slowest. */
static size_t run_rounds(size_t count, double seconds)
{
    size_t rounds;
    int64_t end_ns;

    for (size_t i = 0; i < count - 1; i++) {
        calibrate(&rows[i]);
    }
    rows[count - 1].passes = rows[0].passes;
    for (size_t i = 0; i < count; i++) {
        clear_latency(rows[i].subject);
    }
    end_ns = vw_clock_monotonic_ns() + (int64_t)(seconds * 1e9);
    for (rounds = 0; rounds < ROUNDS_MAX; rounds++) {
        if (rounds >= ROUNDS_MIN && vw_clock_monotonic_ns() >= end_ns) {
            break;
        }
        for (size_t i = 0; i < count; i++) {
            row *of = turn_of((i + rounds) % count, count);

            of->ns[rounds] = time_warm(of);
        }
    }
    return rounds;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Sorts; quartiles at 1 and 3, the median at 2. */
static void quartiles(double *values, size_t count, double at[4])
{
    qsort(values, count, sizeof *values, compare);
    for (size_t q = 1; q < 4; q++) {
        at[q] = values[q * (count - 1) / 4];
    }
}

static const row *find_rival(const row *of, size_t count)
{
    const char *name = of->subject->rival;

    if (name == NULL) {
        return of == rows ? NULL : &rows[0];
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].subject->name, name) == 0) {
            return &rows[i] == of ? NULL : &rows[i];
        }
    }
    return NULL;
}

static double share_of(const vw_machine *machine, const vw_bench_subject *subject, double ns)
{
    double least_ns = 0;

    if (subject->vector_ops > 0 && machine->vector_bits == 512) {
        least_ns = subject->vector_ops / machine->vector_ops_ns;
    }
    if (subject->bytes > 0 && machine->copy_bytes_ns > 0) {
        least_ns = fmax(least_ns, subject->bytes / machine->copy_bytes_ns);
    }
    return least_ns > 0 ? least_ns / ns : NAN;
}

static void fill_latency(vw_bench_result *result, const vw_histogram *latency)
{
    result->p50_ns = result->p99_ns = result->p999_ns = result->max_ns = NAN;
    if (latency != NULL) {
        result->latency = latency;
        result->p50_ns = (double)vw_histogram_percentile(latency, 0.5);
        result->p99_ns = (double)vw_histogram_percentile(latency, 0.99);
        result->p999_ns = (double)vw_histogram_percentile(latency, 0.999);
        result->max_ns = (double)atomic_load(&latency->max);
    }
}

static void fill(vw_bench_result *result, const vw_machine *machine, row *of, size_t rounds)
{
    const vw_bench_subject *subject = of->subject;
    double at[4];

    snprintf(result->name, sizeof result->name, "%s", subject->name);
    quartiles(of->ns, rounds, at);
    result->ns_low = at[1], result->ns = at[2], result->ns_high = at[3];
    result->ratio_low = result->ratio = result->ratio_high = NAN;
    if (result->rival[0] != '\0') {
        quartiles(of->ratio, rounds, at);
        result->ratio_low = at[1], result->ratio = at[2], result->ratio_high = at[3];
    }
    result->error = (vw_bench_error){NAN, NAN, NAN, NAN};
    if (subject->accuracy != NULL) {
        subject->accuracy(subject->context, &result->error);
    }
    result->share = share_of(machine, subject, result->ns);
    fill_latency(result, subject->latency);
}

/* Times the subjects that are there, the first of them twice, and appends the results. */
static void measure(vw_bench_report *report, const vw_bench_group *group,
                    const vw_bench_subject *of, size_t count, double seconds)
{
    vw_bench_result *first = &report->results[report->count];
    size_t used = 0, rounds;

    for (size_t i = 0; i < count; i++) {
        if (of[i].run != NULL || of[i].run_ns != NULL) {
            rows[used++].subject = &of[i];
        }
    }
    vw_check(used > 0 && report->count + used + 1 <= VW_BENCH_RESULTS_MAX);
    rows[used] = rows[0];
    rounds = run_rounds(used + 1, seconds);
    for (size_t i = 0; i <= used; i++) {
        const row *rival = i == used ? &rows[0] : find_rival(&rows[i], used);

        first[i] = (vw_bench_result){.control = i == used, .errors = group->errors};
        snprintf(first[i].group, sizeof first[i].group, "%s", group->name);
        snprintf(first[i].item, sizeof first[i].item, "%s", group->item);
        snprintf(first[i].rate, sizeof first[i].rate, "%s", group->rate);
        for (size_t r = 0; rival != NULL && r < rounds; r++) {
            rows[i].ratio[r] = rows[i].ns[r] / rival->ns[r];
        }
        if (rival != NULL) {
            snprintf(first[i].rival, sizeof first[i].rival, "%s", rival->subject->name);
        }
    }
    for (size_t i = 0; i <= used; i++) { /* sorts, so when all ratios are taken */
        fill(&first[i], &report->machine, &rows[i], rounds);
    }
    report->count += used + 1;
}

static vw_bench_subject subjects[VW_BENCH_SUBJECTS_MAX];

/* Opens a group into `subjects` and returns how many; 0 with the reason in error. */
static size_t open_group(const vw_bench_group *group, const char *isa, vw_error *error)
{
    const char *why = "nothing to run";
    size_t count;

    memset(subjects, 0, sizeof subjects);
    count = group->open(subjects, isa, &why);
    vw_check(count <= VW_BENCH_SUBJECTS_MAX);
    if (count == 0) {
        vw_fail(error, VW_ERR_DATA, "%s: %s", group->name, why);
    }
    return count;
}

static void close_group(const vw_bench_group *group)
{
    if (group->close != NULL) {
        group->close();
    }
}

vw_err vw_bench_measure(vw_bench_report *report, const vw_bench_group *group, const char *isa,
                        double seconds, vw_error *error)
{
    size_t count = open_group(group, isa, error);

    if (count == 0) {
        return VW_ERR_DATA;
    }
    measure(report, group, subjects, count, seconds);
    close_group(group);
    return VW_OK;
}

vw_err vw_bench_once(const vw_bench_group *group, const char *isa, vw_error *error)
{
    size_t count = open_group(group, isa, error);

    for (size_t i = 0; i < count; i++) {
        if (subjects[i].run != NULL) {
            subjects[i].run(subjects[i].context);
        } else if (subjects[i].run_ns != NULL) {
            subjects[i].run_ns(subjects[i].context);
        }
    }
    if (count > 0) {
        close_group(group);
    }
    return count > 0 ? VW_OK : VW_ERR_DATA;
}

double vw_bench_trouble(const vw_bench_report *report)
{
    double worst = 0;

    for (size_t i = 0; i < report->count; i++) {
        if (report->results[i].control) {
            worst = fmax(worst, fabs(report->results[i].ratio - 1));
        }
    }
    return worst;
}

void vw_bench_run(const char *title, const vw_bench_subject *of, size_t count)
{
    static const vw_bench_group plain = {.name = "", .item = "item", .rate = ""};
    static vw_bench_report report;
    size_t before = report.count;

    if (report.machine.processors == 0) {
        vw_machine_describe(&report.machine);
        vw_machine_print(stdout, &report.machine);
    }
    printf("\n%s\n", title);
    measure(&report, &plain, of, count, 1);
    vw_bench_print(stdout, &report, before);
}
