/* Chains in which any number may be rubbish: what comes out is a number or a refusal, and the same
 * bits from every set of kernels. */
#include <string.h>

#include "core/vol/slice.h"
#include "tests/check.h"

enum { STRIKES = 64, ROUNDS = 3000 };

typedef struct rubbish {
    double strike[STRIKES], call_bid[STRIKES], call_ask[STRIKES], put_bid[STRIKES],
        put_ask[STRIKES];
    double years;
    size_t count;
} rubbish;

static uint64_t seed = 1;

static double uniform(void)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(seed >> 11) * 0x1p-53;
}

/* A sensible smile, and odd numbers in up to a fifth of its prices. */
static void make_chain(rubbish *chain)
{
    static const double odd[] = {NAN,    INFINITY, -INFINITY, 0,    -1,   1e308,
                                 5e-324, 1e-300,   1e40,      -0.0, 0.05, 1.7e308};
    double vol = 0.05 + uniform(), odd_share = uniform() < 0.5 ? 0 : 0.2 * uniform();
    double *columns[] = {chain->call_bid, chain->call_ask, chain->put_bid, chain->put_ask};

    chain->count = (size_t)(uniform() * STRIKES);
    chain->years = exp(log(1e-5) + uniform() * log(3e5));
    for (size_t i = 0; i < chain->count; i++) {
        const double forward = 4000, discount = 0.99, sides[] = {1, -1};
        double z = -8 + 12 * (double)i / (double)chain->count, price[2], half;

        chain->strike[i] = forward * exp(z * vol * sqrt(chain->years));
        for (int s = 0; s < 2; s++) {
            vw_black_inputs one = {&forward,  &chain->strike[i], &chain->years, &vol,
                                   &discount, &sides[s],         NULL};

            vw_black(&one, &(vw_black_outputs){.price = &price[s]}, 1);
        }
        half = uniform() < 0.3 ? 0 : 0.5 * uniform() * fmin(price[0], price[1]);
        for (int c = 0; c < 4; c++) {
            columns[c][i] = price[c / 2] + (c % 2 == 0 ? -half : half);
            if (uniform() < odd_share) {
                columns[c][i] = odd[(size_t)(uniform() * VW_COUNT_OF(odd))];
            }
        }
    }
}

static void check_smile(const vw_smile *smile)
{
    for (size_t i = 0; i < smile->count; i++) {
        assert_true(i == 0 || smile->k[i] > smile->k[i - 1]);
        assert_true(smile->bid_vol[i] > 0 && smile->bid_vol[i] <= smile->ask_vol[i] * (1 + 2e-6));
        assert_true(smile->vol[i] > 0 && isfinite(smile->vol[i]) && isfinite(smile->ask_vol[i]));
        assert_true(smile->half_vol[i] > 0 && isfinite(smile->half_vol[i]));
    }
}

static void *room_for(size_t size)
{
    void *memory = aligned_alloc(VW_LINE_PAIR, vw_round_up(size, VW_LINE_PAIR));

    assert_non_null(memory);
    memset(memory, 0, size);
    return memory;
}

static void rubbish_gives_numbers_or_refusals_and_the_same_everywhere(void **state)
{
    static rubbish chain;
    double scratch[VW_FORWARD_SCRATCH(STRIKES)];
    void *memory[3] = {room_for(vw_smile_size(STRIKES)), room_for(vw_smile_size(STRIKES)),
                       room_for(vw_slice_work_size(STRIKES))};
    vw_slice_work *work = vw_slice_work_init(memory[2], STRIKES, NULL);
    const char *plain = "baseline";
    vw_smile smile, other;
    size_t fitted = 0;

    (void)state;
    print_message("seed %llu\n", (unsigned long long)seed);
    vw_smile_init(&smile, memory[0], STRIKES);
    vw_smile_init(&other, memory[1], STRIKES);
    for (int round = 0; round < ROUNDS; round++) {
        make_chain(&chain);
        vw_parity in = {chain.strike,  chain.call_bid, chain.call_ask,
                        chain.put_bid, chain.put_ask,  chain.count,
                        chain.years,   0.05,           round % 2 == 0 ? 0.99 : 0};
        vw_forward forward, again;
        vw_slice slice = {.model = VW_MODEL_NONE};

        vw_forward_fit(&in, vw_fit_kernels_get(NULL), scratch, &forward);
        vw_forward_fit(&in, vw_fit_kernels_get(plain), scratch, &again);
        assert_memory_equal(&forward, &again, sizeof forward);
        assert_true(forward.used == 0 ? isnan(forward.forward) : isfinite(forward.forward));
        vw_status status = vw_smile_gather(&smile, &in, 4000, 0.99, vw_kernels_get(NULL));

        assert_int_equal(vw_smile_gather(&other, &in, 4000, 0.99, vw_kernels_get(plain)), status);
        assert_int_equal(smile.count, other.count);
        assert_memory_equal(smile.half_vol, other.half_vol, smile.count * sizeof(double));
        check_smile(&smile);
        if (status == VW_STATUS_OK &&
            vw_slice_fit(&slice, &smile, VW_SLICE_HKS_QUOTES, NULL, work) == VW_STATUS_OK) {
            assert_true(isfinite(vw_slice_at(&slice, 0.01, chain.years).variance));
            fitted++;
        }
    }
    assert_true(fitted > ROUNDS / 2);
    for (size_t i = 0; i < VW_COUNT_OF(memory); i++) {
        free(memory[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rubbish_gives_numbers_or_refusals_and_the_same_everywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
