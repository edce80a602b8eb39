#include "bench/machine.h"

#include "bench/bench.h"
#include "core/base/clock.h"
#include "core/pricing/kernels.h"

#include <ctype.h>
#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { MULTIPLIES = 16, CHAINS = 12, PROBES = 15, PROBE_TURNS = 20000, TRIPS = 64, GAMES = 16 };
#define BALL_LOST UINT32_MAX

/* More than any cache holds. */
static const size_t memory_size = (size_t)128 << 20;

static cpu_set_t given;

const cpu_set_t *vw_machine_given(void)
{
    if (CPU_COUNT(&given) == 0 && sched_getaffinity(0, sizeof given, &given) != 0) {
        CPU_SET(0, &given); /* more than a set holds */
    }
    return &given;
}

void vw_machine_give(const cpu_set_t *set)
{
    given = *set;
}

unsigned vw_machine_others(cpu_set_t *set)
{
    int own = sched_getcpu();

    *set = *vw_machine_given();
    if (own >= 0) {
        CPU_CLR((size_t)own, set);
    }
    return (unsigned)CPU_COUNT(set);
}

int vw_machine_pin(void)
{
    int processor = (vw_machine_given(), sched_getcpu());
    cpu_set_t set;

    if (processor >= 0) {
        CPU_ZERO(&set);
        CPU_SET((size_t)processor, &set);
        if (sched_setaffinity(0, sizeof set, &set) != 0) {
            processor = -1;
        }
    }
    return processor;
}

bool vw_machine_realtime(void)
{
    const struct sched_param param = {.sched_priority = 1};

    return sched_setscheduler(0, SCHED_FIFO, &param) == 0;
}

/* A multiplication that waits for the one before takes three cycles on every machine we know. */
static void multiply_in_a_row(void)
{
    uint64_t x = 3;

    for (int i = 0; i < PROBE_TURNS; i++) {
        __asm__ volatile(".rept 16\n imulq %0, %0\n .endr" : "+r"(x));
    }
}

/* Twelve chains hide a latency of four to six cycles on two ports. */
__attribute__((target("avx512f"))) static void fma_512(void)
{
    for (int i = 0; i < PROBE_TURNS; i++) {
        __asm__ volatile(".irp n,0,1,2,3,4,5,6,7,8,9,10,11\n"
                         "vfmadd231pd %%zmm14, %%zmm15, %%zmm\\n\n.endr"
                         :
                         :
                         : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8",
                           "xmm9", "xmm10", "xmm11", "xmm14", "xmm15");
    }
}

__attribute__((target("avx2,fma"))) static void fma_256(void)
{
    for (int i = 0; i < PROBE_TURNS; i++) {
        __asm__ volatile(".irp n,0,1,2,3,4,5,6,7,8,9,10,11\n"
                         "vfmadd231pd %%ymm14, %%ymm15, %%ymm\\n\n.endr"
                         :
                         :
                         : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8",
                           "xmm9", "xmm10", "xmm11", "xmm14", "xmm15");
    }
}

static void (*widest(void))(void)
{
    return __builtin_cpu_supports("avx512f") ? fma_512
           : __builtin_cpu_supports("fma")   ? fma_256
                                             : multiply_in_a_row;
}

double vw_machine_pace(void)
{
    void (*const probe)(void) = widest();
    int64_t start = vw_clock_monotonic_ns();

    probe();
    return (double)(vw_clock_monotonic_ns() - start);
}

/* The best of several: what the machine can do, not what others left of it. */
static double best_ns(void (*probe)(void))
{
    double best = INFINITY;

    for (int i = 0; i < PROBES; i++) {
        int64_t start = vw_clock_monotonic_ns();

        probe();
        best = fmin(best, (double)(vw_clock_monotonic_ns() - start));
    }
    return best;
}

static uint64_t *memory, memory_sum;

