// SPDX-License-Identifier: Apache-2.0
// Quantiles and probabilities of Student's t and of the normal distribution. Degrees of freedom may be fractional.
#pragma once

namespace sslbench {

// The t below which a share `p` in (0, 1) lies.
double t_quantile(double p, double df);
// The share below t, and the share above it (exact in the far tail).
double t_cdf(double t, double df);
double t_tail(double t, double df);
double normal_quantile(double p);

}  // namespace sslbench
