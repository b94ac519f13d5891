// SPDX-License-Identifier: Apache-2.0
#include "suites/training/prepared_steps.h"

#include <ATen/Parallel.h>

#include <algorithm>

#include "suites/tensors/library_threads.h"
#include "suites/training/rank_agreement.h"

namespace sslbench {

std::unique_ptr<StepStream<PreparedStep>> PreparedSteps::stream(int64_t first, int64_t last) {
  return std::make_unique<StepStream<PreparedStep>>(
      settings_.workers(context_.device, at::get_num_threads(), task_.step_bytes), first, last,
      [&](int64_t step, const std::stop_token& stop) { return prepare(step, stop); }, thread_by_itself);
}

PreparedStep PreparedSteps::prepare(int64_t step, const std::stop_token& stop) {
  BatchPlan plan;
  {
    const std::lock_guard lock(order_mutex_);
    plan = order_.at(step);
  }
  plan.stop = stop;
  // A short batch has fewer parts, as large.
  const int64_t images = plan.whole, most = std::max<int64_t>(1, settings_.batch_size / settings_.accumulate);
  const int64_t parts = (images + most - 1) / most;
  PreparedStep out = prepare_part(plan, even_share(images, parts, 0));
  for (int64_t part = 1; part < parts; ++part) {
    out.rest.push_back(prepare_part(plan, even_share(images, parts, part)));
  }
  return out;
}

PreparedStep PreparedSteps::prepare_part(const BatchPlan& batch, const RowRange& rows) {
  BatchPlan plan = batch.rows(rows.first, rows.count);
  plan.whole = rows.count;
  plan = own_share(plan, group_);
  PreparedStep out = task_.prepare(plan);
  out.share = static_cast<double>(rows.count) / static_cast<double>(batch.whole);
  out.loss = [this, loss = std::move(out.loss), whole = plan.whole,
              key = StepKey{context_.seed, plan.epoch, plan.samples}](const Progress& progress) {
    group_.take_batch(whole);
    task_.module.begin_step(key);
    return loss(progress);
  };
  out.observe = [this, observe = std::move(out.observe), whole = plan.whole] {
    group_.take_batch(whole);
    observe();
  };
  return out;
}

}  // namespace sslbench
