#include "core/base/clock.h"
#include "tools/view_page.h"

#include <ncurses.h>
#include <stdlib.h>
#include <unistd.h>

enum { PAIR_WARNING = 1, PLAIN_ROWS = 40 };

void vw_view_print(vw_view *view, FILE *to)
{
    view_page page;

    vw_view_compose(view, PLAIN_ROWS, vw_clock_realtime_ns(), &page);
    for (size_t i = 0; i < page.count; i++) {
        fprintf(to, "%s\n", page.text[i]);
    }
    fprintf(to, "\n");
}

vw_err vw_view_begin_screen(vw_view *view, FILE *to, vw_error *error)
{
    if (!isatty(fileno(to)) || !isatty(STDIN_FILENO)) {
        return vw_fail(error, VW_ERR_SYSTEM, "no terminal to draw on; --plain prints text");
    }
    view->screen = newterm(NULL, to, stdin);
    if (view->screen == NULL) {
        return vw_fail(error, VW_ERR_SYSTEM,
                       "terminal type %s: not known to ncurses; set TERM, or use --plain",
                       getenv("TERM") != NULL ? getenv("TERM") : "(TERM is not set)");
    }
    set_term(view->screen);
    cbreak();
    noecho();
    nodelay(stdscr, TRUE);
    keypad(stdscr, TRUE);
    curs_set(0);
    if (has_colors()) {
        start_color();
        use_default_colors();
        init_pair(PAIR_WARNING, COLOR_YELLOW, -1);
    }
    return VW_OK;
}

static void move_selection(vw_view *view, int by)
{
    long to = (long)view->selected + by;
    long last = (long)view->group_count - 1;

    if (view->group_count > 0) {
        view->selected = (size_t)(to < 0 ? 0 : to > last ? last : to);
        view->chosen = true;
    }
}

static bool handle_keys(vw_view *view)
{
    int key;

    while ((key = getch()) != ERR) {
        switch (key) {
        case 'q':
        case 'Q':
            return false;
        case KEY_UP:
        case KEY_LEFT:
            move_selection(view, -1);
            break;
        case KEY_DOWN:
        case KEY_RIGHT:
            move_selection(view, 1);
            break;
        case KEY_PPAGE:
            move_selection(view, -10);
            break;
        case KEY_NPAGE:
            move_selection(view, 10);
            break;
        default: /* KEY_RESIZE: the next page has the new size */
            break;
        }
    }
    return true;
}

static short pair_of(view_style style)
{
    return style == VIEW_WARNING ? PAIR_WARNING : 0;
}

static attr_t attribute(view_style style)
{
    switch (style) {
    case VIEW_NORMAL:
        break;
    case VIEW_HEADING:
        return A_BOLD;
    case VIEW_SELECTED:
        return A_REVERSE;
    case VIEW_WARNING:
        return A_BOLD;
    }
    return A_NORMAL;
}

bool vw_view_draw(vw_view *view)
{
    bool on = handle_keys(view);
    int rows = getmaxy(stdscr);
    view_page page;

    vw_view_compose(view, rows > 1 ? (size_t)rows - 1 : 1, vw_clock_realtime_ns(), &page);
    erase();
    for (size_t i = 0; i < page.count; i++) {
        attr_set(attribute(page.style[i]), pair_of(page.style[i]), NULL);
        mvaddnstr((int)i, 0, page.text[i], getmaxx(stdscr));
    }
    attr_set(A_DIM, 0, NULL);
    mvaddnstr(rows - 1, 0, "q quits, arrows choose the expiry", getmaxx(stdscr));
    refresh();
    return on;
}

void vw_view_end_screen(vw_view *view)
{
    if (view->screen != NULL) {
        endwin();
        delscreen(view->screen);
        view->screen = NULL;
    }
}
