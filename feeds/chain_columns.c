#include "feeds/chain_columns.h"

#include "core/market/event.h"
#include "feeds/chain_time.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE, CALL, PUT }; /* first index of vw_chain_columns.column */

/* Names as they are after fold_name. */
static const struct {
    const char *name;
    vw_chain_field field;
} names[] = {
    {"expiry", VW_CHAIN_EXPIRY},
    {"expiration", VW_CHAIN_EXPIRY},
    {"expirationdate", VW_CHAIN_EXPIRY},
    {"expirydate", VW_CHAIN_EXPIRY},
    {"expdate", VW_CHAIN_EXPIRY},
    {"root", VW_CHAIN_ROOT},
    {"strike", VW_CHAIN_STRIKE},
    {"strikeprice", VW_CHAIN_STRIKE},
    {"optiontype", VW_CHAIN_TYPE},
    {"type", VW_CHAIN_TYPE},
    {"side", VW_CHAIN_TYPE},
    {"callput", VW_CHAIN_TYPE},
    {"putcall", VW_CHAIN_TYPE},
    {"cpflag", VW_CHAIN_TYPE},
    {"right", VW_CHAIN_TYPE},
    {"quotedatetime", VW_CHAIN_TIME},
    {"quotetime", VW_CHAIN_TIME},
    {"quotedate", VW_CHAIN_TIME},
    {"underlyingprice", VW_CHAIN_SPOT},
    {"activeunderlyingprice", VW_CHAIN_SPOT},
    {"spot", VW_CHAIN_SPOT},
    {"underlyingsymbol", VW_CHAIN_UNDERLYING},
    {"underlying", VW_CHAIN_UNDERLYING},
    {"symbol", VW_CHAIN_SYMBOL},
    {"optionsymbol", VW_CHAIN_SYMBOL},
    {"contractsymbol", VW_CHAIN_SYMBOL},
    {"option", VW_CHAIN_SYMBOL},
    {"bid", VW_CHAIN_BID},
    {"ask", VW_CHAIN_ASK},
    {"bidsize", VW_CHAIN_BID_SIZE},
    {"asksize", VW_CHAIN_ASK_SIZE},
    {"iv", VW_CHAIN_IV},
    {"impliedvolatility", VW_CHAIN_IV},
    {"impliedvol", VW_CHAIN_IV},
    {"delta", VW_CHAIN_DELTA},
    {"gamma", VW_CHAIN_GAMMA},
    {"theta", VW_CHAIN_THETA},
    {"vega", VW_CHAIN_VEGA},
};

static bool of_option(vw_chain_field field)
{
    return field < VW_CHAIN_EXPIRY;
}

/* Lower case without blanks and underscores; a prefix that says the side is cut and returned. */
static int fold_name(const char *cell, char name[32])
{
    static const struct {
        const char *prefix;
        int side;
    } prefixes[] = {{"c_", CALL}, {"p_", PUT}, {"call_", CALL}, {"put_", PUT}};
    size_t length = 0;
    int side = LINE;

    for (size_t i = 0; i < VW_COUNT_OF(prefixes); i++) {
        size_t width = strlen(prefixes[i].prefix);

        /* "call_put" is a type, not the put of a call */
        if (strncasecmp(cell, prefixes[i].prefix, width) == 0 &&
            strcasecmp(cell, "call_put") != 0 && strcasecmp(cell, "put_call") != 0) {
            cell += width;
            side = prefixes[i].side;
            break;
        }
    }
    for (; *cell != '\0' && length < 31; cell++) {
        if (*cell != ' ' && *cell != '_') {
            name[length++] = (char)tolower((unsigned char)*cell);
        }
    }
    name[length] = '\0';
    return side;
}

static int field_of(const char *name)
{
    for (size_t i = 0; i < VW_COUNT_OF(names); i++) {
        if (strcmp(name, names[i].name) == 0) {
            return (int)names[i].field;
        }
    }
    return -1;
}

static void set_column(vw_chain_columns *columns, int side, vw_chain_field field, size_t i)
{
    if (columns->column[side][field] < 0) {
        columns->column[side][field] = (int)i;
    }
}

