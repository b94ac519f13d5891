// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/memory_sources.h"

#include <algorithm>

namespace sslbench {
namespace {

Metric source(const char* name, const char* definition) {
  return {.name = name, .unit = "B", .better = Better::lower, .kind = MetricKind::cost, .definition = definition};
}

}  // namespace

std::vector<Metric> memory_sources() {
  return {source("memory_kept",
                 "tensors that live from step to step: parameters, buffers (teacher and queue, too), optimizer state"),
          source("memory_gradients", "gradients of all trained parameters"),
          source("memory_batch",
                 "most bytes of tensors at once beside the kept ones and the gradients: activations, batches prepared "
                 "ahead"),
          source("memory_images", "decoded training images that stay in memory, which are no tensors")};
}

int64_t batch_bytes(const Resources& used, const KeptTensors& kept) {
  const int64_t peak = used.peak_device_bytes >= 0 ? used.peak_device_bytes : used.peak_tensor_bytes;
  return std::max<int64_t>(0, peak - kept.bytes());
}

void add_memory_sources(const ImageSet& images, StageContext& context) {
  StageRecord& record = context.record;
  const auto add = [&](const char* metric, int64_t bytes) {
    record.add(metric, Split::train, static_cast<double>(bytes), record.images);
  };
  add("memory_kept", context.kept.state);
  add("memory_gradients", context.kept.gradients);
  add("memory_batch", batch_bytes(context.used() + context.earlier, context.kept));
  add("memory_images", images.resident_bytes());
}

}  // namespace sslbench
