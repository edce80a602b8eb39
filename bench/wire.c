/* wire: wire-to-publish of the engine against a bare receive -> zmq_send loop.
 *
 * Rounds of three phases over one `vegawire sim`: the engine (`vegawire run`, one polling thread),
 * a loop that only receives the same packets and sends a message of the same size per line-A
 * packet, and a busy loop that only reads the clock, to show what the machine itself takes away.
 * Latency is the kernel's receive stamp to the return of zmq_send; a rate-driven sender and kernel
 * stamps mean no coordinated omission.
 *
 * usage: bench_wire VEGAWIRE [ROUNDS [SECONDS [QUOTES-PER-SECOND]]]
 *        bench_wire stages [SECONDS [DATAGRAMS-PER-SECOND [PLOT.svg]]]   (stages.h) */
#include "bench/machine.h"
#include "bench/plot.h"
#include "bench/stages.h"
#include "core/base/clock.h"
#include "core/base/histogram.h"
#include "core/base/log.h"
#include "tools/command.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <jansson.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#define ENDPOINT "tcp://127.0.0.1:5698"

enum { LINES = 4, MESSAGE_MAX = 65536, ROUNDS_MAX = 100 };

typedef struct figures {
    double p50_us, p99_us, p999_us;
    uint64_t count;
} figures;

static const char *const groups[LINES] = {"239.200.1.1", "239.200.1.2", "239.200.2.1",
                                          "239.200.2.2"};
static const uint16_t ports[LINES] = {30101, 30102, 30201, 30202};

static _Atomic bool subscriber_stop;
static _Atomic uint64_t tick_bytes, tick_count;

static void pin(int cpu)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET((size_t)cpu, &set);
    sched_setaffinity(0, sizeof set, &set);
}

static pid_t spawn(char *const argv[], int cpu, int in, int *out)
{
    int pipes[2] = {-1, -1};
    pid_t pid;

    vw_check(out == NULL || pipe(pipes) == 0);
    pid = fork();
    vw_check(pid >= 0);
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY);

        prctl(PR_SET_PDEATHSIG, SIGKILL); /* an interrupted bench leaves nothing running */
        if (cpu >= 0) {
            pin(cpu);
        }
        if (in >= 0) {
            dup2(in, STDIN_FILENO);
        }
        dup2(out != NULL ? pipes[1] : null, STDOUT_FILENO);
        execv(argv[0], argv);
        _exit(127);
    }
    if (out != NULL) {
        close(pipes[1]);
        *out = pipes[0];
    }
    return pid;
}

/* The subscriber that every phase has: counts, and learns the size of a tick message. */
static void *subscribe(void *arg)
{
    void *context = (pin(1), zmq_ctx_new()); /* its own thread too: not on the engine's processor */
    void *socket = zmq_socket(context, ZMQ_SUB);
    static char message[MESSAGE_MAX];
    int timeout_ms = 100;

    (void)arg;
    zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &timeout_ms, sizeof timeout_ms);
    vw_check(zmq_connect(socket, ENDPOINT) == 0);
    while (!atomic_load(&subscriber_stop)) {
        int size = zmq_recv(socket, message, sizeof message, 0);

        if (size > 0 && size < 1024 && strncmp(message, "greeks.", 7) == 0) {
            atomic_fetch_add(&tick_bytes, (uint64_t)size);
            atomic_fetch_add(&tick_count, 1);
        }
    }
    zmq_close(socket);
    zmq_ctx_term(context);
    return NULL;
}

static int open_line(int line)
{
    int one = 1, bytes = 8 << 20, off = 0;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(ports[line])};
    struct ip_mreq join = {.imr_interface.s_addr = htonl(INADDR_LOOPBACK)};

    inet_pton(AF_INET, groups[line], &at.sin_addr);
    join.imr_multiaddr = at.sin_addr;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one);
    setsockopt(fd, IPPROTO_IP, IP_MULTICAST_ALL, &off, sizeof off);
    vw_check(bind(fd, (struct sockaddr *)&at, sizeof at) == 0);
    vw_check(setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &join, sizeof join) == 0);
    return fd;
}

static int64_t receive(int fd)
{
    static unsigned char payload[2048];
    alignas(8) char control[128];
    struct iovec io = {payload, sizeof payload};
    struct msghdr header = {
        .msg_iov = &io, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    ssize_t size = recvmsg(fd, &header, 0);

    if (size <= 8) {
        return 0; /* nothing, or a heartbeat */
    }
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&header); c != NULL; c = CMSG_NXTHDR(&header, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec stamp;

            memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
            return (int64_t)stamp.tv_sec * VW_NS_PER_SECOND + stamp.tv_nsec;
        }
    }
    return 0;
}

