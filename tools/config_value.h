/* config_value.h: one value of a field: from its text in the file, and back.
 *
 * Strict: what is not exactly a value of the field is refused, saying what was expected.
 *
 * Threads  the main thread; pure functions of their arguments. */
#ifndef VW_TOOLS_CONFIG_VALUE_H
#define VW_TOOLS_CONFIG_VALUE_H

#include "tools/config_map.h"

#define VW_FIELD_TEXT_MAX 256

/* vw_config_value_set writes text into the value at `at`; false: it is none, and expected (of
 * VW_FIELD_TEXT_MAX bytes) says what would be.  plain: the text stood without quotes. */
bool vw_config_value_set(const vw_field *field, const char *text, bool plain, void *at,
                         char *expected);

/* vw_config_value_text writes the value at `at` as one would write it in the file. */
void vw_config_value_text(const vw_field *field, const void *at, char *text);

/* vw_config_value_hint writes into hint (VW_FIELD_TEXT_MAX bytes) which key of the section (a path
 * as in the table, "" for the whole file) name was probably meant to be, or all keys it has. */
void vw_config_value_hint(const vw_field_table *table, const char *section, const char *name,
                          char *hint);

#endif
