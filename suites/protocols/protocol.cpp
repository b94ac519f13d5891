// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/protocol.h"

namespace sslbench {

void add_measurement(StageRecord& record, std::string metric, std::string split, double value, std::string unit,
                     std::string direction, int64_t n) {
  Measurement row;
  row.metric = std::move(metric);
  row.split = std::move(split);
  row.value = value;
  row.unit = std::move(unit);
  row.direction = std::move(direction);
  row.n = n;
  record.measurements.push_back(std::move(row));
}

}  // namespace sslbench
