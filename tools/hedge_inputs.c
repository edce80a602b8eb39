#include "tools/hedge_inputs.h"

#include "core/market/calendar.h"
#include "feeds/chain.h"
#include "tools/config_map.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct event_text {
    char at[32];
    uint8_t kind;
} event_text;

/* The file as it stands. */
typedef struct inputs_file {
    vw_user_inputs user;
    bool entry_asked;
    event_text events[VW_HEDGE_EVENTS_MAX];
    size_t event_count;
} inputs_file;

#define AT(member) offsetof(inputs_file, member), sizeof(((inputs_file *)0)->member)

static const vw_choice announcements[] = {{"fomc", VW_ANNOUNCEMENT_FOMC},
                                          {"cpi", VW_ANNOUNCEMENT_CPI},
                                          {"ppi", VW_ANNOUNCEMENT_PPI},
                                          {"rebalance", VW_ANNOUNCEMENT_REBALANCE},
                                          {NULL, 0}};

#define NUMBER(path, member, lo, hi, what)                                                         \
    {                                                                                              \
        path, VW_FIELD_NUMBER, AT(user.member), .min = lo, .max = hi, .standard = "", .help = what \
    }

static const vw_field fields[] = {
    NUMBER("vix", vix, 0.01, 1000, "where no feed has it and no chain gives it"),
    NUMBER("advances", advances, -1e6, 1e6, "advances - declines of the session"),
    NUMBER("vol_of_vol", vol_of_vol, 0.01, 1000, "S16, points"),
    NUMBER("etps.vxx", etp[VW_ETP_VXX], 0.01, 1e6, "USD a share, good for the day it is given on"),
    NUMBER("etps.uvxy", etp[VW_ETP_UVXY], 0.01, 1e6, "likewise"),
    NUMBER("account.equity_usd", account.equity_usd, -1e15, 1e15, "of the account"),
    NUMBER("account.cash_usd", account.cash_usd, -1e15, 1e15, "S10"),
    NUMBER("account.near_cash_usd", account.near_cash_usd, -1e15, 1e15,
           "T-bills, long options and ETPs at bid"),
    NUMBER("account.rate", account.rate, -1, 10, "risk-free, per year"),
    NUMBER("account.borrowing", account.borrowing, -1, 10, "rate per year"),
    NUMBER("account.beta_book", account.beta_book, -100, 100, "of the condors to the market"),
    NUMBER("account.beta_hedge", account.beta_hedge, -100, 100, "rule 4"),
    NUMBER("account.hedge_cost", account.hedge_cost, -100, 100,
           "carry paid a year over notional; absent: from the curve"),
    NUMBER("macro.reer_change", macro.reer_change.value, -99, 99, "S13: sd of its 3-month change"),
    NUMBER("macro.price_earnings", macro.price_earnings.value, -99, 99, "S13: sd above its mean"),
    NUMBER("macro.dividend_model", macro.dividend_model.value, -99, 99,
           "S13: sd of price above value"),
    NUMBER("macro.rate_differential", macro.rate_differential.value, -99, 99,
           "S13: change since FOMC"),
    NUMBER("macro.market_cap_change", macro.market_cap_change.value, -1, 10,
           "S13: of 20 sessions, fraction"),
    {"entry_asked", VW_FIELD_FLAG, AT(entry_asked), .standard = "",
     .help = "rule 14: a new condor is to be proposed"},
    {"events", VW_FIELD_LIST, offsetof(inputs_file, events), sizeof(event_text),
     offsetof(inputs_file, event_count), 0, VW_HEDGE_EVENTS_MAX, .help = "announcements"},
    {"events[].at", VW_FIELD_TEXT, offsetof(event_text, at), sizeof(((event_text *)0)->at),
     .help = "2026-06-17T14:00:00, New York"},
    {"events[].kind", VW_FIELD_CHOICE, offsetof(event_text, kind), 1, .choices = announcements,
     .help = "fomc, cpi, ppi or rebalance"},
};

static const vw_field_table table = {fields, VW_COUNT_OF(fields), NULL};

