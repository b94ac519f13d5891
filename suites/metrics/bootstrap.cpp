// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/bootstrap.h"

#include "suites/ground/error.h"
#include "suites/ground/random.h"

namespace sslbench {

std::vector<int32_t> resample_counts(int64_t images, uint32_t replicate) {
  require(images > 0 && images < (int64_t{1} << 32), "a resample needs 1 to 2^32 - 1 images");
  std::vector<int32_t> counts(static_cast<size_t>(images), 0);
  RandomStream random(0, RandomUse::bootstrap, replicate, 0);
  for (int64_t draw = 0; draw < images; ++draw) ++counts[random.below(static_cast<uint32_t>(images))];
  return counts;
}

std::vector<double> bootstrap_mean(std::span<const double> values, int replicates) {
  std::vector<double> means;
  for (int replicate = 0; replicate < replicates; ++replicate) {
    const std::vector<int32_t> counts =
        resample_counts(static_cast<int64_t>(values.size()), static_cast<uint32_t>(replicate));
    double sum = 0;
    for (size_t i = 0; i < values.size(); ++i) sum += counts[i] * values[i];
    means.push_back(sum / static_cast<double>(values.size()));
  }
  return means;
}

}  // namespace sslbench
