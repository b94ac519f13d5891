// SPDX-License-Identifier: Apache-2.0
// The losses of methods/msn.cpp (arXiv:2204.07141, Eq. 1 and 2; arXiv:2210.07277; facebookresearch/msn src/losses.py),
// which explains them. Shapes: B images, V anchors of each, R = V B rows, view-major, D width, P prototypes.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sslbench::msn {

// log of Eq. 1, [R, P]; rows and prototypes are brought to unit length.
at::Tensor log_predictions(const at::Tensor& z_RD, const at::Tensor& prototypes_PD, double temperature);

// p+ of Eq. 2, [B, P]: the teacher's predictions, sharpened (q^(1/T) normalised, T: target_temperature), then balanced
// over prototypes by Sinkhorn (0 iterations: as they are). No gradient.
at::Tensor targets(const at::Tensor& z_BD, const at::Tensor& prototypes_PD, double temperature,
                   double target_temperature, int64_t sinkhorn_iterations);

// Mean over rows of H(p+, p).
at::Tensor cross_entropy(const at::Tensor& log_p_RP, const at::Tensor& targets_BP);

// Mean over rows of H(p).
at::Tensor mean_entropy(const at::Tensor& log_p_RP);

// log of p-bar, the mean prediction: [P].
at::Tensor log_mean(const at::Tensor& log_p_RP);

// log P - H(p-bar) >= 0.
at::Tensor me_max(const at::Tensor& log_mean_P);

// PMSN: KL(u || p-bar), u_k in proportion to k^-exponent.
at::Tensor power_law_divergence(const at::Tensor& log_mean_P, double exponent);

}  // namespace sslbench::msn