static vw_err take_events(const vw_config_map *map, inputs_file *file, vw_error *error)
{
    const vw_chain none = {.rows = NULL};

    for (size_t i = 0; i < file->event_count; i++) {
        vw_announcement *event = &file->user.events[i];
        char path[VW_FIELD_PATH_MAX];

        event->kind = file->events[i].kind;
        if (strchr(file->events[i].at, 'T') == NULL ||
            vw_chain_instant(&none, file->events[i].at, &event->instant_ns, NULL) != VW_OK) {
            snprintf(path, sizeof path, "events[%zu].at", i);
            return vw_config_map_fail(map, error, path,
                                      "%s: expected an instant, 2026-06-17T14:00:00 (New York)",
                                      file->events[i].at);
        }
    }
    file->user.event_count = file->event_count;
    file->user.entry_asked = file->entry_asked;
    return VW_OK;
}

static vw_err fill(vw_config_map *map, vw_user_inputs *user, vw_error *error)
{
    inputs_file file = {.event_count = 0};
    vw_err err;

    vw_user_inputs_clear(&file.user);
    err = vw_config_map_fill(map, &file, error);
    if (err == VW_OK) {
        err = take_events(map, &file, error);
    }
    if (err == VW_OK) {
        *user = file.user;
    }
    vw_config_map_close(map);
    return err;
}

vw_err vw_hedge_inputs_read(const char *file, vw_user_inputs *user, vw_error *error)
{
    vw_config_map *map = NULL;
    vw_err err = vw_config_map_open(file, &table, &map, error);

    return err == VW_OK ? fill(map, user, error) : err;
}

vw_err vw_hedge_inputs_parse(const char *name, const char *text, vw_user_inputs *user,
                             vw_error *error)
{
    vw_config_map *map = NULL;
    vw_err err = vw_config_map_parse(name, text, &table, &map, error);

    return err == VW_OK ? fill(map, user, error) : err;
}

/* ---- closes --------------------------------------------------------------------------------- */

enum { COLUMNS_MAX = 24, LINE_MAX = 1024, SESSION_CLOSE_S = 58500 }; /* 16:15 */

typedef enum column {
    DATE,
    SPX,
    VIX,
    ADVANCES,
    VOL_OF_VOL,
    ATM_30,
    ATM_7,
    VX1,
    VX_LAST = VX1 + 8,
    IGNORED
} column;

static column column_of(const char *name)
{
    static const char *const names[] = {"date",       "spx",        "vix",      "advances",
                                        "vol_of_vol", "atm_vol_30", "atm_vol_7"};

    for (size_t i = 0; i < VW_COUNT_OF(names); i++) {
        if (strcasecmp(name, names[i]) == 0) {
            return (column)i;
        }
    }
    if (strncasecmp(name, "vx", 2) == 0 && name[2] >= '1' && name[2] <= '9' && name[3] == '\0') {
        return (column)(VX1 + (name[2] - '1'));
    }
    return IGNORED;
}

typedef struct sheet {
    const char *file;
    size_t line;
    column columns[COLUMNS_MAX];
    size_t column_count;
    vw_hedge_close *closes;
    size_t count, room;
} sheet;

/* The next cell of a line, cut in place; NULL at its end. */
static char *next_cell(char **line)
{
    char *cell = *line;

    if (cell == NULL) {
        return NULL;
    }
    size_t length = strcspn(cell, ",\r\n");

    *line = cell[length] == ',' ? cell + length + 1 : NULL;
    cell[length] = '\0';
    return cell;
}

static vw_err read_header(sheet *of, char *line, vw_error *error)
{
    bool dated = false;
    char *cell;

    while ((cell = next_cell(&line)) != NULL && of->column_count < COLUMNS_MAX) {
        of->columns[of->column_count] = column_of(cell);
        dated |= of->columns[of->column_count++] == DATE;
    }
    return dated ? VW_OK
                 : vw_fail(error, VW_ERR_CONFIG,
                           "%s:%zu: expected a header with the column date, and any of spx, vix, "
                           "advances, vol_of_vol, atm_vol_30, atm_vol_7, vx1 to vx9",
                           of->file, of->line);
}

static vw_err take_date(const sheet *of, const char *cell, vw_hedge_close *close, vw_error *error)
{
    unsigned year, month, day;
    int used = 0;

    if ((sscanf(cell, "%4u-%2u-%2u%n", &year, &month, &day, &used) == 3 ||
         sscanf(cell, "%4u%2u%2u%n", &year, &month, &day, &used) == 3) &&
        cell[used] == '\0') {
        close->session = year * 10000 + month * 100 + day;
    }
    if (!vw_calendar_valid(close->session)) {
        return vw_fail(error, VW_ERR_CONFIG, "%s:%zu: date %s: expected yyyy-mm-dd", of->file,
                       of->line, cell);
    }
    return of->count > 0 && of->closes[of->count - 1].session >= close->session
               ? vw_fail(error, VW_ERR_CONFIG, "%s:%zu: date %s: sessions must ascend", of->file,
                         of->line, cell)
               : VW_OK;
}

