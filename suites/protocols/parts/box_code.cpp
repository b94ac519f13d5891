// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/box_code.h"

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using at::Tensor;

// Centres and sizes, [P, 2] each.
struct CentreSize {
  Tensor centre_P2, size_P2;
};

CentreSize centre_size(const Tensor& boxes_P4) {
  const Tensor low_P2 = boxes_P4.narrow(1, 0, 2), size_P2 = boxes_P4.narrow(1, 2, 2) - low_P2;
  return {low_P2 + 0.5 * size_P2, size_P2};
}

Tensor weights(const DeltaCode& code, int64_t first, const Tensor& like) {
  return at::tensor({code.weights[static_cast<size_t>(first)], code.weights[static_cast<size_t>(first) + 1]},
                    at::kDouble)
      .to(like.options());
}

}  // namespace

Tensor encode_ltrb(const Tensor& boxes_P4, const Tensor& anchors_P4, bool by_size) {
  const auto [centre_P2, size_P2] = centre_size(anchors_P4);
  const Tensor code_P4 = at::cat({centre_P2 - boxes_P4.narrow(1, 0, 2), boxes_P4.narrow(1, 2, 2) - centre_P2}, 1);
  return by_size ? code_P4 / at::cat({size_P2, size_P2}, 1) : code_P4;
}

Tensor decode_ltrb(const Tensor& codes_P4, const Tensor& anchors_P4, bool by_size) {
  const auto [centre_P2, size_P2] = centre_size(anchors_P4);
  const Tensor distance_P4 = by_size ? codes_P4 * at::cat({size_P2, size_P2}, 1) : codes_P4;
  return at::cat({centre_P2 - distance_P4.narrow(1, 0, 2), centre_P2 + distance_P4.narrow(1, 2, 2)}, 1);
}

Tensor encode_deltas(const Tensor& boxes_P4, const Tensor& anchors_P4, const DeltaCode& code) {
  const auto [centre_P2, size_P2] = centre_size(boxes_P4);
  const auto [from_P2, anchor_size_P2] = centre_size(anchors_P4);
  const Tensor shift_P2 = weights(code, 0, boxes_P4) * (centre_P2 - from_P2) / anchor_size_P2;
  return at::cat({shift_P2, weights(code, 2, boxes_P4) * (size_P2 / anchor_size_P2).log()}, 1);
}

Tensor decode_deltas(const Tensor& codes_P4, const Tensor& anchors_P4, const DeltaCode& code) {
  const auto [from_P2, anchor_size_P2] = centre_size(anchors_P4);
  const Tensor centre_P2 = codes_P4.narrow(1, 0, 2) / weights(code, 0, codes_P4) * anchor_size_P2 + from_P2;
  const Tensor log_size_P2 = (codes_P4.narrow(1, 2, 2) / weights(code, 2, codes_P4)).clamp_max(code.clip);
  const Tensor half_P2 = 0.5 * log_size_P2.exp() * anchor_size_P2;
  return at::cat({centre_P2 - half_P2, centre_P2 + half_P2}, 1);
}

}  // namespace sslbench
