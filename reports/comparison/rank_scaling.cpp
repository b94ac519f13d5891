// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/rank_scaling.h"

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

struct Mean {
  double sum = 0;
  size_t count = 0;
  void add(double value) {
    if (value == value) sum += value, ++count;
  }
  double value() const { return count == 0 ? kUndefined : sum / static_cast<double>(count); }
};

struct Fewest {
  int64_t ranks = 0;
  Mean speed;  // a rank
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
    if (fewest.ranks == 0 || ranks < fewest.ranks) fewest.ranks = ranks, fewest.speed = {};
    if (ranks == fewest.ranks) fewest.speed.add(stage->images_per_second / static_cast<double>(ranks));
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
  struct Sums {
    Mean speed, share, efficiency;
    size_t runs = 0;
  };
  const std::map<std::string, Fewest> fewest = fewest_ranks(comparison);
  std::map<std::pair<size_t, int64_t>, Sums> sums;
  bool several = false;
  for (size_t row = 0; row < comparison.rows.size(); ++row) {
    for (const size_t r : comparison.rows[row].records) {
      const Record& record = comparison.records[r];
      const StageRecord* stage = pretraining(record);
      if (stage == nullptr || !(stage->images_per_second > 0)) continue;
      const int64_t ranks = ranks_of(record);
      several = several || ranks > 1;
      Sums& sum = sums[{row, ranks}];
      ++sum.runs;
      sum.speed.add(stage->images_per_second);
      sum.share.add(share_in(*stage));
      const Fewest& base = fewest.at(setting_of(record, *stage));
      if (base.others) sum.efficiency.add(stage->images_per_second / static_cast<double>(ranks) / base.speed.value());
    }
  }
  std::vector<RankScaling> out;
  if (!several) return out;
  for (const auto& [place, sum] : sums) {
    out.push_back({place.first, place.second, sum.speed.value(), sum.share.value(), sum.efficiency.value(), sum.runs});
  }
  return out;
}

}  // namespace sslbench
