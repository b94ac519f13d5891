// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/protocol.h"

#include <cmath>

#include "suites/ground/error.h"

namespace sslbench {

void add_measurement(StageRecord& record, std::string metric, std::string split, double value, std::string unit,
                     std::string direction, int64_t n, const std::string& why_undefined) {
  const bool undefined = std::isnan(value) && !why_undefined.empty();
  if (!std::isfinite(value) && !undefined) {
    throw RunFailure(FailureKind::non_finite, record.name + "." + metric + " is not finite; it measures nothing");
  }
  Measurement row;
  if (undefined) row.reason = why_undefined;
  row.metric = std::move(metric);
  row.split = std::move(split);
  row.value = value;
  row.unit = std::move(unit);
  row.direction = std::move(direction);
  row.n = n;
  record.measurements.push_back(std::move(row));
}

void add_feature_spread(StageRecord& record, const FeatureSpread& spread, int64_t n) {
  add_measurement(record, "effective_rank", "train", spread.effective_rank, "1", "none", n);
  add_measurement(record, "feature_spread", "train", spread.deviation, "1", "none", n);
}

}  // namespace sslbench
