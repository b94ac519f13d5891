// SPDX-License-Identifier: Apache-2.0
// I-JEPA's masks: prediction blocks and context blocks of an image, as lists of patches.
// facebookresearch/ijepa src/masks/multiblock.py and src/masks/utils.py.
// Shapes: B images, M prediction blocks, E context blocks, K patches of a list, N patches of the grid, D width.
#pragma once

#include "datasets/batches/train_batch.h"
#include "methods/module.h"
#include "suites/ground/settings.h"

namespace sslbench {

struct BlockSize {
  int64_t h = 0, w = 0;  // patches
};

struct MultiBlockMasks {
  Tensor predictions_MBK, contexts_EBK;  // int64, patches in row-major order; K of each its own
};

// The lists of blocks whose upper left corners (top, left) are given. Context blocks lose the patches of the image's
// first avoided_BE prediction blocks (undefined: of all; allow_overlap: of none). Every list is cut to the shortest of
// its kind.
struct BlockGeometry {
  BlockSize grid, prediction, context;
  bool allow_overlap = false;
};
MultiBlockMasks block_masks(const Tensor& prediction_corners_BM2, const Tensor& context_corners_BE2,
                            const BlockGeometry& geometry, const Tensor& avoided_BE = {});

// Masks of this rank's images, cut to the shortest of their kind over all ranks.
MultiBlockMasks cut_over_ranks(const MultiBlockMasks& own);

// Tokens masks_MBK[m, b] of image b, mask-major: [M B, K, D]. A mask names a token once.
Tensor apply_masks(const Tensor& x_BND, const Tensor& masks_MBK);

// How the blocks are drawn. One size of each kind holds for a whole batch (by step), corners for each image.
class MultiBlockSampler {
 public:
  explicit MultiBlockSampler(const Settings& settings);
  static std::vector<Option> options();
  // Masks on the CPU for a square grid of `side` >= 2 patches, of these images alone: see cut_over_ranks.
  MultiBlockMasks draw(uint64_t seed, const TrainBatch& batch, int64_t step, int64_t side) const;
  int64_t contexts() const { return contexts_; }

 private:
  struct Corners;
  void draw_corners(uint64_t seed, const TrainBatch& batch, size_t n, const BlockGeometry& geometry,
                    Corners& out) const;

  int64_t contexts_, predictions_, min_keep_;
  double context_low_, context_high_, prediction_low_, prediction_high_, aspect_low_, aspect_high_;
  bool allow_overlap_;
};

}  // namespace sslbench
