#include "tools/scenario_chain.h"

#include "core/hedge/strikes.h"
#include "core/vol/vix_index.h"
#include "tools/chain_fit.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct vw_scenario_chain {
    vw_chain chain;
    vw_chain_fit fit;
    bool fitted;
};

static bool is_spx(const vw_expiry_fit *expiry)
{
    return expiry->family == VW_FAMILY_SPX && expiry->status == VW_STATUS_OK;
}

static bool term_of(const vw_expiry_fit *expiry, vw_vix_strip *term)
{
    const vw_chain_slice *slice = expiry->slice;
    const vw_vix_quotes quotes = {slice->strike,  slice->call_bid, slice->call_ask,
                                  slice->put_bid, slice->put_ask,  slice->count};

    return vw_vix_term(&quotes, expiry->years * VW_VIX_MINUTES_PER_YEAR,
                       -log(expiry->forward.discount) / expiry->years, term) == VW_STATUS_OK;
}

/* VIX by its method; NaN when the chain does not span 30 days. */
static double vix_of(const vw_chain_fit *fit)
{
    vw_vix_expiry *expiries = calloc(fit->count + 1, sizeof *expiries);
    const vw_expiry_fit **fits = calloc(fit->count + 1, sizeof *fits);
    size_t count = 0, near, next;
    vw_vix_strip terms[2];
    double vix = NAN;

    vw_check(expiries != NULL && fits != NULL);
    for (size_t i = 0; i < fit->count; i++) {
        const vw_expiry_fit *expiry = &fit->expiries[i];

        if (is_spx(expiry) && expiry->years > 0) {
            expiries[count] = (vw_vix_expiry){expiry->slice->expiry, expiry->slice->settlement,
                                              expiry->years * VW_VIX_MINUTES_PER_YEAR};
            fits[count++] = expiry;
        }
    }
    if (vw_vix_choose(NULL, VW_FAMILY_SPX, vw_calendar_date(fit->at_ns, NULL), expiries, count, 30,
                      &near, &next) &&
        term_of(fits[near], &terms[0]) && term_of(fits[next], &terms[1])) {
        vix = vw_vix_value(&terms[0], &terms[1], 30);
    }
    free(expiries);
    free(fits);
    return vix;
}

static double atm_vol(const vw_chain_fit *fit, double days)
{
    vw_surface_point at = vw_surface_at(&fit->surfaces[VW_FAMILY_SPX], NULL, fit->at_ns,
                                        fit->at_ns + (int64_t)(days * 86400e9), 0);

    return 100 * at.vol;
}

/* S8 over all expiries. */
static double residual_of(const vw_chain_fit *fit)
{
    double best = NAN;

    for (size_t i = 0; i < fit->count; i++) {
        if (is_spx(&fit->expiries[i])) {
            best = fmax(best, fit->expiries[i].residual.edge_usd);
        }
    }
    return best;
}

static void state_if_absent(double *value, double found)
{
    *value = isnan(*value) ? found : *value;
}

static void take_market(const vw_scenario_chain *chain, vw_scenario_moment *moment)
{
    double forward = NAN;

    for (size_t i = chain->fit.count; i-- > 0;) { /* the nearest comes last */
        forward =
            is_spx(&chain->fit.expiries[i]) ? chain->fit.expiries[i].forward.forward : forward;
    }
    state_if_absent(&moment->spx, chain->chain.spot);
    state_if_absent(&moment->spx, forward);
    state_if_absent(&moment->vix, vix_of(&chain->fit));
    state_if_absent(&moment->atm_vol_30, atm_vol(&chain->fit, 30));
    state_if_absent(&moment->atm_vol_7, atm_vol(&chain->fit, 7));
    state_if_absent(&moment->arbitrage_usd, residual_of(&chain->fit));
}