static vw_err take_cell(const sheet *of, column at, const char *cell, double vx[9],
                        vw_hedge_close *close, vw_error *error)
{
    double *to[] = {NULL,
                    &close->spx,
                    &close->vix,
                    &close->advances_declines,
                    &close->vol_of_vol,
                    &close->atm_vol_30,
                    &close->atm_vol_7};
    char *end;
    double value = strtod(cell, &end);

    if (at == DATE) {
        return take_date(of, cell, close, error);
    }
    if (at == IGNORED || cell[0] == '\0') {
        return VW_OK;
    }
    if (*end != '\0' || !isfinite(value)) {
        return vw_fail(error, VW_ERR_CONFIG, "%s:%zu: %s: expected a number, or nothing", of->file,
                       of->line, cell);
    }
    *(at >= VX1 ? &vx[at - VX1] : to[at]) = value;
    return VW_OK;
}

/* The monthlies of that day, in order; a hole ends them. */
static void take_futures(const double vx[9], vw_hedge_close *close)
{
    int64_t at_ns = vw_calendar_ns(close->session, SESSION_CLOSE_S);
    int year = (int)(close->session / 10000), month = (int)(close->session / 100 % 100);

    while (close->future_count < VW_HEDGE_FUTURES_MAX && !isnan(vx[close->future_count])) {
        uint32_t expiry = vw_calendar_vx_expiry(NULL, year, month);
        int64_t settlement_ns = vw_calendar_settlement_ns(NULL, "VX", expiry, 'A');

        if (settlement_ns > at_ns) {
            close->futures[close->future_count].expiry = expiry;
            close->futures[close->future_count].days =
                365 * vw_calendar_years(at_ns, settlement_ns);
            close->futures[close->future_count].price = vx[close->future_count];
            close->future_count++;
        }
        year += month == 12;
        month = month % 12 + 1;
    }
}

static vw_err read_row(sheet *of, char *line, vw_error *error)
{
    vw_hedge_close close = {.spx = NAN,
                            .vix = NAN,
                            .advances_declines = NAN,
                            .vol_of_vol = NAN,
                            .atm_vol_30 = NAN,
                            .atm_vol_7 = NAN};
    double vx[9] = {NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    vw_err err = VW_OK;
    char *cell;

    for (size_t i = 0; err == VW_OK && i < of->column_count && (cell = next_cell(&line)) != NULL;
         i++) {
        err = take_cell(of, of->columns[i], cell, vx, &close, error);
    }
    if (err == VW_OK && close.session == 0) {
        err = vw_fail(error, VW_ERR_CONFIG, "%s:%zu: no date", of->file, of->line);
    }
    if (err != VW_OK) {
        return err;
    }
    take_futures(vx, &close);
    if (of->count == of->room) {
        of->room = of->room > 0 ? 2 * of->room : 256;
        of->closes = realloc(of->closes, of->room * sizeof *of->closes);
        vw_check(of->closes != NULL);
    }
    of->closes[of->count++] = close;
    return VW_OK;
}

vw_err vw_hedge_closes_read(const char *path, vw_hedge_close **closes, size_t *count,
                            vw_error *error)
{
    sheet of = {.file = path};
    FILE *file = fopen(path, "r");
    char line[LINE_MAX];
    vw_err err = VW_OK;

    if (file == NULL) {
        return vw_fail(error, VW_ERR_DATA, "%s: %s", path, strerror(errno));
    }
    while (err == VW_OK && fgets(line, sizeof line, file) != NULL) {
        of.line++;
        if (line[0] == '#' || line[strspn(line, " \r\n")] == '\0') {
            continue;
        }
        err = of.column_count == 0 ? read_header(&of, line, error) : read_row(&of, line, error);
    }
    fclose(file);
    if (err != VW_OK) {
        free(of.closes);
        of = (sheet){.count = 0};
    }
    *closes = of.closes;
    *count = of.count;
    return err;
}
