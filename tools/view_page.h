/* view_page.h: the lines of a view, as text with a style; the same for paper and for a screen. */
#ifndef VW_TOOLS_VIEW_PAGE_H
#define VW_TOOLS_VIEW_PAGE_H

#include "tools/view_state.h"

enum { VIEW_ROWS_MAX = 200, VIEW_COLUMNS = 160 };

typedef enum view_style {
    VIEW_NORMAL,
    VIEW_HEADING,
    VIEW_SELECTED,
    VIEW_WARNING, /* stale, silent, synthetic */
} view_style;

typedef struct view_page {
    size_t count;
    view_style style[VIEW_ROWS_MAX];
    char text[VIEW_ROWS_MAX][VIEW_COLUMNS];
} view_page;

/* vw_view_compose fills page with at most `rows` lines of what view knows at now_ns (realtime). */
void vw_view_compose(vw_view *view, size_t rows, int64_t now_ns, view_page *page);

#endif
