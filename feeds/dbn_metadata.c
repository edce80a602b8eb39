#include "core/base/bytes.h"
#include "feeds/dbn.h"

enum { V1_SYMBOL_BYTES = 22, SYMBOL_BYTES_MAX = 71, INTERVAL_DATES = 8 };

/* Where a checked walk through the lists stands. */
typedef struct walk {
    const unsigned char *at, *end;
    size_t symbol_size;
} walk;

static bool read_count(walk *w, uint32_t *count)
{
    if (w->end - w->at < 4) {
        return false;
    }
    *count = vw_load_u32(w->at);
    w->at += 4;
    return true;
}

static bool step_over(walk *w, uint64_t count, size_t each)
{
    if ((uint64_t)(w->end - w->at) / each < count) {
        return false;
    }
    w->at += count * each;
    return true;
}

static bool check_mappings(walk *w, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t intervals;

        if (!step_over(w, 1, w->symbol_size) || !read_count(w, &intervals) ||
            !step_over(w, intervals, INTERVAL_DATES + w->symbol_size)) {
            return false;
        }
    }
    return true;
}

/* read_lists checks and points at everything behind the fixed part. */
static bool read_lists(walk *w, vw_dbn_metadata *metadata)
{
    uint32_t definition_size;

    if (!read_count(w, &definition_size) || !step_over(w, definition_size, 1)) {
        return false;
    }
    for (int list = 0; list < VW_DBN_LISTS; list++) {
        if (!read_count(w, &metadata->counts[list])) {
            return false;
        }
        metadata->lists[list] = w->at;
        if (!step_over(w, metadata->counts[list], w->symbol_size)) {
            return false;
        }
    }
    if (!read_count(w, &metadata->mapping_count)) {
        return false;
    }
    metadata->mappings = w->at;
    return check_mappings(w, metadata->mapping_count);
}

int64_t vw_dbn_metadata_size(const unsigned char *from, size_t size)
{
    vw_dbn_wire_prelude prelude;

    if (size < sizeof prelude) {
        return VW_DBN_MORE;
    }
    memcpy(&prelude, from, sizeof prelude);
    if (memcmp(prelude.magic, "DBN", 3) != 0 || prelude.version < 1 ||
        prelude.version > VW_DBN_VERSION_MAX ||
        prelude.size < sizeof(vw_dbn_wire_metadata) - sizeof prelude) {
        return VW_DBN_MALFORMED;
    }
    return (int64_t)sizeof prelude + prelude.size;
}

static void read_fixed(const unsigned char *from, vw_dbn_metadata *metadata)
{
    vw_dbn_wire_metadata wire;

    memcpy(&wire, from, sizeof wire);
    *metadata = (vw_dbn_metadata){.start = wire.start,
                                  .end = wire.end,
                                  .limit = wire.limit,
                                  .schema = wire.schema,
                                  .symbol_size = wire.symbol_size,
                                  .version = wire.prelude.version,
                                  .stype_in = wire.stype_in,
                                  .stype_out = wire.stype_out,
                                  .ts_out = wire.ts_out != 0};
    memcpy(metadata->dataset, wire.dataset, sizeof wire.dataset);
    if (metadata->version == 1) {
        vw_dbn_wire_metadata_v1 old;

        memcpy(&old, from, sizeof old);
        metadata->record_count = old.record_count;
        metadata->stype_in = old.stype_in;
        metadata->stype_out = old.stype_out;
        metadata->ts_out = old.ts_out != 0;
        metadata->symbol_size = V1_SYMBOL_BYTES;
    }
}

int64_t vw_dbn_metadata_read(const unsigned char *from, size_t size, vw_dbn_metadata *metadata)
{
    int64_t whole = vw_dbn_metadata_size(from, size);

    if (whole <= 0) {
        return whole;
    }
    if ((uint64_t)whole > size) {
        return VW_DBN_MORE;
    }
    read_fixed(from, metadata);
    walk w = {from + sizeof(vw_dbn_wire_metadata), from + whole, metadata->symbol_size};

    if (metadata->symbol_size < 1 || metadata->symbol_size > SYMBOL_BYTES_MAX ||
        !read_lists(&w, metadata)) {
        return VW_DBN_MALFORMED;
    }
    return whole;
}

static void copy_symbol(const vw_dbn_metadata *metadata, const unsigned char *from, char *to)
{
    memset(to, 0, SYMBOL_BYTES_MAX + 1);
    memcpy(to, from, metadata->symbol_size);
}

void vw_dbn_symbol(const vw_dbn_metadata *metadata, unsigned list, uint32_t index, char *to)
{
    vw_check(list < VW_DBN_LISTS && index < metadata->counts[list]);
    copy_symbol(metadata, metadata->lists[list] + (size_t)index * metadata->symbol_size, to);
}

void vw_dbn_mapping_at(const vw_dbn_metadata *metadata, const unsigned char *at,
                       vw_dbn_mapping *mapping)
{
    copy_symbol(metadata, at, mapping->raw);
    mapping->interval_count = vw_load_u32(at + metadata->symbol_size);
    mapping->intervals = at + metadata->symbol_size + 4;
    mapping->next = mapping->intervals + (size_t)mapping->interval_count *
                                             (INTERVAL_DATES + (size_t)metadata->symbol_size);
}

void vw_dbn_interval_at(const vw_dbn_metadata *metadata, const vw_dbn_mapping *mapping,
                        uint32_t index, vw_dbn_interval *interval)
{
    const unsigned char *at =
        mapping->intervals + (size_t)index * (INTERVAL_DATES + (size_t)metadata->symbol_size);

    vw_check(index < mapping->interval_count);
    interval->start = vw_load_u32(at);
    interval->end = vw_load_u32(at + 4);
    copy_symbol(metadata, at + INTERVAL_DATES, interval->symbol);
}
