/* indicators.h: MACD, RSI, realised vol and the like, one close at a time.
 *
 * Each is a plain struct of its whole history's effect: copying it is a snapshot, and a copy taken
 * before the running bar gives the running value while the decision keeps the last close's.
 * All-zero memory with the lengths set by init is a fresh one.
 *
 * Errors   a value that has no history enough is NaN; `ready` says so without looking.  A close
 *          that is not finite is not taken.
 * Threads  the owner's.
 * Source   mathematics.md section 12.1. */
#ifndef VW_CORE_VOL_INDICATORS_H
#define VW_CORE_VOL_INDICATORS_H

#include "core/base/base.h"

#define VW_WINDOW_MAX 128

/* Exponential mean: seeded by the mean of its first `length` values, then alpha = 2/(length+1). */
typedef struct vw_ema {
    double value; /* the sum while count < length */
    uint32_t length, count;
} vw_ema;

/* MACD(12, 26, 9); line from the 26th close on, signal and histogram from the 34th. */
typedef struct vw_macd {
    vw_ema fast, slow, signal;
    double line, histogram;
    double histogram_before; /* of the close before */
} vw_macd;

/* Wilder's relative strength, from length + 1 closes on. */
typedef struct vw_rsi {
    double gain, loss; /* sums while count <= length, then Wilder's means */
    double close;      /* the last */
    double value, value_before;
    uint32_t length, count; /* closes */
} vw_rsi;

/* The last `length` values. */
typedef struct vw_window {
    double values[VW_WINDOW_MAX]; /* a ring */
    uint32_t length, count, next;
} vw_window;

/* Annualised standard deviation of the last log returns, mean zero. */
typedef struct vw_realised {
    vw_window returns; /* length 10 by default */
    double close;
} vw_realised;

void vw_ema_init(vw_ema *ema, uint32_t length);
double vw_ema_add(vw_ema *ema, double value);
static inline bool vw_ema_ready(const vw_ema *ema)
{
    return ema->count >= ema->length;
}

void vw_macd_init(vw_macd *macd);

/* vw_macd_add returns the histogram. */
double vw_macd_add(vw_macd *macd, double close);

/* vw_macd_turn returns +1 or -1 when the histogram took that sign with the last close, else 0. */
int vw_macd_turn(const vw_macd *macd);

void vw_rsi_init(vw_rsi *rsi, uint32_t length);

/* vw_rsi_add returns the index, 0 to 100; 50 when nothing has moved. */
double vw_rsi_add(vw_rsi *rsi, double close);

/* vw_window_init takes a length in [1, VW_WINDOW_MAX]. */
void vw_window_init(vw_window *window, uint32_t length);
void vw_window_add(vw_window *window, double value);

/* vw_window_at returns the value `back` closes ago, 0 the last; NaN when there is none. */
double vw_window_at(const vw_window *window, uint32_t back);
static inline bool vw_window_ready(const vw_window *window)
{
    return window->count >= window->length;
}
double vw_window_mean(const vw_window *window);
double vw_window_deviation(const vw_window *window); /* sample standard deviation */
double vw_window_median(const vw_window *window);
double vw_window_low(const vw_window *window);
double vw_window_high(const vw_window *window);

void vw_realised_init(vw_realised *realised, uint32_t length);

/* vw_realised_add returns the vol, 0.16 for 16 %. */
double vw_realised_add(vw_realised *realised, double close);

/* vw_divergence says how breadth stands against price, both windows with their last value the
 * same close: -1 bearish (price is at its high of the window, the other is below its own value at
 * the previous high of the price, at least 5 closes earlier), +1 bullish mirrored, 0 neither or
 * not ready. */
int vw_divergence(const vw_window *price, const vw_window *breadth);

#endif
