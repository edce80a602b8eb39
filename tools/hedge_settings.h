/* hedge_settings.h: the numbers of the hedge engine from a preset: one of ours, or a YAML file.
 *
 * A preset is data: tools/presets/NAME.yaml, built into the binary as it stands.  Any key that it
 * does not have keeps its default, that of the specification (alvh).  tools/presets/alvh.yaml shows
 * every key with its default and its meaning.
 *
 * Memory   plain struct of the caller's.
 * Threads  the main thread, at start.
 * Errors   as config_map.h; a name that is neither a preset nor a file: VW_ERR_CONFIG with the
 *          presets there are. */
#ifndef VW_TOOLS_HEDGE_SETTINGS_H
#define VW_TOOLS_HEDGE_SETTINGS_H

#include "core/hedge/settings.h"
#include "tools/config_map.h"

/* The table of vw_hedge_settings, for files that hold settings among other things. */
extern const vw_field_table vw_hedge_settings_table;

/* vw_hedge_settings_read reads a preset by name ("alvh"), or a file. */
vw_err vw_hedge_settings_read(const char *preset, vw_hedge_settings *settings, vw_error *error);

/* vw_hedge_settings_check finds what is right alone and not together: "" when all is well, else
 * what to change. */
const char *vw_hedge_settings_check(const vw_hedge_settings *settings);

/* vw_preset_text returns the YAML of a preset of ours, or NULL; vw_preset_name the i-th name, NULL
 * beyond the last. */
const char *vw_preset_text(const char *name);
const char *vw_preset_name(size_t i);

#endif
