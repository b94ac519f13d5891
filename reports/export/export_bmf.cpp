// SPDX-License-Identifier: Apache-2.0
// Bencher's metric format: {"benchmark": {"measure": {"value", "lower_value", "upper_value"}}}. It has no place for
// words.
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "reports/export/exporter.h"
#include "reports/statistics/statistics.h"

namespace sslbench {
namespace {

constexpr size_t kLongestSlug = 64, kLongestName = 1024;

// In the order in which names came; ordered_json looks through all of them for each.
class Members {
 public:
  nlohmann::ordered_json& operator[](const std::string& name) {
    const auto [place, fresh] = places_.try_emplace(name, values_.size());
    if (fresh) values_.emplace_back(name, nullptr);
    return values_[place->second].second;
  }
  nlohmann::ordered_json take() {
    nlohmann::ordered_json out = nlohmann::ordered_json::object();
    auto& members = out.get_ref<nlohmann::ordered_json::object_t&>();
    for (auto& [name, value] : values_) members.push_back({name, std::move(value)});
    return out;
  }

 private:
  std::map<std::string, size_t> places_;
  std::vector<std::pair<std::string, nlohmann::ordered_json>> values_;
};

std::string text(const ExportInput& input) {
  std::map<std::string, Members> measures_of;
  Members benchmarks;
  for (const SnapshotCell& cell : input.snapshot.cells) {
    const std::vector<double> values = cell.values();
    const Interval interval = mean_interval(values);
    nlohmann::ordered_json one = {{"value", mean(values)}};
    if (std::isfinite(interval.low)) {
      one["lower_value"] = interval.low;
      one["upper_value"] = interval.high;
    }
    const std::string name = (input.snapshot.suite + "/" + cell.row).substr(0, kLongestName);
    benchmarks[name] = nullptr;  // its place
    measures_of[name][slug(cell.measure() + (cell.split == "test" ? "" : "-" + cell.split), '-', kLongestSlug)] = one;
  }
  for (auto& [name, measures] : measures_of) benchmarks[name] = measures.take();
  return benchmarks.take().dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

const bool registered = Registry<ExporterEntry>::add(
    {"bmf", "Bencher's metric format; lower and upper: 95 % interval of the mean over seeds (Student)", text});

}  // namespace
}  // namespace sslbench
