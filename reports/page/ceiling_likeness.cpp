// SPDX-License-Identifier: Apache-2.0
#include "reports/page/ceiling_likeness.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include "reports/record/hdf5/record_guard.h"
#include "reports/record/record_samples.h"
#include "reports/record/record_store.h"
#include "suites/ground/error.h"
#include "suites/metrics/representation_similarity.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOfKept = "rankme";  // a metric of those who keep features (suites/protocols/representation.cpp)

// Two records of one seed, and which line their likeness belongs to.
struct Pair {
  fs::path file, ceiling;
  std::string stage;
  size_t line = 0;
};

Matrix features_in(const fs::path& file, const std::string& stage) {
  const Record record = read_record(file, {.features = true, .settings = false, .numbers = false});
  for (const StageRecord& each : record.stages) {
    if (each.name != stage) continue;
    return {static_cast<size_t>(each.features.images), static_cast<size_t>(each.features.dimensions),
            values_of(each.features)};
  }
  return {};
}

// NaN where one of them kept no features.
double likeness(const Pair& pair) {
  const Matrix row = features_in(pair.file, pair.stage), ceiling = features_in(pair.ceiling, pair.stage);
  return row.rows == ceiling.rows ? unbiased_linear_cka(row, ceiling) : kUndefined;
}

// The row that is the ceiling of a column.
const Row* ceiling_of(const Comparison& comparison, size_t column) {
  for (const Row& row : comparison.rows) {
    if (row.role == "ceiling" && row.cells[column].word.empty()) return &row;
  }
  return nullptr;
}

void add_pairs(const std::vector<fs::path>& files, const Row& row, const Row& ceiling, size_t column, size_t line,
               const Comparison& comparison, std::vector<Pair>& pairs) {
  for (const size_t r : row.records) {
    for (const size_t c : ceiling.records) {
      const bool both = measurement_behind(comparison, r, column) && measurement_behind(comparison, c, column);
      if (!both || comparison.records[r].seed != comparison.records[c].seed) continue;
      pairs.push_back({files.at(r), files.at(c), comparison.columns[column].protocol, line});
    }
  }
}

std::vector<Pair> pairs_of(const std::vector<fs::path>& files, Comparison& comparison) {
  std::vector<Pair> pairs;
  for (size_t c = 0; c < comparison.columns.size(); ++c) {
    const Row* ceiling = comparison.columns[c].metric == kOfKept ? ceiling_of(comparison, c) : nullptr;
    if (ceiling == nullptr) continue;
    for (size_t r = 0; r < comparison.rows.size(); ++r) {
      if (comparison.rows[r].role == "ceiling") continue;
      comparison.likeness.push_back({r, static_cast<size_t>(ceiling - comparison.rows.data()), c, {}});
      add_pairs(files, comparison.rows[r], *ceiling, c, comparison.likeness.size() - 1, comparison, pairs);
    }
  }
  return pairs;
}

}  // namespace

void read_likeness(const std::vector<fs::path>& files, Comparison& comparison) {
  if (files.size() != comparison.records.size()) return;
  const std::vector<Pair> pairs = pairs_of(files, comparison);
  std::vector<fs::path> read;
  for (const Pair& pair : pairs) read.push_back(pair.file);
  RecordGuard guard(read, [&](size_t i) {
    const double value = likeness(pairs[i]);
    return std::string(reinterpret_cast<const char*>(&value), sizeof value);
  });
  for (const Pair& pair : pairs) {
    try {
      const std::string bytes = guard.take();
      double value = kUndefined;
      if (bytes.size() == sizeof value) std::memcpy(&value, bytes.data(), sizeof value);
      if (std::isfinite(value)) comparison.likeness[pair.line].cell.values.push_back(value);
    } catch (const UserError&) {
    }
  }
  std::erase_if(comparison.likeness, [](const CeilingLikeness& each) { return each.cell.values.empty(); });
  for (CeilingLikeness& each : comparison.likeness) {
    each.cell.value = mean(each.cell.values);
    each.cell.interval = mean_interval(each.cell.values);
  }
}

}  // namespace sslbench
