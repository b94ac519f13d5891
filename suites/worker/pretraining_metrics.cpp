// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/pretraining_metrics.h"

#include <algorithm>
#include <cmath>

#include "reports/record/value_curves.h"
#include "suites/protocols/protocol.h"
#include "suites/worker/memory_sources.h"

namespace sslbench {

std::vector<Metric> pretraining_metrics() {
  const std::vector<Metric> own = {
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
       .definition = "training images that could not be decoded and were replaced by the next one"}};
  return joined(own, memory_sources());
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

void add_skipped(const ImageSet& images, StageRecord& record) {
  if (images.policy().on_corrupt == OnCorrupt::fail) return;
  record.add("skipped_images", Split::train, static_cast<double>(images.skipped().size()), images.size());
}

}  // namespace sslbench
