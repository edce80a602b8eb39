#include "tools/fit_plot.h"

#include <math.h>

#include "tools/fit_report.h"

enum { PANEL_WIDTH = 300, PANEL_HEIGHT = 200, MARGIN = 34, ACROSS = 4, POINTS = 121, HEAD = 40 };
static const double Z_MIN = -8, Z_MAX = 5;

/* One panel: where it stands and what its axes span. */
typedef struct panel {
    double left, top;
    double z_min, z_max, vol_max;
    double sd;
} panel;

static double across(const panel *p, double z)
{
    return p->left + MARGIN + (PANEL_WIDTH - MARGIN - 8) * (z - p->z_min) / (p->z_max - p->z_min);
}

static double up(const panel *p, double vol)
{
    double share = fmin(fmax(vol / p->vol_max, 0), 1);

    return p->top + PANEL_HEIGHT - 20 - (PANEL_HEIGHT - 44) * share;
}

static void span(panel *p, const vw_smile *smile)
{
    p->sd = smile->atm_vol * sqrt(smile->years);
    p->z_min = fmax(smile->k[0] / p->sd, Z_MIN) - 0.3;
    p->z_max = fmin(smile->k[smile->count - 1] / p->sd, Z_MAX) + 0.3;
    for (size_t i = 0; i < smile->count; i++) {
        double z = smile->k[i] / p->sd;

        if (z >= p->z_min && z <= p->z_max) {
            p->vol_max = fmax(p->vol_max, 1.05 * smile->ask_vol[i]);
        }
    }
}

static void draw_frame(const panel *p, const vw_expiry_fit *expiry, FILE *to)
{
    double step = pow(10, floor(log10(p->vol_max))) / (p->vol_max < 0.3 ? 2 : 1);
    char date[16];

    vw_fit_report_date(expiry->slice->expiry, date);
    fprintf(to, "<text x='%.1f' y='%.1f' class='t'>%s %s %s  %.1f days  F %.2f</text>\n",
            p->left + MARGIN, p->top + 14, expiry->slice->root, date,
            expiry->slice->settlement == 'A' ? "AM" : "PM", 365 * expiry->years,
            expiry->forward.forward);
    for (double vol = 0; vol <= p->vol_max; vol += step) {
        fprintf(to,
                "<path class='g' d='M%.1f %.1fH%.1f'/><text x='%.1f' y='%.1f' class='a' "
                "text-anchor='end'>%.0f</text>\n",
                p->left + MARGIN, up(p, vol), p->left + PANEL_WIDTH - 8, p->left + MARGIN - 3,
                up(p, vol) + 3, 100 * vol);
    }
    for (double z = ceil(p->z_min / 2) * 2; z <= p->z_max; z += 2) {
        fprintf(to, "<text x='%.1f' y='%.1f' class='a' text-anchor='middle'>%.0f</text>\n",
                across(p, z), p->top + PANEL_HEIGHT - 8, z);
    }
}

static void draw_quotes(const panel *p, const vw_smile *smile, FILE *to)
{
    fprintf(to, "<path class='q' d='");
    for (size_t i = 0; i < smile->count; i++) {
        double z = smile->k[i] / p->sd;

        if (z >= p->z_min && z <= p->z_max) {
            fprintf(to, "M%.1f %.1fV%.1f", across(p, z), up(p, smile->bid_vol[i]),
                    up(p, smile->ask_vol[i]) - 0.5);
        }
    }
    fprintf(to, "'/>\n");
}

/* The line in three pieces, the outer two beyond the quotes of the fit. */
static void draw_smile(const panel *p, const vw_chain_fit *fit, const vw_expiry_fit *expiry,
                       FILE *to)
{
    const vw_slice *slice = vw_chain_fit_slice(fit, expiry);
    double edges[] = {p->z_min, fmax(p->z_min, slice->k_min / p->sd),
                      fmin(p->z_max, slice->k_max / p->sd), p->z_max};

    for (int piece = 0; piece < 3; piece++) {
        fprintf(to, "<path class='%s' d='", piece == 1 ? "s" : "x");
        for (int i = 0; i < POINTS; i++) {
            double z = edges[piece] + (edges[piece + 1] - edges[piece]) * i / (POINTS - 1);
            double k = z * p->sd, w;

            vw_chain_fit_variance(fit, expiry, &k, &w, 1);
            fprintf(to, "%c%.1f %.1f", i == 0 ? 'M' : 'L', across(p, z),
                    up(p, sqrt(w / expiry->years)));
        }
        fprintf(to, "'/>\n");
    }
}

void vw_fit_plot(const vw_chain_fit *fit, const char *title, FILE *to)
{
    size_t panels = 0, drawn = 0, rows;

    for (size_t i = 0; i < fit->count; i++) {
        panels += vw_chain_fit_slice(fit, &fit->expiries[i]) != NULL;
    }
    rows = (panels + ACROSS - 1) / ACROSS;
    fprintf(to,
            "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%zu' "
            "font-family='sans-serif'>\n<style>.t{font-size:11px;fill:#222}"
            ".a{font-size:9px;fill:#777}.g{stroke:#ddd}.q{stroke:#8ab;fill:none}"
            ".s{stroke:#c22;fill:none;stroke-width:1.2}.x{stroke:#c22;fill:none;"
            "stroke-width:.5}.h{font-size:15px;fill:#222}</style>\n"
            "<rect width='100%%' height='100%%' fill='#fff'/>\n"
            "<text x='10' y='24' class='h'>%s</text>\n",
            ACROSS * PANEL_WIDTH, HEAD + rows * PANEL_HEIGHT, title);
    for (size_t i = 0; i < fit->count; i++) {
        const vw_expiry_fit *expiry = &fit->expiries[i];
        panel p = {.left = (double)(drawn % ACROSS) * PANEL_WIDTH,
                   .top = HEAD + (double)(drawn / ACROSS) * PANEL_HEIGHT};

        if (vw_chain_fit_slice(fit, expiry) == NULL) {
            continue;
        }
        span(&p, &expiry->smile);
        draw_frame(&p, expiry, to);
        draw_quotes(&p, &expiry->smile, to);
        draw_smile(&p, fit, expiry, to);
        drawn++;
    }
    fprintf(to, "</svg>\n");
}
