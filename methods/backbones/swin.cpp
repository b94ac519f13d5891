// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/swin.h"

#include <ATen/ops/constant_pad_nd.h>

#include <numeric>

#include "methods/backbones/swin_block.h"
#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/recompute/recompute.h"

namespace sslbench {
namespace {

void check(const SwinShape& shape) {
  for (size_t j = 0; j < shape.heads.size(); ++j) {
    const int64_t width = shape.width << j;
    if (width % shape.heads[j] == 0) continue;
    throw UserError("swin: " + std::to_string(shape.heads[j]) + " heads of stage " + std::to_string(j + 1) +
                    " do not divide its " + std::to_string(width) + " channels; choose a width that " +
                    std::to_string(shape.heads[0]) + " divides");
  }
  const int64_t smallest = 8 * shape.patch_size;
  if (shape.variant == SwinVariant::timm && std::min(shape.image_height, shape.image_width) < smallest) {
    throw UserError("swin: an image_size below " + std::to_string(smallest) +
                    " px leaves the last stage no window; choose a larger one");
  }
}

// Zeros at the right and at the bottom, so that `side` divides the size of dimensions `h` and h + 1.
Tensor padded_map(const Tensor& x_NCHW, int64_t side) {
  const int64_t h = (side - x_NCHW.size(2) % side) % side, w = (side - x_NCHW.size(3) % side) % side;
  return h == 0 && w == 0 ? x_NCHW : at::constant_pad_nd(x_NCHW, {0, w, 0, h});
}

}  // namespace

// Four neighbours become one token: norm, then a linear layer from 4 C to 2 C.
class Swin::Merging final : public Module {
 public:
  Merging(int64_t dim, SwinVariant variant, at::Generator& generator)
      : norm_(4 * dim, kSwinEps), reduction_(4 * dim, 2 * dim, generator, /*bias=*/false, LinearInit::narrow_normal) {
    if (variant == SwinVariant::torchvision) add_child("reduction", reduction_);
    add_child("norm", norm_);
    if (variant == SwinVariant::timm) add_child("reduction", reduction_);
  }
  Tensor operator()(const Tensor& x_NHWC) const {
    const int64_t odd_h = x_NHWC.size(1) % 2, odd_w = x_NHWC.size(2) % 2;
    const Tensor even = odd_h + odd_w == 0 ? x_NHWC : at::constant_pad_nd(x_NHWC, {0, 0, 0, odd_w, 0, odd_h});
    const int64_t N = even.size(0), H = even.size(1) / 2, W = even.size(2) / 2, C = even.size(3);
    return reduction_(norm_(even.reshape({N, H, 2, W, 2, C}).permute({0, 1, 3, 4, 2, 5}).flatten(3)));
  }

 private:
  LayerNorm norm_;
  Linear reduction_;
};

Swin::Swin(const SwinShape& shape, at::Generator& generator)
    : shape_((check(shape), shape)),
      patches_({3, shape.width, shape.patch_size, shape.patch_size, 0, /*bias=*/true}, generator),
      patch_norm_(shape.width, kSwinEps),
      norm_(8 * shape.width, kSwinEps),
      drop_path_(shape.drop_path, std::accumulate(shape.depths.begin(), shape.depths.end(), int64_t{0}),
                 /*branches_per_block=*/2) {
  const bool timm = shape.variant == SwinVariant::timm;
  add_child(timm ? "patch_embed.proj" : "features.0.0", patches_);
  add_child(timm ? "patch_embed.norm" : "features.0.2", patch_norm_);
  for (size_t j = 0; j < stages_.size(); ++j) add_stage(j, generator);
  add_child("norm", norm_);
  add_child("drop_path", drop_path_);
}

Swin::~Swin() = default;

void Swin::add_stage(size_t j, at::Generator& generator) {
  const bool timm = shape_.variant == SwinVariant::timm;
  const std::string stage = timm ? "layers." + std::to_string(j) : "features." + std::to_string(2 * j + 1);
  const int64_t dim = shape_.width << j;
  const Sides map{shape_.image_height / shape_.patch_size >> j, shape_.image_width / shape_.patch_size >> j};
  if (j > 0) {
    mergings_.push_back(std::make_unique<Merging>(dim / 2, shape_.variant, generator));
    add_child(timm ? stage + ".downsample" : "features." + std::to_string(2 * j), *mergings_.back());
  }
  for (int64_t i = 0; i < shape_.depths[j]; ++i) {
    stages_[j].push_back(std::make_unique<SwinBlock>(dim, shape_.heads[j], shape_.window, /*shifted=*/i % 2 == 1, map,
                                                     shape_.variant, generator));
    add_child(stage + (timm ? ".blocks." : ".") + std::to_string(i), *stages_[j].back());
  }
}

std::vector<Tensor> Swin::feature_maps(const Tensor& x_NCHW) const {
  // A frozen network (a momentum teacher) leaves nothing out.
  const Tensor keep_BN = norm_.weight.requires_grad() ? drop_path_.draw(x_NCHW.size(0), x_NCHW.device()) : Tensor();
  Tensor x_NHWC = patch_norm_(patches_(padded_map(x_NCHW, shape_.patch_size)).permute({0, 2, 3, 1}).contiguous());
  std::vector<Tensor> maps;
  int64_t block = 0;
  for (size_t j = 0; j < stages_.size(); ++j) {
    if (j > 0) x_NHWC = (*mergings_[j - 1])(x_NHWC);
    for (const auto& step : stages_[j]) {
      const Tensor keep = keep_BN.defined() ? keep_BN.narrow(0, 2 * block, 2) : Tensor();
      x_NHWC = recomputed(x_NHWC, [&own = *step, keep](const Tensor& in) { return own(in, keep); });
      ++block;
    }
    maps.push_back(x_NHWC.permute({0, 3, 1, 2}));
  }
  return maps;
}

std::vector<MapLevel> Swin::levels() const {
  std::vector<MapLevel> out;
  for (int64_t j = 0; j < 4; ++j) out.push_back({shape_.patch_size << j, shape_.width << j});
  return out;
}

Tensor Swin::pooled_norm(const Tensor& last_map_NCHW) const {
  return pooled(norm_(last_map_NCHW.permute({0, 2, 3, 1})).permute({0, 3, 1, 2}));
}

Tensor Swin::features(const Tensor& x_NCHW) const { return pooled_norm(feature_maps(x_NCHW).back()); }

}  // namespace sslbench
