// SPDX-License-Identifier: Apache-2.0
// The images of an evaluation: beside a GPU decoded and resized ahead of the network by threads of their own.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>

#include "datasets/batches/image_batches.h"
#include "datasets/stream/step_stream.h"

namespace sslbench {

// Consecutive images: from number `first` on, and what the network is given of them, on the device.
struct EvaluatedImages {
  int64_t first = 0;
  Items items;
  at::Tensor x;
};

class EvaluatedStream {
 public:
  using TakeItems = std::function<Items(int64_t first, int64_t count)>;
  using Prepare = std::function<at::Tensor(const Items&)>;

  // Images [begin, end) in batches, of which the last may be short. `take` and `prepare` are called by several threads
  // at once. image_bytes: of `prepare`'s result, about, by which memory for batches ahead is bounded.
  EvaluatedStream(int64_t begin, int64_t end, int64_t batch, int64_t image_bytes, at::Device device, TakeItems take,
                  Prepare prepare);

  bool more() const { return next_ < batches_; }
  EvaluatedImages next();

 private:
  at::Device device_;
  int64_t next_ = 0, batches_;
  StepStream<EvaluatedImages> stream_;
};

}  // namespace sslbench
