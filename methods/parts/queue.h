// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Generator.h>

#include "methods/module.h"
#include "suites/ground/settings.h"

namespace sslbench {

enum class QueueOverflow {
  wrap,      // ring buffer: what does not fit at the end goes to the front
  truncate,  // it is dropped, and the next batch starts at the front (lightly)
};

// Puts keys_ND into rows pointer.. of queue_KD in place and returns the next pointer. N <= K.
int64_t enqueue(const Tensor& queue_KD, const Tensor& keys_ND, int64_t pointer, QueueOverflow overflow);

// The newest K rows of earlier batches; rows and pointer are buffers, so they survive a checkpoint. Starts as random
// rows of unit length (MoCo's authors). Shapes: K rows, D features, N keys of a batch.
class FeatureQueue final : public Module {
 public:
  FeatureQueue(int64_t rows, int64_t features, QueueOverflow overflow, at::Generator& generator);
  const Tensor& rows_KD() const { return rows_KD_; }
  // Stores keys as they come: normalise before. UserError when there are more keys than rows.
  void push(const Tensor& keys_ND);
  // The same in two halves, for losses whose backward pass still reads the rows: hold() the keys with the loss, store()
  // them after backward. What is held is no state: it never outlives a step.
  void hold(const Tensor& keys_ND);
  void store();
  // Rows that real keys have filled so far, at most K.
  int64_t filled() const;

 private:
  Tensor rows_KD_, pointer_, pushed_;  // pushed_: keys ever stored
  Tensor held_ND_;
  QueueOverflow overflow_;
};

// The options queue and queue_overflow.
std::vector<Option> queue_options(int64_t rows);
QueueOverflow queue_overflow(const Settings& settings);
// The option `queue`; UserError when a batch of `batch_size` (0: unknown) does not fit.
int64_t queue_rows(const Settings& settings, int64_t batch_size);

}  // namespace sslbench