/* Whether what makes a chain is there; notes how far right it reaches. */
static bool complete(vw_chain_columns *columns)
{
    const int *line = columns->column[LINE], *call = columns->column[CALL];
    const int *put = columns->column[PUT];
    bool symbols = columns->pairs ? call[VW_CHAIN_SYMBOL] >= 0 && put[VW_CHAIN_SYMBOL] >= 0
                                  : line[VW_CHAIN_SYMBOL] >= 0;
    bool named = symbols || (line[VW_CHAIN_EXPIRY] >= 0 && line[VW_CHAIN_STRIKE] >= 0);
    bool quoted = columns->pairs ? call[VW_CHAIN_BID] >= 0 && call[VW_CHAIN_ASK] >= 0 &&
                                       put[VW_CHAIN_BID] >= 0 && put[VW_CHAIN_ASK] >= 0
                                 : line[VW_CHAIN_BID] >= 0 && line[VW_CHAIN_ASK] >= 0;
    static const vw_chain_field must[] = {VW_CHAIN_SYMBOL, VW_CHAIN_BID,    VW_CHAIN_ASK,
                                          VW_CHAIN_EXPIRY, VW_CHAIN_STRIKE, VW_CHAIN_TYPE};

    columns->needed = 0;
    for (int side = LINE; side <= PUT; side++) {
        for (size_t i = 0; i < VW_COUNT_OF(must); i++) {
            int column = columns->column[side][must[i]];

            if (column >= 0 && (size_t)column + 1 > columns->needed) {
                columns->needed = (size_t)column + 1;
            }
        }
    }
    return named && quoted && (columns->pairs || symbols || line[VW_CHAIN_TYPE] >= 0);
}

bool vw_chain_columns_find(const vw_chain_cells *cells, vw_chain_columns *columns)
{
    int side = LINE;

    memset(columns->column, -1, sizeof columns->column);
    for (size_t i = 0; i < cells->count; i++) {
        char name[32];
        int own = fold_name(cells->cell[i], name);
        int field = field_of(name);

        if (strcmp(name, "calls") == 0 || strcmp(name, "puts") == 0) {
            side = name[0] == 'c' ? CALL : PUT;
            set_column(columns, side, VW_CHAIN_SYMBOL, i);
        } else if (field >= 0 && of_option((vw_chain_field)field)) {
            set_column(columns, own != LINE ? own : side, (vw_chain_field)field, i);
        } else if (field >= 0 && own == LINE) {
            set_column(columns, LINE, (vw_chain_field)field, i);
        }
    }
    columns->pairs = columns->column[CALL][VW_CHAIN_BID] >= 0;
    return complete(columns);
}

static const char *cell_at(const vw_chain_cells *cells, int column)
{
    return column >= 0 && (size_t)column < cells->count ? cells->cell[column] : "";
}

const char *vw_chain_columns_cell(const vw_chain_columns *columns, const vw_chain_cells *cells,
                                  vw_chain_field field)
{
    return cell_at(cells, columns->column[LINE][field]);
}

static bool complain(char why[128], const char *what, const char *cell, const char *expected)
{
    snprintf(why, 128, "%s '%.24s': expected %s", what, cell, expected);
    return false;
}

/* By its characters: strtod would take "inf", "nan" and hexadecimal too. */
const char *vw_chain_number(const char *text, double *value)
{
    static const char digits[] = "0123456789";
    char plain[48], *end;
    size_t length = 0;
    bool whole = true; /* still left of the point */

    for (; length + 1 < sizeof plain; text++) {
        bool thousands = *text == ',' && whole && length > 0 && strspn(text + 1, digits) == 3;

        if (*text == '\0' || (!thousands && strchr("0123456789+-.eE", *text) == NULL)) {
            break;
        }
        whole = whole && *text != '.';
        if (!thousands) {
            plain[length++] = *text;
        }
    }
    plain[length] = '\0';
    *value = strtod(plain, &end);
    return length > 0 && *end == '\0' && isfinite(*value) ? text : NULL;
}

static bool read_number(const char *cell, double *value)
{
    const char *end = vw_chain_number(cell, value);

    return end != NULL && *end == '\0';
}

