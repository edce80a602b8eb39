/* dbn_file.h: the records of a DBN file, one after the other; plain, gzip or zstd, or "-".
 *
 * A file without metadata (a fragment) is read as well.  Legacy dbz is not DBN and is refused.
 *
 * Threads  one thread; not for a live feed thread.
 * Memory   open and next allocate: the metadata are kept whole (at most VW_DBN_METADATA_MAX).
 *          What next returns stays until the next call.
 * Errors   VW_ERR_DATA naming the file and the byte. */
#ifndef VW_FEEDS_DBN_FILE_H
#define VW_FEEDS_DBN_FILE_H

#include "feeds/dbn.h"
#include "feeds/input.h"

enum { VW_DBN_METADATA_MAX = 256 * 1024 * 1024 };

typedef struct vw_dbn_file vw_dbn_file;

/* vw_dbn_file_is says whether the first bytes of a stream look like DBN, or like a record of it. */
bool vw_dbn_file_is(const unsigned char *at, size_t size);

/* vw_dbn_file_open takes over input, also when it fails. */
vw_dbn_file *vw_dbn_file_open(vw_input *input, vw_error *error);

/* vw_dbn_file_metadata returns NULL for a fragment. */
const vw_dbn_metadata *vw_dbn_file_metadata(const vw_dbn_file *file);

/* vw_dbn_file_next points at the next record, whole by its own length; 0 at the end or when the
 * rest cannot be read: vw_dbn_file_error tells. */
size_t vw_dbn_file_next(vw_dbn_file *file, const unsigned char **record);

/* vw_dbn_file_error: VW_OK, or why the file ended before its end. */
vw_err vw_dbn_file_error(const vw_dbn_file *file, vw_error *error);

void vw_dbn_file_close(vw_dbn_file *file);

#endif
