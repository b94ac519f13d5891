// SPDX-License-Identifier: Apache-2.0
#include "methods/backbones/convnext.h"

#include <ATen/ops/constant_pad_nd.h>

#include <numeric>

#include "methods/backbones/convnext_block.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/recompute/recompute.h"

namespace sslbench {
namespace {

// Layer norm over the channels of a map; no copies when it lies channels-last.
Tensor norm_channels(const LayerNorm& norm, const Tensor& x_NCHW) {
  return norm(x_NCHW.permute({0, 2, 3, 1})).permute({0, 3, 1, 2});
}

// Convolution whose windows touch but do not overlap.
ConvShape patches(int64_t in, int64_t out, int64_t side) {
  return {in, out, side, side, 0, /*bias=*/true, ConvInit::narrow_normal};
}

// Zeros at the right and at the bottom, so that no pixel is lost where `side` does not divide the size.
Tensor padded(const Tensor& x_NCHW, int64_t side) {
  const int64_t h = -x_NCHW.size(2) & (side - 1), w = -x_NCHW.size(3) & (side - 1);
  return h == 0 && w == 0 ? x_NCHW : at::constant_pad_nd(x_NCHW, {0, w, 0, h});
}

std::string block_name(ConvNeXtNames whose, size_t stage, size_t block) {
  switch (whose) {
    case ConvNeXtNames::timm: return "stages." + std::to_string(stage) + ".blocks." + std::to_string(block);
    case ConvNeXtNames::authors: return "stages." + std::to_string(stage) + "." + std::to_string(block);
    default: return "features." + std::to_string(2 * stage + 1) + "." + std::to_string(block);
  }
}

// Of the layers before the blocks of a stage; the stem is stage 0.
std::string down_name(ConvNeXtNames whose, size_t stage) {
  switch (whose) {
    case ConvNeXtNames::timm: return stage == 0 ? "stem" : "stages." + std::to_string(stage) + ".downsample";
    case ConvNeXtNames::authors: return "downsample_layers." + std::to_string(stage);
    default: return "features." + std::to_string(2 * stage);
  }
}

const char* last_norm_name(ConvNeXtNames whose) {
  switch (whose) {
    case ConvNeXtNames::timm: return "head.norm";
    case ConvNeXtNames::authors: return "norm";
    default: return "classifier.0";
  }
}

}  // namespace

ConvNeXt::ConvNeXt(const ConvNeXtShape& shape, at::Generator& generator)
    : shape_(shape),
      last_norm_(shape.dims[3], kConvNeXtEps),
      drop_path_(shape.drop_path, std::accumulate(shape.depths.begin(), shape.depths.end(), int64_t{0}),
                 /*branches_per_block=*/1) {
  make_stages(generator);
  name_stages();
  add_child(last_norm_name(shape.names), last_norm_);
  add_child("drop_path", drop_path_);
}

ConvNeXt::~ConvNeXt() = default;

void ConvNeXt::make_stages(at::Generator& generator) {
  for (size_t j = 0; j < stages_.size(); ++j) {
    Stage& stage = stages_[j];
    const int64_t C = shape_.dims[j], before = j == 0 ? 3 : shape_.dims[j - 1];
    stage.down = std::make_unique<Conv2d>(patches(before, C, j == 0 ? 4 : 2), generator);
    stage.norm = std::make_unique<LayerNorm>(j == 0 ? C : before, kConvNeXtEps);
    for (int64_t i = 0; i < shape_.depths[j]; ++i) {
      stage.blocks.push_back(std::make_unique<ConvNeXtBlock>(C, shape_, generator));
    }
  }
}

void ConvNeXt::name_stages() {
  const auto name_down = [&](size_t j) {
    const std::string name = down_name(shape_.names, j);
    if (j == 0) {
      add_child(name + ".0", *stages_[j].down);
      add_child(name + ".1", *stages_[j].norm);
    } else {
      add_child(name + ".0", *stages_[j].norm);
      add_child(name + ".1", *stages_[j].down);
    }
  };
  const bool all_first = shape_.names == ConvNeXtNames::authors;
  for (size_t j = 0; all_first && j < stages_.size(); ++j) name_down(j);
  for (size_t j = 0; j < stages_.size(); ++j) {
    if (!all_first) name_down(j);
    for (size_t i = 0; i < stages_[j].blocks.size(); ++i) {
      add_child(block_name(shape_.names, j, i), *stages_[j].blocks[i]);
    }
  }
}

std::vector<Tensor> ConvNeXt::feature_maps(const Tensor& x_NCHW) const {
  // A frozen network (a momentum teacher) leaves nothing out.
  const Tensor keep_BN =
      last_norm_.weight.requires_grad() ? drop_path_.draw(x_NCHW.size(0), x_NCHW.device()) : Tensor();
  Tensor x = x_NCHW;
  std::vector<Tensor> maps;
  int64_t block = 0;
  for (size_t j = 0; j < stages_.size(); ++j) {
    const Stage& stage = stages_[j];
    x = j == 0 ? norm_channels(*stage.norm, (*stage.down)(padded(x, 4)))
               : (*stage.down)(padded(norm_channels(*stage.norm, x), 2));
    for (const auto& step : stage.blocks) {
      const Tensor keep = keep_BN.defined() ? keep_BN[block] : Tensor();
      x = recomputed(x, [&own = *step, keep](const Tensor& in) { return own(in, keep); });
      ++block;
    }
    maps.push_back(x);
  }
  return maps;
}

std::vector<MapLevel> ConvNeXt::levels() const {
  return {{4, shape_.dims[0]}, {8, shape_.dims[1]}, {16, shape_.dims[2]}, {32, shape_.dims[3]}};
}

Tensor ConvNeXt::pooled_norm(const Tensor& last_map_NCHW) const { return last_norm_(pooled(last_map_NCHW)); }

Tensor ConvNeXt::features(const Tensor& x_NCHW) const { return pooled_norm(feature_maps(x_NCHW).back()); }

}  // namespace sslbench
