#include "core/vol/vix_index.h"

#include <math.h>

enum { FRIDAY = 5, SATURDAY = 6, MONTHLY_ONLY_BEYOND_DAYS = 60, WEEK_DAYS = 7 };
enum { WEEKLIES_SINCE = 20141006 }; /* in VIX */

/* Indices of the strikes that may be in the sum: [low, high], at being that of k0. */
typedef struct reach {
    size_t low, at, high;
} reach;

static bool ascending(const vw_vix_quotes *quotes)
{
    for (size_t i = 0; i < quotes->count; i++) {
        if (!(quotes->strike[i] > (i > 0 ? quotes->strike[i - 1] : 0)) ||
            !isfinite(quotes->strike[i])) {
            return false;
        }
    }
    return true;
}

static double call_mid(const vw_vix_quotes *quotes, size_t i)
{
    return 0.5 * (quotes->call_bid[i] + quotes->call_ask[i]);
}

static double put_mid(const vw_vix_quotes *quotes, size_t i)
{
    return 0.5 * (quotes->put_bid[i] + quotes->put_ask[i]);
}

static bool has_call(const vw_vix_quotes *quotes, size_t i)
{
    return quotes->call_bid[i] > 0 && quotes->call_ask[i] > 0;
}

static bool has_put(const vw_vix_quotes *quotes, size_t i)
{
    return quotes->put_bid[i] > 0 && quotes->put_ask[i] > 0;
}

/* The strike where call and put are closest; count when no strike has both. */
static size_t closest(const vw_vix_quotes *quotes)
{
    size_t best = quotes->count;
    double least = INFINITY;

    for (size_t i = 0; i < quotes->count; i++) {
        double apart = fabs(call_mid(quotes, i) - put_mid(quotes, i));

        if (has_call(quotes, i) && has_put(quotes, i) && apart < least) {
            least = apart;
            best = i;
        }
    }
    return best;
}

/* How far out the strikes go: to the last quoted one before two in a row that are not. */
static reach find_reach(const vw_vix_quotes *quotes, size_t at)
{
    reach found = {at, at, at};
    int missing = 0;

    for (size_t i = at; i-- > 0 && missing < 2;) {
        missing = has_put(quotes, i) ? 0 : missing + 1;
        found.low = missing == 0 ? i : found.low;
    }
    missing = 0;
    for (size_t i = at + 1; i < quotes->count && missing < 2; i++) {
        missing = has_call(quotes, i) ? 0 : missing + 1;
        found.high = missing == 0 ? i : found.high;
    }
    return found;
}

static bool in_sum(const vw_vix_quotes *quotes, const reach *range, size_t i)
{
    return i == range->at || (i < range->at ? has_put(quotes, i) : has_call(quotes, i));
}

static double price_of(const vw_vix_quotes *quotes, const reach *range, size_t i)
{
    if (i == range->at) {
        return 0.5 * (call_mid(quotes, i) + put_mid(quotes, i));
    }
    return i < range->at ? put_mid(quotes, i) : call_mid(quotes, i);
}

/* Sum of spacing / strike^2 * price over the strikes left; the spacing is half the distance of
 * the neighbours left, at the ends the whole distance to the one there is. */
static void sum_strip(const vw_vix_quotes *quotes, const reach *range, double growth,
                      vw_vix_strip *strip)
{
    size_t before = range->low, i = range->low;

    strip->sum = 0;
    strip->strikes = 0;
    while (i <= range->high) {
        size_t after = i + 1;
        double spacing, strike = quotes->strike[i];

        while (after <= range->high && !in_sum(quotes, range, after)) {
            after++;
        }
        if (after > range->high) {
            spacing = strike - quotes->strike[before];
        } else if (i == before) {
            spacing = quotes->strike[after] - strike;
        } else {
            spacing = 0.5 * (quotes->strike[after] - quotes->strike[before]);
        }
        strip->sum += spacing / (strike * strike) * growth * price_of(quotes, range, i);
        strip->strikes++;
        before = i;
        i = after;
    }
}

static vw_status check_input(const vw_vix_quotes *quotes, double minutes, double rate)
{
    if (!isfinite(minutes) || !isfinite(rate) || !ascending(quotes)) {
        return VW_STATUS_BAD_INPUT;
    }
    return minutes > 0 ? VW_STATUS_OK : VW_STATUS_EXPIRED;
}

