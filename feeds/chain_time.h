/* chain_time.h: the dates and times that chain files are written with.
 *
 * The delayed-quotes page writes its download time in the language and time zone of the browser,
 * so the same file comes as "September 14, 2023 at 4:31 PM EDT", "11 de noviembre de 2024, 8:02
 * GMT-5", "9 декабря 2023 г. в 13:49 GMT-5" or "Mar 22 2020 @ 18:24 ET".  Words that
 * are neither month nor zone are passed over, but an unknown word where a zone would stand makes
 * the whole unreadable: hours matter.
 *
 * Units    dates yyyymmdd; instants ns since the Unix epoch; a time without a zone is New York's.
 * Errors   false: not such a text; the outputs are untouched.
 * Threads  pure functions of their arguments. */
#ifndef VW_FEEDS_CHAIN_TIME_H
#define VW_FEEDS_CHAIN_TIME_H

#include "core/market/calendar.h"

/* vw_chain_time_stamp reads "2023-09-14T16:15:00", "2022-06-10 16:15", "2026-07-21T14:48:21.632Z",
 * "...+02:00", or mm/dd/yyyy in place of the date, from the beginning of text; what follows a blank
 * or the end of the stamp is not looked at.  A date alone sets *instant_ns to its midnight and
 * *has_time to false. */
bool vw_chain_time_stamp(const char *text, int64_t *instant_ns, bool *has_time);

/* vw_chain_time_words reads the download time of the page: month in words (or 年月日), day,
 * year, time with or without AM/PM, zone; or a stamp and nothing else. */
bool vw_chain_time_words(const char *text, int64_t *instant_ns);

/* vw_chain_time_date reads a date: "Fri Jun 10 2022", 2022-06-10, 20220610, 06/10/2022, 6/10/22;
 * an hour behind it is passed over. */
bool vw_chain_time_date(const char *text, uint32_t *date);

/* vw_chain_time_says says whether text is the date with its numbers in some order, as spreadsheets
 * write it again: "13-09-22", "13/09/2022", "9.13.22". */
bool vw_chain_time_says(const char *text, uint32_t date);

#endif
