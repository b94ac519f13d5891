// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/cost_book.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>

#include "suites/files/atomic_file.h"
#include "suites/files/bounded_file.h"
#include "suites/files/cache_folder.h"
#include "suites/ground/error.h"
#include "suites/ground/foreign_json.h"
#include "suites/ground/sha256.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kSchema = "sslbench.costs/2";
constexpr size_t kMostStages = 20'000;
constexpr int64_t kMostBytes = int64_t{16} << 20;

std::optional<fs::path> book_file(const std::string& machine_class) {
  const std::optional<fs::path> root = cache_folder();
  if (!root) return std::nullopt;
  return *root / "costs" / (sha256_hex(machine_class).substr(0, 16) + ".json");
}

}  // namespace

CostBook read_cost_book(const std::string& machine_class) {
  CostBook out;
  const std::optional<fs::path> file = book_file(machine_class);
  if (!file) return out;
  try {
    const json from = parse_foreign_json(read_regular_file(*file, kMostBytes));
    if (from.at("schema") != kSchema) return {};
    for (const auto& [key, cost] : from.at("stages").items()) {
      out[key] = {cost.at(0), cost.at(1), cost.at(2), cost.at(3), cost.at(4), {cost.at(5), cost.at(6)}};
    }
  } catch (const std::system_error&) {
    return {};
  } catch (const json::exception&) {
    return {};
  }
  return out;
}

void keep_costs(const std::string& machine_class, const CostBook& costs) {
  const std::optional<fs::path> file = book_file(machine_class);
  if (!file || costs.empty()) return;
  CostBook all = read_cost_book(machine_class);
  if (all.size() + costs.size() > kMostStages) all.clear();
  for (const auto& [key, cost] : costs) {
    const auto [known, fresh] = all.try_emplace(key, cost);
    const BatchMemory batch = known->second.batch;
    if (!fresh && cost.records >= known->second.records) known->second = cost;
    if (known->second.batch.bytes == 0) known->second.batch = batch;  // records do not tell
  }
  json stages = json::object();
  for (const auto& [key, cost] : all) {
    stages[key] = {cost.seconds, cost.process_bytes, cost.device_bytes,     cost.disk_bytes,
                   cost.records, cost.batch.bytes,   cost.batch.image_bytes};
  }
  std::error_code ignored;
  fs::create_directories(file->parent_path(), ignored);
  try {
    write_unsynced(*file, json{{"schema", kSchema}, {"machine_class", machine_class}, {"stages", stages}}.dump());
  } catch (const RunFailure&) {
  }
}

}  // namespace sslbench
