/* log.h: one line on stderr for a person, from start-up, housekeeping and shutdown.
 *
 * Never from a poll function: those count, and housekeeping says what the counters say.
 *
 * Threads  any but the workers' polls; a line is written with one write. */
#ifndef VW_CORE_BASE_LOG_H
#define VW_CORE_BASE_LOG_H

/* vw_log writes "vegawire: " and the text, with a newline. */
void vw_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