static void read_memory(void)
{
    uint64_t sums[8] = {0};

    for (size_t i = 0; i < memory_size / sizeof *memory; i += 8) {
        for (size_t j = 0; j < 8; j++) {
            sums[j] += memory[i + j];
        }
    }
    for (size_t j = 0; j < 8; j++) {
        memory_sum += sums[j];
    }
}

static void copy_memory(void)
{
    memcpy(memory, (char *)memory + memory_size / 2, memory_size / 2);
}

static struct {
    alignas(VW_LINE_PAIR) _Atomic uint32_t value;
} ball;

static void *return_ball(void *unused)
{
    for (uint32_t i = 0;; i += 2) {
        uint32_t value;

        while ((value = atomic_load_explicit(&ball.value, memory_order_acquire)) != i + 1) {
            if (value == BALL_LOST) {
                return unused;
            }
            __builtin_ia32_pause();
        }
        atomic_store_explicit(&ball.value, i + 2, memory_order_release);
    }
}

static void play_ball(void)
{
    for (int i = 0; i < TRIPS; i++) {
        uint32_t value = atomic_load_explicit(&ball.value, memory_order_relaxed);

        atomic_store_explicit(&ball.value, value + 1, memory_order_release);
        while (atomic_load_explicit(&ball.value, memory_order_acquire) != value + 2) {
            __builtin_ia32_pause();
        }
    }
}

/* Where others have the processors too, a trip may take what they are given at a time. */
double vw_machine_apart(void)
{
    int64_t end_ns = vw_clock_monotonic_ns() + 20 * VW_NS_PER_MS;
    double best = INFINITY;
    pthread_t other;

    if (CPU_COUNT(vw_machine_given()) < 2) {
        return 0;
    }
    atomic_store(&ball.value, 0);
    vw_bench_thread(&other, return_ball, NULL);
    for (int i = 0; i < GAMES && vw_clock_monotonic_ns() < end_ns; i++) {
        best = fmin(best, best_ns(play_ball) / TRIPS);
    }
    atomic_store_explicit(&ball.value, BALL_LOST, memory_order_release);
    pthread_join(other, NULL);
    return best;
}

bool vw_machine_moved(double before_ns, double now_ns)
{
    return fmax(before_ns, now_ns) > VW_MACHINE_MOVED * fmin(before_ns, now_ns);
}

static void probe(vw_machine *machine)
{
    machine->ghz = 3.0 * MULTIPLIES * PROBE_TURNS / best_ns(multiply_in_a_row);
    if (__builtin_cpu_supports("avx512f")) {
        machine->vector_bits = 512;
        machine->vector_ops_ns = (double)CHAINS * PROBE_TURNS / best_ns(fma_512);
    } else if (__builtin_cpu_supports("fma")) {
        machine->vector_bits = 256;
        machine->vector_ops_ns = (double)CHAINS * PROBE_TURNS / best_ns(fma_256);
    }
    memory = aligned_alloc(4096, memory_size);
    vw_check(memory != NULL);
    memset(memory, 1, memory_size);
    machine->read_bytes_ns = (double)memory_size / best_ns(read_memory);
    machine->copy_bytes_ns = (double)memory_size / best_ns(copy_memory);
    free(memory);
    machine->apart_ns = vw_machine_apart();
}

