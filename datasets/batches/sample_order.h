// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

namespace sslbench {

// The order of `examples` images in one epoch: a permutation that depends on (seed, epoch) alone.
std::vector<int64_t> epoch_order(uint64_t seed, int64_t epoch, int64_t examples);

// One optimizer step's images.
struct BatchPlan {
  int64_t step = 0;  // over the whole training, from 0
  int64_t epoch = 0;
  std::vector<int64_t> samples;  // those of this process, in the step's order
  std::stop_token stop = {};     // says when nobody will ask for this step
  int64_t whole = 0;             // images of the step, those of other processes included
  int64_t following = 0;         // the image after the last of `samples`; after the step's last one comes its first

  // The rows [first, first + count) of a plan that holds the whole step.
  BatchPlan rows(int64_t first, int64_t count) const;
};

// Which images each step sees; remembers the order of the last epoch asked for. Not for use by several threads.
class SampleOrder {
 public:
  // drop_last: the tail of an epoch that does not fill a batch is left out (never when it would leave nothing).
  SampleOrder(uint64_t seed, int64_t examples, int64_t batch_size, bool drop_last);
  int64_t steps_per_epoch() const { return steps_per_epoch_; }
  BatchPlan at(int64_t step);

 private:
  uint64_t seed_;
  int64_t examples_, batch_size_, steps_per_epoch_;
  int64_t epoch_ = -1;
  std::vector<int64_t> order_;
};

}  // namespace sslbench
