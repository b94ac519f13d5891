// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/timed_features.h"

#include <algorithm>
#include <vector>

#include "suites/ground/wall_clock.h"
#include "suites/tensors/aten.h"
#include "suites/training/stage_context.h"

namespace sslbench {
namespace {

constexpr size_t kBatches = 4;  // with the first one, which sets up
constexpr double kSeconds = 10;

Features noise(const ImageSet& images, int64_t width) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  std::vector<int64_t> labels;
  labels.reserve(static_cast<size_t>(images.size()));
  for (int64_t i = 0; i < images.size(); ++i) labels.push_back(images.label(i));
  return {at::randn({images.size(), width}, generator, at::kFloat), at::tensor(labels), 1};
}

}  // namespace

Features TimedFeatures::take(const ImageSet& images, int64_t width, const Extract& extract) {
  std::vector<double> begun;  // of batches
  try {
    return extract([&] {
      begun.push_back(wall_clock());
      return begun.size() > kBatches || begun.back() - begun.front() > kSeconds;
    });
  } catch (const Interrupted&) {
  }
  const size_t settled = begun.size() > 2 ? 1 : 0;  // the first counts where there is no other
  const double batches = static_cast<double>(begun.size() - 1 - settled);
  const double batch = (begun.back() - begun[settled]) / batches;
  const double whole = static_cast<double>(images.size()) / static_cast<double>(kFeatureBatch);
  left_out_ += batch * std::max(0.0, whole - static_cast<double>(begun.size() - 1));
  return noise(images, width);
}

}  // namespace sslbench
