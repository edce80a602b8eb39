/* Any bytes as DBN metadata, every list walked, and as records behind them. */
#include "feeds/dbn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(const vw_dbn_metadata *metadata, const uint8_t *end)
{
    const unsigned char *at = metadata->mappings;
    vw_dbn_interval interval;
    vw_dbn_mapping mapping;
    char symbol[72];

    for (unsigned list = 0; list < VW_DBN_LISTS; list++) {
        for (uint32_t i = 0; i < metadata->counts[list]; i++) {
            vw_dbn_symbol(metadata, list, i, symbol);
        }
    }
    for (uint32_t i = 0; i < metadata->mapping_count; i++, at = mapping.next) {
        vw_dbn_mapping_at(metadata, at, &mapping);
        vw_check(mapping.next <= end);
        for (uint32_t j = 0; j < mapping.interval_count; j++) {
            vw_dbn_interval_at(metadata, &mapping, j, &interval);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    vw_dbn_metadata metadata;
    vw_dbn_record record;
    int64_t whole = vw_dbn_metadata_read(data, size, &metadata);
    size_t at = 0;

    if (whole > 0) {
        vw_check((uint64_t)whole <= size);
        walk(&metadata, data + whole);
        at = (size_t)whole;
    }
    while (at < size) {
        int used = vw_dbn_decode(data + at, size - at, &record);

        if (used == VW_DBN_MORE || record.length == 0) {
            break;
        }
        vw_check(record.length <= size - at);
        vw_check(used == VW_DBN_MALFORMED || used == record.length);
        vw_check(used < 0 || record.trailing <= record.length);
        at += record.length;
    }
    return 0;
}