static bool is_blank(const char *cell)
{
    static const char *const blanks[] = {"", "-", "--", "n/a", "na", "nan", "null"};

    for (size_t i = 0; i < VW_COUNT_OF(blanks); i++) {
        if (strcasecmp(cell, blanks[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool read_price(const char *what, const char *cell, double *value, char why[128])
{
    if (is_blank(cell)) {
        *value = 0;
        return true;
    }
    if (!read_number(cell, value) || *value < 0 || *value > 1e9) {
        return complain(why, what, cell, "a price");
    }
    return true;
}

static uint32_t read_size(const char *cell)
{
    double value;

    return read_number(cell, &value) && value >= 0 && value <= UINT32_MAX ? (uint32_t)value : 0;
}

/* What the vendor computed is a courtesy: unreadable is the same as absent. */
static double read_greek(const char *cell)
{
    double value;

    return read_number(cell, &value) ? value : NAN;
}

static bool read_strike(const char *cell, int64_t *strike, char why[128])
{
    double value;

    if (!read_number(cell, &value) || value < 0.001 || value >= 100000) {
        return complain(why, "strike", cell, "a number in (0, 100000)");
    }
    *strike = llround(value * (double)VW_PRICE_ONE);
    return true;
}

static bool read_type(const char *cell, char *type, char why[128])
{
    if (strcasecmp(cell, "c") == 0 || strcasecmp(cell, "call") == 0) {
        *type = 'C';
    } else if (strcasecmp(cell, "p") == 0 || strcasecmp(cell, "put") == 0) {
        *type = 'P';
    } else {
        return complain(why, "type", cell, "C, P, call or put");
    }
    return true;
}

static bool read_root(const char *cell, const char *file_root, char root[8], char why[128])
{
    size_t length;

    if (cell[0] == '\0') {
        cell = file_root;
    }
    if (cell[0] == '^') {
        cell++;
    }
    length = strlen(cell);
    if (length == 0 || length > 6) {
        return complain(why, "root", cell, "1 to 6 letters");
    }
    memset(root, 0, 8);
    for (size_t i = 0; i < length; i++) {
        if (!isalnum((unsigned char)cell[i])) {
            return complain(why, "root", cell, "letters");
        }
        root[i] = (char)toupper((unsigned char)cell[i]);
    }
    return true;
}

/* The page's own symbols until 2018: in brackets root, year, day, a letter for month and side (A-L
 * calls, M-X puts) and strike; sometimes an exchange's letter. */
static bool symbol_from_page(const char *cell, vw_symbol *symbol)
{
    const char *at = strchr(cell, '(');
    size_t length = 0;
    unsigned date = 0, month;
    double strike;

    memset(symbol, 0, sizeof *symbol);
    for (at = at != NULL ? at + 1 : ""; isupper((unsigned char)*at) && length < 6; at++) {
        symbol->root[length++] = *at;
    }
    for (int i = 0; i < 4; i++, at++) {
        if (!isdigit((unsigned char)*at)) {
            return false;
        }
        date = 10 * date + (unsigned)(*at - '0');
    }
    if (length == 0 || *at < 'A' || *at > 'X') {
        return false;
    }
    month = (unsigned)(*at - 'A');
    symbol->type = month < 12 ? 'C' : 'P';
    symbol->expiry = 20000000 + 10000 * (date / 100) + 100 * (month % 12 + 1) + date % 100;
    strike = strspn(at + 1, "0123456789.") > 0 ? strtod(at + 1, NULL) : 0;
    if (!(strike >= 0.001) || strike >= 100000) {
        return false;
    }
    at += 1 + strspn(at + 1, "0123456789.");
    symbol->strike = llround(strike * (double)VW_PRICE_ONE);
    return (at[0] == ')' || (at[0] == '-' && at[1] != '\0' && at[2] == ')')) &&
           vw_calendar_valid(symbol->expiry);
}

/* The symbol by its cell, which the other columns must not contradict. */
static bool symbol_from_cell(const vw_chain_columns *columns, const vw_chain_cells *cells,
                             const char *osi, char side, vw_symbol *symbol, char why[128])
{
    const char *expiry = vw_chain_columns_cell(columns, cells, VW_CHAIN_EXPIRY);
    const char *strike = vw_chain_columns_cell(columns, cells, VW_CHAIN_STRIKE);
    const char *type = vw_chain_columns_cell(columns, cells, VW_CHAIN_TYPE);
    vw_symbol said;

    if (!vw_symbol_from_osi(osi, strlen(osi), symbol) && !symbol_from_page(osi, symbol)) {
        return complain(why, "symbol", osi, "an OSI symbol such as SPXW230914C01200000");
    }
    said = *symbol;
    if (side != 0) {
        said.type = side;
    }
    if (type[0] != '\0' && !read_type(type, &said.type, why)) {
        return false;
    }
    if (strike[0] != '\0' && !read_strike(strike, &said.strike, why)) {
        return false;
    }
    if (expiry[0] != '\0' && !vw_chain_time_says(expiry, symbol->expiry) &&
        !vw_chain_time_date(expiry, &said.expiry)) {
        return complain(why, "expiry", expiry, "a date");
    }
    if (said.type != symbol->type || said.strike != symbol->strike ||
        said.expiry != symbol->expiry) {
        return complain(why, "symbol", osi, "what type, strike and expiry of the row say");
    }
    return true;
}

static bool symbol_from_cells(const vw_chain_columns *columns, const vw_chain_cells *cells,
                              const char *file_root, char side, vw_symbol *symbol, char why[128])
{
    const char *expiry = vw_chain_columns_cell(columns, cells, VW_CHAIN_EXPIRY);
    const char *root = vw_chain_columns_cell(columns, cells, VW_CHAIN_ROOT);

    memset(symbol, 0, sizeof *symbol);
    symbol->type = side;
    if (root[0] == '\0') {
        root = vw_chain_columns_cell(columns, cells, VW_CHAIN_UNDERLYING);
    }
    if (!vw_chain_time_date(expiry, &symbol->expiry)) {
        return complain(why, "expiry", expiry, "a date");
    }
    return read_root(root, file_root, symbol->root, why) &&
           read_strike(vw_chain_columns_cell(columns, cells, VW_CHAIN_STRIKE), &symbol->strike,
                       why) &&
           (side != 0 ||
            read_type(vw_chain_columns_cell(columns, cells, VW_CHAIN_TYPE), &symbol->type, why));
}

/* One option of the line; side is LINE in a file of one option a row. */
static bool read_option(const vw_chain_columns *columns, const vw_chain_cells *cells, int side,
                        const char *file_root, vw_chain_row *row, char why[128])
{
    const int *column = columns->column[side];
    const char *osi = cell_at(cells, column[VW_CHAIN_SYMBOL]);
    char type = side == CALL ? 'C' : side == PUT ? 'P' : 0;
    const vw_root *root;

    *row = (vw_chain_row){
        .bid_size = read_size(cell_at(cells, column[VW_CHAIN_BID_SIZE])),
        .ask_size = read_size(cell_at(cells, column[VW_CHAIN_ASK_SIZE])),
        .vendor_iv = read_greek(cell_at(cells, column[VW_CHAIN_IV])),
        .vendor_delta = read_greek(cell_at(cells, column[VW_CHAIN_DELTA])),
        .vendor_gamma = read_greek(cell_at(cells, column[VW_CHAIN_GAMMA])),
        .vendor_theta = read_greek(cell_at(cells, column[VW_CHAIN_THETA])),
        .vendor_vega = read_greek(cell_at(cells, column[VW_CHAIN_VEGA])),
    };
    if (osi[0] != '\0') {
        if (!symbol_from_cell(columns, cells, osi, type, &row->symbol, why)) {
            return false;
        }
    } else if (!symbol_from_cells(columns, cells, file_root, type, &row->symbol, why)) {
        return false;
    }
    root = vw_root_find(row->symbol.root, strlen(row->symbol.root));
    row->settlement = root != NULL ? root->settlement : 'P';
    return read_price("bid", cell_at(cells, column[VW_CHAIN_BID]), &row->bid, why) &&
           read_price("ask", cell_at(cells, column[VW_CHAIN_ASK]), &row->ask, why);
}

/* A strike listed on one side only: the other side's cells are empty. */
static bool absent(const vw_chain_columns *columns, const vw_chain_cells *cells, int side)
{
    const int *column = columns->column[side];

    return cell_at(cells, column[VW_CHAIN_SYMBOL])[0] == '\0' &&
           cell_at(cells, column[VW_CHAIN_BID])[0] == '\0' &&
           cell_at(cells, column[VW_CHAIN_ASK])[0] == '\0';
}

size_t vw_chain_columns_read(const vw_chain_columns *columns, const vw_chain_cells *cells,
                             const char *root, vw_chain_row rows[2], char why[128])
{
    size_t count = 0;

    why[0] = '\0';
    if (cells->count < columns->needed) {
        snprintf(why, 128, "%zu columns: expected at least %zu", cells->count, columns->needed);
        return 0;
    }
    if (!columns->pairs) {
        return read_option(columns, cells, LINE, root, &rows[0], why);
    }
    for (int side = CALL; side <= PUT; side++) {
        if (absent(columns, cells, side)) {
            continue;
        }
        if (!read_option(columns, cells, side, root, &rows[count], why)) {
            return 0;
        }
        count++;
    }
    return count;
}
