// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/memory_sources.h"

#include <algorithm>
#include <array>

#include "reports/record/pretraining_names.h"

namespace sslbench {
namespace {

// By kMemorySources.
constexpr std::array kDefinitions = {
    "tensors that live from step to step: parameters, buffers (teacher and queue, too), optimizer state",
    "gradients of all trained parameters",
    "most bytes of tensors at once beside the kept ones and the gradients: activations, batches prepared ahead",
    "decoded training images that stay in memory, which are no tensors"};
static_assert(kDefinitions.size() == kMemorySources.size());

}  // namespace

std::vector<Metric> memory_sources() {
  std::vector<Metric> out;
  for (size_t source = 0; source < kMemorySources.size(); ++source) {
    out.push_back({.name = kMemorySources[source],
                   .unit = "B",
                   .better = Better::lower,
                   .kind = MetricKind::cost,
                   .definition = kDefinitions[source]});
  }
  return out;
}

int64_t batch_bytes(const Resources& used, const KeptTensors& kept) {
  const int64_t peak = used.peak_device_bytes >= 0 ? used.peak_device_bytes : used.peak_tensor_bytes;
  return std::max<int64_t>(0, peak - kept.bytes());
}

void add_memory_sources(const ImageSet& images, StageContext& context) {
  StageRecord& record = context.record;
  const std::array<int64_t, kMemorySources.size()> bytes = {context.kept.state, context.kept.gradients,
                                                            batch_bytes(context.used() + context.earlier, context.kept),
                                                            images.resident_bytes()};
  for (size_t source = 0; source < bytes.size(); ++source) {
    record.add(kMemorySources[source], Split::train, static_cast<double>(bytes[source]), record.images);
  }
}

}  // namespace sslbench
