// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/protocol.h"

namespace sslbench {

std::vector<Metric> feature_spread_metrics() {
  return {{.name = "effective_rank",
           .better = Better::none,
           .kind = MetricKind::quantity,
           .definition = "exponential of the entropy of the normalised singular values of the centred features of "
                         "training images (RankMe, arXiv:2210.02885)"},
          {.name = "feature_spread",
           .better = Better::none,
           .kind = MetricKind::quantity,
           .definition = "standard deviation of unit-length features, mean over dimensions, times the square root of "
                         "their number: 1 is evenly spread, 0 the same for every image"}};
}

void add_feature_spread(StageRecord& record, const FeatureSpread& spread, int64_t n) {
  record.add("effective_rank", Split::train, spread.effective_rank, n);
  record.add("feature_spread", Split::train, spread.deviation, n);
}

std::vector<Metric> joined(std::vector<Metric> first, const std::vector<Metric>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace sslbench
