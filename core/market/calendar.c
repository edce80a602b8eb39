#include "core/market/calendar.h"

#include <string.h>

#define NS_PER_SECOND INT64_C(1000000000)

enum {
    SECONDS_PER_DAY = 86400,
    STANDARD_OFFSET = -5 * 3600, /* New York from UTC, seconds */
    DAYLIGHT_SHIFT = 3600,
    OPEN_MINUTE = 9 * 60 + 30,
    CLOSE_MINUTE = 16 * 60,
    EARLY_MINUTE = 13 * 60,
    SESSION_MINUTES = CLOSE_MINUTE - OPEN_MINUTE,
    LAST = 5, /* "fifth" Sunday or Monday: the last of the month */
    SPECIALS_MAX = 16,
};

/* A day that is not what its weekday says: close is 0 when there is no session. */
typedef struct special {
    int32_t day; /* since 1970-01-01 */
    uint32_t close;
} special;

/* Days since 1970-01-01 of a civil date, counting years from March so that the leap day is last. */
static int32_t day_of_civil(int year, int month, int day)
{
    int from_march = month > 2 ? month - 3 : month + 9;
    int y = month > 2 ? year : year - 1;

    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * from_march + 2) / 5 + day - 719469;
}

static int32_t day_of(uint32_t date)
{
    return day_of_civil((int)(date / 10000), (int)(date / 100 % 100), (int)(date % 100));
}

static uint32_t date_of(int32_t day)
{
    /* Walk down eras of 400, 100, 4 and 1 years; the last day of the two leap eras would count as
     * a new one without the corrections. */
    int since = day + 719468;
    int era = since / 146097;
    int of_era = since % 146097;
    int y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int of_year = of_era - (365 * y + y / 4 - y / 100);
    int from_march = (5 * of_year + 2) / 153;
    int month = from_march < 10 ? from_march + 3 : from_march - 9;
    int year = y + 400 * era + (month <= 2);

    return (uint32_t)(10000 * year + 100 * month + of_year - (153 * from_march + 2) / 5 + 1);
}

/* 0 Sunday ... 6 Saturday; 1970-01-01 was a Thursday. */
static int weekday_of(int32_t day)
{
    return (int)(((int64_t)day + 4 + 7 * 100000) % 7);
}

/* The nth (1 to 4, or LAST) given weekday of a month. */
static int32_t nth_weekday(int year, int month, int nth, int weekday)
{
    int32_t first = day_of_civil(year, month, 1);
    int32_t found = first + (weekday - weekday_of(first) + 7) % 7 + 7 * (nth - 1);
    int32_t next = month == 12 ? day_of_civil(year + 1, 1, 1) : day_of_civil(year, month + 1, 1);

    return found < next ? found : found - 7;
}

/* Daylight saving of the United States: from 02:00 standard on the first day to 02:00 daylight on
 * the second (Energy Policy Act of 2005 and its forerunners). */
typedef struct daylight_rule {
    int from_year, start_month, start_nth, end_month, end_nth; /* Sundays */
} daylight_rule;

static const daylight_rule daylight_rules[] = {
    {2007, 3, 2, 11, 1},       {1987, 4, 1, 10, LAST}, {1976, 4, LAST, 10, LAST},
    {1975, 2, LAST, 10, LAST}, {1974, 1, 1, 10, LAST}, {0, 4, LAST, 10, LAST},
};

/* Seconds since the epoch, as if New York standard time were UTC, between which daylight saving
 * holds. */
static void daylight_span(int year, int64_t *start, int64_t *end)
{
    const daylight_rule *rule = daylight_rules;

    while (year < rule->from_year) {
        rule++;
    }
    *start = (int64_t)nth_weekday(year, rule->start_month, rule->start_nth, 0) * SECONDS_PER_DAY +
             2 * 3600;
    *end = (int64_t)nth_weekday(year, rule->end_month, rule->end_nth, 0) * SECONDS_PER_DAY + 3600;
}

int64_t vw_calendar_ns(uint32_t date, int64_t second_of_day)
{
    int64_t wall = (int64_t)day_of(date) * SECONDS_PER_DAY + second_of_day;
    int64_t start, end;

    daylight_span((int)(date / 10000), &start, &end);
    if (wall >= start + DAYLIGHT_SHIFT && wall < end + DAYLIGHT_SHIFT) {
        wall -= DAYLIGHT_SHIFT;
    }
    return (wall - STANDARD_OFFSET) * NS_PER_SECOND;
}

