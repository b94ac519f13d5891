// SPDX-License-Identifier: Apache-2.0
#include "methods/patches/patchify.h"

#include "suites/tensors/aten.h"

namespace sslbench {

at::Tensor patchify(const at::Tensor& images_NCHW, int64_t p, PatchOrder order) {
  const int64_t N = images_NCHW.size(0), C = images_NCHW.size(1);
  const int64_t h = images_NCHW.size(2) / p, w = images_NCHW.size(3) / p;
  TORCH_CHECK(h * p == images_NCHW.size(2) && w * p == images_NCHW.size(3), "patchify: ", p, " does not divide ",
              images_NCHW.sizes());
  const at::Tensor x_NChpwp = images_NCHW.reshape({N, C, h, p, w, p});
  return (order == PatchOrder::pqc ? x_NChpwp.permute({0, 2, 4, 3, 5, 1}) : x_NChpwp.permute({0, 2, 4, 1, 3, 5}))
      .reshape({N, h * w, p * p * C});
}

at::Tensor unpatchify(const at::Tensor& patches_NLV, int64_t p, int64_t h, int64_t w, PatchOrder order) {
  const int64_t N = patches_NLV.size(0), C = patches_NLV.size(2) / (p * p);
  TORCH_CHECK(h * w == patches_NLV.size(1) && C * p * p == patches_NLV.size(2), "unpatchify: ", h, " x ", w,
              " patches of side ", p, " do not fit ", patches_NLV.sizes());
  return (order == PatchOrder::pqc ? patches_NLV.reshape({N, h, w, p, p, C}).permute({0, 5, 1, 3, 2, 4})
                                   : patches_NLV.reshape({N, h, w, C, p, p}).permute({0, 3, 1, 4, 2, 5}))
      .reshape({N, C, h * p, w * p});
}

}  // namespace sslbench
