// SPDX-License-Identifier: Apache-2.0
#include "reports/record/record_facts.h"

#include <utility>
#include <vector>

#include "reports/record/declared_metrics.h"
#include "reports/record/hdf5/record_json.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr const char* kMetrics = "metrics";

}  // namespace

json facts_with_metrics(const Record& record) {
  json out = record.facts, metrics = declarations_of(record.stages);
  if (!metrics.is_null() && (out.is_object() || out.is_null())) out[kMetrics] = std::move(metrics);
  return out;
}

void FactsReader::read(const Hdf5Reader& reader, Record& record) {
  if (std::string text = reader.text(kFacts); text != text_) {
    facts_ = read_object(reader, kFacts);
    declarations_ = facts_.is_object() && facts_.contains(kMetrics) ? facts_.at(kMetrics) : json();
    if (facts_.is_object()) facts_.erase(kMetrics);
    metrics_.clear();
    text_ = std::move(text);
  }
  record.facts = facts_;
  for (StageRecord& stage : record.stages) stage.metrics = metrics_of(stage.name);
}

const SharedList<Metric>& FactsReader::metrics_of(const std::string& stage) {
  if (const auto known = metrics_.find(stage); known != metrics_.end()) return known->second;
  std::vector<StageRecord> alone{StageRecord{.name = stage}};
  apply_declarations(declarations_, alone);
  return metrics_[stage] = alone.front().metrics;
}

}  // namespace sslbench
