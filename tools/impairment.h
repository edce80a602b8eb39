/* impairment.h: what --loss, --reorder and --duplicate say, for every command that plays a market.
 *
 * Errors   VW_ERR_USAGE names option, value and what was expected. */
#ifndef VW_TOOLS_IMPAIRMENT_H
#define VW_TOOLS_IMPAIRMENT_H

#include "feeds/sim.h"

/* The texts of the options: "0.05" for both lines, "0.05,0.01" for A and B; NULL = not given. */
typedef struct vw_impairment_texts {
    const char *loss, *reorder, *duplicate;
} vw_impairment_texts;

/* vw_impairment_parse fills lines[0] (A) and lines[1] (B); shares in [0, 0.9]. */
vw_err vw_impairment_parse(const vw_impairment_texts *texts, vw_impairment lines[2],
                           vw_error *error);

#endif
