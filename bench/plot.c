#include "bench/plot.h"

#include <math.h>

enum { WIDTH = 860, HEIGHT = 460, LEFT = 70, TOP = 50, RIGHT = 230, BOTTOM = 40, STEPS = 120 };

static const char *const colours[] = {"#c22", "#27b", "#2a5", "#b6a", "#d80",
                                      "#078", "#865", "#444", "#9a2", "#e59"};

/* The decades of time shown, and how many nines. */
typedef struct frame {
    double low, high; /* log10 ns */
    double nines;
} frame;

static double across(const frame *f, double nines)
{
    return LEFT + (WIDTH - LEFT - RIGHT) * nines / f->nines;
}

static double up(const frame *f, double ns)
{
    double share = (log10(fmax(ns, 1)) - f->low) / (f->high - f->low);

    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * fmin(fmax(share, 0), 1);
}

static double ns_at(const vw_histogram *latency, double nines)
{
    return (double)vw_histogram_percentile(latency, 1 - pow(10, -nines));
}

static uint64_t count_of(const vw_histogram *latency)
{
    return atomic_load_explicit(&latency->count, memory_order_relaxed);
}

static frame span(const vw_plot_curve *curves, size_t count)
{
    frame f = {.low = 9, .high = 0, .nines = 1};

    for (size_t i = 0; i < count; i++) {
        if (count_of(curves[i].latency) > 0) {
            double max = (double)atomic_load(&curves[i].latency->max);

            f.low = fmin(f.low, floor(log10(fmax(ns_at(curves[i].latency, 0.05), 1))));
            f.high = fmax(f.high, ceil(log10(fmax(max, 10))));
            f.nines = fmax(f.nines, floor(log10((double)count_of(curves[i].latency))));
        }
    }
    f.nines = fmin(f.nines, 6);
    f.low = fmin(f.low, f.high - 1);
    return f;
}

static void draw_axes(const frame *f, FILE *to)
{
    static const char *const percents[] = {"0", "90 %", "99 %", "99.9", "99.99", "99.999", "six 9"};
    static const char *const times[] = {"1 ns", "10 ns", "100 ns", "1 us", "10 us", "100 us",
                                        "1 ms", "10 ms", "0.1 s",  "1 s",  "10 s",  "100 s"};

    for (int n = 0; n <= (int)f->nines; n++) {
        fprintf(to,
                "<path class='g' d='M%.1f %dV%d'/><text x='%.1f' y='%d' class='a' "
                "text-anchor='middle'>%s</text>\n",
                across(f, n), TOP, HEIGHT - BOTTOM, across(f, n), HEIGHT - BOTTOM + 16,
                percents[n]);
    }
    for (int t = (int)f->low; t <= (int)f->high && t < 12; t++) {
        double y = up(f, pow(10, t));

        fprintf(to,
                "<path class='g' d='M%d %.1fH%d'/><text x='%d' y='%.1f' class='a' "
                "text-anchor='end'>%s</text>\n",
                LEFT, y, WIDTH - RIGHT, LEFT - 6, y + 4, times[t]);
    }
}

static void draw_curve(const frame *f, const vw_plot_curve *curve, size_t line, FILE *to)
{
    const char *colour = colours[line % (sizeof colours / sizeof *colours)];
    double reach = fmin(f->nines, log10((double)count_of(curve->latency)));

    fprintf(to, "<path stroke='%s' fill='none' stroke-width='1.5' d='", colour);
    for (int i = 0; i <= STEPS; i++) {
        double nines = reach * i / STEPS;

        fprintf(to, "%c%.1f %.1f", i == 0 ? 'M' : 'L', across(f, nines),
                up(f, ns_at(curve->latency, nines)));
    }
    fprintf(to,
            "'/>\n<text x='%d' y='%zu' class='l' fill='%s'>%s</text>"
            "<text x='%d' y='%zu' class='a'>p50 %.0f, p99 %.0f ns</text>\n",
            WIDTH - RIGHT + 14, TOP + 10 + 34 * line, colour, curve->name, WIDTH - RIGHT + 14,
            TOP + 24 + 34 * line, ns_at(curve->latency, log10(2)), ns_at(curve->latency, 2));
}

void vw_plot_write(FILE *to, const char *title, const vw_plot_curve *curves, size_t count)
{
    frame f = span(curves, count);
    size_t line = 0;

    fprintf(to,
            "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' "
            "font-family='sans-serif'>\n<style>.a{font-size:10px;fill:#666}.g{stroke:#ddd}"
            ".l{font-size:12px}.h{font-size:14px;fill:#222}</style>\n"
            "<rect width='100%%' height='100%%' fill='#fff'/>\n"
            "<text x='10' y='24' class='h'>%s</text>\n",
            WIDTH, HEIGHT, title);
    draw_axes(&f, to);
    for (size_t i = 0; i < count; i++) {
        if (count_of(curves[i].latency) > 0) {
            draw_curve(&f, &curves[i], line++, to);
        }
    }
    fprintf(to, "</svg>\n");
}
