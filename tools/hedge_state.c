#include "tools/hedge_state.h"

#include "core/hedge/snapshot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

vw_err vw_hedge_state_load(const char *path, void **bytes, size_t *size, vw_error *error)
{
    const size_t room = vw_snapshot_size() + 1; /* one more shows that it is too long */
    FILE *file = fopen(path, "rb");

    *bytes = NULL;
    *size = 0;
    if (file == NULL) {
        return errno == ENOENT
                   ? VW_OK
                   : vw_fail(error, VW_ERR_DATA, "hedge.state %s: %s", path, strerror(errno));
    }
    *bytes = malloc(room);
    vw_check(*bytes != NULL);
    *size = fread(*bytes, 1, room, file);
    fclose(file);
    return VW_OK;
}

static vw_err store(const char *path, const void *bytes, size_t size, vw_error *error)
{
    char draft[300];
    FILE *file;
    bool done;

    snprintf(draft, sizeof draft, "%s.new", path);
    file = fopen(draft, "wb");
    done = file != NULL && fwrite(bytes, 1, size, file) == size && fflush(file) == 0 &&
           fdatasync(fileno(file)) == 0;
    if (file != NULL) {
        done = fclose(file) == 0 && done;
    }
    done = done && rename(draft, path) == 0;
    return done ? VW_OK : vw_fail(error, VW_ERR_DATA, "hedge.state %s: %s", path, strerror(errno));
}

static vw_err write_one(const char *file, vw_engine *engine, bool now, vw_error *error)
{
    vw_snapshot_box *box = vw_engine_snapshot(engine);
    void *bytes;
    vw_err err = VW_OK;

    if (strcmp(file, "none") == 0 || box == NULL) {
        return VW_OK;
    }
    bytes = malloc(vw_snapshot_size());
    vw_check(bytes != NULL);
    if (now) {
        vw_engine_snapshot_now(engine, bytes);
    }
    if (now || vw_snapshot_take(box, bytes)) {
        err = store(file, bytes, vw_snapshot_size(), error);
    }
    free(bytes);
    return err;
}

vw_err vw_hedge_state_keep(const char *file, vw_engine *engine, vw_error *error)
{
    return write_one(file, engine, false, error);
}

vw_err vw_hedge_state_end(const char *file, vw_engine *engine, vw_error *error)
{
    return write_one(file, engine, true, error);
}
