/* config.h: the configuration of `vegawire run`: one YAML file, every key with a default.
 *
 * tools/config.c is one table, a row per key; tools/examples/vegawire.yaml is the same with
 * comments; `vegawire check -c FILE` prints what a file comes to.
 *
 * Units    as in the key's name: _ms, _s, _bytes; the rest are counts.
 * Memory   plain struct of the caller's; kernels, rings, counters and pointers between its parts
 *          are left NULL, topology.c fills them.
 * Threads  the main thread, at start; read-only afterwards.
 * Errors   VW_ERR_DATA: a file cannot be read; VW_ERR_CONFIG names file, line, column, key, value
 *          and what would be right. */
#ifndef VW_TOOLS_CONFIG_H
#define VW_TOOLS_CONFIG_H

#include "core/engine/engine.h"
#include "feeds/feed.h"
#include "schemas/publisher.h"
#include "tools/config_map.h"

/* Which thread runs what, see topology.h. */
typedef struct vw_topology_config {
    bool split;       /* feed, engine and publisher on a thread each; else one polls all */
    const char *tape; /* file to record the engine's polls to; NULL: none */
    bool recorded;    /* a replay: stamps are of another day, no thread is started */
    bool spin;        /* never sleep; takes a processor for each thread */
    int feed_cpu, engine_cpu, publisher_cpu; /* -1: not pinned; a single thread goes by engine's */
    uint32_t event_depth, update_depth;      /* slots of the rings, powers of two */
} vw_topology_config;

typedef struct vw_config {
    char file[256]; /* where it came from; "" for the defaults */
    vw_feed_config feed;
    vw_engine_config engine;
    vw_publisher_config publisher;
    vw_topology_config topology;
    vw_calendar calendar;
    char control_endpoint[256]; /* "none": no control socket */
    char preset[128];           /* of the hedge decision; "off": none is made */
    char inputs_file[256], closes_file[256], state_file[256]; /* "none", or as portfolio_file */
    vw_hedge_settings settings;
    vw_user_inputs user;
    char portfolio_file[256]; /* found from the configuration's folder; "" = no portfolio */
    vw_portfolio portfolio;
} vw_config;

/* vw_config_read reads file ("-": standard input; NULL: the defaults) and the portfolio it names.
 */
vw_err vw_config_read(const char *file, vw_config *config, vw_error *error);

/* vw_config_explain reads likewise, and shows every value with the line where it stands. */
vw_err vw_config_explain(const char *file, vw_config_map_fn *visit, void *self, vw_config *config,
                         vw_error *error);

#endif
