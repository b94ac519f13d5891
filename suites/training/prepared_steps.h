// SPDX-License-Identifier: Apache-2.0
// The batches of a training in their order, each cut into the parts that are accumulated and those into ranks' shares,
// and prepared ahead by threads.
#pragma once

#include <memory>
#include <mutex>
#include <stop_token>

#include "datasets/batches/sample_order.h"
#include "datasets/stream/step_stream.h"
#include "suites/tensors/ranks/ranks.h"
#include "suites/training/stage_context.h"
#include "suites/training/train_settings.h"
#include "suites/training/train_task.h"

namespace sslbench {

class PreparedSteps {
 public:
  // All of them outlive this, and this every stream and step of it.
  PreparedSteps(const TrainTask& task, const TrainSettings& settings, const StageContext& context)
      : task_(task),
        settings_(settings),
        context_(context),
        order_(context.seed, task.examples, settings.batch_size, settings.drop_last) {}

  int64_t steps_per_epoch() const { return order_.steps_per_epoch(); }
  // Steps [first, last), one after the other.
  std::unique_ptr<StepStream<PreparedStep>> stream(int64_t first, int64_t last);

 private:
  PreparedStep prepare(int64_t step, const std::stop_token& stop);
  PreparedStep prepare_part(const BatchPlan& batch, const RowRange& rows);

  const TrainTask& task_;
  const TrainSettings& settings_;
  const StageContext& context_;
  Ranks& group_ = ranks();
  std::mutex order_mutex_;
  SampleOrder order_;
};

}  // namespace sslbench
