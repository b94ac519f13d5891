// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/without_leaks.h"

#include <algorithm>

namespace sslbench {

std::vector<Metric> without_leaks(std::vector<Metric> metrics) {
  for (Metric& metric : metrics) {
    metric.definition = metric.name + " of the test images that are no near duplicates of pretraining images";
    metric.name += kWithoutLeaks;
    metric.constant_answer.clear();
    metric.headline = false;
    metric.undefined_when = "all test images are near duplicates";
  }
  return metrics;
}

std::optional<std::vector<int64_t>> images_without_leaks(const Subject& subject, const DatasetSpec& dataset,
                                                         int64_t count) {
  if (!subject.leaked) return std::nullopt;
  return images_without(subject.leaked(dataset), count);
}

std::optional<std::vector<int64_t>> places_without_leaks(const Subject& subject, const DatasetSpec& dataset,
                                                         const std::string& task) {
  if (!subject.leaked) return std::nullopt;
  const std::vector<int64_t> serving = subject.data.serving(dataset, Split::test, task);
  const std::vector<int64_t> kept =
      images_without(subject.leaked(dataset), subject.data.split(dataset, Split::test).images->size());
  std::vector<int64_t> out;
  for (size_t place = 0; place < serving.size(); ++place) {
    if (std::ranges::binary_search(kept, serving[place])) out.push_back(static_cast<int64_t>(place));
  }
  return out;
}

}  // namespace sslbench
