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

  void step(int64_t step, int64_t planned) {
    const int64_t done = step - now_.begin;
    now_.last = wall_clock();
    if (now_.done == 0) now_.before = now_.last - now_.begun;
    if (now_.done == 0 || done <= settling_) now_.first = now_.last, now_.counted_from = done;  // may be many at once
    now_.done = done, planned_ = planned;
  }
  bool enough() const {
    if (now_.done == 0) return wall_clock() - now_.begun > kPatience;
    return now_.done >= now_.counted_from + kTimedSteps ||
           (now_.done > now_.counted_from && now_.last - now_.first > kTimedSeconds);
  }
  // Whether the steps up to `end` need not be carried out.
  bool leaves_out(int64_t end) {
    if (!enough() || now_.step_seconds() == 0) return false;
    earlier_ += now_.until(end);
    now_ = {.begin = end};
    return true;
  }
  TimedSteps result(bool ended) const {
    TimedSteps out{.step_seconds = now_.step_seconds(), .steps = planned_};
    if (ended) {
      out.seconds = earlier_ + wall_clock() - now_.begun;
    } else if (out.step_seconds > 0) {
      out.seconds = earlier_ + now_.until(planned_);
    }
    return out;
  }

 private:
  // Steps of one kind; `done` and `counted_from` count from `begin`.
  struct Stretch {
    int64_t begin = 0, done = 0, counted_from = 0;
    double begun = wall_clock(), before = 0, first = 0, last = 0;

    double step_seconds() const {
      return done > counted_from ? (last - first) / static_cast<double>(done - counted_from) : 0;
    }
    double until(int64_t end) const { return before + step_seconds() * static_cast<double>(end - begin); }
  };

  int64_t settling_, planned_ = 0;
  double earlier_ = 0;
  Stretch now_;
};

}  // namespace

TimedSteps time_steps(const RunSpec& spec, const std::string& stage, const std::vector<Metric>& metrics,
                      const std::function<void(StageContext&)>& body) {
  const TemporaryFolder folder("sslbench-calibrate");
  StageRecord record{.name = stage};
  record.metrics = metrics;  // a short stage ends before it is stopped, and measures
  StepClock clock(spec.device == "cpu");
  const at::Device device(spec.device);
  const ResourceMeter meter(device.is_cuda() ? device.index() : -1);
  StageContext context{.record = record,
                       .work = folder.path(),
                       .device = device,
                       .seed = static_cast<uint64_t>(spec.seed),
                       .earlier = {},
                       .used = [&] { return meter.read(); },
                       .progress = [&](int64_t step, int64_t steps, double) { clock.step(step, steps); },
                       .stop_requested = [&] { return clock.enough(); },
                       .seen_enough = [&](int64_t end) { return clock.leaves_out(end); }};
  bool ended = true;
  try {
    body(context);
  } catch (const Interrupted&) {
    ended = false;
  }
  TimedSteps out = clock.result(ended);
  out.used = meter.read(), out.kept = context.kept;
  return out;
}

}  // namespace sslbench
