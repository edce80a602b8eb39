/* portfolio.h: the user's book from a YAML file into core/hedge/portfolio.h.
 *
 * tools/examples/portfolio.yaml is the manual: condors (root, expiry, four strikes, contracts,
 * credit or debit, what was so at entry) and hedge legs (root, type, expiry, strike, signed
 * contracts, price at entry, package).
 *
 * Memory   plain struct of the caller's.
 * Threads  the main thread, at start.
 * Errors   as config.h: VW_ERR_DATA for an unreadable file, VW_ERR_CONFIG with file, line, column,
 *          key, value and what would be right. */
#ifndef VW_TOOLS_PORTFOLIO_H
#define VW_TOOLS_PORTFOLIO_H

#include "core/hedge/portfolio.h"

/* vw_portfolio_read reads file ("-": standard input); vw_portfolio_parse a text called name. */
vw_err vw_portfolio_read(const char *file, vw_portfolio *portfolio, vw_error *error);
vw_err vw_portfolio_parse(const char *name, const char *text, vw_portfolio *portfolio,
                          vw_error *error);

/* vw_portfolio_check_hedge says whether a leg's root is known and goes with its type. */
vw_err vw_portfolio_check_hedge(const vw_leg *leg, vw_error *error);

#endif
