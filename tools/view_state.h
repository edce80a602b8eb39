/* view_state.h: what a view knows of the stream; shared by its state, its page and its screen. */
#ifndef VW_TOOLS_VIEW_STATE_H
#define VW_TOOLS_VIEW_STATE_H

#include "tools/view.h"

enum {
    VIEW_POINTS_MAX = 32,
    VIEW_UNITS_MAX = 128,
    VIEW_EVENTS_MAX = 4,
    VIEW_EVENT_SIZE = 160,
};

typedef struct view_strike {
    double strike;
    vw_greeks_row call, put; /* instrument and all else 0 until one came */
    bool has_call, has_put;
} view_strike;

typedef struct view_group {
    vw_group_row group;
    vw_surface_row surface;
    bool has_surface;
    view_strike *strikes; /* ascending */
    size_t strike_count, strike_capacity;
} view_group;

typedef struct view_event {
    int64_t at_ns; /* realtime */
    char text[VIEW_EVENT_SIZE];
} view_event;

#define VIEW_TRADES_MAX 4

struct vw_view {
    vw_subscriber *subscriber;
    char endpoint[128];
    char source[VW_SOURCE_SIZE];     /* "" before the first message */
    int64_t exchange_ns, receive_ns; /* newest of all messages */
    bool silent;
    uint64_t messages_before; /* when the last second began, for the rate */
    int64_t second_ns;
    double messages_per_second;
    vw_heartbeat heartbeat;
    bool has_heartbeat;
    uint64_t messages_in; /* of the publisher's counters */
    view_group **groups;  /* by root, expiry, settlement */
    size_t group_count, group_capacity;
    size_t selected; /* index into groups */
    bool chosen;     /* by the user: else the view chooses */
    vw_curve_row curve;
    vw_curve_point points[VIEW_POINTS_MAX];
    size_t point_count;
    bool has_curve;
    vw_decision_row decision;
    vw_decision_leg_row trades[VIEW_TRADES_MAX]; /* legs of which more or fewer are wanted */
    size_t trade_count;                          /* may be more than are kept */
    bool has_decision;
    vw_hedge_row hedge;
    vw_layer_row layers[VW_LAYERS];
    size_t layer_count;
    char book[VW_TOPIC_SIZE];
    bool has_hedge;
    vw_unit_row units[VIEW_UNITS_MAX];
    size_t unit_count;
    view_event events[VIEW_EVENTS_MAX]; /* newest first */
    size_t event_count;
    void *screen; /* SCREEN of ncurses, NULL without */
};

#endif
