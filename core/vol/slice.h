/* slice.h: the smile of one expiry: vol, variance, skew and density at any strike.
 *
 * HKS through the out-of-the-money quotes, with raw SVI beside it as the compact form; raw SVI
 * itself where there are too few quotes or HKS is refused.  No butterfly arbitrage: the fit checks
 * and repairs, and refuses what it cannot repair.  A refused fit leaves the last good smile in
 * place, marked carried; in log-moneyness it moves with the forward by itself.
 *
 * Threads  one at a time; a workspace may be shared by all slices of a thread.
 * Memory   plain struct of the caller's, all zero before the first fit; the workspace is
 *          vw_slice_work_size bytes.
 * Units    k is log(strike / forward); total variance is vol^2 times years; vols as fractions.
 * Work     a fit is bounded: at most VW_SLICE_RUNGS + 1 HKS fits (usually one) and one SVI fit.
 * Errors   fit's status: ok; no_market - fewer than VW_SVI_FIT_QUOTES_MIN quotes, or no smile
 *          without arbitrage was found; the slice then keeps what it had.
 * Source   mathematics.md sections 7.1 and 7.3. */
#ifndef VW_CORE_VOL_SLICE_H
#define VW_CORE_VOL_SLICE_H

#include "core/pricing/svi.h"
#include "core/vol/hks_fit.h"
#include "core/vol/svi_fit.h"

#define VW_SLICE_RUNGS 7
#define VW_SLICE_HKS_QUOTES 8      /* SPX */
#define VW_SLICE_HKS_QUOTES_VIX 20 /* VIX options: raw SVI below */

typedef enum vw_model { VW_MODEL_NONE, VW_MODEL_SVI, VW_MODEL_HKS } vw_model;

typedef struct vw_slice {
    vw_model model;
    vw_hks hks;
    vw_svi svi;           /* always there beside HKS; sigma 0 if it could not be had */
    double years;         /* of the fit */
    double k_min, k_max;  /* quotes in the fit; beyond is extrapolation */
    vw_smile_quality fit; /* of `model`, over the quotes in the fit */
    double svi_rmse_vol;  /* of svi; NaN without */
    double least_g;       /* Durrleman's g, at points at least four times as close as the fit's */
    double least_floor;   /* least of w / floor - 1 against the expiry before; INFINITY without */
    uint8_t status;       /* vw_status of the last fit */
    uint8_t quality;      /* VW_QUOTE_CARRIED when the last fit was refused */
    uint8_t rung;         /* of the ladder of attempts, 0 the first; VW_SLICE_RUNGS: SVI */
} vw_slice;

/* A point of the smile. */
typedef struct vw_slice_point {
    double vol;
    double variance; /* total */
    double skew;     /* d vol / d k */
    double density;  /* of log(price at expiry / forward) */
    double g;        /* Durrleman's */
    bool extrapolated;
} vw_slice_point;

typedef struct vw_slice_work vw_slice_work;

/* vw_slice_work_size returns the bytes for smiles of up to `room` quotes. */
size_t vw_slice_work_size(size_t room);

/* vw_slice_work_init lays a workspace out; isa names the kernels, as vw_kernels_get takes it. */
vw_slice_work *vw_slice_work_init(void *mem, size_t room, const char *isa);

/* vw_slice_work_hks returns the workspace of the HKS fit, with what the last one left. */
vw_hks_fit *vw_slice_work_hks(const vw_slice_work *work);

/* vw_slice_fit fits; HKS from hks_quotes_min quotes on.  before is the next shorter expiry, whose
 * total variance this one should not go below, or NULL. */
vw_status vw_slice_fit(vw_slice *slice, const vw_smile *smile, size_t hks_quotes_min,
                       const vw_slice *before, vw_slice_work *work);

/* Its two parts: the model, raw SVI beside it staying that of before; and raw SVI. */
vw_status vw_slice_fit_model(vw_slice *slice, const vw_smile *smile, size_t hks_quotes_min,
                             const vw_slice *before, vw_slice_work *work);
void vw_slice_fit_svi(vw_slice *slice, const vw_smile *smile, const vw_slice *before,
                      vw_slice_work *work);

/* vw_slice_variance writes total variance at k[i]; the slice has a model. */
void vw_slice_variance(const vw_slice *slice, const double *k, double *w, size_t count);

/* vw_slice_curve writes total variance and, unless slope is NULL, its slope dw/dk at k[i], lanes at
 * a time; the slice has a model. */
void vw_slice_curve(const vw_slice *slice, const vw_fit_kernels *kernels, const double *k,
                    double *w, double *slope, size_t count);

/* vw_slice_at returns all there is to say at k, with years left as they now are; vol and the rest
 * are NaN while the slice has no model. */
vw_slice_point vw_slice_at(const vw_slice *slice, double k, double years);

#endif
