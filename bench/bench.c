#include "bench/bench.h"

#include "bench/rounds.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    PROCESSES = VW_BENCH_PROCESSES,
    PROCESSES_MOST = 2 * PROCESSES, /* on a core that is shared all the time */
    ROUNDS_LEAST = 3,
    ROUNDS_MOST = 61,
    ROUNDS_MAX = PROCESSES_MOST * ROUNDS_MOST
};

/* What the processes find out about a subject. */
typedef struct row {
    char name[VW_BENCH_NAME_SIZE];
    size_t rival; /* row; NONE */
    double vector_ops, bytes;
    vw_bench_error error;
    bool has_latency;
    vw_histogram latency;
    double ns[ROUNDS_MAX];
} row;

static const size_t NONE = SIZE_MAX;

/* In the environment of a process that measures: the file of its findings, seconds, group, isa. */
#define TOLD "VW_BENCH_FIND"

/* The last row is the control, the first subject again. */
typedef struct findings {
    cpu_set_t given; /* to the program, by whoever began it */
    size_t count, rounds;
    size_t processes; /* that have ended */
    struct {
        size_t rounds;
        double apart_ns;
    } of[PROCESSES_MOST]; /* apart NaN: moved meanwhile */
    double apart_ns;      /* of those that count */
    char why[256];        /* there is nothing to measure */
    double pace_ns[ROUNDS_MAX];
    row rows[VW_BENCH_SUBJECTS_MAX + 1];
} findings;

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

    if (vw_machine_others(&others) == 0) {
        others = *vw_machine_given();
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

static double share_of(const vw_machine *machine, const row *of, double ns)
{
    double least_ns = 0;

    if (of->vector_ops > 0 && machine->vector_bits == 512) {
        least_ns = of->vector_ops / machine->vector_ops_ns;
    }
    if (of->bytes > 0 && machine->copy_bytes_ns > 0) {
        least_ns = fmax(least_ns, of->bytes / machine->copy_bytes_ns);
    }
    return least_ns > 0 ? least_ns / ns : NAN;
}

static void fill_latency(vw_bench_result *result, const row *of)
{
    result->p50_ns = result->p99_ns = result->p999_ns = result->max_ns = NAN;
    if (of->has_latency) {
        vw_histogram *latency = vw_bench_memory(sizeof *latency);

        memcpy(latency, &of->latency, sizeof *latency);
        result->latency = latency;
        result->p50_ns = (double)vw_histogram_percentile(latency, 0.5);
        result->p99_ns = (double)vw_histogram_percentile(latency, 0.99);
        result->p999_ns = (double)vw_histogram_percentile(latency, 0.999);
        result->max_ns = (double)atomic_load(&latency->max);
    }
}

static void fill(vw_bench_result *result, const vw_machine *machine, const row *of,
                 const row *rival, size_t rounds)
{
    double values[ROUNDS_MAX], at[4];

    snprintf(result->name, sizeof result->name, "%s", of->name);
    memcpy(values, of->ns, rounds * sizeof *values);
    quartiles(values, rounds, at);
    result->ns_low = at[1], result->ns = at[2], result->ns_high = at[3];
    result->ratio_low = result->ratio = result->ratio_high = NAN;
    if (rival != NULL) {
        snprintf(result->rival, sizeof result->rival, "%s", rival->name);
        for (size_t r = 0; r < rounds; r++) {
            values[r] = of->ns[r] / rival->ns[r];
        }
        quartiles(values, rounds, at);
        result->ratio_low = at[1], result->ratio = at[2], result->ratio_high = at[3];
    }
    result->error = of->error;
    result->share = share_of(machine, of, result->ns);
    fill_latency(result, of);
}

/* Drops what processes found while the processors were elsewhere than for most of them. */
static void keep_most(findings *found)
{
    double sorted[PROCESSES_MOST], apart_ns;
    size_t settled = 0, from = 0, rounds = 0, processes = 0;

    for (size_t i = 0; i < found->processes; i++) {
        if (!isnan(found->of[i].apart_ns)) {
            sorted[settled++] = found->of[i].apart_ns;
        }
    }
    if (settled == 0) { /* they never lay still: all or nothing */
        found->apart_ns = NAN;
        return;
    }
    qsort(sorted, settled, sizeof *sorted, compare);
    apart_ns = found->apart_ns = sorted[settled / 2];
    for (size_t i = 0; i < found->processes; i++) {
        size_t count = found->of[i].rounds;

        if (!isnan(found->of[i].apart_ns) && !vw_machine_moved(found->of[i].apart_ns, apart_ns)) {
            for (size_t j = 0; j < found->count; j++) {
                memmove(found->rows[j].ns + rounds, found->rows[j].ns + from,
                        count * sizeof found->rows[j].ns[0]);
            }
            rounds += count;
            processes++;
        }
        from += count;
    }
    found->rounds = rounds;
    found->processes = processes;
}

static void append(vw_bench_report *report, const vw_bench_group *group, const findings *found)
{
    vw_check(report->count + found->count <= VW_BENCH_RESULTS_MAX);
    for (size_t i = 0; i < found->count; i++) {
        vw_bench_result *result = &report->results[report->count++];
        const row *of = &found->rows[i];

        *result = (vw_bench_result){.control = i + 1 == found->count,
                                    .errors = group->errors,
                                    .apart_ns = group->two ? found->apart_ns : NAN,
                                    .counted = (unsigned)found->processes};
        snprintf(result->group, sizeof result->group, "%s", group->name);
        snprintf(result->item, sizeof result->item, "%s", group->item);
        snprintf(result->rate, sizeof result->rate, "%s", group->rate);
        fill(result, &report->machine, of, of->rival == NONE ? NULL : &found->rows[of->rival],
             found->rounds);
    }
}

/* ---- in a process of its own ----------------------------------------------------------------- */

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

static size_t rival_of(const vw_rounds_row *rows, size_t i, size_t count)
{
    const char *name = rows[i].subject->rival;

    for (size_t j = 0; j < count; j++) {
        if (name == NULL ? j == 0 : strcmp(rows[j].subject->name, name) == 0) {
            return j == i ? NONE : j;
        }
    }
    return NONE;
}

static void describe(row *to, const vw_bench_subject *subject, bool is_control)
{
    snprintf(to->name, sizeof to->name, "%s", subject->name);
    to->vector_ops = subject->vector_ops;
    to->bytes = subject->bytes;
    to->has_latency = subject->latency != NULL;
    to->error = (vw_bench_error){NAN, NAN, NAN, NAN};
    if (subject->accuracy != NULL && !is_control) {
        subject->accuracy(subject->context, &to->error);
    }
}

static void add_latency(row *to, const vw_histogram *latency)
{
    uint64_t max = atomic_load(&latency->max);

    for (size_t i = 0; i < VW_HISTOGRAM_BUCKETS; i++) {
        to->latency.bucket[i] += latency->bucket[i];
    }
    to->latency.count += latency->count;
    to->latency.max = max > to->latency.max ? max : to->latency.max;
}

/* Opens the group and adds rounds of its subjects to what was found; the first describes them. */
static void find(findings *found, const vw_bench_group *group, const char *isa, double seconds)
{
    vw_rounds_row rows[VW_BENCH_SUBJECTS_MAX + 1] = {{NULL}};
    vw_error error = {""};
    size_t count = open_group(group, isa, &error), used = 0, rounds;

    snprintf(found->why, sizeof found->why, "%s", error.text);
    for (size_t i = 0; i < count; i++) {
        if (subjects[i].run != NULL || subjects[i].run_ns != NULL) {
            rows[used++].subject = &subjects[i];
        }
    }
    if (used == 0) {
        return;
    }
    rows[used].subject = rows[0].subject;
    for (size_t i = 0; i <= used; i++) {
        rows[i].ns = found->rows[i].ns + found->rounds;
        found->rows[i].rival = i == used ? 0 : rival_of(rows, i, used);
    }
    rounds = vw_rounds_run(rows, used + 1, ROUNDS_LEAST, ROUNDS_MOST, seconds,
                           found->pace_ns + found->rounds);
    found->of[found->processes].rounds = rounds;
    found->rounds += rounds;
    for (size_t i = 0; i <= used; i++) {
        if (found->count == 0) {
            describe(&found->rows[i], rows[i].subject, i == used);
        }
        if (rows[i].subject->latency != NULL) {
            add_latency(&found->rows[i], rows[i].subject->latency);
        }
    }
    found->count = used + 1;
    close_group(group);
}

/* The same with the processors' distance before and after: their threads are not there yet, or any
 * more. */
static void find_settled(findings *found, const vw_bench_group *group, const char *isa,
                         double seconds)
{
    double before_ns = group->two ? vw_machine_apart() : 0, after_ns;

    find(found, group, isa, seconds);
    after_ns = group->two ? vw_machine_apart() : 0;
    found->of[found->processes].apart_ns = vw_machine_moved(before_ns, after_ns) ? NAN : after_ns;
    found->processes++;
}

/* ---- the processes --------------------------------------------------------------------------- */

/* Keeps the pages that the last process left from being those of the next. */
static void *take_pages(size_t size)
{
    void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    vw_check(pages != MAP_FAILED);
    memset(pages, 1, size);
    return pages;
}

/* This program again, with the same arguments: addresses are luck too. */
static void start_again(void)
{
    static char line[1 << 14];
    char *arguments[256] = {NULL};
    int file = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    ssize_t size = file >= 0 ? read(file, line, sizeof line - 1) : 0;
    size_t count = 0;

    for (char *at = line; at < line + size && count + 1 < VW_COUNT_OF(arguments);) {
        arguments[count++] = at;
        at += strlen(at) + 1;
    }
    execv("/proc/self/exe", arguments);
}

static bool find_in_process(int file, const vw_bench_group *group, const char *isa, double seconds)
{
    char told[128];
    pid_t child;
    int status;

    snprintf(told, sizeof told, "%d %g %s %s", file, seconds, group->name, isa != NULL ? isa : "");
    fflush(NULL);
    child = fork();
    if (child == 0) {
        setenv(TOLD, told, 1);
        start_again();
        _exit(127);
    }
    if (child < 0) {
        return false;
    }
    while (waitpid(child, &status, 0) != child) {
        vw_check(errno == EINTR); /* asked to stop: after this group */
    }
    return status == 0;
}

static findings *map(int file)
{
    findings *found = mmap(NULL, sizeof *found, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);

    vw_check(found != MAP_FAILED);
    return found;
}

void vw_bench_serve(void)
{
    const char *told = getenv(TOLD);
    char name[16], isa[16] = "";
    double seconds;
    int file;

    if (told == NULL || sscanf(told, "%d %lf %15s %15s", &file, &seconds, name, isa) < 3) {
        return;
    }
    for (size_t i = 0; i < vw_bench_group_count(); i++) {
        if (strcmp(vw_bench_groups[i]->name, name) == 0) {
            findings *found = map(file);

            vw_machine_give(&found->given);
            find_settled(found, vw_bench_groups[i], isa[0] != '\0' ? isa : NULL, seconds);
            fflush(NULL);
            _exit(0);
        }
    }
    _exit(1);
}

/* The pace of a round that has the core to itself: by the best that was seen so far. */
static double calm_ns(const findings *found)
{
    static double best_ns = INFINITY;

    for (size_t r = 0; r < found->rounds; r++) {
        best_ns = fmin(best_ns, found->pace_ns[r]);
    }
    return 1.05 * best_ns;
}

/* What uses two processors is bound by how far they are apart, not by the core. */
static bool is_calm(const findings *found, const vw_bench_group *group)
{
    return group->two || vw_rounds_calm(found->pace_ns, found->rounds, calm_ns(found)) > 0;
}

static void keep_quiet(findings *found)
{
    double *ns[VW_BENCH_SUBJECTS_MAX + 1];

    for (size_t i = 0; i < found->count; i++) {
        ns[i] = found->rows[i].ns;
    }
    found->rounds =
        vw_rounds_quiet(ns, found->count, found->rounds, found->pace_ns, calm_ns(found));
}

vw_err vw_bench_measure(vw_bench_report *report, const vw_bench_group *group, const char *isa,
                        double seconds, vw_error *error)
{
    static const size_t taken = (size_t)24 << 20;
    int file = memfd_create("findings", 0); /* open in the processes too */
    void *pages[PROCESSES_MOST] = {NULL};
    findings *found;
    bool went = true;
    vw_err err = VW_OK;

    vw_check(file >= 0 && ftruncate(file, sizeof *found) == 0);
    found = map(file);
    found->given = *vw_machine_given();
    for (size_t i = 0; i < PROCESSES_MOST && went && found->why[0] == '\0' &&
                       (i < PROCESSES || !is_calm(found, group));
         i++) {
        went = find_in_process(file, group, isa, seconds / PROCESSES);
        pages[i] = take_pages(taken);
    }
    for (size_t i = 0; i < PROCESSES_MOST && pages[i] != NULL; i++) {
        munmap(pages[i], taken);
    }
    if (went && found->count > 0) {
        if (group->two) {
            keep_most(found);
        } else {
            keep_quiet(found);
        }
        append(report, group, found);
    } else if (went) {
        err = vw_fail(error, VW_ERR_DATA, "%s", found->why);
    } else {
        err = vw_fail(error, VW_ERR_SYSTEM, "%s: its process failed", group->name);
    }
    munmap(found, sizeof *found);
    close(file);
    return err;
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
