#include "core/vol/indicators.h"

#include <math.h>

static const double SESSIONS_PER_YEAR = 252;
enum { FAST = 12, SLOW = 26, SIGNAL = 9, DIVERGENCE_APART = 5 };

void vw_ema_init(vw_ema *ema, uint32_t length)
{
    vw_check(length > 0);
    *ema = (vw_ema){.length = length};
}

double vw_ema_add(vw_ema *ema, double value)
{
    if (isfinite(value)) {
        ema->count += ema->count < UINT32_MAX;
        if (ema->count > ema->length) {
            ema->value += 2.0 / (ema->length + 1.0) * (value - ema->value);
        } else {
            ema->value += value;
            ema->value /= ema->count == ema->length ? ema->length : 1;
        }
    }
    return vw_ema_ready(ema) ? ema->value : NAN;
}

void vw_macd_init(vw_macd *macd)
{
    *macd = (vw_macd){.line = NAN, .histogram = NAN, .histogram_before = NAN};
    vw_ema_init(&macd->fast, FAST);
    vw_ema_init(&macd->slow, SLOW);
    vw_ema_init(&macd->signal, SIGNAL);
}

double vw_macd_add(vw_macd *macd, double close)
{
    if (isfinite(close)) {
        double fast = vw_ema_add(&macd->fast, close);

        macd->line = fast - vw_ema_add(&macd->slow, close);
        macd->histogram_before = macd->histogram;
        macd->histogram = macd->line - vw_ema_add(&macd->signal, macd->line);
    }
    return macd->histogram;
}

int vw_macd_turn(const vw_macd *macd)
{
    if (macd->histogram > 0 && macd->histogram_before <= 0) {
        return 1;
    }
    return macd->histogram < 0 && macd->histogram_before >= 0 ? -1 : 0;
}

void vw_rsi_init(vw_rsi *rsi, uint32_t length)
{
    vw_check(length > 0);
    *rsi = (vw_rsi){.length = length, .close = NAN, .value = NAN, .value_before = NAN};
}

static double index_of(double gain, double loss)
{
    if (loss > 0) {
        return 100 - 100 / (1 + gain / loss);
    }
    return gain > 0 ? 100 : 50;
}

double vw_rsi_add(vw_rsi *rsi, double close)
{
    double length = rsi->length, change = close - rsi->close;

    if (!isfinite(close)) {
        return rsi->value;
    }
    rsi->close = close;
    rsi->count += rsi->count < UINT32_MAX;
    if (rsi->count == 1) {
        return rsi->value;
    }
    if (rsi->count <= rsi->length + 1) {
        double divisor = rsi->count == rsi->length + 1 ? length : 1;

        rsi->gain = (rsi->gain + fmax(change, 0)) / divisor;
        rsi->loss = (rsi->loss + fmax(-change, 0)) / divisor;
    } else {
        rsi->gain = (rsi->gain * (length - 1) + fmax(change, 0)) / length;
        rsi->loss = (rsi->loss * (length - 1) + fmax(-change, 0)) / length;
    }
    rsi->value_before = rsi->value;
    if (rsi->count > rsi->length) {
        rsi->value = index_of(rsi->gain, rsi->loss);
    }
    return rsi->value;
}

void vw_window_init(vw_window *window, uint32_t length)
{
    vw_check(length > 0 && length <= VW_WINDOW_MAX);
    *window = (vw_window){.length = length};
}

void vw_window_add(vw_window *window, double value)
{
    if (!isfinite(value)) {
        return;
    }
    window->values[window->next] = value;
    window->next = window->next + 1 == window->length ? 0 : window->next + 1;
    window->count += window->count < window->length;
}

double vw_window_at(const vw_window *window, uint32_t back)
{
    uint32_t at = window->next + window->length - 1 - back;

    if (back >= window->count) {
        return NAN;
    }
    return window->values[at >= window->length ? at - window->length : at];
}

double vw_window_mean(const vw_window *window)
{
    double sum = 0;

    for (uint32_t i = 0; i < window->count; i++) {
        sum += window->values[i];
    }
    return vw_window_ready(window) ? sum / window->count : NAN;
}

double vw_window_deviation(const vw_window *window)
{
    double mean = vw_window_mean(window), sum = 0;

    for (uint32_t i = 0; i < window->count; i++) {
        sum += (window->values[i] - mean) * (window->values[i] - mean);
    }
    return window->count > 1 ? sqrt(sum / (window->count - 1)) : NAN;
}

double vw_window_median(const vw_window *window)
{
    double sorted[VW_WINDOW_MAX];
    uint32_t count = window->count, middle = count / 2;

    if (!vw_window_ready(window)) {
        return NAN;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = i;

        for (; at > 0 && sorted[at - 1] > window->values[i]; at--) {
            sorted[at] = sorted[at - 1];
        }
        sorted[at] = window->values[i];
    }
    return count % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle]);
}

double vw_window_low(const vw_window *window)
{
    double low = INFINITY;

    for (uint32_t i = 0; i < window->count; i++) {
        low = fmin(low, window->values[i]);
    }
    return vw_window_ready(window) ? low : NAN;
}

double vw_window_high(const vw_window *window)
{
    double high = -INFINITY;

    for (uint32_t i = 0; i < window->count; i++) {
        high = fmax(high, window->values[i]);
    }
    return vw_window_ready(window) ? high : NAN;
}

void vw_realised_init(vw_realised *realised, uint32_t length)
{
    *realised = (vw_realised){.close = NAN};
    vw_window_init(&realised->returns, length);
}

double vw_realised_add(vw_realised *realised, double close)
{
    double sum = 0;

    if (isfinite(close) && close > 0) {
        vw_window_add(&realised->returns, log(close / realised->close));
        realised->close = close;
    }
    for (uint32_t i = 0; i < realised->returns.count; i++) {
        sum += realised->returns.values[i] * realised->returns.values[i];
    }
    return vw_window_ready(&realised->returns)
               ? sqrt(SESSIONS_PER_YEAR * sum / realised->returns.count)
               : NAN;
}

/* With sign -1 lows are highs. */
static bool diverges(const vw_window *price, const vw_window *breadth, double sign)
{
    double now = sign * vw_window_at(price, 0), high = -INFINITY;
    uint32_t before = 0;

    for (uint32_t back = 1; back < price->count; back++) {
        double then = sign * vw_window_at(price, back);

        if (then > now) {
            return false;
        }
        if (back >= DIVERGENCE_APART && then > high) {
            high = then;
            before = back;
        }
    }
    return before > 0 && sign * vw_window_at(breadth, 0) < sign * vw_window_at(breadth, before);
}

int vw_divergence(const vw_window *price, const vw_window *breadth)
{
    if (!vw_window_ready(price) || breadth->count != price->count) {
        return 0;
    }
    if (diverges(price, breadth, 1)) {
        return -1;
    }
    return diverges(price, breadth, -1) ? 1 : 0;
}