static int64_t floor_div(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

uint32_t vw_calendar_date(int64_t instant_ns, int64_t *second_of_day)
{
    int64_t wall = floor_div(instant_ns, NS_PER_SECOND) + STANDARD_OFFSET;
    int32_t day = (int32_t)floor_div(wall, SECONDS_PER_DAY);
    int64_t start, end;

    daylight_span((int)(date_of(day) / 10000), &start, &end);
    if (wall >= start && wall < end) {
        wall += DAYLIGHT_SHIFT;
        day = (int32_t)floor_div(wall, SECONDS_PER_DAY);
    }
    if (second_of_day != NULL) {
        *second_of_day = wall - (int64_t)day * SECONDS_PER_DAY;
    }
    return date_of(day);
}

int vw_calendar_days(uint32_t from, uint32_t to)
{
    return day_of(to) - day_of(from);
}

uint32_t vw_calendar_add_days(uint32_t date, int days)
{
    return date_of(day_of(date) + days);
}

bool vw_calendar_valid(uint32_t date)
{
    return date >= 19700101 && date <= 21991231 && date / 100 % 100 >= 1 &&
           date / 100 % 100 <= 12 && date % 100 >= 1 && date % 100 <= 31 &&
           date_of(day_of(date)) == date;
}

int vw_calendar_weekday(uint32_t date)
{
    return weekday_of(day_of(date));
}

/* Days of mourning, storms, attacks, and early closes by announcement, 1990 on. */
static const struct {
    uint32_t date, close;
} one_offs[] = {
    {19901224, 14 * 60}, /* early closes at 14:00 until 1992 */
    {19911224, 14 * 60},
    {19921127, 14 * 60},
    {19921224, 14 * 60},
    {19940211, 14 * 60 + 30}, /* snow */
    {19940427, 0},            /* Nixon */
    {19960108, 14 * 60},      /* snow */
    {19971226, EARLY_MINUTE},
    {19991231, EARLY_MINUTE},
    {20010911, 0},
    {20010912, 0},
    {20010913, 0},
    {20010914, 0},
    {20031226, EARLY_MINUTE},
    {20040611, 0}, /* Reagan */
    {20070102, 0}, /* Ford */
    {20121029, 0},
    {20121030, 0}, /* Sandy */
    {20181205, 0}, /* G. H. W. Bush */
    {20250109, 0}, /* Carter */
};

static int32_t good_friday(int year)
{
    /* Gregorian computus: the paschal full moon from the golden number and the century's
     * corrections, then the Sunday after it (J.-M. Oudin, 1940). */
    int century = year / 100;
    int epact = (century - century / 4 - (8 * century + 13) / 25 + 19 * (year % 19) + 15) % 30;
    int moon = epact - epact / 28 * (1 - 29 / (epact + 1) * ((21 - year % 19) / 11));
    int weekday = (year + year / 4 + moon + 2 - century + century / 4) % 7;

    return day_of_civil(year, 3, 28) + moon - weekday - 2;
}

/* A fixed date moves from Sunday to Monday and, except New Year's Day, from Saturday to Friday. */
static int32_t observed(int32_t day)
{
    int weekday = weekday_of(day);

    return weekday == 0 ? day + 1 : weekday == 6 ? day - 1 : day;
}

/* July 3rd and 5th around a July 4th on a weekday. */
static size_t independence_eve(int year, special *list)
{
    int32_t third = day_of_civil(year, 7, 3);
    int weekday = weekday_of(third);

    if (year < 1995 || weekday == 0 || weekday > 4) {
        return 0;
    }
    if (weekday == 3 && year < 2013) { /* then the Friday after was short instead */
        list[0] = (special){third + 2, EARLY_MINUTE};
    } else {
        list[0] = (special){third, EARLY_MINUTE};
    }
    return 1;
}

/* The holidays and early closes of a year by rule (NYSE Rule 7.2), each day once. */
static size_t year_specials(int year, special *list)
{
    int32_t new_year = day_of_civil(year, 1, 1);
    int32_t thanksgiving = nth_weekday(year, 11, 4, 4);
    int32_t christmas = day_of_civil(year, 12, 25);
    int eve = weekday_of(christmas - 1);
    size_t count = 0;

    if (weekday_of(new_year) != 6) {
        list[count++] = (special){observed(new_year), 0};
    }
    if (year >= 1998) {
        list[count++] = (special){nth_weekday(year, 1, 3, 1), 0};
    }
    list[count++] = (special){nth_weekday(year, 2, 3, 1), 0};
    list[count++] = (special){good_friday(year), 0};
    list[count++] = (special){nth_weekday(year, 5, LAST, 1), 0};
    if (year >= 2022) {
        list[count++] = (special){observed(day_of_civil(year, 6, 19)), 0};
    }
    count += independence_eve(year, list + count);
    list[count++] = (special){observed(day_of_civil(year, 7, 4)), 0};
    list[count++] = (special){nth_weekday(year, 9, 1, 1), 0};
    list[count++] = (special){thanksgiving, 0};
    if (year >= 1993) {
        list[count++] = (special){thanksgiving + 1, EARLY_MINUTE};
    }
    if (year >= 1993 && eve >= 1 && eve <= 4) {
        list[count++] = (special){christmas - 1, EARLY_MINUTE};
    }
    list[count++] = (special){observed(christmas), 0};
    vw_check_hot(count <= SPECIALS_MAX);
    return count;
}

static uint32_t plain_close(int32_t day)
{
    int weekday = weekday_of(day);

    return weekday == 0 || weekday == 6 ? 0 : CLOSE_MINUTE;
}

static uint32_t rule_close(int32_t day)
{
    special list[SPECIALS_MAX];
    size_t count = year_specials((int)(date_of(day) / 10000), list);

    for (size_t i = 0; i < count; i++) {
        if (list[i].day == day) {
            return list[i].close;
        }
    }
    return plain_close(day);
}

static uint32_t known_close(uint32_t date)
{
    for (size_t i = 0; i < VW_COUNT_OF(one_offs); i++) {
        if (one_offs[i].date == date) {
            return one_offs[i].close;
        }
    }
    return rule_close(day_of(date));
}

static const vw_calendar_override *day_override(const vw_calendar *calendar, uint32_t date)
{
    for (size_t i = calendar != NULL ? calendar->override_count : 0; i-- > 0;) {
        if (calendar->overrides[i].date == date && calendar->overrides[i].kind != 'S') {
            return &calendar->overrides[i];
        }
    }
    return NULL;
}

static uint32_t override_close(const vw_calendar_override *override)
{
    if (override->kind == 'H') {
        return 0;
    }
    return override->kind == 'E' && override->minute > OPEN_MINUTE ? override->minute
                                                                   : CLOSE_MINUTE;
}

uint32_t vw_calendar_close(const vw_calendar *calendar, uint32_t date)
{
    const vw_calendar_override *override = day_override(calendar, date);

    return override != NULL ? override_close(override) : known_close(date);
}

uint32_t vw_calendar_session(const vw_calendar *calendar, uint32_t date)
{
    while (vw_calendar_close(calendar, date) == 0) {
        date = vw_calendar_add_days(date, -1);
    }
    return date;
}

static const vw_calendar_override *settlement_override(const vw_calendar *calendar,
                                                       const char *root, uint32_t expiry)
{
    for (size_t i = calendar != NULL ? calendar->override_count : 0; i-- > 0;) {
        const vw_calendar_override *override = &calendar->overrides[i];

        if (override->kind == 'S' && override->date == expiry &&
            (override->root[0] == '\0' ||
             strncmp(override->root, root, sizeof override->root) == 0)) {
            return override;
        }
    }
    return NULL;
}

int64_t vw_calendar_settlement_ns(const vw_calendar *calendar, const char *root, uint32_t expiry,
                                  char settlement)
{
    const vw_calendar_override *override = settlement_override(calendar, root, expiry);
    const vw_root *known = vw_root_find(root, strnlen(root, 8));
    uint32_t date, minute;

    if (override != NULL) {
        return vw_calendar_ns(expiry, 60 * (int64_t) override->minute);
    }
    if (known != NULL && (settlement == 0 || known->family != VW_FAMILY_SPX)) {
        settlement = known->settlement;
    }
    date = vw_calendar_session(calendar, expiry);
    minute = settlement == 'A' ? OPEN_MINUTE : vw_calendar_close(calendar, date);
    return vw_calendar_ns(date, 60 * (int64_t)minute);
}

uint32_t vw_calendar_vx_expiry(const vw_calendar *calendar, int year, int month)
{
    int next_year = month == 12 ? year + 1 : year;
    int32_t friday = nth_weekday(next_year, month == 12 ? 1 : month + 1, 3, 5);
    uint32_t wednesday = date_of(friday - 30);

    if (vw_calendar_close(calendar, date_of(friday)) == 0) {
        return vw_calendar_session(calendar, date_of(friday - 31));
    }
    return vw_calendar_session(calendar, wednesday);
}

#define WEIGHT_CLOSED 0.08
#define WEIGHT_SESSION 0.60
#define WEIGHT_NIGHT 0.40

/* Whole days as integers, so that sums of them are exact whatever the order. */
typedef struct day_counts {
    int64_t closed, sessions, session_minutes;
} day_counts;

static void count_day(day_counts *counts, uint32_t close, int sign)
{
    if (close == 0) {
        counts->closed += sign;
    } else {
        counts->sessions += sign;
        counts->session_minutes += sign * (int64_t)(close - OPEN_MINUTE);
    }
}

static void recount_day(day_counts *counts, uint32_t was, uint32_t is)
{
    count_day(counts, was, -1);
    count_day(counts, is, +1);
}

/* Weekdays before a day, from a Monday long ago. */
static int64_t weekdays_before(int32_t day)
{
    int64_t since = (int64_t)day + 3 + 7 * 100000; /* 1970-01-01 less 3 days was a Monday */
    int64_t rest = since % 7;

    return since / 7 * 5 + (rest < 5 ? rest : 5);
}

/* What the days in [from, to) are: weekdays in closed form, corrected by the few days that differ,
 * each layer against the one below. */
static day_counts count_days(const vw_calendar *calendar, int32_t from, int32_t to)
{
    int64_t weekdays = weekdays_before(to) - weekdays_before(from);
    day_counts counts = {to - from - weekdays, weekdays, weekdays * SESSION_MINUTES};
    int last = (int)(date_of(to) / 10000);

    for (int year = (int)(date_of(from) / 10000); year <= last; year++) {
        special list[SPECIALS_MAX];
        size_t count = year_specials(year, list);

        for (size_t i = 0; i < count; i++) {
            if (list[i].day >= from && list[i].day < to) {
                recount_day(&counts, plain_close(list[i].day), list[i].close);
            }
        }
    }
    for (size_t i = 0; i < VW_COUNT_OF(one_offs); i++) {
        int32_t day = day_of(one_offs[i].date);

        if (day >= from && day < to) {
            recount_day(&counts, rule_close(day), one_offs[i].close);
        }
    }
    for (size_t i = 0; calendar != NULL && i < calendar->override_count; i++) {
        const vw_calendar_override *override = &calendar->overrides[i];
        int32_t day = day_of(override->date);

        if (day >= from && day < to && override == day_override(calendar, override->date)) {
            recount_day(&counts, known_close(override->date), override_close(override));
        }
    }
    return counts;
}

static double share(int64_t now, int64_t from, int64_t to)
{
    return now <= from ? 0.0 : now >= to ? 1.0 : (double)(now - from) / (double)(to - from);
}

/* The weight of a New York day up to an instant in it.  By instants, not by the wall clock: the
 * days of 23 and 25 hours are then even too. */
static double weight_until(const vw_calendar *calendar, uint32_t date, int64_t now_ns)
{
    int64_t midnight = vw_calendar_ns(date, 0);
    int64_t next = vw_calendar_ns(vw_calendar_add_days(date, 1), 0);
    uint32_t close_minute = vw_calendar_close(calendar, date);
    int64_t open, close;
    double nights;

    if (close_minute == 0) {
        return WEIGHT_CLOSED * share(now_ns, midnight, next);
    }
    open = vw_calendar_ns(date, 60 * OPEN_MINUTE);
    close = vw_calendar_ns(date, 60 * (int64_t)close_minute);
    nights = (double)(open - midnight) * share(now_ns, midnight, open) +
             (double)(next - close) * share(now_ns, close, next);
    return WEIGHT_NIGHT * nights / (double)(open - midnight + next - close) +
           WEIGHT_SESSION * share(now_ns, open, close) * (double)(close_minute - OPEN_MINUTE) /
               SESSION_MINUTES;
}

double vw_calendar_variance_years(const vw_calendar *calendar, int64_t from_ns, int64_t to_ns)
{
    int64_t early_ns = from_ns < to_ns ? from_ns : to_ns;
    int64_t late_ns = from_ns < to_ns ? to_ns : from_ns;
    uint32_t early = vw_calendar_date(early_ns, NULL);
    uint32_t late = vw_calendar_date(late_ns, NULL);
    day_counts counts = count_days(calendar, day_of(early), day_of(late));
    double whole, days;

    whole = WEIGHT_CLOSED * (double)counts.closed + WEIGHT_NIGHT * (double)counts.sessions +
            WEIGHT_SESSION * (double)counts.session_minutes / SESSION_MINUTES;
    days = whole + weight_until(calendar, late, late_ns) - weight_until(calendar, early, early_ns);
    return (from_ns < to_ns ? days : -days) / VW_CALENDAR_TRADING_YEAR;
}
