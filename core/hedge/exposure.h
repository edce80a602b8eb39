/* exposure.h: condors and hedge instruments as a decision takes them, from marks and smiles.
 *
 * A mark is what the market makes of one leg (hedge.h); here legs become the rows of inputs.h: a
 * condor with its break-evens, vega at spot -5, 0, +5 % and stresses; a leg, spread or calendar as
 * one instrument with its carry.
 *
 * Carry    irr of sold premium: its greatest loss is laid out, its width comes back at expiry.  Of
 * a calendar: debit and near width against the far call at the near expiry with nothing else
 *          changed.  Effective per year; NaN elsewhere.
 * Package  the legs of an instrument per one of it, bought first where that is its price: call;
 *          spread (bought, sold); credit or put spread (sold, bought); calendar (far bought, near
 *          sold, near bought).
 * Units    as inputs.h.
 * Domain   a smile's slice has a model; forward, discount, years > 0.
 * Threads  pure functions of their arguments.
 * Source   hedge-engine.md sections 1, 3 (S6, S8-S11) and 4. */
#ifndef VW_CORE_HEDGE_EXPOSURE_H
#define VW_CORE_HEDGE_EXPOSURE_H

#include "core/hedge/condor.h"
#include "core/hedge/inputs.h"
#include "core/pricing/kernels.h"
#include "core/vol/slice.h"

#define VW_PACKAGE_LEGS_MAX 3

/* One expiry of SPX or VIX options as it stands. */
typedef struct vw_exposure_smile {
    double forward; /* of VIX options: their future */
    double discount;
    double years;
    int days;              /* to expiry, New York dates */
    double beta;           /* of VIX options: of their future; SPX: 0 */
    const vw_slice *slice; /* has a model */
} vw_exposure_smile;

/* The book and its marks, evaluated. */
typedef struct vw_exposure_book {
    const vw_portfolio *portfolio;
    const vw_leg_mark *marks;
    const vw_hedge *hedge;
    const vw_hedge_market *market;
    const vw_kernels *kernels;
    uint32_t today; /* yyyymmdd */
} vw_exposure_book;

/* How a leg trades; zeros: not known. */
typedef struct vw_leg_quote {
    double spread;    /* points between bid and ask */
    double displayed; /* contracts on its thinner side */
    double drift[3];  /* as of vw_hedge_instrument */
} vw_leg_quote;

typedef struct vw_package_leg {
    vw_leg_mark mark;
    vw_leg_quote quote;
    char type;
    double strike;
    double contracts; /* in one package; bought is positive */
} vw_package_leg;

/* vw_exposure_mark marks an option on a smile. */
void vw_exposure_mark(const vw_exposure_smile *smile, char type, double strike, vw_leg_mark *mark);

/* vw_exposure_condor fills `to` for condor `number` (1-based) from the book and the smile of its
 * expiry (NULL: its distances are NaN), but for id, next_expiry and its wings' neighbours.  False
 * when it is not priced. */
bool vw_exposure_condor(const vw_exposure_book *book, uint16_t number,
                        const vw_exposure_smile *smile, vw_hedge_condor *to);

/* vw_exposure_kind says what kind of instrument the legs make, in the order a package has them
 * (which is restored); VW_KIND_COUNT: none, a short that nothing covers, or an unknown mixture. */
vw_hedge_kind vw_exposure_kind(vw_package_leg *legs, const uint32_t *expiries, size_t count);

/* vw_exposure_package fills the market values of an instrument of a kind; price, spread and
 * displayed that are set (not NaN) stay.  Without the quotes of all legs the spread is what is
 * usual for the kind, displayed NaN. */
void vw_exposure_package(const vw_kernels *kernels, const vw_hedge_market *market,
                         const vw_package_leg *legs, size_t count, vw_hedge_instrument *to);

/* vw_exposure_deltas adds packages of rule 8 in a condor's own expiry, of its listed strikes: to
 * sell delta (a put bought, a call sold) and to buy it, at the money and a standard deviation
 * apart, the wing 100 points beyond what is sold; premium paid is never negative; while there is
 * room. settlement is 'A' or 'P'; strikes ascend.  vw_exposure_has_deltas says that there is no
 * need: the expiry has its packages, or the room is taken. */
bool vw_exposure_has_deltas(const vw_hedge_inputs *inputs, const vw_hedge_condor *condor);
void vw_exposure_deltas(const vw_exposure_smile *smile, const vw_hedge_condor *condor,
                        char settlement, const double *strikes, size_t count,
                        vw_hedge_inputs *inputs);

/* vw_exposure_id and vw_exposure_condor_id return numbers that stay as long as what they name. */
uint32_t vw_exposure_id(const vw_hedge_instrument *instrument);
uint32_t vw_exposure_condor_id(const vw_condor *condor);

/* vw_exposure_neighbour returns the listed strike next to `strike`, up or down; 0: none. */
double vw_exposure_neighbour(const double *strikes, size_t count, double strike, bool up);

#endif
