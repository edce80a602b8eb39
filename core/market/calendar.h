/* calendar.h: when a series settles, how many years are left, and what a session is.
 *
 * Holidays and early closes of the NYSE follow their rules from 1990 on, with a table of one-off
 * closings; the configuration may add or remove days and override the settlement instant of a
 * series.  A NULL calendar is the rules alone; of overrides of one day the last counts.
 *
 * Units    dates are decimal yyyymmdd in New York; instants are ns since the Unix epoch; years are
 *          ACT/365: (settlement - now) / (365 * 86,400 s), exact to the nanosecond, no floor.
 * Threads  a filled calendar is read-only and may be shared.
 * Source   mathematics.md section 1. */
#ifndef VW_CORE_MARKET_CALENDAR_H
#define VW_CORE_MARKET_CALENDAR_H

#include "core/base/error.h"
#include "core/market/symbol.h"

#define VW_CALENDAR_OVERRIDES_MAX 64

typedef struct vw_calendar_override {
    char root[8];    /* of S: "" = any root */
    uint32_t date;   /* expiry, or the day itself */
    char kind;       /* 'H' closed, 'E' closes early, 'O' open after all, 'S' settlement */
    uint32_t minute; /* New York minute of the day: of the close (E), of settlement (S) */
} vw_calendar_override;

typedef struct vw_calendar {
    vw_calendar_override overrides[VW_CALENDAR_OVERRIDES_MAX];
    size_t override_count;
} vw_calendar;

/* vw_calendar_ns returns the instant of a New York date and wall-clock second of the day (daylight
 * saving by the rules since 1970); of an hour that comes twice, the first. */
int64_t vw_calendar_ns(uint32_t date, int64_t second_of_day);

/* vw_calendar_date returns the New York date of an instant; second_of_day (may be NULL) gets the
 * New York second of that day. */
uint32_t vw_calendar_date(int64_t instant_ns, int64_t *second_of_day);

/* vw_calendar_days returns to - from in days of the calendar. */
int vw_calendar_days(uint32_t from, uint32_t to);

/* vw_calendar_add_days returns the date `days` after (before, if negative) date. */
uint32_t vw_calendar_add_days(uint32_t date, int days);

/* vw_calendar_valid says whether yyyymmdd is a date from 1970 to 2199. */
bool vw_calendar_valid(uint32_t date);

/* vw_calendar_weekday returns 0 for Sunday ... 6 for Saturday. */
int vw_calendar_weekday(uint32_t date);

/* vw_calendar_close returns the New York minute of the day when the cash session ends (960, or 780
 * on early closes), or 0 when the exchange is closed that day. */
uint32_t vw_calendar_close(const vw_calendar *calendar, uint32_t date);

/* vw_calendar_session returns date, or the last day before it on which the exchange opens. */
uint32_t vw_calendar_session(const vw_calendar *calendar, uint32_t date);

/* vw_calendar_settlement_ns returns when a series of this root, expiry and settlement ('A', 'P', 0
 * = by the root) ceases to vary: AM 09:30, PM the close of the session, 09:30 for VIX and VX.  An
 * expiry without a session (the Saturdays before 2015) settles on the session before it. */
int64_t vw_calendar_settlement_ns(const vw_calendar *calendar, const char *root, uint32_t expiry,
                                  char settlement);

/* vw_calendar_vx_expiry returns the settlement date of the monthly VX future of year and month (1
 * to 12): 30 days before the third Friday of the following month, or the preceding business day if
 * that Friday or the Wednesday itself is a holiday. */
uint32_t vw_calendar_vx_expiry(const vw_calendar *calendar, int year, int month);

/* vw_calendar_years returns the years from now to settlement, <= 0 once it is past. */
static inline double vw_calendar_years(int64_t now_ns, int64_t settlement_ns);

#define VW_CALENDAR_TRADING_YEAR (252 + 113 * 0.08) /* trading days of a year, as weighed below */

/* vw_calendar_variance_years returns the variance clock tau between two instants: a trading day
 * counts 1, other days 0.08; within a trading day 09:30-16:00 counts 0.60 (an early close its share
 * of minutes), the rest 0.40.  Scaled so that a plain year of 365 days with 252 sessions is 1.
 * Additive: tau(a, c) = tau(a, b) + tau(b, c), negative backwards; about 1 us for
 * spans of up to five years. */
double vw_calendar_variance_years(const vw_calendar *calendar, int64_t from_ns, int64_t to_ns);

/* ---- inline definitions --------------------------------------------------------------------- */

static inline double vw_calendar_years(int64_t now_ns, int64_t settlement_ns)
{
    return (double)(settlement_ns - now_ns) / (365.0 * 86400.0 * 1e9);
}

#endif
