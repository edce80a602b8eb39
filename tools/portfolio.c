#include "tools/portfolio.h"

#include "core/market/symbol.h"
#include "tools/config_map.h"

#include <stdio.h>
#include <string.h>

enum { CONDORS_MAX = VW_PORTFOLIO_LEGS_MAX / 4, HEDGES_MAX = VW_PORTFOLIO_LEGS_MAX };

/* The file as it stands. */
typedef struct book_file {
    char book[16];
    vw_condor condors[CONDORS_MAX];
    size_t condor_count;
    vw_leg hedges[HEDGES_MAX];
    size_t hedge_count;
} book_file;

#define AT(member) offsetof(book_file, member), sizeof(((book_file *)0)->member)
#define OF_CONDOR(member) offsetof(vw_condor, member), sizeof(((vw_condor *)0)->member)
#define OF_HEDGE(member) offsetof(vw_leg, member), sizeof(((vw_leg *)0)->member)

static const char *check_condor_root(const char *text)
{
    const vw_root *root = vw_root_find(text, strlen(text));

    return root != NULL && root->family == VW_FAMILY_SPX ? NULL : "SPX or SPXW";
}

static const char *check_hedge_root(const char *text)
{
    const vw_root *root = vw_root_find(text, strlen(text));

    return root != NULL ? NULL : "SPX, SPXW, VIX, VIXW, VX or VXM";
}

static const char *check_book(const char *text)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

    return text[strspn(text, letters)] == '\0' ? NULL : "letters, digits, - and _";
}

static const vw_choice positions[] = {{"credit", false}, {"debit", true}, {NULL, 0}};
static const vw_choice types[] = {{"call", 'C'}, {"put", 'P'}, {"future", 'F'}, {NULL, 0}};

/* clang-format off */
static const vw_field fields[] = {
    {"book", VW_FIELD_TEXT, AT(book), .standard = "book", .check = check_book,
     .help = "name of the book, in the topic hedge.<book>"},

    {"condors", VW_FIELD_LIST, offsetof(book_file, condors), sizeof(vw_condor),
     offsetof(book_file, condor_count), 0, CONDORS_MAX, .help = "iron condors"},
    {"condors[].root", VW_FIELD_TEXT, OF_CONDOR(root), .check = check_condor_root,
     .help = "SPX (AM) or SPXW (PM)"},
    {"condors[].expiry", VW_FIELD_DATE, OF_CONDOR(expiry), .help = "expiry date"},
    {"condors[].put_wing", VW_FIELD_NUMBER, OF_CONDOR(put_wing), .min = 0.01, .max = 1e6,
     .help = "lowest strike"},
    {"condors[].put_short", VW_FIELD_NUMBER, OF_CONDOR(put_short), .min = 0.01, .max = 1e6,
     .help = "inner put strike"},
    {"condors[].call_short", VW_FIELD_NUMBER, OF_CONDOR(call_short), .min = 0.01, .max = 1e6,
     .help = "inner call strike"},
    {"condors[].call_wing", VW_FIELD_NUMBER, OF_CONDOR(call_wing), .min = 0.01, .max = 1e6,
     .help = "highest strike"},
    {"condors[].contracts", VW_FIELD_NUMBER, OF_CONDOR(contracts), .min = 1, .max = 1e6,
     .help = "condors held"},
    {"condors[].position", VW_FIELD_CHOICE, OF_CONDOR(debit), .standard = "credit",
     .choices = positions, .help = "credit (inner strikes sold) or debit"},
    {"condors[].entry_date", VW_FIELD_DATE, OF_CONDOR(entry.date), .standard = "",
     .help = "when it was put on"},
    {"condors[].credit", VW_FIELD_NUMBER, OF_CONDOR(entry.credit), .min = -1e6, .max = 1e6,
     .standard = "", .help = "points of one at entry; rules 9 and 13 want it"},
    {"condors[].entry_spx", VW_FIELD_NUMBER, OF_CONDOR(entry.index), .min = 1, .max = 1e6,
     .standard = "", .help = "SPX at entry"},
    {"condors[].entry_vol", VW_FIELD_NUMBER, OF_CONDOR(entry.vol), .min = 0.001, .max = 10,
     .standard = "", .help = "30-day vol at entry; rule 12 wants it"},
    {"condors[].entry_decay_short", VW_FIELD_NUMBER, OF_CONDOR(entry.short_decay), .min = 0,
     .max = 100, .standard = "", .help = "S6: abs(theta) / extrinsic a day, of the shorts"},
    {"condors[].entry_decay_wing", VW_FIELD_NUMBER, OF_CONDOR(entry.wing_decay), .min = 0,
     .max = 100, .standard = "", .help = "of the wings"},

    {"hedges", VW_FIELD_LIST, offsetof(book_file, hedges), sizeof(vw_leg),
     offsetof(book_file, hedge_count), 0, HEDGES_MAX, .help = "hedge legs"},
    {"hedges[].root", VW_FIELD_TEXT, OF_HEDGE(root), .check = check_hedge_root,
     .help = "VX, VXM, VIX, VIXW, SPX or SPXW"},
    {"hedges[].type", VW_FIELD_CHOICE, OF_HEDGE(type), .choices = types,
     .help = "call, put or future"},
    {"hedges[].expiry", VW_FIELD_DATE, OF_HEDGE(expiry), .help = "expiry date"},
    {"hedges[].strike", VW_FIELD_NUMBER, OF_HEDGE(strike), .min = 0.01, .max = 1e6,
     .standard = "", .help = "options only"},
    {"hedges[].contracts", VW_FIELD_NUMBER, OF_HEDGE(contracts), .min = -1e6, .max = 1e6,
     .help = "held; negative = sold"},
    {"hedges[].entry_price", VW_FIELD_NUMBER, OF_HEDGE(entry_price), .min = 0, .max = 1e6,
     .standard = "", .help = "points paid or received for one; rule 7 wants it"},
    {"hedges[].package", VW_FIELD_WHOLE, OF_HEDGE(package), .min = 0, .max = 9999,
     .standard = "0", .help = "a number that the legs of one spread or calendar share"},
};
/* clang-format on */

