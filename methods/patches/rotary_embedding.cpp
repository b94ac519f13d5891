// SPDX-License-Identifier: Apache-2.0
#include "methods/patches/rotary_embedding.h"

#include <ATen/ops/cos.h>
#include <ATen/ops/sin.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

// 2 (i + 0.5) / by - 1 for i < count.
at::Tensor coordinates_of(int64_t count, int64_t by, const at::TensorOptions& options) {
  return (at::arange(count, options) + 0.5) * (2.0 / static_cast<double>(by)) - 1;
}

}  // namespace

at::Tensor rope_periods(int64_t d, const RopePeriods& periods) {
  TORCH_CHECK(d % 4 == 0, "rope_periods: ", d, " is not a multiple of 4");
  const int64_t count = d / 4;
  at::Tensor out = at::empty({count}, at::kDouble);
  for (int64_t j = 0; j < count; ++j) {
    const auto at_j = static_cast<double>(j);
    double& period = out.mutable_data_ptr<double>()[j];
    if (periods.min_period && periods.max_period) {
      const double share = count > 1 ? at_j / static_cast<double>(count - 1) : 0;
      period = *periods.min_period * std::pow(*periods.max_period / *periods.min_period, share);
    } else {
      period = std::pow(periods.base, 2 * at_j / (static_cast<double>(d) / 2));
    }
  }
  return out;
}

Rope rope_2d(const at::Tensor& periods, int64_t h, int64_t w, RopeCoordinates coordinates) {
  const bool own = coordinates == RopeCoordinates::separate;
  const int64_t shared = coordinates == RopeCoordinates::min ? std::min(h, w) : std::max(h, w);
  const int64_t j = periods.size(0);
  const at::Tensor y_h = coordinates_of(h, own ? h : shared, periods.options());
  const at::Tensor x_w = coordinates_of(w, own ? w : shared, periods.options());
  const at::Tensor yx_hw2 = at::stack({y_h.view({h, 1}).expand({h, w}), x_w.view({1, w}).expand({h, w})}, 2);
  const at::Tensor angles_L2j = 2 * std::numbers::pi * yx_hw2.reshape({h * w, 2, 1}) / periods;
  const at::Tensor angles_Ld = angles_L2j.reshape({h * w, 2 * j}).repeat({1, 2});
  return {at::cos(angles_Ld), at::sin(angles_Ld)};
}

Rope with_prefix(const Rope& rope, int64_t prefix) {
  const int64_t d = rope.cos.size(1);
  return {at::cat({at::ones({prefix, d}, rope.cos.options()), rope.cos}),
          at::cat({at::zeros({prefix, d}, rope.sin.options()), rope.sin})};
}

at::Tensor rotated(const at::Tensor& x_NHTd, const Rope& rope) {
  const auto halves = x_NHTd.chunk(2, -1);
  const at::Tensor turned_NHTd = at::cat({-halves[1], halves[0]}, -1);
  return (x_NHTd * rope.cos + turned_NHTd * rope.sin).to(x_NHTd.scalar_type());
}

}  // namespace sslbench
