/* chain_file.h: one pass over a chain file: its lines, as options and as what the head says.
 *
 * The inner half of chain.c, which makes a chain of one instant out of this.
 *
 * Units    as chain.h.
 * Memory   the options are allocated by read and handed back by free.
 * Errors   as chain.h. */
#ifndef VW_FEEDS_CHAIN_FILE_H
#define VW_FEEDS_CHAIN_FILE_H

#include "feeds/chain.h"

/* An option and what its line says of the moment. */
typedef struct vw_chain_quoted {
    vw_chain_row row;
    int64_t stamp_ns; /* 0: the line does not say; midnight, if it says the day only */
    bool stamp_has_time;
    double spot; /* NaN: the line does not say */
} vw_chain_quoted;

typedef struct vw_chain_file {
    const char *name; /* in messages: the path, or "standard input" */
    double spot;      /* NaN if unsaid */
    bool synthetic;
    int64_t download_ns, stated_ns; /* of the quotes; 0 if unsaid */
    int64_t dated_ns;               /* some time in a comment, without saying of what; or 0 */
    char unread_time[96];           /* "line: text" of a download time that could not be read */
    vw_chain_quoted *options;       /* in the order of the file */
    size_t count, capacity;
    size_t line_count;
    size_t bad_rows;
    char first_bad[256];
} vw_chain_file;

/* vw_chain_file_read reads path ("-": standard input), plain or gz; path is kept for messages. */
vw_err vw_chain_file_read(const char *path, vw_chain_file *file, vw_error *error);

/* vw_chain_file_bad counts a row that is left out. */
void vw_chain_file_bad(vw_chain_file *file, size_t line, const char *why);

void vw_chain_file_free(vw_chain_file *file);

#endif
