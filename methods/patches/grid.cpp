// SPDX-License-Identifier: Apache-2.0
#include "methods/patches/grid.h"

#include "suites/tensors/aten.h"

namespace sslbench {

Tensor cells(const Tensor& map_NCHW) { return map_NCHW.flatten(2).transpose(1, 2); }

Tensor on_cells(const MlpHead& head, const Tensor& map_NCHW) {
  const int64_t N = map_NCHW.size(0), H = map_NCHW.size(2), W = map_NCHW.size(3);
  const Tensor rows = map_NCHW.permute({0, 2, 3, 1}).reshape({N * H * W, map_NCHW.size(1)});
  return head(rows).view({N, H, W, -1}).permute({0, 3, 1, 2});
}

Tensor cell_centres(const Tensor& crop_N4, int64_t H, int64_t W) {
  const auto axis = [&](int64_t from, int64_t to, int64_t count) {
    const Tensor share_C = (at::arange(count, crop_N4.options()) + 0.5) / count;
    const Tensor start_N1 = crop_N4.narrow(1, from, 1);
    return start_N1 + (crop_N4.narrow(1, to, 1) - start_N1) * share_C;
  };
  const int64_t N = crop_N4.size(0);
  const Tensor x_NW = axis(0, 2, W), y_NH = axis(1, 3, H);
  return at::stack({x_NW.unsqueeze(1).expand({N, H, W}), y_NH.unsqueeze(2).expand({N, H, W})}, 3);
}

}  // namespace sslbench
