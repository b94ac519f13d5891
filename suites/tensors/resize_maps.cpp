// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/resize_maps.h"

#include <ATen/ops/_upsample_bicubic2d_aa.h>

#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"

namespace sslbench {
namespace {

using at::Tensor;

Tensor upsampled(const Tensor& x_NChw, int64_t height, int64_t width, MapResize how, const MapScale& scale) {
  switch (how) {
    case MapResize::bilinear:
      return at::upsample_bilinear2d(x_NChw, {height, width}, /*align_corners=*/false, scale.height, scale.width);
    case MapResize::bicubic:
      return at::upsample_bicubic2d(x_NChw, {height, width}, /*align_corners=*/false, scale.height, scale.width);
    default:
      return at::_upsample_bicubic2d_aa(x_NChw, {height, width}, /*align_corners=*/false, scale.height, scale.width);
  }
}

// What the resize makes of the unit matrix's rows when the columns stay: [to, from]. (Unit columns one pixel wide come
// out wrong: LibTorch 2.11's antialiased kernel mixes up its strides there.)
Tensor matrix(int64_t from, int64_t to, MapResize how, std::optional<double> scale, const at::TensorOptions& options) {
  const at::NoGradGuard no_grad;
  return upsampled(at::eye(from, options).view({1, 1, from, from}), to, from, how, {scale, std::nullopt})
      .view({to, from});
}

}  // namespace

Tensor resize_maps(const Tensor& x_NChw, int64_t height, int64_t width, MapResize how, const MapScale& scale) {
  return x_NChw.is_cuda() ? resize_by_products(x_NChw, height, width, how, scale)
                          : upsampled(x_NChw, height, width, how, scale);
}

Tensor resize_by_products(const Tensor& x_NChw, int64_t height, int64_t width, MapResize how, const MapScale& scale) {
  const FullPrecision full;
  const Tensor x = promoted(x_NChw);
  const at::TensorOptions options = x.options().requires_grad(false);
  const Tensor rows_Hh = matrix(x.size(2), height, how, scale.height, options);
  const Tensor columns_Ww = matrix(x.size(3), width, how, scale.width, options);
  return at::matmul(at::matmul(rows_Hh, x), columns_Ww.t())
      .to(x_NChw.scalar_type())
      .contiguous(x_NChw.suggest_memory_format());
}

}  // namespace sslbench
