// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/frozen/feature_halves.h"

#include <bit>
#include <cmath>

#include "suites/tensors/aten.h"

namespace sslbench {

static_assert(std::endian::native == std::endian::little);

KeptFeatures kept_features(const at::Tensor& h_ND) {
  if (h_ND.size(1) > kMostKeptDimensions || h_ND.numel() == 0) return {};
  const at::Tensor h = h_ND.to(at::kCPU, at::kDouble);
  const double largest = h.abs().max().item<double>();
  int exponent = 0;
  std::frexp(largest, &exponent);
  const at::Tensor halves = (h * std::ldexp(1.0, -exponent)).to(at::kHalf).contiguous();
  const auto* bytes = static_cast<const uint8_t*>(halves.const_data_ptr());
  return {h.size(0), h.size(1), {bytes, bytes + halves.nbytes()}};
}

}  // namespace sslbench
