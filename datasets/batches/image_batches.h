// SPDX-License-Identifier: Apache-2.0
// Float tensors made of the images of a set.
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "datasets/augment/dense_view.h"
#include "datasets/augment/view.h"
#include "datasets/batches/train_batch.h"
#include "datasets/stream/image_set.h"

namespace sslbench {

// Consecutive examples, held while they are needed.
using Items = std::vector<std::shared_ptr<const Item>>;
Items take_items(const ImageSet& images, int64_t first, int64_t count);

// int64 [N]; -1 where an item has no label.
at::Tensor labels_of(const Items& items);
// Whether every image is a square of that side, so that evaluation need not resize.
bool uniform(const Items& items, int32_t side);
// Bytes of images of one size: uint8 [N, side, side, 3].
at::Tensor bytes_of(const Items& items);

// How the views of a training are drawn: `seed` is the root seed of the run.
struct ViewPlan {
  std::vector<ViewRecipe> recipes;  // one a view
  Normalisation normalisation;
  uint64_t seed = 0;
  MixingRecipe mixing;
  bool pinned = false;  // views lie in page-locked memory, from which a device copies without waiting
};

// Thrown where batches are made because nobody will ask for them.
struct Abandoned {};

// Views, labels and boxes of the given images; view v of sample s in epoch e is a pure function of (seed, e, s, v), and
// where images are mixed also of the next sample: `following` after the last one, the first one unless given. Throws
// Abandoned soon after `stop` says so.
TrainBatch make_views(const ImageSet& images, const std::vector<int64_t>& samples, int64_t epoch, const ViewPlan& plan,
                      const std::stop_token& stop = {}, std::optional<int64_t> following = {});

// All of a batch that are defined, in an order of their own.
std::vector<at::Tensor*> tensors_of(TrainBatch& batch);
// Takes a batch to a device. From page-locked memory this does not wait for the copies.
void move_batch(TrainBatch& batch, at::Device device);

// Images as evaluation sees them: whole, resized to height x width, normalised. [N, 3, height, width], channels last.
at::Tensor whole_images(const Items& items, int height, int width, const Normalisation& normalisation);

// The box of `box` in the frame of a view: see TrainBatch::boxes_N5. A box outside the view has visible share 0.
std::array<float, 5> box_in_view(const Box& box, const ViewParameters& view);

}  // namespace sslbench
