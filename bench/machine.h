/* machine.h: on what the figures were taken, and what it could do at most.
 *
 * Threads  the main thread. */
#ifndef VW_BENCH_MACHINE_H
#define VW_BENCH_MACHINE_H

#include "core/base/error.h"

#include <sched.h>
#include <stdio.h>

typedef struct vw_machine {
    char processor[96]; /* name, family, model and stepping */
    char kernel[64], compiler[64];
    char virtual_by[16]; /* "KVM"; "" on bare metal */
    char isa[16];        /* widest kernels here, or those asked for */
    unsigned processors; /* that it may use: taskset and containers take some away */
    int pinned;          /* processor of the main thread; -1: free */
    double load;         /* average of the last minute, when it was described */
    double l1_kib, l2_kib, l3_kib;
    double ghz;           /* while spinning: cycles of dependent additions a nanosecond */
    double vector_ops_ns; /* 512-bit (else 256-bit) multiply-adds a nanosecond, one core */
    unsigned vector_bits; /* which of them */
    double read_bytes_ns; /* from memory, one core */
    double copy_bytes_ns; /* read and written, one core */
    double apart_ns; /* of a cache line to another processor and back: a hypervisor may move them
                        apart while nobody looks; 0 with one */
} vw_machine;

/* vw_machine_given is the processors that the program was given when it began, which pinning does
 * not change; at least one. */
const cpu_set_t *vw_machine_given(void);

/* vw_machine_give says so in a process that was begun by one that was pinned. */
void vw_machine_give(const cpu_set_t *set);

/* vw_machine_others is the processors given but the caller's; returns how many. */
unsigned vw_machine_others(cpu_set_t *set);

/* vw_machine_pin keeps the main thread on the processor it runs on. */
int vw_machine_pin(void);

/* vw_machine_realtime gives the calling thread and those it makes precedence over everything that
 * is not real-time; false where that is not allowed. */
bool vw_machine_realtime(void);

/* vw_machine_apart measures apart_ns alone, in a few milliseconds. */
double vw_machine_apart(void);

/* vw_machine_pace times some 70 us of multiply-adds, ns: the same to a percent each time, but for
 * somebody else on the core, who takes up to half of it. */
double vw_machine_pace(void);

/* Two measured apart_ns beyond this quotient are two states of the machine. */
#define VW_MACHINE_MOVED 1.5

/* vw_machine_moved says whether the hypervisor moved the processors between two apart_ns. */
bool vw_machine_moved(double before_ns, double now_ns);

/* vw_machine_describe fills everything in; measures for about 0.3 s. */
void vw_machine_describe(vw_machine *machine);

/* vw_machine_differs names what makes figures of two machines not comparable; NULL: nothing. */
const char *vw_machine_differs(const vw_machine *a, const vw_machine *b);

void vw_machine_print(FILE *to, const vw_machine *machine);

#endif