static vw_status fill(const vw_vix_quotes *quotes, vw_vix_strip *strip)
{
    double years = strip->minutes / VW_VIX_MINUTES_PER_YEAR;
    double growth = exp(strip->rate * years), excess;
    size_t best = closest(quotes), at = quotes->count;
    reach range;

    if (best == quotes->count) {
        return VW_STATUS_NO_MARKET;
    }
    strip->forward =
        quotes->strike[best] + growth * (call_mid(quotes, best) - put_mid(quotes, best));
    while (at > 0 && quotes->strike[at - 1] > strip->forward) {
        at--;
    }
    if (at == 0) { /* the forward lies below every strike */
        return VW_STATUS_NO_MARKET;
    }
    range = find_reach(quotes, at - 1);
    sum_strip(quotes, &range, growth, strip);
    strip->k0 = quotes->strike[range.at];
    strip->low = quotes->strike[range.low];
    strip->high = quotes->strike[range.high];
    excess = strip->forward / strip->k0 - 1;
    strip->variance = (2 * strip->sum - excess * excess) / years;
    return strip->strikes >= 2 ? VW_STATUS_OK : VW_STATUS_NO_MARKET;
}

vw_status vw_vix_term(const vw_vix_quotes *quotes, double minutes, double rate, vw_vix_strip *strip)
{
    const vw_vix_strip none = {.minutes = minutes,
                               .rate = rate,
                               .forward = NAN,
                               .k0 = NAN,
                               .sum = NAN,
                               .variance = NAN,
                               .low = NAN,
                               .high = NAN};
    vw_status status = check_input(quotes, minutes, rate);

    *strip = none;
    if (status == VW_STATUS_OK) {
        status = fill(quotes, strip);
    }
    if (status != VW_STATUS_OK) {
        *strip = none;
    }
    strip->status = status;
    return status;
}

double vw_vix_value(const vw_vix_strip *near, const vw_vix_strip *next, double days)
{
    double horizon = days * VW_VIX_MINUTES_PER_DAY;
    double between = next->minutes - near->minutes;
    double near_total = near->minutes * near->variance; /* the year's minutes cancel */
    double next_total = next->minutes * next->variance;
    double total =
        (near_total * (next->minutes - horizon) + next_total * (horizon - near->minutes)) / between;

    return between > 0 && total >= 0 ? 100 * sqrt(total / horizon) : NAN;
}

/* Whether an SPX index may use the expiry: it stands for a Friday, and settles as that Friday's do.
 */
static bool is_index_expiry(const vw_calendar *calendar, const vw_vix_expiry *expiry,
                            bool monthly_only)
{
    int weekday = vw_calendar_weekday(expiry->date);
    uint32_t friday = vw_calendar_add_days(expiry->date, FRIDAY - weekday);
    bool third = friday % 100 >= 15 && friday % 100 <= 21;

    if (weekday != SATURDAY && vw_calendar_session(calendar, friday) != expiry->date) {
        return false;
    }
    return expiry->settlement == (third ? 'A' : 'P') && (third || !monthly_only);
}

static bool is_monthly_vx(const vw_calendar *calendar, uint32_t date)
{
    return date == vw_calendar_vx_expiry(calendar, (int)(date / 10000), (int)(date / 100 % 100));
}

/* The two of all expiries that lie around the horizon. */
static void take_around(const vw_vix_expiry *expiries, size_t i, size_t count, double horizon,
                        size_t *near, size_t *next)
{
    double minutes = expiries[i].minutes;

    if (minutes <= horizon && (*near == count || minutes > expiries[*near].minutes)) {
        *near = i;
    }
    if (minutes > horizon && (*next == count || minutes < expiries[*next].minutes)) {
        *next = i;
    }
}

/* The first two of all expiries. */
static void take_first(const vw_vix_expiry *expiries, size_t i, size_t count, size_t *near,
                       size_t *next)
{
    double minutes = expiries[i].minutes;

    if (*near == count || minutes < expiries[*near].minutes) {
        *next = *near;
        *near = i;
    } else if (*next == count || minutes < expiries[*next].minutes) {
        *next = i;
    }
}

bool vw_vix_choose(const vw_calendar *calendar, vw_family family, uint32_t today,
                   const vw_vix_expiry *expiries, size_t count, double days, size_t *near,
                   size_t *next)
{
    bool vix = family == VW_FAMILY_VIX, far = days > MONTHLY_ONLY_BEYOND_DAYS;
    bool first_two = !vix && !far && days > WEEK_DAYS + 2 && today < WEEKLIES_SINCE;

    *near = *next = count;
    for (size_t i = 0; i < count; i++) {
        const vw_vix_expiry *expiry = &expiries[i];
        bool eligible = vix ? is_monthly_vx(calendar, expiry->date)
                            : is_index_expiry(calendar, expiry, far || first_two);

        if (!eligible || expiry->minutes <= 0) {
            continue;
        }
        if (!first_two) {
            take_around(expiries, i, count, days * VW_VIX_MINUTES_PER_DAY, near, next);
        } else if (vw_calendar_days(today, expiry->date) >= WEEK_DAYS) {
            take_first(expiries, i, count, near, next);
        }
    }
    return *near < count && *next < count;
}
