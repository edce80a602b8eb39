/* health.h: is a running engine well?  Two heartbeats and the state of its units tell.
 *
 * Healthy: heartbeats come, no loss counter grows between two of them, messages come in, and no
 * unit is silent or has an open gap.  What was lost before is said, but past.
 *
 * Threads  the main thread; takes up to 5 s.
 * Errors   VW_ERR_UNHEALTHY says what is wrong; VW_ERR_SYSTEM: the endpoint is none. */
#ifndef VW_TOOLS_HEALTH_H
#define VW_TOOLS_HEALTH_H

#include "core/base/error.h"

/* vw_health_check prints what it found on stdout, as a table or as one JSON object. */
vw_err vw_health_check(const char *endpoint, bool json, vw_error *error);

#endif
