/* view.h: what a live stream looks like just now, on a terminal or as plain text.
 *
 * Subscribes to everything and keeps the newest of it; `watch` and `demo` show it.  One page serves
 * both forms: header, VX curve, expiries, greeks around the money of one expiry, book and hedge
 * layers, what is stale or was lost.
 *
 * Threads  one thread; allocates.
 * Order    open, then poll and print or draw as often as wanted, then close.  begin_screen and
 *          end_screen enclose the drawing. */
#ifndef VW_TOOLS_VIEW_H
#define VW_TOOLS_VIEW_H

#include "core/base/error.h"
#include "schemas/subscriber.h"

#include <stdio.h>

typedef struct vw_view vw_view;

/* vw_view_open connects; the publisher need not be there yet. */
vw_err vw_view_open(const char *endpoint, vw_view **view, vw_error *error);

/* vw_view_poll waits at most timeout_ms for messages and takes those that are there (for at most
 * 50 ms); returns how many. */
size_t vw_view_poll(vw_view *view, int timeout_ms);

/* vw_view_print writes the page as plain text, a blank line behind it. */
void vw_view_print(vw_view *view, FILE *to);

/* vw_view_begin_screen takes the terminal behind `to` (stdout or stderr) and the keys of stdin;
 * VW_ERR_SYSTEM if it is none that can be drawn on. */
vw_err vw_view_begin_screen(vw_view *view, FILE *to, vw_error *error);

/* vw_view_draw draws the page and handles the keys pressed; false once q was among them. */
bool vw_view_draw(vw_view *view);

/* vw_view_end_screen gives the terminal back; nothing to do without a screen. */
void vw_view_end_screen(vw_view *view);

/* vw_view_stats returns what the view's subscriber saw. */
const vw_subscriber_stats *vw_view_stats(const vw_view *view);

/* vw_view_regime returns the newest regime (vw_regime); unknown before the first curve. */
vw_regime vw_view_regime(const vw_view *view);

void vw_view_close(vw_view *view);

#endif
