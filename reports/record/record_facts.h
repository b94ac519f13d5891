// SPDX-License-Identifier: Apache-2.0
// What a record's /facts hold: its facts, and with them what its stages declare, where readers of the first builds pass
// over it.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "reports/record/hdf5/hdf5_reader.h"
#include "reports/record/record.h"

namespace sslbench {

inline constexpr const char* kFacts = "/facts";

nlohmann::json facts_with_metrics(const Record& record);

// The runs of a row say the same, and so do most rows of a suite: what the last text said is kept.
class FactsReader {
 public:
  // Fills in the facts and what the stages, which have been read, declare. UserError as read_object()'s.
  void read(const Hdf5Reader& reader, Record& record);

 private:
  const SharedList<Metric>& metrics_of(const std::string& stage);

  std::string text_;
  nlohmann::json facts_, declarations_;
  std::map<std::string, SharedList<Metric>> metrics_;  // by stage
};

}  // namespace sslbench
