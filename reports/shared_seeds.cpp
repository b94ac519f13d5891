// SPDX-License-Identifier: Apache-2.0
#include "reports/shared_seeds.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <unordered_map>

namespace sslbench {
namespace {

using Seeds = std::set<int64_t>;
using SeedsByRow = std::map<std::string, Seeds>;

// Two seeds that all rows share: more than what each pair needs, and simpler to find.
bool share_two(const SeedsByRow& rows) {
  if (rows.empty()) return true;
  Seeds common = rows.begin()->second;
  for (const auto& [row, seeds] : rows) {
    Seeds both;
    std::set_intersection(common.begin(), common.end(), seeds.begin(), seeds.end(), std::inserter(both, both.end()));
    common = std::move(both);
  }
  return common.size() >= 2;
}

// What makes two numbers share a column (Column in comparison.h).
std::string column_key(const Measurement& m, const std::string& conditions) {
  std::string key = m.protocol;
  for (const std::string* part : {&m.dataset, &m.metric, &m.split, &m.unit}) key += "\n" + *part;
  return key + "\n" + std::to_string(m.version) + "\n" + conditions;
}

}  // namespace

bool plan_is_over_seeds(const ComparisonInput& input) {
  SeedsByRow planned;
  for (const PlannedRun& run : input.planned) planned[run.row].insert(run.seed);
  return share_two(planned);
}

bool is_over_seeds(const ComparisonInput& input) {
  std::unordered_map<std::string, const PlannedRun*> by_run;
  for (const PlannedRun& run : input.planned) by_run[run.run] = &run;
  std::unordered_map<std::string, SeedsByRow> columns;
  for (const Record& record : input.records) {
    const auto planned = by_run.find(record.run);
    if (planned == by_run.end()) continue;
    for (const StageRecord& stage : record.stages) {
      const std::string conditions = conditions_of(record, stage.name);
      for (const Measurement& m : stage.measurements) {
        if (is_result(m)) columns[column_key(m, conditions)][planned->second->row].insert(record.seed);
      }
    }
  }
  return std::all_of(columns.begin(), columns.end(), [](const auto& column) { return share_two(column.second); });
}

}  // namespace sslbench
