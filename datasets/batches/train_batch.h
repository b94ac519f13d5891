// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace sslbench {

// What a method is given for one step. Shapes: V views of N images; views may differ in size.
struct TrainBatch {
  std::vector<at::Tensor> views;  // V x [N, 3, size, size], normalised float32, channels last; full size first
  // Where every view lies in its image, V x [N, 4]: left, top, right, bottom as shares of the image's sides; left >
  // right when the view is flipped, top > bottom when it stands on its head.
  std::vector<at::Tensor> crops;
  at::Tensor labels_N;  // int64; -1 where the set has none
  // Where images are mixed (mixup, CutMix): the label of what was mixed in, and the share of the image's own, float32.
  // Undefined where they are not.
  at::Tensor other_labels_N, own_share_N;
  // First box of every image in the frame of its first view: centre x, centre y, width, height (shares of the view's
  // side) and the share of the box that is visible. Undefined when the set has no boxes.
  at::Tensor boxes_N5;
  std::vector<int64_t> samples;  // dataset index of every image: the key of all randomness about it
  int64_t epoch = 0;
  std::vector<at::Tensor> drawn;  // for the method's loss, by Method::draw_for; empty: not yet, or nothing
};

}  // namespace sslbench
