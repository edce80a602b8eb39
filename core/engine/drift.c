#include "core/engine/drift.h"

static const int64_t HORIZON_NS[VW_DRIFT_HORIZONS] = {1000000, 10000000, 100000000};
static const uint32_t CHANGES_MAX = 64; /* of the mean's memory */

static const vw_drift_quote *at(const vw_drift *drift, uint32_t i)
{
    return &drift->quotes[i & (VW_DRIFT_DEPTH - 1)];
}

static bool two_sided(const vw_drift_quote *quote)
{
    return quote->bid > 0 && quote->ask > quote->bid;
}

static int64_t twice_mid(const vw_drift_quote *quote)
{
    return (int64_t)quote->bid + quote->ask;
}

/* What change i became by the time of quote `then`; false: nothing that can be measured. */
static bool drift_of(const vw_drift *drift, uint32_t i, uint32_t then, double *spreads)
{
    const vw_drift_quote *before = at(drift, i - 1), *from = at(drift, i), *to = at(drift, then);
    int64_t move = twice_mid(from) - twice_mid(before);

    if (!two_sided(before) || !two_sided(from) || !two_sided(to) || move == 0) {
        return false;
    }
    *spreads = 0.5 * (double)(twice_mid(to) - twice_mid(from)) / (double)(from->ask - from->bid) *
               (move > 0 ? 1 : -1);
    return true;
}

static void read_horizon(vw_drift *drift, size_t h, int64_t exchange_ns)
{
    uint32_t oldest = drift->count > VW_DRIFT_DEPTH ? drift->count - VW_DRIFT_DEPTH : 0;
    uint32_t i = drift->read[h] > oldest + 1 ? drift->read[h] : oldest + 1, then = i;
    double spreads;

    for (; i < drift->count && at(drift, i)->exchange_ns + HORIZON_NS[h] <= exchange_ns; i++) {
        then = then > i ? then : i;
        while (then + 1 < drift->count &&
               at(drift, then + 1)->exchange_ns <= at(drift, i)->exchange_ns + HORIZON_NS[h]) {
            then++;
        }
        if (drift_of(drift, i, then, &spreads)) {
            drift->changes[h] += drift->changes[h] < CHANGES_MAX;
            drift->mean[h] += (spreads - drift->mean[h]) / drift->changes[h];
        }
    }
    drift->read[h] = i;
}

void vw_drift_read(vw_drift *drift, int64_t exchange_ns)
{
    for (size_t h = 0; h < VW_DRIFT_HORIZONS; h++) {
        read_horizon(drift, h, exchange_ns);
    }
}
