/* portfolio.h: the user's book: SPX iron condors and the hedge legs on top of them.
 *
 * Also the one place where plain derivatives become desk units (vw_desk_units).
 *
 * Units    contracts are signed: a credit condor of 100 is short 100 of each inner strike and long
 *          100 of each wing; strikes in index points; expiry yyyymmdd.
 * Memory   plain values of the caller's; filled by tools/config from YAML, read-only afterwards.
 * Threads  read-only after start. */
#ifndef VW_CORE_HEDGE_PORTFOLIO_H
#define VW_CORE_HEDGE_PORTFOLIO_H

#include "core/base/error.h"

#define VW_PORTFOLIO_LEGS_MAX 512
#define VW_PORTFOLIO_CONDORS_MAX (VW_PORTFOLIO_LEGS_MAX / 4)

typedef struct vw_leg {
    char root[8];       /* "SPXW", "VIX", "VX", "VXM", "VXX", "UVXY" */
    char type;          /* 'C', 'P', 'F', or 'E' for shares of an ETP */
    bool hedge;         /* a hedge leg, not part of a condor */
    uint16_t condor;    /* 1-based number of its condor, 0 for hedge legs */
    uint16_t package;   /* number of the spread or calendar it is a leg of; 0: it stands alone */
    uint32_t expiry;    /* 0 for ETPs */
    double strike;      /* 0 for futures and ETPs */
    double contracts;   /* signed, whole */
    double entry_price; /* paid or received per contract, points; 0: not known */
} vw_leg;

/* What was so when a condor was put on; 0 where it is not known. */
typedef struct vw_condor_entry {
    uint32_t date;
    double credit;                  /* points of one condor, negative for a debit */
    double index;                   /* SPX */
    double vol;                     /* at the money, 30 days, 0.16 */
    double short_decay, wing_decay; /* |theta| / extrinsic a day, of both shorts, of both wings */
} vw_condor_entry;

/* A condor as the user writes it; all strikes of one root and expiry. */
typedef struct vw_condor {
    char root[8];
    uint32_t expiry;
    double put_wing, put_short, call_short, call_wing; /* ascending */
    double contracts;                                  /* > 0 */
    bool debit;                                        /* false: credit (inner strikes sold) */
    vw_condor_entry entry;
} vw_condor;

typedef struct vw_portfolio {
    char book[16];                      /* topic hedge.<book> */
    vw_leg legs[VW_PORTFOLIO_LEGS_MAX]; /* a condor's are put wing, put short, call short, wing */
    size_t leg_count;
    vw_condor condors[VW_PORTFOLIO_CONDORS_MAX]; /* condor n of a leg is [n - 1] */
    size_t condor_count;
} vw_portfolio;

/* vw_portfolio_add_condor appends its four legs; VW_ERR_CONFIG, saying which value, when strikes do
 * not ascend, contracts are not a positive whole number, or the table is full. */
vw_err vw_portfolio_add_condor(vw_portfolio *portfolio, const vw_condor *condor, vw_error *error);

/* vw_portfolio_add_hedge appends one hedge leg; VW_ERR_CONFIG as above. */
vw_err vw_portfolio_add_hedge(vw_portfolio *portfolio, const vw_leg *leg, vw_error *error);

/* vw_portfolio_pair makes a package of every sold option that stands alone and the bought one that
 * makes a spread of it: same root, type, expiry and number, the nearest strike. */
void vw_portfolio_pair(vw_portfolio *portfolio);

/* vw_portfolio_leverage returns 1 for "VXX", 1.5 for "UVXY", 0 for what is no ETP of VX. */
double vw_portfolio_leverage(const char *root);

/* vw_portfolio_layer returns the layer [1, 4] of a leg by days to expiry: L1 [0,30), L2 [30,45),
 * L3 [45,60), L4 from 60. */
uint8_t vw_portfolio_layer(int days);

typedef struct vw_greeks {
    double price, delta, gamma, vega, theta, rho, vanna, volga, charm;
} vw_greeks;

/* vw_desk_units turns plain derivatives (black.h) into desk units: delta, gamma, vanna and charm
 * undiscounted, so that charm is the change of the published delta in a day; vega, rho, vanna and
 * volga per point (0.01); theta and charm per calendar day.  discount > 0; rate = -ln(discount) per
 * year. */
vw_greeks vw_desk_units(const vw_greeks *plain, double discount, double rate);

#endif