/* The value of a line "name : value" of /proc/cpuinfo. */
static void cpuinfo(const char *name, char *value, size_t size)
{
    FILE *file = fopen("/proc/cpuinfo", "r");
    char line[512];

    snprintf(value, size, "?");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        char *colon = strchr(line, ':');
        size_t length = strlen(name);

        if (colon != NULL && strncmp(line, name, length) == 0 && isspace(line[length])) {
            snprintf(value, size, "%.*s", (int)strcspn(colon + 2, "\n"), colon + 2);
            break;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
}

static void name_processor(vw_machine *machine)
{
    char model[48], family[8], number[8], stepping[8];

    cpuinfo("model name", model, sizeof model);
    cpuinfo("cpu family", family, sizeof family);
    cpuinfo("model", number, sizeof number);
    cpuinfo("stepping", stepping, sizeof stepping);
    snprintf(machine->processor, sizeof machine->processor, "%s, family %s model %s stepping %s",
             model, family, number, stepping);
}

/* Who makes the machine is the hypervisor's maker where there is one. */
static void name_hypervisor(vw_machine *machine)
{
    FILE *file = fopen("/sys/class/dmi/id/sys_vendor", "r");
    char flags[4096] = "";

    cpuinfo("flags", flags, sizeof flags);
    if (strstr(flags, " hypervisor") != NULL) {
        int got = file != NULL ? fscanf(file, "%15[^\n]", machine->virtual_by) : 0;

        if (got != 1) {
            snprintf(machine->virtual_by, sizeof machine->virtual_by, "unknown");
        }
    }
    if (file != NULL) {
        fclose(file);
    }
}

static void name_software(vw_machine *machine)
{
    struct utsname system;
    const vw_kernels *kernels = vw_kernels_get(NULL);

    if (uname(&system) == 0) {
        snprintf(machine->kernel, sizeof machine->kernel, "%.20s %.40s", system.sysname,
                 system.release);
    }
#ifdef __clang__
    snprintf(machine->compiler, sizeof machine->compiler, "clang %s", __clang_version__);
#else
    snprintf(machine->compiler, sizeof machine->compiler, "gcc %s", __VERSION__);
#endif
    snprintf(machine->isa, sizeof machine->isa, "%s", kernels->isa);
}

/* sysconf sums the third cache over a socket that a virtual machine has a part of. */
static double cache_kib(int index)
{
    char path[64];
    double kib = 0;
    FILE *file;

    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/size", index);
    file = fopen(path, "r");
    if (file != NULL) {
        kib = fscanf(file, "%lfK", &kib) == 1 ? kib : 0;
        fclose(file);
    }
    return kib;
}

void vw_machine_describe(vw_machine *machine)
{
    *machine = (vw_machine){.pinned = vw_machine_pin()};
    name_processor(machine);
    name_hypervisor(machine);
    name_software(machine);
    machine->processors = (unsigned)CPU_COUNT(vw_machine_given());
    if (getloadavg(&machine->load, 1) != 1) {
        machine->load = 0;
    }
    machine->l1_kib = cache_kib(0);
    machine->l2_kib = cache_kib(2);
    machine->l3_kib = cache_kib(3);
    probe(machine);
}

const char *vw_machine_differs(const vw_machine *a, const vw_machine *b)
{
    if (strcmp(a->processor, b->processor) != 0) {
        return "processor";
    }
    if (a->processors != b->processors) {
        return "number of processors";
    }
    if (strcmp(a->virtual_by, b->virtual_by) != 0) {
        return "hypervisor";
    }
    if (strcmp(a->kernel, b->kernel) != 0) {
        return "kernel";
    }
    if (strcmp(a->compiler, b->compiler) != 0) {
        return "compiler";
    }
    return strcmp(a->isa, b->isa) != 0 ? "instruction set" : NULL;
}

void vw_machine_print(FILE *to, const vw_machine *machine)
{
    fprintf(to, "machine   %u x %s%s%s; %s; %s; kernels %s\n", machine->processors,
            machine->processor, machine->virtual_by[0] != '\0' ? ", virtual: " : "",
            machine->virtual_by, machine->kernel, machine->compiler, machine->isa);
    fprintf(to,
            "can       %.2f GHz, %.2f multiply-adds of %u bits a ns (%.0f GFLOP/s), %.1f GB/s read "
            "and %.1f GB/s copied, a core\n",
            machine->ghz, machine->vector_ops_ns, machine->vector_bits,
            machine->vector_ops_ns * machine->vector_bits / 32, machine->read_bytes_ns,
            machine->copy_bytes_ns);
    fprintf(to, "caches    %.0f KiB, %.0f KiB, %.0f MiB; %.0f ns to another processor and back\n",
            machine->l1_kib, machine->l2_kib, machine->l3_kib / 1024, machine->apart_ns);
    fprintf(to, "pinned    to processor %d; load average %.1f\n", machine->pinned, machine->load);
}
