// SPDX-License-Identifier: Apache-2.0
#include "methods/patches/multi_block_masks.h"

#include <cmath>

#include "methods/patches/gather_patches.h"
#include "suites/ground/random.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/ranks/ranks.h"

namespace sslbench {
namespace {

constexpr uint32_t kSizeView = 1u << 31;  // key of draws for the whole batch
constexpr int kTries = 20;                // before a context block may overlap one more prediction block

struct Corner {
  int64_t top = 0, left = 0;
  bool covers(int64_t y, int64_t x, const BlockSize& size) const {
    return y >= top && y < top + size.h && x >= left && x < left + size.w;
  }
};

// Patches of a block outside all blocks of `avoided`, in row-major order.
std::vector<int64_t> patches_of(const Corner& corner, const BlockSize& size, const std::vector<Corner>& avoided,
                                const BlockGeometry& geometry) {
  std::vector<int64_t> out;
  for (int64_t y = corner.top; y < corner.top + size.h; ++y) {
    for (int64_t x = corner.left; x < corner.left + size.w; ++x) {
      const bool hidden = std::any_of(avoided.begin(), avoided.end(),
                                      [&](const Corner& block) { return block.covers(y, x, geometry.prediction); });
      if (!hidden) out.push_back(y * geometry.grid.w + x);
    }
  }
  return out;
}

int64_t shortest_of(const std::vector<std::vector<int64_t>>& lists) {
  int64_t out = std::ssize(lists.front());
  for (const auto& list : lists) out = std::min<int64_t>(out, std::ssize(list));
  return out;
}

// [rows / B, B, shortest]; the lists come image-major, [b * kinds + kind].
Tensor cut_and_stack(const std::vector<std::vector<int64_t>>& lists, int64_t B) {
  const int64_t kinds = std::ssize(lists) / B, shortest = shortest_of(lists);
  Tensor out = at::empty({kinds, B, shortest}, at::kLong);
  auto* to = out.mutable_data_ptr<int64_t>();
  for (int64_t kind = 0; kind < kinds; ++kind) {
    for (int64_t b = 0; b < B; ++b) {
      const auto& list = lists[static_cast<size_t>(b * kinds + kind)];
      to = std::copy_n(list.begin(), shortest, to);
    }
  }
  return out;
}

// One uniform number sets area and aspect ratio alike, and no block fills a side of the grid: the authors' code.
BlockSize block_size(float uniform, const BlockSize& grid, double scale_low, double scale_high, double aspect_low,
                     double aspect_high) {
  const double u = uniform, scale = scale_low + u * (scale_high - scale_low);
  const double area = std::floor(static_cast<double>(grid.h * grid.w) * scale);
  const double aspect = aspect_low + u * (aspect_high - aspect_low);
  const auto side = [](double length, int64_t whole) {
    return std::clamp<int64_t>(static_cast<int64_t>(std::nearbyint(length)), 1, whole - 1);
  };
  return {side(std::sqrt(area * aspect), grid.h), side(std::sqrt(area / aspect), grid.w)};
}

}  // namespace

MultiBlockMasks block_masks(const Tensor& prediction_corners_BM2, const Tensor& context_corners_BE2,
                            const BlockGeometry& geometry, const Tensor& avoided_BE) {
  const auto prediction = prediction_corners_BM2.accessor<int64_t, 3>();
  const auto context = context_corners_BE2.accessor<int64_t, 3>();
  const int64_t B = prediction.size(0), M = prediction.size(1), E = context.size(1);
  std::vector<std::vector<int64_t>> predictions, contexts;
  for (int64_t b = 0; b < B; ++b) {
    std::vector<Corner> blocks;
    for (int64_t m = 0; m < M; ++m) {
      blocks.push_back({prediction[b][m][0], prediction[b][m][1]});
      predictions.push_back(patches_of(blocks.back(), geometry.prediction, {}, geometry));
    }
    for (int64_t e = 0; e < E; ++e) {
      int64_t avoided = avoided_BE.defined() ? avoided_BE.const_data_ptr<int64_t>()[b * E + e] : M;
      if (geometry.allow_overlap) avoided = 0;
      contexts.push_back(patches_of({context[b][e][0], context[b][e][1]}, geometry.context,
                                    {blocks.begin(), blocks.begin() + avoided}, geometry));
    }
  }
  return {cut_and_stack(predictions, B), cut_and_stack(contexts, B)};
}

MultiBlockMasks cut_over_ranks(const MultiBlockMasks& own) {
  const Tensor longest_lack = at::tensor({-own.predictions_MBK.size(2), -own.contexts_EBK.size(2)});
  ranks().max(longest_lack);
  const auto* lack = longest_lack.const_data_ptr<int64_t>();
  return {own.predictions_MBK.narrow(2, 0, -lack[0]), own.contexts_EBK.narrow(2, 0, -lack[1])};
}

Tensor apply_masks(const Tensor& x_BND, const Tensor& masks_MBK) {
  std::vector<Tensor> out;
  for (const Tensor& mask_BK : masks_MBK.unbind(0)) out.push_back(gather_patches(x_BND, mask_BK));
  return at::cat(out);
}

struct MultiBlockSampler::Corners {
  Tensor predictions_BM2, contexts_BE2, avoided_BE;
};

MultiBlockSampler::MultiBlockSampler(const Settings& settings)
    : contexts_(settings.integer("context_blocks")),
      predictions_(settings.integer("prediction_blocks")),
      min_keep_(settings.integer("min_keep")),
      context_low_(settings.real("context_scale_low")),
      context_high_(settings.real("context_scale_high")),
      prediction_low_(settings.real("prediction_scale_low")),
      prediction_high_(settings.real("prediction_scale_high")),
      aspect_low_(settings.real("prediction_aspect_low")),
      aspect_high_(settings.real("prediction_aspect_high")),
      allow_overlap_(settings.flag("allow_overlap")) {}

std::vector<Option> MultiBlockSampler::options() {
  return {integer_option("context_blocks", 1, 1, 16, "context blocks of an image"),
          integer_option("prediction_blocks", 4, 1, 64, "blocks of an image that are predicted"),
          integer_option("min_keep", 10, 0, 4096,
                         "a context keeps more patches than this; else it is drawn again and in the end may overlap"),
          real_option("context_scale_low", 0.85, 0.01, 1, "smallest share of the image in a context block"),
          real_option("context_scale_high", 1, 0.01, 1, "largest share of the image in a context block"),
          real_option("prediction_scale_low", 0.15, 0.01, 1, "smallest share of the image in a predicted block"),
          real_option("prediction_scale_high", 0.2, 0.01, 1, "largest share of the image in a predicted block"),
          real_option("prediction_aspect_low", 0.75, 0.05, 20, "smallest height / width of a predicted block"),
          real_option("prediction_aspect_high", 1.5, 0.05, 20, "largest height / width of a predicted block"),
          flag_option("allow_overlap", false, "contexts may show what is to be predicted")};
}

// Corners of image n. The authors' draw leaves out the last row and column of positions.
void MultiBlockSampler::draw_corners(uint64_t seed, const TrainBatch& batch, size_t n, const BlockGeometry& geometry,
                                     Corners& out) const {
  RandomStream stream(seed, RandomUse::pretext, static_cast<uint32_t>(batch.epoch),
                      static_cast<uint32_t>(batch.samples[n]));
  const auto corner = [&](const BlockSize& size) {
    const int64_t top = stream.below(static_cast<uint32_t>(geometry.grid.h - size.h));
    return Corner{top, stream.below(static_cast<uint32_t>(geometry.grid.w - size.w))};
  };
  const auto put = [](const Corner& from, int64_t* to) { to[0] = from.top, to[1] = from.left; };
  std::vector<Corner> blocks;
  for (int64_t m = 0; m < predictions_; ++m) {
    blocks.push_back(corner(geometry.prediction));
    put(blocks.back(),
        out.predictions_BM2.mutable_data_ptr<int64_t>() + (static_cast<int64_t>(n) * predictions_ + m) * 2);
  }
  for (int64_t e = 0; e < contexts_; ++e) {
    std::vector<Corner> avoided = allow_overlap_ ? std::vector<Corner>() : blocks;
    Corner drawn = corner(geometry.context);
    for (int tries = 1; std::ssize(patches_of(drawn, geometry.context, avoided, geometry)) <= min_keep_; ++tries) {
      if (avoided.empty() && tries > kTries) break;  // the block itself is as small
      if (tries % kTries == 0 && !avoided.empty()) avoided.pop_back();
      drawn = corner(geometry.context);
    }
    const int64_t row = static_cast<int64_t>(n) * contexts_ + e;
    put(drawn, out.contexts_BE2.mutable_data_ptr<int64_t>() + row * 2);
    out.avoided_BE.mutable_data_ptr<int64_t>()[row] = std::ssize(avoided);
  }
}

MultiBlockMasks MultiBlockSampler::draw(uint64_t seed, const TrainBatch& batch, int64_t step, int64_t side) const {
  RandomStream stream(seed, RandomUse::pretext, 0, static_cast<uint32_t>(step), kSizeView);
  BlockGeometry geometry{.grid = {side, side}, .allow_overlap = allow_overlap_};
  geometry.prediction =
      block_size(stream.uniform(), geometry.grid, prediction_low_, prediction_high_, aspect_low_, aspect_high_);
  geometry.context = block_size(stream.uniform(), geometry.grid, context_low_, context_high_, 1, 1);
  const int64_t B = std::ssize(batch.samples);
  Corners corners{at::empty({B, predictions_, 2}, at::kLong), at::empty({B, contexts_, 2}, at::kLong),
                  at::empty({B, contexts_}, at::kLong)};
  for (size_t n = 0; n < batch.samples.size(); ++n) draw_corners(seed, batch, n, geometry, corners);
  return block_masks(corners.predictions_BM2, corners.contexts_BE2, geometry, corners.avoided_BE);
}

}  // namespace sslbench
