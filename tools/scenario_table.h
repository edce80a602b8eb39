/* scenario_table.h: every key of a scenario file; for scenario.c and the help of its command.
 *
 * Threads  the main thread: the table is put together at the first call. */
#ifndef VW_TOOLS_SCENARIO_TABLE_H
#define VW_TOOLS_SCENARIO_TABLE_H

#include "tools/scenario.h"

const vw_field_table *vw_scenario_table(void);

/* vw_scenario_moment_fields returns what a step may change, by offset in a moment. */
const vw_field *vw_scenario_moment_fields(size_t *count);

#endif
