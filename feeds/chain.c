#include "feeds/chain.h"

#include "feeds/chain_file.h"
#include "feeds/chain_time.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_NS INT64_C(60000000000)

enum {
    DELAY_MINUTES = 15,
    OPEN_SECOND = (9 * 60 + 30) * 60,
    AFTER_CLOSE_MINUTES = 15, /* index options are quoted so long after the cash session */
};

/* The last quotes of a day: 16:15, or 13:15 after an early close. */
static int64_t last_quote_ns(const vw_calendar *calendar, uint32_t date)
{
    uint32_t close = vw_calendar_close(calendar, date);

    return vw_calendar_ns(date,
                          60 * (int64_t)((close != 0 ? close : 16 * 60) + AFTER_CLOSE_MINUTES));
}

static int64_t quote_by_delay(const vw_calendar *calendar, int64_t download_ns)
{
    int64_t quote_ns = download_ns - DELAY_MINUTES * MINUTE_NS;
    int64_t second;
    uint32_t date = vw_calendar_date(quote_ns, &second);

    if (vw_calendar_close(calendar, date) == 0 || second < OPEN_SECOND) {
        date = vw_calendar_session(calendar, vw_calendar_add_days(date, -1));
        return last_quote_ns(calendar, date);
    }
    return quote_ns <= last_quote_ns(calendar, date) ? quote_ns : last_quote_ns(calendar, date);
}

static int compare(const void *a, const void *b)
{
    const vw_chain_row *left = &((const vw_chain_quoted *)a)->row,
                       *right = &((const vw_chain_quoted *)b)->row;
    int root = strcmp(left->symbol.root, right->symbol.root);

    if (root != 0) {
        return root;
    }
    if (left->symbol.expiry != right->symbol.expiry) {
        return left->symbol.expiry < right->symbol.expiry ? -1 : 1;
    }
    if (left->symbol.strike != right->symbol.strike) {
        return left->symbol.strike < right->symbol.strike ? -1 : 1;
    }
    if (left->symbol.type != right->symbol.type) {
        return left->symbol.type < right->symbol.type ? -1 : 1;
    }
    return left->line < right->line ? -1 : left->line > right->line;
}

static bool same_symbol(const vw_symbol *a, const vw_symbol *b)
{
    return a->expiry == b->expiry && a->strike == b->strike && a->type == b->type &&
           strcmp(a->root, b->root) == 0;
}

/* Gives options that say only the day the instant of its last quotes. */
static void date_options(vw_chain_file *file, const vw_calendar *calendar)
{
    int64_t day_ns = 0, last_ns = 0;

    for (size_t i = 0; i < file->count; i++) {
        vw_chain_quoted *option = &file->options[i];

        if (option->stamp_ns == 0 || option->stamp_has_time) {
            continue;
        }
        if (option->stamp_ns != day_ns) {
            day_ns = option->stamp_ns;
            last_ns = last_quote_ns(calendar, vw_calendar_date(day_ns, NULL));
        }
        option->stamp_ns = last_ns;
    }
}

/* The instant whose quotes are taken: the last one not after limit. */
static bool choose_snapshot(const vw_chain_file *file, int64_t limit_ns, int64_t *chosen_ns)
{
    bool found = false;

    for (size_t i = 0; i < file->count; i++) {
        int64_t stamp_ns = file->options[i].stamp_ns;

        if (stamp_ns <= limit_ns && (!found || stamp_ns > *chosen_ns)) {
            *chosen_ns = stamp_ns;
            found = true;
        }
    }
    return found;
}

/* Sorted rows of one instant, each symbol once: the file's last word on it counts. */
static void fill_rows(vw_chain_file *file, int64_t snapshot_ns, vw_chain *chain)
{
    qsort(file->options, file->count, sizeof *file->options, compare);
    for (size_t i = 0; i < file->count; i++) {
        const vw_chain_quoted *option = &file->options[i];
        vw_chain_row *before = chain->count > 0 ? &chain->rows[chain->count - 1] : NULL;

        if (option->stamp_ns != snapshot_ns) {
            continue;
        }
        if (isfinite(option->spot)) {
            chain->spot = option->spot;
        }
        if (before != NULL && same_symbol(&before->symbol, &option->row.symbol)) {
            vw_chain_file_bad(file, before->line, "an option that is given again further down");
            *before = option->row;
        } else {
            chain->rows[chain->count++] = option->row;
        }
    }
}

static void name_underlying(vw_chain *chain)
{
    const char *root = chain->rows[0].symbol.root;
    const vw_root *known = vw_root_find(root, strlen(root));

    if (known != NULL && known->family == VW_FAMILY_VIX) {
        root = "VIX";
    } else if (known != NULL && known->family == VW_FAMILY_SPX) {
        root = "SPX";
    }
    memcpy(chain->underlying, root, strlen(root) + 1);
}

