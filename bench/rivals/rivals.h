/* rivals.h: what the suite compares with.
 *
 * Weak: a rival that is not linked (its package is missing, or this is `vegawire bench`) is NULL,
 * and its subject is left out.  `tools/setup --bench && tools/build release bench` has them all.
 *
 * Threads  one at a time. */
#ifndef VW_BENCH_RIVALS_RIVALS_H
#define VW_BENCH_RIVALS_RIVALS_H

#ifdef __cplusplus
#include <atomic>
#include <cstdalign>
#include <cstddef>
#include <cstdint>
#define _Noreturn [[noreturn]] /* C11's words in our headers, as C++17 spells them */
extern "C" {
#endif

#include "core/pricing/black.h"

#define VW_RIVAL_WEAK __attribute__((weak))

/* Black-76 price, delta, gamma, vega, theta and rho: written plainly and left to the compiler, with
 * glibc's vector libm or its libm; the same through SLEEF's lanes; QuantLib's BlackCalculator. */
typedef void vw_rival_black(const vw_black_inputs *in, const vw_black_outputs *out, size_t count);
VW_RIVAL_WEAK vw_rival_black vw_rival_libmvec_avx512, vw_rival_libmvec_avx2, vw_rival_libm;
VW_RIVAL_WEAK vw_rival_black vw_rival_sleef_avx512, vw_rival_sleef_avx2, vw_rival_quantlib;

/* QuantLib's implied standard deviation of a price, as a vol: cold from its own guess, warm from
 * guess[i], to its default accuracy; 0 where it throws. */
typedef struct vw_rival_iv {
    const double *forward, *strike, *years, *price, *discount, *side, *guess;
} vw_rival_iv;
VW_RIVAL_WEAK void vw_rival_quantlib_iv(const vw_rival_iv *in, double *vol, size_t count);

/* QuantLib's SviInterpolation through vols at strikes ascending; started from start[5] = a, b,
 * sigma, rho, m, where it leaves what it found,
 * and from there alone (by itself it tries 50 random starts).  Returns the root mean square error
 * in vol, negative where it throws. */
VW_RIVAL_WEAK double vw_rival_quantlib_svi(const double *strike, const double *vol, size_t count,
                                           double years, double forward, double start[5]);

/* Queues of one producer and one consumer, which spin.  Messages have 64 bytes; `batch` of them are
 * handed over at a time, 1 or VW_RIVAL_BATCH. */
#define VW_RIVAL_BATCH 32

typedef struct vw_rival_message {
    uint64_t words[8];
} vw_rival_message;

typedef struct vw_rival_queue {
    const char *name;
    void *(*open)(size_t depth);
    void (*send)(void *queue, uint64_t count, size_t batch);
    uint64_t (*receive)(void *queue, uint64_t count, size_t batch); /* sum of all words */
} vw_rival_queue;
VW_RIVAL_WEAK extern const vw_rival_queue vw_rival_boost, vw_rival_ck;

/* What every queue's message n is made of, and how it is read. */
static inline void vw_rival_fill(vw_rival_message *message, uint64_t n)
{
    for (uint64_t i = 0; i < 8; i++) {
        message->words[i] = n + i;
    }
}

static inline uint64_t vw_rival_sum(const vw_rival_message *message)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < 8; i++) {
        sum += message->words[i];
    }
    return sum;
}

/* Plain switches that build integers byte by byte, as one writes a decoder first: each decodes a
 * whole block into a struct of its own and returns the sum that the benchmark compares. */
VW_RIVAL_WEAK uint64_t vw_rival_pitch(const unsigned char *block, size_t size);
VW_RIVAL_WEAK uint64_t vw_rival_opra(const unsigned char *block, size_t size);
VW_RIVAL_WEAK uint64_t vw_rival_dbn(const unsigned char *records, size_t size);

/* Google's FlatBufferBuilder builds a message of greeks; returns its size. */
struct vw_message;
VW_RIVAL_WEAK size_t vw_rival_flatbuffers(const struct vw_message *message);

#ifdef __cplusplus
}
#undef _Noreturn
#else
#include "core/pricing/kernels.h"

/* The widest libmvec that this machine runs, the measure of what has no rival of its own; NULL
 * where none is linked. */
static inline vw_rival_black *vw_rival_libmvec(void)
{
    return vw_kernels_get("avx512") != NULL ? vw_rival_libmvec_avx512
           : vw_kernels_get("avx2") != NULL ? vw_rival_libmvec_avx2
                                            : NULL;
}

static inline const char *vw_rival_libmvec_name(void)
{
    return vw_kernels_get("avx512") != NULL ? "libmvec AVX-512" : "libmvec AVX2";
}
#endif
#endif
