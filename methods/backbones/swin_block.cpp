// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/swin_block.h"

#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/roll.h>

#include <algorithm>

#include "methods/initial_values.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/to_device.h"

namespace sslbench {
namespace {

constexpr double kTableStd = 0.02, kApart = -100;
constexpr int64_t kMlpRatio = 4;

int64_t whole(int64_t side, int64_t window) { return (side + window - 1) / window * window; }

Sides whole_windows(const Sides& map, const Sides& window) {
  return {whole(map.height, window.height), whole(map.width, window.width)};
}

// 0, 1 or 2 for every row: before the last window, the part of it that stays, the part that the shift moved. Without a
// shift all rows are of one region.
std::vector<int64_t> regions(int64_t side, int64_t window, int64_t shift) {
  std::vector<int64_t> out(static_cast<size_t>(side), 2);
  if (shift == 0) return out;
  for (int64_t i = 0; i < side - shift; ++i) out[static_cast<size_t>(i)] = i < side - window ? 0 : 1;
  return out;
}

// [N, H, W, C] -> [N, windows, A, C]; H and W are whole windows.
Tensor partition(const Tensor& x_NHWC, const Sides& window) {
  const int64_t N = x_NHWC.size(0), rows = x_NHWC.size(1) / window.height, columns = x_NHWC.size(2) / window.width;
  return x_NHWC.view({N, rows, window.height, columns, window.width, x_NHWC.size(3)})
      .permute({0, 1, 3, 2, 4, 5})
      .reshape({N, rows * columns, window.area(), x_NHWC.size(3)});
}

Tensor merged(const Tensor& x_NwAC, const Sides& map, const Sides& window) {
  const int64_t N = x_NwAC.size(0), rows = map.height / window.height, columns = map.width / window.width;
  return x_NwAC.view({N, rows, columns, window.height, window.width, x_NwAC.size(3)})
      .permute({0, 1, 3, 2, 4, 5})
      .reshape({N, map.height, map.width, x_NwAC.size(3)});
}

Windows chosen(int64_t window, bool shifted, const Sides& map, SwinVariant variant) {
  const int64_t shift = shifted ? window / 2 : 0;
  if (variant == SwinVariant::torchvision) return {{window, window}, {shift, shift}};
  return {{std::min(map.height, window), std::min(map.width, window)},
          {map.height <= window ? 0 : shift, map.width <= window ? 0 : shift}};
}

}  // namespace

Tensor shift_mask(const Sides& map, const Windows& windows) {
  const auto rows = regions(map.height, windows.window.height, windows.shift.height);
  const auto columns = regions(map.width, windows.window.width, windows.shift.width);
  Tensor region_HW = at::empty({map.height, map.width}, at::kLong);
  auto* out = region_HW.mutable_data_ptr<int64_t>();
  for (const int64_t row : rows) {
    for (const int64_t column : columns) *out++ = 3 * row + column;
  }
  const Tensor region_wA = partition(region_HW.view({1, map.height, map.width, 1}), windows.window)[0].squeeze(-1);
  const Tensor apart_wAA = region_wA.unsqueeze(1) != region_wA.unsqueeze(2);
  return apart_wAA.to(at::kFloat) * kApart;
}

Tensor relative_position_index(const Sides& window) {
  Tensor index_AA = at::empty({window.area(), window.area()}, at::kLong);
  auto* out = index_AA.mutable_data_ptr<int64_t>();
  for (int64_t i = 0; i < window.area(); ++i) {
    for (int64_t j = 0; j < window.area(); ++j) {
      const int64_t dy = i / window.width - j / window.width, dx = i % window.width - j % window.width;
      *out++ = (dy + window.height - 1) * (2 * window.width - 1) + dx + window.width - 1;
    }
  }
  return index_AA;
}

SwinAttention::SwinAttention(int64_t dim, int64_t heads, const Sides& window, SwinVariant variant,
                             at::Generator& generator)
    : heads_(heads),
      table_(normal_values({(2 * window.height - 1) * (2 * window.width - 1), heads}, kTableStd, generator)),
      qkv_(dim, 3 * dim, generator, /*bias=*/true, LinearInit::narrow_normal),
      proj_(dim, dim, generator, /*bias=*/true, LinearInit::narrow_normal) {
  add_parameter("relative_position_bias_table", table_);
  const Tensor index_AA = relative_position_index(window);
  index_ = variant == SwinVariant::timm ? add_constant("relative_position_index", index_AA)
                                        : add_buffer("relative_position_index", index_AA.flatten());
  add_child("qkv", qkv_);
  add_child("proj", proj_);
}

Tensor SwinAttention::operator()(const Tensor& x_NwAC, const Tensor& mask_wAA) const {
  const int64_t N = x_NwAC.size(0), w = x_NwAC.size(1), A = x_NwAC.size(2), C = x_NwAC.size(3);
  const auto qkv = qkv_(x_NwAC).view({N, w, A, 3, heads_, C / heads_}).permute({3, 0, 1, 4, 2, 5}).unbind(0);
  const auto heads = [&](const Tensor& each) { return each.reshape({N, w * heads_, A, C / heads_}); };
  const Tensor bias_hAA = table_.index_select(0, index_.flatten()).view({A, A, heads_}).permute({2, 0, 1});
  const Tensor bias_whAA =
      mask_wAA.defined() ? bias_hAA + mask_wAA.unsqueeze(1) : bias_hAA.unsqueeze(0).expand({w, heads_, A, A});
  const Tensor read_NWAd = at::scaled_dot_product_attention(heads(qkv[0]), heads(qkv[1]), heads(qkv[2]),
                                                            bias_whAA.reshape({1, w * heads_, A, A}));
  return proj_(read_NWAd.view({N, w, heads_, A, C / heads_}).transpose(2, 3).reshape({N, w, A, C}));
}

SwinBlock::SwinBlock(int64_t dim, int64_t heads, int64_t window, bool shifted, const Sides& map, SwinVariant variant,
                     at::Generator& generator)
    : variant_(variant),
      windows_(chosen(window, shifted, map, variant)),
      declared_(whole_windows(map, windows_.window)),
      norm1_(dim, kSwinEps),
      attn_(dim, heads, windows_.window, variant, generator),
      norm2_(dim, kSwinEps),
      mlp_({.dim = dim,
            .hidden = kMlpRatio * dim,
            .first = variant == SwinVariant::timm ? "fc1" : "0",
            .second = variant == SwinVariant::timm ? "fc2" : "3"},
           generator) {
  if (variant == SwinVariant::timm && (windows_.shift.height > 0 || windows_.shift.width > 0)) {
    attn_mask_ = add_constant("attn_mask", shift_mask(declared_, windows_));
  }
  add_child("norm1", norm1_);
  add_child("attn", attn_);
  add_child("norm2", norm2_);
  add_child("mlp", mlp_);
}

Tensor SwinBlock::mask_of(const Sides& padded, const Windows& windows, const Tensor& like) const {
  if (windows.shift.height == 0 && windows.shift.width == 0) return {};
  if (attn_mask_.defined() && padded == declared_) return attn_mask_.to(like.scalar_type());
  return to_device(shift_mask(padded, windows).to(like.scalar_type()), like.device());
}

Tensor SwinBlock::attended(const Tensor& x_NHWC) const {
  const Sides map{x_NHWC.size(1), x_NHWC.size(2)}, padded = whole_windows(map, windows_.window);
  Windows windows = windows_;
  if (variant_ == SwinVariant::torchvision) {
    if (padded.height <= windows.window.height) windows.shift.height = 0;
    if (padded.width <= windows.window.width) windows.shift.width = 0;
  }
  const auto pad = [&](const Tensor& x) {
    return padded == map ? x
                         : at::constant_pad_nd(x, {0, 0, 0, padded.width - map.width, 0, padded.height - map.height});
  };
  const auto roll = [&](const Tensor& x, int64_t sign) {
    if (windows.shift.height == 0 && windows.shift.width == 0) return x;
    return at::roll(x, {sign * windows.shift.height, sign * windows.shift.width}, {1, 2});
  };
  const auto crop = [&](const Tensor& x) { return x.narrow(1, 0, map.height).narrow(2, 0, map.width); };
  const bool roll_first = variant_ == SwinVariant::timm;
  const Tensor shifted = roll_first ? pad(roll(x_NHWC, -1)) : roll(pad(x_NHWC), -1);
  const Tensor read_NwAC = attn_(partition(shifted.contiguous(), windows.window), mask_of(padded, windows, shifted));
  const Tensor y_NHWC = merged(read_NwAC, padded, windows.window);
  return roll_first ? roll(crop(y_NHWC), 1) : crop(roll(y_NHWC, 1));
}

Tensor SwinBlock::operator()(const Tensor& x_NHWC, const Tensor& keep_2N) const {
  const auto branch = [&](const Tensor& y_NHWC, int64_t i) {
    return keep_2N.defined() ? y_NHWC * keep_2N[i].view({-1, 1, 1, 1}) : y_NHWC;
  };
  const Tensor y_NHWC = x_NHWC + branch(attended(norm1_(x_NHWC)), 0);
  return y_NHWC + branch(mlp_(norm2_(y_NHWC)), 1);
}

}  // namespace sslbench
