// SPDX-License-Identifier: Apache-2.0
// One split of a dataset held in memory as uint8, and the float tensors that are made of it.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "datasets/augment/dense_view.h"
#include "datasets/augment/view.h"
#include "datasets/batches/train_batch.h"
#include "datasets/data_source.h"

namespace sslbench {

class ResidentImages {
 public:
  // Reads every item once. RunFailure(data) when one is corrupt.
  explicit ResidentImages(const DataSource& source);

  int64_t size() const { return static_cast<int64_t>(items_.size()); }
  const Item& item(int64_t i) const { return items_[static_cast<size_t>(i)]; }
  // int64 [size()]; -1 where an item has no label.
  at::Tensor labels() const;
  // The longest side of all images, px.
  int32_t longest_side() const;
  // Whether every image is a square of that side, so that evaluation need not resize.
  bool uniform(int32_t side) const;
  // Bytes of images [first, first + count) of a uniform set: uint8 [count, side, side, 3].
  at::Tensor bytes(int64_t first, int64_t count) const;

 private:
  std::vector<Item> items_;
};

// How the views of a training are drawn: `seed` is the root seed of the run.
struct ViewPlan {
  std::vector<ViewRecipe> recipes;  // one a view
  Normalisation normalisation;
  uint64_t seed = 0;
  MixingRecipe mixing;
};

// Views, labels and boxes of the given images; view v of sample s in epoch e is a pure function of (seed, e, s, v), and
// where images are mixed also of the next sample.
TrainBatch make_views(const ResidentImages& images, const std::vector<int64_t>& samples, int64_t epoch,
                      const ViewPlan& plan);

// Images [first, first + count) as evaluation sees them: whole, resized to height x width, normalised.
// [count, 3, height, width], channels last.
at::Tensor whole_images(const ResidentImages& images, int64_t first, int64_t count, int height, int width,
                        const Normalisation& normalisation);

// The box of `box` in the frame of a view: see TrainBatch::boxes_N5. A box outside the view has visible share 0.
std::array<float, 5> box_in_view(const Box& box, const ViewParameters& view);

}  // namespace sslbench
