// SPDX-License-Identifier: Apache-2.0
#include "datasets/batches/sample_order.h"

#include <algorithm>
#include <numeric>

#include "suites/ground/error.h"
#include "suites/ground/random.h"

namespace sslbench {

std::vector<int64_t> epoch_order(uint64_t seed, int64_t epoch, int64_t examples) {
  std::vector<int64_t> order(static_cast<size_t>(examples));
  std::iota(order.begin(), order.end(), 0);
  RandomStream stream(seed, RandomUse::order, static_cast<uint32_t>(epoch), 0);
  for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[stream.below(static_cast<uint32_t>(i))]);
  return order;
}

SampleOrder::SampleOrder(uint64_t seed, int64_t examples, int64_t batch_size, bool drop_last)
    : seed_(seed), examples_(examples), batch_size_(std::min(batch_size, examples)) {
  require(examples > 0 && batch_size > 0, "an epoch without images");
  steps_per_epoch_ = drop_last ? examples_ / batch_size_ : (examples_ + batch_size_ - 1) / batch_size_;
}

BatchPlan SampleOrder::at(int64_t step) {
  const int64_t epoch = step / steps_per_epoch_;
  if (epoch != epoch_) {
    order_ = epoch_order(seed_, epoch, examples_);
    epoch_ = epoch;
  }
  const int64_t first = step % steps_per_epoch_ * batch_size_;
  const int64_t last = std::min(first + batch_size_, examples_);
  return {step, epoch,        std::vector<int64_t>(order_.begin() + first, order_.begin() + last),
          {},   last - first, order_[static_cast<size_t>(first)]};
}

BatchPlan BatchPlan::rows(int64_t first, int64_t count) const {
  require(first >= 0 && count > 0 && first + count <= std::ssize(samples), "rows that a step does not have");
  BatchPlan out = *this;
  const auto begin = samples.begin() + first;
  out.samples.assign(begin, begin + count);
  if (first + count < std::ssize(samples)) out.following = samples[static_cast<size_t>(first + count)];
  return out;
}

}  // namespace sslbench