static figures figures_of(const vw_histogram *histogram)
{
    return (figures){.p50_us = (double)vw_histogram_percentile(histogram, 0.5) * 1e-3,
                     .p99_us = (double)vw_histogram_percentile(histogram, 0.99) * 1e-3,
                     .p999_us = (double)vw_histogram_percentile(histogram, 0.999) * 1e-3,
                     .count = atomic_load(&histogram->count)};
}

/* The rival: what receiving and sending cost when nothing is computed. */
static figures run_bare(double seconds, size_t bytes)
{
    static char message[MESSAGE_MAX] = "greeks.bare";
    vw_histogram *histogram = aligned_alloc(VW_LINE_PAIR, sizeof *histogram);
    void *context = zmq_ctx_new();
    void *socket = (zmq_ctx_set(context, ZMQ_THREAD_AFFINITY_CPU_ADD, 1), /* as the engine's */
                    zmq_socket(context, ZMQ_XPUB));
    int64_t end_ns = vw_clock_monotonic_ns() + (int64_t)(seconds * 1e9);
    int fds[LINES];
    figures result;

    memset(histogram, 0, sizeof *histogram);
    vw_check(zmq_bind(socket, ENDPOINT) == 0);
    for (int i = 0; i < LINES; i++) {
        fds[i] = open_line(i);
    }
    pin(0); /* after ZeroMQ made its own thread */
    while (vw_clock_monotonic_ns() < end_ns) {
        for (int i = 0; i < LINES; i++) {
            int64_t receive_ns = receive(fds[i]);

            if (receive_ns > 0 && i % 2 == 0) {
                zmq_send(socket, message, bytes, ZMQ_DONTWAIT);
                vw_histogram_add(histogram, vw_clock_realtime_ns() - receive_ns);
            }
        }
    }
    for (int i = 0; i < LINES; i++) {
        close(fds[i]);
    }
    zmq_close(socket);
    zmq_ctx_term(context);
    result = figures_of(histogram);
    free(histogram);
    return result;
}

/* What the machine takes away from a thread that does nothing but look at the clock. */
static figures run_busy(double seconds)
{
    vw_histogram *histogram = aligned_alloc(VW_LINE_PAIR, sizeof *histogram);
    int64_t last_ns = vw_clock_monotonic_ns();
    int64_t end_ns = last_ns + (int64_t)(seconds * 1e9);
    figures result;

    memset(histogram, 0, sizeof *histogram);
    pin(0);
    while (last_ns < end_ns) {
        int64_t now_ns = vw_clock_monotonic_ns();

        if (now_ns - last_ns > 1000) { /* a gap: the loop itself turns in tens of ns */
            vw_histogram_add(histogram, now_ns - last_ns);
        }
        last_ns = now_ns;
    }
    result = figures_of(histogram);
    result.p999_us = (double)atomic_load(&histogram->max) * 1e-3;
    free(histogram);
    return result;
}

