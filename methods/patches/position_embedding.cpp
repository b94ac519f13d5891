// SPDX-License-Identifier: Apache-2.0
#include "methods/patches/position_embedding.h"

#include <cmath>

#include "suites/tensors/aten.h"
#include "suites/tensors/resize_maps.h"

namespace sslbench {
namespace {

// Writes sin(x w_i) and cos(x w_i), i < quarter.
void write_waves(double x, int64_t quarter, float* out) {
  for (int64_t i = 0; i < quarter; ++i) {
    const double w = std::pow(10000.0, -static_cast<double>(i) / static_cast<double>(quarter));
    out[i] = static_cast<float>(std::sin(x * w));
    out[quarter + i] = static_cast<float>(std::cos(x * w));
  }
}

}  // namespace

at::Tensor sincos_pos_embed(int64_t dim, int64_t grid_h, int64_t grid_w, bool class_token, SincosOrder order) {
  TORCH_CHECK(dim % 4 == 0, "sincos_pos_embed: ", dim, " is not a multiple of 4");
  const int64_t first = class_token ? 1 : 0;
  at::Tensor out = at::zeros({first + grid_h * grid_w, dim}, at::kFloat);
  float* row = out.mutable_data_ptr<float>() + first * dim;
  for (int64_t i = 0; i < grid_h * grid_w; ++i, row += dim) {
    const int64_t a = order == SincosOrder::mae ? i % grid_w : i / grid_h;
    const int64_t b = order == SincosOrder::mae ? i / grid_w : i % grid_h;
    write_waves(static_cast<double>(a), dim / 4, row);
    write_waves(static_cast<double>(b), dim / 4, row + dim / 2);
  }
  return out;
}

at::Tensor pos_embed_resize(const at::Tensor& pos_embed_1TD, int64_t prefix, int64_t old_h, int64_t old_w,
                            int64_t new_h, int64_t new_w, const GridResize& how) {
  const int64_t D = pos_embed_1TD.size(2);
  TORCH_CHECK(pos_embed_1TD.size(1) == prefix + old_h * old_w, "pos_embed_resize: ", pos_embed_1TD.sizes(),
              " does not hold ", prefix, " + ", old_h, " x ", old_w, " rows");
  const at::Tensor grid_1Dhw =
      pos_embed_1TD.narrow(1, prefix, old_h * old_w).to(at::kFloat).reshape({1, old_h, old_w, D}).permute({0, 3, 1, 2});
  MapScale scale;
  if (how.offset != 0) {
    scale.height = (static_cast<double>(new_h) + how.offset) / static_cast<double>(old_h);
    scale.width = (static_cast<double>(new_w) + how.offset) / static_cast<double>(old_w);
  }
  const at::Tensor resized_1Dhw =
      resize_maps(grid_1Dhw, new_h, new_w, how.antialias ? MapResize::bicubic_antialiased : MapResize::bicubic, scale);
  const at::Tensor rows_1LD =
      resized_1Dhw.permute({0, 2, 3, 1}).reshape({1, new_h * new_w, D}).to(pos_embed_1TD.scalar_type());
  return prefix == 0 ? rows_1LD : at::cat({pos_embed_1TD.narrow(1, 0, prefix), rows_1LD}, 1);
}

}  // namespace sslbench