static vw_err make_chain(vw_chain_file *file, int64_t limit_ns, const vw_calendar *calendar,
                         vw_chain *chain, vw_error *error)
{
    int64_t snapshot_ns = 0;

    chain->spot = file->spot;
    chain->synthetic = file->synthetic;
    chain->download_ns = file->download_ns;
    date_options(file, calendar);
    if (!choose_snapshot(file, limit_ns, &snapshot_ns)) {
        return vw_fail(error, VW_ERR_DATA, "%s: no quotes at or before the instant of --at",
                       file->name);
    }
    chain->rows = malloc(file->count * sizeof *chain->rows);
    if (chain->rows == NULL) {
        return vw_fail(error, VW_ERR_SYSTEM, "%s: out of memory", file->name);
    }
    fill_rows(file, snapshot_ns, chain);
    name_underlying(chain);
    if (file->stated_ns != 0) {
        chain->quote_ns = file->stated_ns;
    } else if (snapshot_ns != 0) {
        chain->quote_ns = snapshot_ns;
    } else if (file->download_ns != 0) {
        chain->quote_ns = quote_by_delay(calendar, file->download_ns);
    } else {
        chain->quote_ns = file->dated_ns;
    }
    memcpy(chain->unread_time, file->unread_time, sizeof chain->unread_time);
    chain->bad_rows = file->bad_rows;
    memcpy(chain->first_bad, file->first_bad, sizeof chain->first_bad);
    return VW_OK;
}

/* Whether `at` is an instant and no word. */
static bool read_at(const char *at, int64_t *instant_ns)
{
    bool has_time;

    if (at == NULL || !vw_chain_time_stamp(at, instant_ns, &has_time)) {
        return false;
    }
    if (!has_time) {
        *instant_ns = last_quote_ns(NULL, vw_calendar_date(*instant_ns, NULL));
    }
    return true;
}

vw_err vw_chain_read_at(const char *path, const char *at, const vw_calendar *calendar,
                        vw_chain *chain, vw_error *error)
{
    int64_t limit_ns = INT64_MAX;
    vw_chain_file file;
    vw_err err;

    *chain = (vw_chain){.spot = NAN};
    snprintf(chain->path, sizeof chain->path, "%s", path);
    err = vw_chain_file_read(path, &file, error);
    if (err != VW_OK) {
        return err;
    }
    read_at(at, &limit_ns);
    err = make_chain(&file, limit_ns, calendar, chain, error);
    vw_chain_file_free(&file);
    if (err != VW_OK) {
        vw_chain_free(chain);
    }
    return err;
}

vw_err vw_chain_read(const char *path, const vw_calendar *calendar, vw_chain *chain,
                     vw_error *error)
{
    return vw_chain_read_at(path, NULL, calendar, chain, error);
}

vw_err vw_chain_instant(const vw_chain *chain, const char *at, int64_t *instant_ns, vw_error *error)
{
    int64_t vendor_ns = chain->quote_ns + DELAY_MINUTES * MINUTE_NS;
    int64_t found = 0;

    if (read_at(at, instant_ns)) {
        return VW_OK;
    }
    if (at == NULL || strcmp(at, "quote") == 0) {
        found = chain->quote_ns;
    } else if (strcmp(at, "download") == 0) {
        found = chain->download_ns;
    } else if (strcmp(at, "vendor") == 0) {
        bool early = chain->download_ns != 0 && chain->download_ns < vendor_ns;

        found = chain->quote_ns == 0 ? 0 : early ? chain->download_ns : vendor_ns;
    } else {
        return vw_fail(error, VW_ERR_USAGE,
                       "--at %s: expected quote, download, vendor, or an instant such as "
                       "2023-09-14T16:15:00 (New York) or 2023-09-14T20:15:00Z",
                       at);
    }
    if (found == 0) {
        const char *path = strcmp(chain->path, "-") == 0 ? "standard input" : chain->path;

        if (chain->unread_time[0] != '\0') {
            return vw_fail(error, VW_ERR_DATA,
                           "%s:%s: expected a time such as 'September 14, 2023 at 4:31 PM EDT'; "
                           "give --at 2023-09-14T16:15:00",
                           path, chain->unread_time);
        }
        return vw_fail(error, VW_ERR_DATA,
                       "%s: no %s time in its header; give --at 2023-09-14T16:15:00", path,
                       at != NULL ? at : "quote");
    }
    *instant_ns = found;
    return VW_OK;
}

void vw_chain_free(vw_chain *chain)
{
    free(chain->rows);
    chain->rows = NULL;
    chain->count = 0;
}
