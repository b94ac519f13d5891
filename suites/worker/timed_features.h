// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "datasets/stream/image_set.h"
#include "suites/protocols/parts/features.h"

namespace sslbench {

// Features for a calibration: of a large set only some batches are taken, which tell what all would take; noise of the
// same shape, with the true labels, stands for them.
class TimedFeatures {
 public:
  // Features of all images; `stop` is asked between batches, and true ends with Interrupted.
  using Extract = std::function<Features(const std::function<bool()>& stop)>;
  Features take(const ImageSet& images, int64_t width, const Extract& extract);

  // Seconds that the batches left out so far would have taken.
  double left_out() const { return left_out_; }

 private:
  double left_out_ = 0;
};

}  // namespace sslbench
