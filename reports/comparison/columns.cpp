// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/columns.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "reports/comparison/concurrent.h"

namespace sslbench {
namespace {

constexpr size_t kHeadlines = 3;  // columns a protocol in the main table

// What measurements of one column have in common but for the conditions; of a Column or a Measurement.
using Key = std::tuple<std::string, std::string, std::string, std::string, std::string, int64_t>;
template <class T>
Key key_of(const T& of) {
  return {of.protocol, of.dataset, of.metric, of.split, of.unit, of.version};
}

// Appends the columns that are not there yet; `places`: where those are that are, by key and conditions.
void add_columns(const Record& record, std::map<std::pair<Key, std::string>, size_t>& places,
                 std::vector<Column>& columns) {
  for (const StageRecord& stage : record.stages) {
    const std::string conditions = conditions_of(record, stage.name);
    for (const Measurement& m : stage.measurements) {
      if (!has_column(m)) continue;
      const auto [place, fresh] = places.emplace(std::pair(key_of(m), conditions), columns.size());
      if (fresh) {
        columns.push_back({m.protocol, m.stage, m.dataset, m.metric, m.split, m.unit, m.direction, m.version});
        columns.back().conditions = conditions;
        const Metric metric = stage.metric_of(m);
        columns.back().of_class = is_of_class(m.metric) && metric.name != m.metric;
        columns.back().kind = metric.kind;
        columns.back().definition = metric.definition;
        columns.back().constant_value = metric.constant_value;
        columns.back().headline = metric.headline;
      }
      Column& column = columns[place->second];
      column.n = std::max(column.n, m.n);
    }
  }
}

// How columns stand to each other: variants, headlines, ambiguous names.
void mark_columns(std::vector<Column>& columns) {
  std::map<Key, int64_t> alike;
  std::map<std::pair<std::string, std::string>, size_t> named;
  for (const Column& column : columns) {
    ++alike[key_of(column)];
    ++named[{column.protocol, column.metric}];
  }
  std::map<std::tuple<std::string, std::string, int64_t, std::string>, size_t> before;  // in one table
  std::map<Key, int64_t> place_among;
  for (Column& column : columns) {
    const Key key = key_of(column);
    const int64_t place = ++place_among[key];
    column.variant = alike[key] > 1 ? place : 0;
    const bool detail = !column.headline || is_of_class(column.metric);
    const size_t earlier = before[{column.protocol, column.dataset, column.version, column.conditions}]++;
    column.headline = earlier < kHeadlines && !detail;
    column.ambiguous = named[{column.protocol, column.metric}] > 1;
  }
}

using ColumnsOfKey = std::map<Key, std::vector<size_t>>;

// By column.
std::vector<PlaceInRecord> places_in(const Record& record, const std::vector<Column>& columns,
                                     const ColumnsOfKey& columns_with) {
  std::vector<PlaceInRecord> out(columns.size());
  for (size_t s = 0; s < record.stages.size(); ++s) {
    const StageRecord& stage = record.stages[s];
    const std::string conditions = conditions_of(record, stage.name);
    for (size_t m = 0; m < stage.measurements.size(); ++m) {
      const auto found = columns_with.find(key_of(stage.measurements[m]));
      if (found == columns_with.end() || stage.measurements[m].protocol != stage.name) continue;
      for (const size_t c : found->second) {
        const bool ours = columns[c].variant == 0 || columns[c].conditions == conditions;
        if (ours && out[c].stage < 0) out[c] = {static_cast<int32_t>(s), static_cast<int32_t>(m)};
      }
    }
  }
  return out;
}

}  // namespace

std::vector<Column> columns_of(const std::vector<Record>& records, const std::vector<std::string>& protocols) {
  std::vector<Column> columns;
  std::map<std::pair<Key, std::string>, size_t> places;
  for (const Record& record : records) add_columns(record, places, columns);
  std::map<std::string, size_t> order;
  for (size_t i = 0; i < protocols.size(); ++i) order.try_emplace(protocols[i], i);
  const auto place = [&](const Column& column) {
    const auto found = order.find(column.protocol);
    return found == order.end() ? protocols.size() : found->second;
  };
  std::stable_sort(columns.begin(), columns.end(),
                   [&](const Column& a, const Column& b) { return place(a) < place(b); });
  mark_columns(columns);
  return columns;
}

std::vector<std::vector<PlaceInRecord>> places_of(const std::vector<Record>& records,
                                                  const std::vector<Column>& columns) {
  ColumnsOfKey columns_with;
  for (size_t c = 0; c < columns.size(); ++c) columns_with[key_of(columns[c])].push_back(c);
  std::vector<std::vector<PlaceInRecord>> out(records.size());
  for_each_concurrently(records.size(), [&](size_t r) { out[r] = places_in(records[r], columns, columns_with); });
  return out;
}

std::vector<size_t> first_columns(const Comparison& comparison) {
  std::set<std::string> seen;
  std::vector<size_t> out;
  for (size_t c = 0; c < comparison.columns.size(); ++c) {
    const Column& column = comparison.columns[c];
    const std::string key = column.protocol + "\n" + column.dataset + "\n" + std::to_string(column.version) + "\n" +
                            std::to_string(column.variant);
    if (column.headline && seen.insert(key).second) out.push_back(c);
  }
  return out;
}

}  // namespace sslbench
