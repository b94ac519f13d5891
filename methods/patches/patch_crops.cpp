// SPDX-License-Identifier: Apache-2.0
#include "methods/patches/patch_crops.h"

#include "suites/tensors/aten.h"

namespace sslbench {

at::Tensor crop_at(const at::Tensor& x_NCHW, const at::Tensor& top_N, const at::Tensor& left_N, int64_t side) {
  const int64_t N = x_NCHW.size(0), C = x_NCHW.size(1), W = x_NCHW.size(3);
  const at::Tensor step_s = at::arange(side, top_N.options());
  const at::Tensor rows_Ns = top_N.unsqueeze(1) + step_s, columns_Ns = left_N.unsqueeze(1) + step_s;
  const at::Tensor band_NCsW = x_NCHW.gather(2, rows_Ns.view({N, 1, side, 1}).expand({N, C, side, W}));
  return band_NCsW.gather(3, columns_Ns.view({N, 1, 1, side}).expand({N, C, side, side}));
}

}  // namespace sslbench
