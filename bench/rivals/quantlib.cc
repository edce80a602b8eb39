/* C++ first: after C's <stdatomic.h> clang cannot read it. */
#include <ql/experimental/volatility/sviinterpolation.hpp>
#include <ql/pricingengines/blackcalculator.hpp>
#include <ql/pricingengines/blackformula.hpp>

#include "bench/rivals/rivals.h"

using QuantLib::Option;

static Option::Type type_of(double side)
{
    return side > 0 ? Option::Call : Option::Put;
}

void vw_rival_quantlib(const vw_black_inputs *in, const vw_black_outputs *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const double years = in->years[i];
        const QuantLib::BlackCalculator option(type_of(in->side[i]), in->strike[i], in->forward[i],
                                               in->vol[i] * std::sqrt(years), in->discount[i]);

        out->price[i] = option.value();
        out->delta[i] = option.deltaForward();
        out->gamma[i] = option.gammaForward();
        out->vega[i] = option.vega(years);
        out->theta[i] = option.theta(in->forward[i], years);
        out->rho[i] = -years * out->price[i]; /* its rho() moves the forward */
    }
}

void vw_rival_quantlib_iv(const vw_rival_iv *in, double *vol, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const double root = std::sqrt(in->years[i]);
        const double guess = in->guess != nullptr ? in->guess[i] * root : QuantLib::Null<double>();

        try {
            vol[i] = QuantLib::blackFormulaImpliedStdDev(type_of(in->side[i]), in->strike[i],
                                                         in->forward[i], in->price[i],
                                                         in->discount[i], 0.0, guess) /
                     root;
        } catch (const std::exception &) {
            vol[i] = 0;
        }
    }
}

double vw_rival_quantlib_svi(const double *strike, const double *vol, size_t count, double years,
                             double forward, double start[5])
{
    try {
        QuantLib::SviInterpolation svi(strike, strike + count, vol, years, forward, start[0],
                                       start[1], start[2], start[3], start[4], false, false, false,
                                       false, false, false, {}, {}, 0.002, false, 1 /* start */);

        svi.update();
        start[0] = svi.a();
        start[1] = svi.b();
        start[2] = svi.sigma();
        start[3] = svi.rho();
        start[4] = svi.m();
        return svi.rmsError();
    } catch (const std::exception &) {
        return -1;
    }
}
