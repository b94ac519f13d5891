// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/pretraining_metrics.h"

#include <algorithm>
#include <cmath>

#include "reports/record/value_curves.h"
#include "suites/protocols/protocol.h"

namespace sslbench {
namespace {

struct NamedPhase {
  const char* metric;
  Phase phase;
  const char* definition;
};
constexpr NamedPhase kPhases[] = {
    {"share_batch", Phase::batch, "share of the training's time, set-up apart, in which the step waited for its views"},
    {"share_forward", Phase::forward, "share of the training's time, set-up apart, in forward passes and losses"},
    {"share_backward", Phase::backward, "share of the training's time, set-up apart, in backward passes"},
    {"share_update", Phase::update,
     "share of the training's time, set-up apart, in the update of weights and teachers"}};

}  // namespace

std::vector<Metric> pretraining_metrics() {
  std::vector<Metric> out;
  for (const NamedPhase& each : kPhases) {
    out.push_back(
        {.name = each.metric, .better = Better::none, .kind = MetricKind::cost, .definition = each.definition});
  }
  return joined(
      out, {{.name = kValueAsked,
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
             .definition = "training images that could not be decoded and were replaced by the next one"}});
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

void add_phases(const TrainOutcome& outcome, const StageContext& context) {
  if (!context.device.is_cpu()) return;
  for (const NamedPhase& each : kPhases) {
    context.record.add(each.metric, Split::train, outcome.phases.share(each.phase), outcome.images);
  }
}

void add_skipped(const ImageSet& images, StageRecord& record) {
  if (images.policy().on_corrupt == OnCorrupt::fail) return;
  record.add("skipped_images", Split::train, static_cast<double>(images.skipped().size()), images.size());
}

}  // namespace sslbench
