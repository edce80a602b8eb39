/* dbn.h: DBN between bytes and C: metadata and records of versions 1, 2 and 3; for files and
 * decode.
 *
 * A record comes out in its newest form: what an older version lacks is "not there" or 0.  The form
 * is told by the record's own length, so that fragments without metadata are read too.
 *
 * Threads  pure functions.
 * Memory   nothing is kept; the lists of the metadata point into the bytes that were read.
 * Units    as dbn_wire.h.
 * Errors   the bytes consumed (> 0), VW_DBN_MORE when `size` bytes are not the whole, or
 *          VW_DBN_MALFORMED: metadata that is none, of a version above 3, or whose lists do not
 *          fit; a record shorter than its kind (step over record->length, 0 = no way on).  An
 *          unknown kind is consumed by its length, with kind VW_DBN_RECORD_UNKNOWN. */
#ifndef VW_FEEDS_DBN_H
#define VW_FEEDS_DBN_H

#include "feeds/dbn_wire.h"

enum { VW_DBN_MORE = 0, VW_DBN_MALFORMED = -1 };
enum { VW_DBN_VERSION_MAX = 3, VW_DBN_RECORD_MAX = 255 * 4 };

/* Which member of a record is filled. */
typedef enum vw_dbn_kind {
    VW_DBN_RECORD_UNKNOWN,
    VW_DBN_RECORD_MBO,
    VW_DBN_RECORD_TRADE,
    VW_DBN_RECORD_MBP1, /* also tbbo */
    VW_DBN_RECORD_MBP10,
    VW_DBN_RECORD_BBO,
    VW_DBN_RECORD_CMBP1, /* also tcbbo */
    VW_DBN_RECORD_CBBO,
    VW_DBN_RECORD_STATUS,
    VW_DBN_RECORD_STATISTIC,
    VW_DBN_RECORD_OHLCV,
    VW_DBN_RECORD_MAPPING,
    VW_DBN_RECORD_SYSTEM,
    VW_DBN_RECORD_ERROR,
    VW_DBN_RECORD_DEFINITION,
} vw_dbn_kind;

/* Aligned: copied to where two pages of memory meet, a record takes four times as long. */
typedef struct vw_dbn_record {
    alignas(VW_LINE_PAIR) vw_dbn_kind kind;
    uint8_t form;      /* oldest version that has this layout: 1, 2, 3 */
    uint16_t length;   /* bytes on the wire */
    uint16_t trailing; /* of them behind the layout: the send time, if the metadata say so */
    union {
        vw_dbn_wire_head head; /* first of every member */
        vw_dbn_wire_mbo mbo;
        vw_dbn_wire_trade trade;
        vw_dbn_wire_mbp1 mbp1;
        vw_dbn_wire_mbp10 mbp10;
        vw_dbn_wire_bbo bbo;
        vw_dbn_wire_cmbp1 cmbp1;
        vw_dbn_wire_cbbo cbbo;
        vw_dbn_wire_status status;
        vw_dbn_wire_statistic statistic;
        vw_dbn_wire_ohlcv ohlcv;
        vw_dbn_wire_mapping mapping;
        vw_dbn_wire_system system;
        vw_dbn_wire_error error;
        vw_dbn_wire_definition definition;
    };
} vw_dbn_record;

int vw_dbn_decode(const unsigned char *from, size_t size, vw_dbn_record *record);

/* The lists of symbols: requested, partly resolved, not found. */
enum { VW_DBN_REQUESTED, VW_DBN_PARTIAL, VW_DBN_NOT_FOUND, VW_DBN_LISTS };

typedef struct vw_dbn_metadata {
    uint64_t start, end, limit, record_count; /* record_count: version 1 only */
    uint32_t counts[VW_DBN_LISTS];
    uint32_t mapping_count;
    uint16_t schema, symbol_size;
    uint8_t version, stype_in, stype_out;
    bool ts_out;
    char dataset[17];
    const unsigned char *lists[VW_DBN_LISTS]; /* counts[i] symbols of symbol_size bytes */
    const unsigned char *mappings;
} vw_dbn_metadata;

/* vw_dbn_metadata_size returns the bytes of the metadata by its prelude, or as the errors say. */
int64_t vw_dbn_metadata_size(const unsigned char *from, size_t size);

/* vw_dbn_metadata_read checks every list, so that the walks below need not. */
int64_t vw_dbn_metadata_read(const unsigned char *from, size_t size, vw_dbn_metadata *metadata);

/* vw_dbn_symbol copies symbol index, in [0, counts[list]), of a list; 72 bytes at `to`. */
void vw_dbn_symbol(const vw_dbn_metadata *metadata, unsigned list, uint32_t index, char *to);

typedef struct vw_dbn_mapping {
    char raw[72]; /* what was asked for */
    uint32_t interval_count;
    const unsigned char *intervals;
    const unsigned char *next; /* the walk's own */
} vw_dbn_mapping;

typedef struct vw_dbn_interval {
    uint32_t start, end; /* yyyymmdd; end is excluded */
    char symbol[72];
} vw_dbn_interval;

/* vw_dbn_mapping_at reads the mapping at `at`: metadata->mappings, then next of the one before. */
void vw_dbn_mapping_at(const vw_dbn_metadata *metadata, const unsigned char *at,
                       vw_dbn_mapping *mapping);

void vw_dbn_interval_at(const vw_dbn_metadata *metadata, const vw_dbn_mapping *mapping,
                        uint32_t index, vw_dbn_interval *interval);

#endif
