// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/timed_steps.h"

#include "suites/files/temporary_folder.h"
#include "suites/ground/wall_clock.h"
#include "suites/training/resource_meter.h"
#include "suites/training/train_settings.h"

namespace sslbench {
namespace {

constexpr int64_t kTimedSteps = 18;
constexpr double kTimedSeconds = 0.7;
constexpr double kPatience = 60;  // seconds without a step

class StepClock {
 public:
  // Loading, set-up and, beside a GPU, batches that were prepared meanwhile do not count.
  explicit StepClock(bool on_cpu) : settling_(on_cpu ? 2 : 2 + 2 * kMostDataWorkers) {}

  void step(int64_t done, int64_t planned) {
    last_ = wall_clock();
    if (done_ == 0) before_ = last_ - begun_;
    if (done_ == 0 || done <= settling_) first_ = last_, counted_from_ = done;  // the first may be many at once
    done_ = done, planned_ = planned;
  }
  bool enough() const {
    if (done_ == 0) return wall_clock() - begun_ > kPatience;
    return done_ >= counted_from_ + kTimedSteps || (done_ > counted_from_ && last_ - first_ > kTimedSeconds);
  }
  TimedSteps result(bool ended) const {
    TimedSteps out{.steps = planned_};
    if (done_ > counted_from_) out.step_seconds = (last_ - first_) / static_cast<double>(done_ - counted_from_);
    if (ended) {
      out.seconds = wall_clock() - begun_;
    } else if (out.step_seconds > 0) {
      out.seconds = before_ + out.step_seconds * static_cast<double>(planned_);
    }
    return out;
  }

 private:
  int64_t settling_, counted_from_ = 0, done_ = 0, planned_ = 0;
  double begun_ = wall_clock(), before_ = 0, first_ = 0, last_ = 0;
};

}  // namespace

TimedSteps time_steps(const RunSpec& spec, const std::string& stage, const std::vector<Metric>& metrics,
                      const std::function<void(StageContext&)>& body) {
  const TemporaryFolder folder("sslbench-calibrate");
  StageRecord record{.name = stage};
  record.metrics = metrics;  // a short stage ends before it is stopped, and measures
  StepClock clock(spec.device == "cpu");
  const ResourceMeter meter(-1);
  StageContext context{.record = record,
                       .work = folder.path(),
                       .device = at::Device(spec.device),
                       .seed = static_cast<uint64_t>(spec.seed),
                       .earlier = {},
                       .used = [&] { return meter.read(); },
                       .progress = [&](int64_t step, int64_t steps, double) { clock.step(step, steps); },
                       .stop_requested = [&] { return clock.enough(); }};
  try {
    body(context);
    return clock.result(/*ended=*/true);
  } catch (const Interrupted&) {
    return clock.result(/*ended=*/false);
  }
}

}  // namespace sslbench
