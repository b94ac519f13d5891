// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/rank_scaling.h"

#include <cmath>
#include <map>
#include <string>

#include "reports/record/revision_of.h"

namespace sslbench {
namespace {

const StageRecord* pretraining(const Record& record) {
  for (const StageRecord& stage : record.stages) {
    if (stage.plugin == "pretrain" && stage.finished() && stage.taken_from.empty()) return &stage;
  }
  return nullptr;
}

// What must be equal for two numbers of ranks to be held against each other.
std::string setting_of(const Record& record, const StageRecord& stage) {
  const std::string machine = text_of(record.environment, "machine_class");
  const size_t ranks = machine.find(" ranks; ");
  return stage.key + " " + (ranks == std::string::npos ? machine : machine.substr(ranks + 8)) + " " +
         record.environment.value("threads", nlohmann::json()).dump();
}

double share_in(const StageRecord& stage) {
  for (const Measurement& each : stage.measurements) {
    if (each.metric == "collective_share") return each.value;
  }
  return kUndefined;
}

void add_defined(double value, std::vector<double>& values) {
  if (std::isfinite(value)) values.push_back(value);
}

struct Fewest {
  int64_t ranks = 0;
  std::vector<double> speeds;  // a rank
  bool others = false;
};

std::map<std::string, Fewest> fewest_ranks(const Comparison& comparison) {
  std::map<std::string, Fewest> out;
  for (const Record& record : comparison.records) {
    const StageRecord* stage = pretraining(record);
    if (stage == nullptr || !(stage->images_per_second > 0)) continue;
    Fewest& fewest = out[setting_of(record, *stage)];
    const int64_t ranks = ranks_of(record);
    if (fewest.ranks != 0 && ranks != fewest.ranks) fewest.others = true;
    if (fewest.ranks == 0 || ranks < fewest.ranks) fewest.ranks = ranks, fewest.speeds.clear();
    if (ranks == fewest.ranks) fewest.speeds.push_back(stage->images_per_second / static_cast<double>(ranks));
  }
  return out;
}

}  // namespace

int64_t ranks_of(const Record& record) {
  if (!record.environment.is_object()) return 1;
  const auto found = record.environment.find("ranks");
  return found != record.environment.end() && found->is_number_integer() ? found->get<int64_t>() : 1;
}

std::vector<RankScaling> rank_scaling(const Comparison& comparison) {
  struct Values {
    std::vector<double> speeds, shares, efficiencies;
    size_t runs = 0;
  };
  const std::map<std::string, Fewest> fewest = fewest_ranks(comparison);
  std::map<std::pair<size_t, int64_t>, Values> sums;
  bool several = false;
  for (size_t row = 0; row < comparison.rows.size(); ++row) {
    for (const size_t r : comparison.rows[row].records) {
      const Record& record = comparison.records[r];
      const StageRecord* stage = pretraining(record);
      if (stage == nullptr || !(stage->images_per_second > 0)) continue;
      const int64_t ranks = ranks_of(record);
      several = several || ranks > 1;
      Values& sum = sums[{row, ranks}];
      ++sum.runs;
      sum.speeds.push_back(stage->images_per_second);
      add_defined(share_in(*stage), sum.shares);
      const Fewest& base = fewest.at(setting_of(record, *stage));
      if (base.others)
        sum.efficiencies.push_back(stage->images_per_second / static_cast<double>(ranks) / mean(base.speeds));
    }
  }
  std::vector<RankScaling> out;
  if (!several) return out;
  for (const auto& [place, sum] : sums) {
    out.push_back({place.first, place.second, mean(sum.speeds), mean(sum.shares), mean(sum.efficiencies), sum.runs});
  }
  return out;
}

}  // namespace sslbench
