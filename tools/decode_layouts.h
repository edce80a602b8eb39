/* decode_layouts.h: the fields of every message there is, by protocol: the tables `decode` shows.
 *
 * Threads  constants. */
#ifndef VW_TOOLS_DECODE_LAYOUTS_H
#define VW_TOOLS_DECODE_LAYOUTS_H

#include "feeds/dbn.h"
#include "feeds/pitch.h"
#include "tools/decode_fields.h"

extern const vw_layout vw_layout_pitch_block;
extern const vw_layout vw_layout_opra_block;
extern const vw_layout vw_layout_dbn_head;

/* vw_layout_pitch, _top and _au return the layout of a type byte, or NULL. */
const vw_layout *vw_layout_pitch(vw_dialect dialect, uint8_t type);
const vw_layout *vw_layout_top(uint8_t type);
const vw_layout *vw_layout_au(uint8_t type);

/* vw_layout_opra returns NULL for an unknown category; has_text: a control message with text. */
const vw_layout *vw_layout_opra(char category, char type, bool has_text);

/* vw_layout_dbn returns the layout of a decoded record in the form it has on the wire. */
const vw_layout *vw_layout_dbn(const vw_dbn_record *record);
const vw_layout *vw_layout_dbn_definition(unsigned form);

#endif