static const vw_field_table table = {fields, VW_COUNT_OF(fields), NULL};

static vw_err add_condors(const vw_config_map *map, const book_file *file, vw_portfolio *portfolio,
                          vw_error *error)
{
    for (size_t i = 0; i < file->condor_count; i++) {
        char path[VW_FIELD_PATH_MAX];
        vw_error why;

        if (vw_portfolio_add_condor(portfolio, &file->condors[i], &why) != VW_OK) {
            snprintf(path, sizeof path, "condors[%zu]", i);
            return vw_config_map_fail(map, error, path, "%s", why.text);
        }
    }
    return VW_OK;
}

vw_err vw_portfolio_check_hedge(const vw_leg *leg, vw_error *error)
{
    const vw_root *root = vw_root_find(leg->root, strlen(leg->root));
    const char *expected = check_hedge_root(leg->root);

    if (expected != NULL) {
        return vw_fail(error, VW_ERR_CONFIG, "%s: expected %s", leg->root, expected);
    }
    if ((root->family == VW_FAMILY_VX) != (leg->type == 'F')) {
        return vw_fail(error, VW_ERR_CONFIG, "%s is %s", leg->root,
                       leg->type != 'F' ? "a future: expected type future"
                                        : "an option: expected type call or put");
    }
    return VW_OK;
}

static vw_err add_hedges(const vw_config_map *map, const book_file *file, vw_portfolio *portfolio,
                         vw_error *error)
{
    for (size_t i = 0; i < file->hedge_count; i++) {
        const vw_leg *leg = &file->hedges[i];
        char path[VW_FIELD_PATH_MAX];
        vw_error why;

        snprintf(path, sizeof path, "hedges[%zu].type", i);
        if (vw_portfolio_check_hedge(leg, &why) != VW_OK) {
            return vw_config_map_fail(map, error, path, "%s", why.text);
        }
        snprintf(path, sizeof path, "hedges[%zu]", i);
        if (vw_portfolio_add_hedge(portfolio, leg, &why) != VW_OK) {
            return vw_config_map_fail(map, error, path, "%s", why.text);
        }
    }
    return VW_OK;
}

static vw_err fill(vw_config_map *map, vw_portfolio *portfolio, vw_error *error)
{
    book_file file = {.book = ""};
    vw_err err = vw_config_map_fill(map, &file, error);

    *portfolio = (vw_portfolio){.book = ""};
    if (err == VW_OK) {
        memcpy(portfolio->book, file.book, sizeof portfolio->book);
        err = add_condors(map, &file, portfolio, error);
    }
    if (err == VW_OK) {
        err = add_hedges(map, &file, portfolio, error);
    }
    vw_config_map_close(map);
    return err;
}

vw_err vw_portfolio_read(const char *name, vw_portfolio *portfolio, vw_error *error)
{
    vw_config_map *map = NULL;
    vw_err err = vw_config_map_open(name, &table, &map, error);

    return err == VW_OK ? fill(map, portfolio, error) : err;
}

vw_err vw_portfolio_parse(const char *name, const char *text, vw_portfolio *portfolio,
                          vw_error *error)
{
    vw_config_map *map = NULL;
    vw_err err = vw_config_map_parse(name, text, &table, &map, error);

    return err == VW_OK ? fill(map, portfolio, error) : err;
}
