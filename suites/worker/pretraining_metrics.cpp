// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/pretraining_metrics.h"

#include <algorithm>
#include <cmath>

#include "reports/record/pretraining_names.h"
#include "suites/protocols/protocol.h"
#include "suites/worker/memory_sources.h"

namespace sslbench {
namespace {

// By Phase.
constexpr std::array kStepTimeDefinitions = {
    "time in which steps made their views, or waited for the threads that do (data_workers); set-up apart",
    "time of the loss in all steps; set-up apart",
    "time of the gradients in all steps, with their sum over ranks; set-up apart",
    "time of clipping, optimizer, and what the method does after it (teachers, queues) in all steps; set-up apart",
    "time between steps: logs, state hashes, checkpoints; set-up and evaluations apart"};
static_assert(kStepTimes.size() == kPhases && kStepTimeDefinitions.size() == kPhases);

}  // namespace

std::vector<Metric> pretraining_metrics() {
  std::vector<Metric> out = {
      {.name = kValueAsked,
       .better = Better::none,
       .kind = MetricKind::quantity,
       .definition = "training images that asked at every look at what the features were worth (evaluate_every)"},
      {.name = "chance_loss",
       .better = Better::none,
       .kind = MetricKind::quantity,
       .definition = "the loss of a network that has learnt nothing"},
      {.name = "lowest_loss",
       .better = Better::none,
       .kind = MetricKind::quantity,
       .definition = "the lowest value that the loss can take"},
      {.name = "skipped_images",
       .better = Better::lower,
       .kind = MetricKind::quantity,
       .definition = "training images that could not be decoded and were replaced by the next one"},
      {.name = "skipped_steps",
       .better = Better::lower,
       .kind = MetricKind::quantity,
       .definition = "steps that changed nothing, since a gradient overflowed float16; each halves the loss scale"},
      {.name = "loss_scale",
       .better = Better::none,
       .kind = MetricKind::quantity,
       .definition = "what the last losses were multiplied by, so that gradients do not vanish in float16"},
      {.name = kMeanThroughput,
       .unit = "images/s",
       .better = Better::none,  // `throughput` is what is judged
       .kind = MetricKind::cost,
       .definition = "source images a second over all steps, with the pauses (logs, hashes, checkpoints) that a median "
                     "of windows leaves out; set-up and evaluations apart"},
      {.name = kMatrixWork,
       .unit = "GFLOP",
       .better = Better::none,
       .kind = MetricKind::cost,
       .definition = "10^9 floating-point operations (a multiplication and an addition are two) of matrix products, "
                     "convolutions and attention for one source image: all its views, forward and backward, as the "
                     "first step had them"}};
  // Parts of what throughput and wall time judge, so that none of them is better or worse by itself.
  for (size_t phase = 0; phase < kPhases; ++phase) {
    out.push_back({.name = kStepTimes[phase],
                   .unit = "s",
                   .better = Better::none,
                   .kind = MetricKind::cost,
                   .definition = kStepTimeDefinitions[phase]});
  }
  return joined(out, memory_sources());
}

void add_mean_throughput(const PhaseTimes& times, StageRecord& record) {
  if (times.images > 0) record.add(kMeanThroughput, Split::train, times.images_per_second(), times.images);
}

void add_matrix_work(const TrainOutcome& outcome, StageRecord& record) {
  if (outcome.operations_an_image <= 0) return;
  record.add(kMatrixWork, Split::train, outcome.operations_an_image / 1e9, outcome.images);
}

void add_step_times(const PhaseTimes& times, StageRecord& record) {
  if (times.steps == 0) return;
  for (size_t phase = 0; phase < kPhases; ++phase) {
    record.add(kStepTimes[phase], Split::train, times.seconds[phase], times.steps);
  }
}

void add_chance_loss(const RunSpec& spec, MethodInput input, int64_t examples, StageRecord& record) {
  const MethodEntry& entry = Registry<MethodEntry>::find(spec.method);
  if (!entry.chance_loss) return;
  input.batch_size = std::min(input.batch_size, examples);
  const ChanceLoss loss =
      entry.chance_loss(Settings("method '" + spec.method + "'", entry.options, spec.method_settings), input);
  if (!std::isfinite(loss.value)) return;
  record.add("chance_loss", Split::train, loss.value, record.images);
  record.add("lowest_loss", Split::train, loss.lowest, record.images);
}

void add_loss_scale(const TrainOutcome& outcome, StageRecord& record) {
  if (outcome.skipped_steps < 0) return;
  record.add("skipped_steps", Split::train, outcome.skipped_steps, outcome.steps);
  record.add("loss_scale", Split::train, outcome.loss_scale, outcome.steps);
}

void add_skipped(const ImageSet& images, StageRecord& record) {
  if (images.policy().on_corrupt == OnCorrupt::fail) return;
  record.add("skipped_images", Split::train, static_cast<double>(images.skipped().size()), images.size());
}

}  // namespace sslbench