vw_err vw_scenario_chain_open(vw_scenario *scenario, vw_error *error)
{
    const char *slash = strrchr(scenario->file, '/');
    int folder = slash != NULL && scenario->chain[0] != '/' ? (int)(slash - scenario->file) + 1 : 0;
    vw_scenario_chain *chain = calloc(1, sizeof *chain);
    double rate = scenario->begin.moment.rate;
    char path[512];
    vw_err err;

    vw_check(chain != NULL);
    snprintf(path, sizeof path, "%.*s%s", folder, scenario->file, scenario->chain);
    err = vw_chain_read_at(path, scenario->clock, NULL, &chain->chain, error);
    if (err == VW_OK) {
        chain->fitted = true;
        err = vw_chain_fit_make(&chain->chain, scenario->start_ns, isnan(rate) ? 0.04 : rate,
                                vw_kernels_get(NULL), &chain->fit, error);
    }
    if (err == VW_OK && chain->fit.surfaces[VW_FAMILY_SPX].count == 0) {
        err = vw_fail(error, VW_ERR_DATA, "%s: no SPX expiry has a smile at %s", path,
                      scenario->clock);
    }
    scenario->market = chain;
    if (err == VW_OK) {
        take_market(chain, &scenario->begin.moment);
    }
    return err;
}

static const vw_expiry_fit *find(const vw_scenario_chain *chain, const char *root, uint32_t expiry)
{
    for (size_t i = 0; i < chain->fit.count; i++) {
        const vw_expiry_fit *of = &chain->fit.expiries[i];

        if (is_spx(of) && of->slice->expiry == expiry && strcmp(of->slice->root, root) == 0) {
            return of;
        }
    }
    return NULL;
}

bool vw_scenario_chain_smile(const vw_scenario_chain *chain, const char *root, uint32_t expiry,
                             vw_exposure_smile *smile)
{
    const vw_expiry_fit *of = find(chain, root, expiry);

    if (of == NULL) {
        return false;
    }
    smile->forward = of->forward.forward;
    smile->discount = of->forward.discount;
    smile->slice = vw_chain_fit_slice(&chain->fit, of);
    return smile->slice != NULL;
}

size_t vw_scenario_chain_strikes(const vw_scenario_chain *chain, const char *root, uint32_t expiry,
                                 double *strikes, size_t room)
{
    const vw_expiry_fit *of = find(chain, root, expiry);
    size_t count = 0;

    for (size_t i = 0; of != NULL && i < of->slice->count && count < room; i++) {
        if (of->slice->call[i] != NULL && of->slice->put[i] != NULL) {
            strikes[count++] = of->slice->strike[i];
        }
    }
    return count;
}

bool vw_scenario_chain_entry(const vw_scenario_chain *chain, const vw_hedge_settings *settings,
                             uint32_t today, char root[8], uint32_t *expiry)
{
    int nearest = INT_MAX;

    for (size_t i = 0; i < chain->fit.count; i++) {
        const vw_expiry_fit *of = &chain->fit.expiries[i];
        int days = vw_strikes_entry_distance(NULL, settings, today, of->slice->expiry);
        bool later = days == nearest && of->slice->settlement == 'P'; /* SPXW where both are */

        if (is_spx(of) && (days < nearest || (later && days < INT_MAX))) {
            nearest = days;
            memcpy(root, of->slice->root, sizeof of->slice->root);
            *expiry = of->slice->expiry;
        }
    }
    return nearest < INT_MAX;
}

double vw_scenario_chain_wings(const vw_scenario_chain *chain, const vw_hedge_condor *condor)
{
    const vw_expiry_fit *of = find(chain, condor->root, condor->expiry);

    if (of == NULL) {
        return NAN;
    }
    vw_arbitrage_market market = vw_chain_fit_market(of);

    return vw_strikes_residual(&market, condor);
}

void vw_scenario_chain_close(vw_scenario_chain *chain)
{
    if (chain != NULL) {
        if (chain->fitted) {
            vw_chain_fit_free(&chain->fit);
            vw_chain_free(&chain->chain);
        }
        free(chain);
    }
}
