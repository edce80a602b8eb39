/* Any bytes as a chain file, with an instant asked for; and as a file of Treasury yields. */
#include "feeds/chain.h"
#include "feeds/treasury.h"
#include "tests/fuzz/fuzz_file.h"

#include <math.h>
#include <string.h>

static void check_chain(const vw_chain *chain)
{
    for (size_t i = 0; i < chain->count; i++) {
        const vw_chain_row *row = &chain->rows[i];

        vw_check(isfinite(row->bid) && isfinite(row->ask) && row->bid >= 0 && row->ask >= 0);
        vw_check(row->settlement == 'A' || row->settlement == 'P');
        vw_check(row->symbol.type == 'C' || row->symbol.type == 'P');
    }
    vw_check(memchr(chain->first_bad, '\0', sizeof chain->first_bad) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const instants[] = {NULL, "quote", "download", "vendor",
                                           "2023-11-24T13:00:00"};
    const char *path = fuzz_file(data + (size > 0), size - (size > 0));
    const char *at = instants[size > 0 ? data[0] % VW_COUNT_OF(instants) : 0];
    vw_error error = {""};
    vw_chain chain = {.count = 0};
    vw_treasury treasury;
    vw_err err = vw_chain_read_at(path, at, NULL, &chain, &error);

    vw_check((err == VW_OK) == (error.text[0] == '\0'));
    if (err == VW_OK) {
        int64_t instant_ns;

        check_chain(&chain);
        (void)vw_chain_instant(&chain, at, &instant_ns, &error);
        vw_chain_free(&chain);
    }
    error.text[0] = '\0';
    err = vw_treasury_read(path, 20260610, &treasury, &error);
    vw_check((err == VW_OK) == (error.text[0] == '\0'));
    if (err == VW_OK) {
        vw_check(treasury.count > 0 && isfinite(vw_treasury_rate(&treasury, 0.1)));
    }
    return 0;
}
