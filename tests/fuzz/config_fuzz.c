/* Any bytes as a configuration, and as a portfolio. */
#include "tests/fuzz/fuzz_file.h"
#include "tools/config.h"
#include "tools/portfolio.h"

#include <stdlib.h>
#include <string.h>

static void visit(void *self, const vw_field *field, const char *path, const char *value,
                  size_t line)
{
    (void)line;
    vw_check(field->path != NULL && strlen(path) < VW_FIELD_PATH_MAX);
    *(size_t *)self += strlen(value);
}

/* A name that the input may have chosen is not followed out of the input. */
static bool names_a_file(const uint8_t *data, size_t size)
{
    return memmem(data, size, "portfolio", 9) != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static vw_config config;
    vw_portfolio portfolio = {.leg_count = 0};
    vw_error error = {""};
    size_t shown = 0;
    char *text = malloc(size + 1);

    vw_check(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    if (!names_a_file(data, size)) {
        vw_err err = vw_config_explain(fuzz_file(data, size), visit, &shown, &config, &error);

        vw_check(err == VW_OK || err == VW_ERR_CONFIG || err == VW_ERR_DATA);
        vw_check((err == VW_OK) == (error.text[0] == '\0'));
        vw_check(err != VW_OK || (config.feed.channel_count > 0 && vw_feed_size(&config.feed) > 0));
    }
    error.text[0] = '\0';
    vw_err err = vw_portfolio_parse("input", text, &portfolio, &error);

    vw_check((err == VW_OK) == (error.text[0] == '\0'));
    free(text);
    return 0;
}
