// SPDX-License-Identifier: Apache-2.0
// What denoising methods do to an image before they paint it clean: q(x~ | x) of doi:10.1145/1390156.1390294, kinds of
// noise of Vincent et al., JMLR 11, 2010, sec. 3.3, squares that hide all channels (arXiv:1604.07379, sec. 3.2), and a
// part that is real but does not belong (arXiv:1806.05024): a box turned by 90, 180 or 270 degrees, without a seam.
// Shapes: N images, C channels, H W; values are normalised, so 0 is the mean colour of the set.
#pragma once

#include <vector>

#include "datasets/batches/train_batch.h"
#include "suites/ground/settings.h"

namespace sslbench {

// Sets a share `level` of the values to 0, from uniform numbers in [0, 1) of the same shape.
at::Tensor masked(const at::Tensor& x_NCHW, const at::Tensor& uniform_NCHW, double level);

// Salt and pepper: sets a share `level` of the values to the image's own least or largest value, half to each.
at::Tensor salted(const at::Tensor& x_NCHW, const at::Tensor& uniform_NCHW, double level);

// Sets squares of `side` px to 0, each with probability `level`; uniform_N1hw: one number a square.
at::Tensor with_holes(const at::Tensor& x_NCHW, const at::Tensor& uniform_N1hw, int64_t side, double level);

class ImageDamage {
 public:
  ImageDamage(const Settings& settings, uint64_t seed);
  // For the first views, on the CPU (Method::draw); what is drawn for a sample in an epoch is a pure function of (seed,
  // epoch, sample).
  std::vector<at::Tensor> draw(const TrainBatch& batch) const;
  // Of the first views, where they lie; `drawn`: for this batch, there, too.
  at::Tensor operator()(const TrainBatch& batch, const std::vector<at::Tensor>& drawn) const;

 private:
  enum class Noise { none, masking, gaussian, salt_and_pepper, holes, turns };

  at::Tensor noisy(const at::Tensor& x_NCHW, const std::vector<at::Tensor>& drawn) const;

  Noise noise_;
  double level_, sigma_, gray_;
  int64_t side_;
  uint64_t seed_;
};

// noise (of the given default), level, sigma, hole, drop_colour.
std::vector<Option> damage_options(const std::string& noise);

}  // namespace sslbench
