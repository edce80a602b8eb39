#include "tools/view_page.h"

#include "core/base/clock.h"
#include "core/hedge/reasons.h"
#include "core/market/calendar.h"
#include "core/market/event.h"
#include "tools/decision_json.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

enum { POINTS_SHOWN = 9, POINTS_SHORT = 4, EVENTS_SHORT = 1, EXPIRIES_MIN = 4, ROWS_SHORT = 36 };

static void add(view_page *page, view_style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void add(view_page *page, view_style style, const char *format, ...)
{
    va_list args;

    if (page->count == VIEW_ROWS_MAX) {
        return;
    }
    va_start(args, format);
    vsnprintf(page->text[page->count], VIEW_COLUMNS, format, args);
    va_end(args);
    page->style[page->count++] = style;
}

/* "2022-06-10 09:45:00.123 ET" */
static void format_time(int64_t instant_ns, char *text, size_t size)
{
    int64_t second;
    uint32_t date = vw_calendar_date(instant_ns, &second);

    snprintf(text, size, "%04u-%02u-%02u %02d:%02d:%02d.%03d ET", date / 10000, date / 100 % 100,
             date % 100, (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60),
             (int)(instant_ns / VW_NS_PER_MS % 1000));
}

/* A number, or a dash of the same width where there is none. */
static const char *number(char *text, bool have, int width, int digits, double value)
{
    if (have) {
        snprintf(text, 24, "%*.*f", width, digits, value);
    } else {
        snprintf(text, 24, "%*s", width, "-");
    }
    return text;
}

static void add_header(const vw_view *view, int64_t now_ns, view_page *page)
{
    const vw_subscriber_stats *stats = vw_subscriber_stats_of(view->subscriber);
    bool made_up = strcmp(view->source, "synthetic") == 0 || strcmp(view->source, "sim") == 0;
    char market[40] = "-", age[24];

    if (view->exchange_ns > 0) {
        format_time(view->exchange_ns, market, sizeof market);
    }
    number(age, view->receive_ns > 0, 1, 2, (double)(now_ns - view->receive_ns) / 1e9);
    add(page, view->silent ? VIEW_WARNING : VIEW_HEADING,
        "vegawire %s  %s%s  market %s  newest data %s s ago%s", view->endpoint,
        view->source[0] != '\0' ? view->source : "waiting for the publisher",
        made_up && strcmp(view->source, "synthetic") == 0 ? " (SYNTHETIC MARKET)"
        : made_up                                         ? " (SIMULATED EXCHANGE)"
                                                          : "",
        market, age, view->silent ? "  SILENT" : "");
    add(page, VIEW_NORMAL,
        "in %" PRIu64 "  here %" PRIu64 " (%.0f/s)  losses %" PRIu64 " upstream, %" PRIu64
        " here  wire to publish p50 %.1f us  p99 %.1f us  p99.9 %.1f us",
        view->messages_in, stats->messages, view->messages_per_second,
        view->has_heartbeat ? view->heartbeat.losses : 0, stats->missed,
        (double)view->heartbeat.latency.p50_ns / 1e3, (double)view->heartbeat.latency.p99_ns / 1e3,
        (double)view->heartbeat.latency.p999_ns / 1e3);
}

static void add_curve_summary(const vw_view *view, view_page *page)
{
    const vw_curve_row *curve = &view->curve;
    bool slope = (curve->absent & VW_ABSENT_CONTANGO) == 0;
    char contango[24], inversion[24], cm30[24], basis[24];

    number(contango, slope, 1, 2, 100 * curve->contango);
    number(inversion, slope, 1, 3, curve->inversion);
    number(cm30, (curve->absent & VW_ABSENT_CM30) == 0, 1, 3, curve->cm30);
    number(basis, (curve->absent & VW_ABSENT_SPOT_VIX) == 0, 1, 3, curve->basis);
    add(page, VIEW_HEADING,
        "VX curve  regime %s  contango %s %%  inversion %s  30 days %s  basis to spot VIX %s%s",
        vw_message_word(VW_WORDS_REGIME, curve->regime), contango, inversion, cm30, basis,
        (curve->quality & VW_QUOTE_STALE) != 0 ? "  STALE" : "");
}

static void add_curve(const vw_view *view, size_t points, view_page *page)
{
    size_t shown = 0, monthly = 0;

    if (!view->has_curve) {
        add(page, VIEW_HEADING, "VX curve  none yet");
        return;
    }
    add_curve_summary(view, page);
    for (size_t i = 0; i < view->point_count && shown < points; i++) {
        const vw_curve_point *point = &view->points[i];
        char name[16], price[24], bid[24], ask[24];

        monthly += point->monthly != 0;
        snprintf(name, sizeof name, point->monthly != 0 ? "VX%zu" : "week", monthly);
        add(page, (point->quality & VW_QUOTE_STALE) != 0 ? VIEW_WARNING : VIEW_NORMAL,
            "  %-5s %u  %s  %s x %s  %6.1f days  beta %.3f  roll %+.4f a day", name, point->expiry,
            number(price, point->price > 0, 8, 3, point->price),
            number(bid, point->bid > 0, 7, 2, point->bid),
            number(ask, point->ask > 0, 7, 2, point->ask), point->days, point->beta,
            point->roll_per_day);
        shown++;
    }
}

static bool has_forward(const view_group *group)
{
    return group->has_surface && group->surface.forward > 0;
}

/* The view's own choice: the first SPX expiry at least five days off, else any with a forward. */
static void choose(vw_view *view)
{
    size_t best = 0;
    int best_rank = 0;

    for (size_t i = 0; i < view->group_count; i++) {
        const view_group *group = view->groups[i];
        bool spx = strncmp(group->group.root, "SPX", 3) == 0;
        bool far = group->surface.years > 5.0 / 365;
        int rank = has_forward(group) ? 1 + far + 2 * spx : 0;

        if (rank > best_rank) {
            best = i;
            best_rank = rank;
        }
    }
    view->selected = best;
}

static void add_expiry(const view_group *group, bool selected, view_page *page)
{
    const vw_surface_row *row = &group->surface;
    bool stale = (row->quality & VW_QUOTE_STALE) != 0;
    bool forward = has_forward(group);
    char value[24], error[24], vol[24], skew[24], inside[24];

    add(page,
        selected ? VIEW_SELECTED
        : stale  ? VIEW_WARNING
                 : VIEW_NORMAL,
        "%c %-6.8s %u%c %8.2f  %s %s  %s  %s  %6u %s  %-8s %-5s %s%s", selected ? '>' : ' ',
        group->group.root, group->group.expiry, group->group.settlement, 365 * row->years,
        number(value, forward, 10, 3, row->forward), number(error, forward, 7, 3, row->forward_se),
        number(vol, row->atm_vol > 0, 7, 2, 100 * row->atm_vol),
        number(skew, row->model != VW_MODEL_NONE, 7, 3, row->skew), row->quotes,
        number(inside, row->quotes > 0 && row->model != VW_MODEL_NONE, 7, 1,
               100.0 * row->inside / (row->quotes + 1e-9)),
        vw_message_word(VW_WORDS_FORWARD_SOURCE, row->forward_source),
        vw_message_word(VW_WORDS_MODEL, row->model),
        group->has_surface ? vw_message_word(VW_WORDS_STATUS, row->status) : "",
        stale ? " STALE" : "");
}

static void add_expiries(const vw_view *view, size_t rows, view_page *page)
{
    size_t first = view->selected > rows / 2 ? view->selected - rows / 2 : 0;

    add(page, VIEW_HEADING,
        "  %-6s %9s %8s  %10s %7s  %7s  %7s  %6s %7s  %-8s %-5s status  (%zu expiries)", "root",
        "expiry", "days", "forward", "+-", "atm %", "skew", "quotes", "in %", "source", "model",
        view->group_count);
    if (first + rows > view->group_count) {
        first = view->group_count > rows ? view->group_count - rows : 0;
    }
    for (size_t i = first; i < view->group_count && i < first + rows; i++) {
        add_expiry(view->groups[i], i == view->selected, page);
    }
}

static bool computed(const vw_greeks_row *row)
{
    return row->vol > 0 && (row->status == VW_STATUS_OK || row->status == VW_STATUS_STALE ||
                            row->status == VW_STATUS_ONE_SIDED);
}

static char mark_of(const vw_greeks_row *row)
{
    static const char marks[VW_QUOTE_BITS + 1] = "ciexXsha";

    for (unsigned bit = VW_QUOTE_BITS; bit-- > 0;) {
        if ((row->quality >> bit & 1) != 0) {
            return marks[bit];
        }
    }
    return ' ';
}

/* "bid ask vol delta mark" of one side of a strike. */
static void format_side(const vw_greeks_row *row, bool have, char *text, size_t size)
{
    char bid[24], ask[24], vol[24], delta[24];
    bool priced = have && computed(row);

    snprintf(text, size, "%s %s %s %s%c", number(bid, have && row->bid > 0, 8, 2, row->bid),
             number(ask, have && row->ask > 0, 8, 2, row->ask),
             number(vol, priced, 7, 2, 100 * row->vol), number(delta, priced, 8, 4, row->delta),
             have ? mark_of(row) : ' ');
}

static void add_strike(const view_strike *strike, double forward, view_page *page)
{
    const vw_greeks_row *quiet = strike->strike < forward ? &strike->put : &strike->call;
    bool has_quiet = strike->strike < forward ? strike->has_put : strike->has_call;
    bool priced = has_quiet && computed(quiet);
    char call[104], put[104], gamma[24], vega[24], theta[24];

    format_side(&strike->call, strike->has_call, call, sizeof call);
    format_side(&strike->put, strike->has_put, put, sizeof put);
    add(page, VIEW_NORMAL, "%s |%9.2f %s %s %s |%s", call, strike->strike,
        number(gamma, priced, 8, 5, quiet->gamma), number(vega, priced, 7, 3, quiet->vega),
        number(theta, priced, 8, 3, quiet->theta), put);
}

static void add_greeks(const vw_view *view, size_t rows, view_page *page)
{
    const view_group *group;
    size_t middle = 0, first;
    double forward;

    if (view->group_count == 0) {
        return;
    }
    group = view->groups[view->selected];
    forward = has_forward(group) ? group->surface.forward : 0;
    while (middle < group->strike_count && group->strikes[middle].strike < forward) {
        middle++;
    }
    first = middle > rows / 2 ? middle - rows / 2 : 0;
    if (first + rows > group->strike_count) {
        first = group->strike_count > rows ? group->strike_count - rows : 0;
    }
    add(page, VIEW_HEADING, "%8s %8s %7s %8s  |%9s %8s %7s %8s |%8s %8s %7s %8s   %.8s %u%c",
        "call bid", "ask", "vol %", "delta", "strike", "gamma", "vega", "theta", "put bid", "ask",
        "vol %", "delta", group->group.root, group->group.expiry, group->group.settlement);
    for (size_t i = first; i < group->strike_count && i < first + rows; i++) {
        add_strike(&group->strikes[i], forward, page);
    }
}

static void add_layer(const vw_layer_row *layer, view_page *page)
{
    bool vx = layer->vx_expiry != 0;
    char ratio[24], offset[24], beta[24];

    add(page, VIEW_NORMAL,
        "  layer %u  V30 condors %12.0f  hedge %12.0f  ratio %s  left %12.0f  VX %-8u offset %s  "
        "beta %s",
        layer->layer, layer->condor_v30_usd_per_point, layer->hedge_v30_usd_per_point,
        number(ratio, layer->condor_v30_usd_per_point != 0, 7, 3, layer->hedge_ratio),
        layer->residual_v30_usd_per_point, layer->vx_expiry,
        number(offset, vx, 8, 2, layer->vx_full_offset), number(beta, vx, 6, 3, layer->vx_beta));
}

static void add_book(const vw_view *view, view_page *page)
{
    const vw_hedge_row *hedge = &view->hedge;
    char ratio[24];

    if (!view->has_hedge || (hedge->absent & VW_ABSENT_BOOK) != 0) {
        add(page, VIEW_HEADING, "book  %s", view->has_hedge ? "nothing priced" : "none yet");
        return;
    }
    add(page, VIEW_HEADING,
        "book %s  delta %.0f $/pt  gamma %.1f  vega %.0f $/vol pt  theta %.0f $/day  V30 %.0f $  "
        "hedge ratio %s%s",
        view->book, hedge->delta_usd_per_point, hedge->gamma_usd_per_point2,
        hedge->vega_usd_per_point, hedge->theta_usd_per_day,
        hedge->condor_v30_usd_per_point + hedge->hedge_v30_usd_per_point,
        number(ratio, hedge->condor_v30_usd_per_point != 0, 1, 3, hedge->hedge_ratio),
        (hedge->quality & VW_QUOTE_STALE) != 0 ? "  STALE" : "");
    if (hedge->unpriced > 0) {
        add(page, VIEW_WARNING, "  %u of %u legs have no price and are left out of the sums",
            hedge->unpriced, hedge->legs);
    }
    for (size_t i = 0; i < view->layer_count; i++) {
        add_layer(&view->layers[i], page);
    }
}

/* The words of a set, as many as fit on a line. */
static void list_words(const char *(*word)(int bit), uint64_t set, char *text, size_t size)
{
    size_t used = 0;

    text[0] = '\0';
    for (int i = 0; i < 64; i++) {
        if ((set >> i & 1) != 0 && used + 24 < size) {
            used +=
                (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : "", word(i));
        }
    }
}

static const char *reason_word(int bit)
{
    return vw_reason_name((vw_reason)bit);
}

static const char *warning_word(int bit)
{
    return vw_warning_name((vw_warning)bit);
}

static void add_decision(const vw_view *view, bool brief, view_page *page)
{
    const vw_decision_row *d = &view->decision;
    size_t shown = brief ? 1 : VIEW_TRADES_MAX;
    char words[120];

    if (!view->has_decision) {
        return;
    }
    add(page, (d->flags & VW_DECISION_HELD) != 0 ? VIEW_WARNING : VIEW_HEADING,
        "decision %.16s  %s E%u%s%s  r asked %.1f %%  released %.1f  final %.1f  attained %.1f  "
        "tranche %u/3  drift %.1f %%",
        d->preset, vw_regime_name((vw_regime)d->regime), d->level,
        (d->flags & VW_DECISION_HELD) != 0 ? "  HELD" : "",
        (d->flags & VW_DECISION_PAPER) != 0 ? "  paper" : "", 100 * d->r_asked, 100 * d->r_released,
        100 * d->r_final, 100 * d->r_attained, d->tranche, 100 * d->drift);
    for (size_t i = 0; i < view->trade_count && i < shown; i++) {
        const vw_decision_leg_row *leg = &view->trades[i];
        char name[64];

        vw_decision_leg_name(leg, name);
        add(page, VIEW_NORMAL, "  %-40s %6.0f held  %6.0f wanted", name, leg->now, leg->wanted);
    }
    if (view->trade_count > shown) {
        add(page, VIEW_NORMAL, "  and %zu more", view->trade_count - shown);
    }
    if (!brief) {
        list_words(reason_word, d->reasons, words, sizeof words);
        add(page, VIEW_NORMAL, "  why: %s", words);
    }
    list_words(warning_word, d->warnings, words, sizeof words);
    if (words[0] != '\0') {
        add(page, VIEW_WARNING, "  warnings: %s", words);
    }
}

static bool is_stale(const vw_unit_row *unit)
{
    return unit->state == VW_UNIT_GAP || unit->state == VW_UNIT_RESET ||
           unit->state == VW_UNIT_SILENT;
}

static void add_status(const vw_view *view, size_t events, int64_t now_ns, view_page *page)
{
    size_t stale = 0;

    for (size_t i = 0; i < view->unit_count; i++) {
        stale += is_stale(&view->units[i]);
    }
    if (stale > 0) {
        add(page, VIEW_WARNING, "%zu of %zu units stale", stale, view->unit_count);
    }
    for (size_t i = 0; i < view->event_count && i < events; i++) {
        add(page, VIEW_NORMAL, "%6.0f s ago  %s", (double)(now_ns - view->events[i].at_ns) / 1e9,
            view->events[i].text);
    }
}

/* What the parts above and below leave is shared by the expiries and the greeks. */
void vw_view_compose(vw_view *view, size_t rows, int64_t now_ns, view_page *page)
{
    bool brief = rows < ROWS_SHORT;
    view_page below;
    size_t left, expiries;

    page->count = below.count = 0;
    if (!view->chosen) {
        choose(view);
    }
    add_header(view, now_ns, page);
    add_curve(view, brief ? POINTS_SHORT : POINTS_SHOWN, page);
    add_book(view, &below);
    add_decision(view, brief, &below);
    add_status(view, brief ? EVENTS_SHORT : VIEW_EVENTS_MAX, now_ns, &below);
    left = rows > page->count + below.count + 2 ? rows - page->count - below.count - 2 : 0;
    expiries = left / 2 > EXPIRIES_MIN ? left / 2 : left < EXPIRIES_MIN ? left : EXPIRIES_MIN;
    expiries = view->group_count < expiries ? view->group_count : expiries;
    add_expiries(view, expiries, page);
    add_greeks(view, left - expiries, page);
    for (size_t i = 0; i < below.count; i++) {
        add(page, below.style[i], "%s", below.text[i]);
    }
    page->count = page->count < rows ? page->count : rows;
}
