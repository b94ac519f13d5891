// SPDX-License-Identifier: Apache-2.0
#include "reports/statistics/distributions.h"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

namespace sslbench {

double t_quantile(double p, double df) { return boost::math::quantile(boost::math::students_t(df), p); }

double t_cdf(double t, double df) { return boost::math::cdf(boost::math::students_t(df), t); }

double t_tail(double t, double df) { return boost::math::cdf(boost::math::complement(boost::math::students_t(df), t)); }

double normal_quantile(double p) { return boost::math::quantile(boost::math::normal(), p); }

}  // namespace sslbench