static figures run_engine(const char *vegawire, double seconds)
{
    static const char settings[] = "publisher: {endpoint: \"" ENDPOINT "\"}\n"
                                   "topology: {spin: true, cpus: {engine: 0}}\n";
    char duration[32], line[4096] = "";
    char *argv[] = {(char *)(uintptr_t)vegawire, "run", "-c", "-", "--seconds", duration, NULL};
    int in[2];
    int out, status;
    FILE *file;
    figures result = {0};
    json_t *totals;
    pid_t pid;

    snprintf(duration, sizeof duration, "%g", seconds);
    vw_check(pipe(in) == 0);
    vw_check(write(in[1], settings, sizeof settings - 1) == (ssize_t)sizeof settings - 1);
    close(in[1]);
    /* Its polling thread pins itself, ZeroMQ's goes where it can. */
    pid = spawn(argv, -1, in[0], &out);
    close(in[0]);
    file = fdopen(out, "r");
    while (fgets(line, sizeof line, file) != NULL) {
    }
    fclose(file);
    waitpid(pid, &status, 0);
    vw_check(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    totals = json_loads(line, 0, NULL);
    vw_check(totals != NULL);
    result.p50_us = json_number_value(json_object_get(totals, "p50_us"));
    result.p99_us = json_number_value(json_object_get(totals, "p99_us"));
    result.p999_us = json_number_value(json_object_get(totals, "p999_us"));
    result.count = (uint64_t)json_integer_value(json_object_get(totals, "messages_out"));
    json_decref(totals);
    return result;
}

static int print_stages(double seconds, double rate, const char *path)
{
    vw_histogram *stages = aligned_alloc(VW_LINE_PAIR, VW_STAGE_COUNT * sizeof *stages);
    vw_plot_curve curves[VW_STAGE_COUNT];
    char title[96];
    uint64_t sent;

    memset(stages, 0, VW_STAGE_COUNT * sizeof *stages);
    vw_machine_pin();
    sent = vw_stages_run(seconds, rate, stages);
    snprintf(title, sizeof title, "%lu datagrams meant to be sent at %.0f a second", sent, rate);
    printf("%s\n%-24s %10s %10s %10s %10s %10s\n", title, "stage, ns", "p50", "p99", "p99.9",
           "longest", "count");
    for (size_t i = 0; i < VW_STAGE_COUNT; i++) {
        curves[i] = (vw_plot_curve){vw_stage_names[i], &stages[i]};
        printf("%-24s %10lu %10lu %10lu %10lu %10lu\n", vw_stage_names[i],
               vw_histogram_percentile(&stages[i], 0.5), vw_histogram_percentile(&stages[i], 0.99),
               vw_histogram_percentile(&stages[i], 0.999), atomic_load(&stages[i].max),
               atomic_load(&stages[i].count));
    }
    if (path != NULL) {
        FILE *to = fopen(path, "w");

        if (to == NULL) {
            fprintf(stderr, "bench_wire: %s: cannot write\n", path);
            return VW_ERR_SYSTEM;
        }
        vw_plot_write(to, title, curves, VW_STAGE_COUNT);
        fclose(to);
    }
    return VW_OK;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "stages") == 0) {
        return print_stages(argc > 2 ? atof(argv[2]) : 5, argc > 3 ? atof(argv[3]) : 50000,
                            argc > 4 ? argv[4] : NULL);
    }
    int rounds = argc > 2 ? atoi(argv[2]) : 3;
    double seconds = argc > 3 ? atof(argv[3]) : 5;
    char *rate = argc > 4 ? argv[4] : (char[]){"50000"};
    char *sim[] = {argv[1], "sim", "--spin", "--rate", rate, NULL};
    double ratios[ROUNDS_MAX];
    pthread_t subscriber;
    pid_t pid;

    if (argc < 2 || rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: bench_wire VEGAWIRE [ROUNDS [SECONDS [RATE]]]; 1 to 100 rounds\n");
        return VW_ERR_USAGE;
    }
    pid = spawn(sim, 1, -1, NULL);
    pthread_create(&subscriber, NULL, subscribe, NULL);
    printf("%-22s %10s %10s %10s %10s\n", "phase", "p50_us", "p99_us", "p999_us", "messages");
    for (int round = 0; round < rounds; round++) {
        uint64_t bytes0 = atomic_load(&tick_bytes), count0 = atomic_load(&tick_count);
        figures engine = run_engine(argv[1], seconds);
        uint64_t count = atomic_load(&tick_count) - count0;
        size_t bytes = count > 0 ? (atomic_load(&tick_bytes) - bytes0) / count : 300;
        figures bare = run_bare(seconds, bytes);
        figures busy = run_busy(seconds);
        double ratio = engine.p50_us / bare.p50_us;

        printf("%-22s %10.1f %10.1f %10.1f %10lu\n", "engine", engine.p50_us, engine.p99_us,
               engine.p999_us, engine.count);
        printf("bare loop, %4zu bytes   %10.1f %10.1f %10.1f %10lu\n", bytes, bare.p50_us,
               bare.p99_us, bare.p999_us, bare.count);
        printf("busy loop, gaps > 1us  %10.1f %10.1f %10.1f %10lu (last: longest)\n", busy.p50_us,
               busy.p99_us, busy.p999_us, busy.count);
        printf("p50 engine / bare      %10.2f\n", ratio);
        fflush(stdout);
        ratios[round] = ratio;
    }
    qsort(ratios, (size_t)rounds, sizeof *ratios, compare);
    printf("p50 engine / bare, median of %d rounds: %.2f (%.2f to %.2f)\n", rounds,
           ratios[rounds / 2], ratios[0], ratios[rounds - 1]);
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    atomic_store(&subscriber_stop, true);
    pthread_join(subscriber, NULL);
    return VW_OK;
}
