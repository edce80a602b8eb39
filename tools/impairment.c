#include "tools/impairment.h"

#include <stdlib.h>

static const double share_max = 0.9;

static vw_err parse_share(const char *option, const char *text, double shares[2], vw_error *error)
{
    char *end = NULL;

    if (text == NULL) {
        return VW_OK;
    }
    shares[0] = shares[1] = strtod(text, &end);
    if (end != text && *end == ',') {
        const char *second = end + 1;

        shares[1] = strtod(second, &end);
        end = end == second ? NULL : end;
    }
    if (end == text || end == NULL || *end != '\0' || !(shares[0] >= 0 && shares[0] <= share_max) ||
        !(shares[1] >= 0 && shares[1] <= share_max)) {
        return vw_fail(error, VW_ERR_USAGE,
                       "--%s %s: expected a share in [0, %g] for both lines, or one for A and one "
                       "for B, as in 0.05,0.01",
                       option, text, share_max);
    }
    return VW_OK;
}

vw_err vw_impairment_parse(const vw_impairment_texts *texts, vw_impairment lines[2],
                           vw_error *error)
{
    double loss[2] = {lines[0].loss, lines[1].loss};
    double reorder[2] = {lines[0].reorder, lines[1].reorder};
    double duplicate[2] = {lines[0].duplicate, lines[1].duplicate};
    vw_err err = parse_share("loss", texts->loss, loss, error);

    if (err == VW_OK) {
        err = parse_share("reorder", texts->reorder, reorder, error);
    }
    if (err == VW_OK) {
        err = parse_share("duplicate", texts->duplicate, duplicate, error);
    }
    for (size_t i = 0; err == VW_OK && i < 2; i++) {
        lines[i] = (vw_impairment){loss[i], reorder[i], duplicate[i]};
    }
    return err;
}
