/* sim_random.h: the seeded generator of the simulated exchange.
 *
 * Each part of the sim draws from a generator of its own, so that what one line loses changes
 * neither the other line nor the quotes.
 *
 * Threads  a generator belongs to one thread.
 * Source   Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014. */
#ifndef VW_FEEDS_SIM_RANDOM_H
#define VW_FEEDS_SIM_RANDOM_H

#include "core/base/base.h"

#include <math.h>

typedef struct vw_sim_random {
    uint64_t state;
} vw_sim_random;

/* vw_sim_random_seed makes the stream-th generator of seed. */
static inline vw_sim_random vw_sim_random_seed(uint64_t seed, uint64_t stream);

static inline uint64_t vw_sim_random_next(vw_sim_random *random);

/* vw_sim_random_share returns a number in [0, 1). */
static inline double vw_sim_random_share(vw_sim_random *random);

/* vw_sim_random_below returns a whole number in [0, limit), 0 for limit 0. */
static inline uint32_t vw_sim_random_below(vw_sim_random *random, uint32_t limit);

/* vw_sim_random_normal returns a standard normal number. */
static inline double vw_sim_random_normal(vw_sim_random *random);

/* ---- inline definitions --------------------------------------------------------------------- */

static inline uint64_t vw_sim_random_next(vw_sim_random *random)
{
    uint64_t z = random->state += UINT64_C(0x9E3779B97F4A7C15);

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static inline vw_sim_random vw_sim_random_seed(uint64_t seed, uint64_t stream)
{
    vw_sim_random random = {seed * UINT64_C(0xD1342543DE82EF95) + stream};

    random.state = vw_sim_random_next(&random);
    return random;
}

static inline double vw_sim_random_share(vw_sim_random *random)
{
    return (double)(vw_sim_random_next(random) >> 11) * 0x1p-53;
}

static inline uint32_t vw_sim_random_below(vw_sim_random *random, uint32_t limit)
{
    return (uint32_t)(((vw_sim_random_next(random) >> 32) * limit) >> 32);
}

static inline double vw_sim_random_normal(vw_sim_random *random)
{
    double radius = sqrt(-2.0 * log(1.0 - vw_sim_random_share(random)));

    return radius * cos(2.0 * 3.14159265358979323846 * vw_sim_random_share(random));
}

#endif
