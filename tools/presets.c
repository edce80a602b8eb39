#include "tools/hedge_settings.h"

#include <string.h>

/* The files as they stand, each ended by a NUL (VW_PRESETS is their folder). */
#define PRESET(name, symbol)                                                                       \
    __asm__(".pushsection .rodata\n"                                                               \
            "vw_preset_" #symbol ":\n"                                                             \
            ".incbin \"" VW_PRESETS "/" name ".yaml\"\n"                                           \
            ".byte 0\n"                                                                            \
            ".popsection\n");                                                                      \
    extern const char vw_preset_##symbol[]

PRESET("alvh", alvh);
PRESET("vxth", vxth);
PRESET("alvh-ladder", ladder);
PRESET("none", none);

static const struct {
    const char *name, *text;
} presets[] = {{"alvh", vw_preset_alvh},
               {"vxth", vw_preset_vxth},
               {"alvh-ladder", vw_preset_ladder},
               {"none", vw_preset_none}};

const char *vw_preset_text(const char *name)
{
    for (size_t i = 0; i < VW_COUNT_OF(presets); i++) {
        if (strcmp(presets[i].name, name) == 0) {
            return presets[i].text;
        }
    }
    return NULL;
}

const char *vw_preset_name(size_t i)
{
    return i < VW_COUNT_OF(presets) ? presets[i].name : NULL;
}
