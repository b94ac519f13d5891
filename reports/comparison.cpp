// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include "reports/answer.h"
#include "reports/cost_marks.h"
#include "reports/counted_settings.h"
#include "reports/crossed_design.h"
#include "reports/facts.h"
#include "reports/intervals.h"
#include "reports/learning_signs.h"
#include "reports/published_matches.h"
#include "reports/ranking.h"
#include "reports/value_notes.h"

namespace sslbench {
namespace {

constexpr size_t kHeadlines = 3;  // columns a protocol in the main table

bool same_key(const Column& column, const Measurement& m) {
  return std::tie(column.protocol, column.dataset, column.metric, column.split, column.unit, column.version) ==
         std::tie(m.protocol, m.dataset, m.metric, m.split, m.unit, m.version);
}

void add_columns(const Record& record, std::vector<Column>& columns) {
  for (const StageRecord& stage : record.stages) {
    const std::string conditions = conditions_of(record, stage.name);
    for (const Measurement& m : stage.measurements) {
      if (!is_result(m)) continue;
      auto found = std::find_if(columns.begin(), columns.end(),
                                [&](const Column& c) { return same_key(c, m) && c.conditions == conditions; });
      if (found == columns.end()) {
        columns.push_back({m.protocol, m.stage, m.dataset, m.metric, m.split, m.unit, m.direction, m.version});
        found = columns.end() - 1;
        found->conditions = conditions;
      }
      found->n = std::max(found->n, m.n);
    }
  }
}

std::vector<Column> columns_of(const std::vector<Record>& records, const std::vector<std::string>& protocols) {
  std::vector<Column> columns;
  for (const Record& record : records) add_columns(record, columns);
  const auto place = [&](const Column& column) {
    return std::find(protocols.begin(), protocols.end(), column.protocol) - protocols.begin();
  };
  std::stable_sort(columns.begin(), columns.end(),
                   [&](const Column& a, const Column& b) { return place(a) < place(b); });
  for (Column& column : columns) {
    size_t before = 0, same = 0, alike = 0, place_among = 1;
    for (const Column& other : columns) {
      const bool one_table = std::tie(other.protocol, other.dataset, other.version, other.conditions) ==
                             std::tie(column.protocol, column.dataset, column.version, column.conditions);
      before += one_table && &other < &column;
      same += other.protocol == column.protocol && other.metric == column.metric;
      const bool only_conditions_differ =
          std::tie(other.protocol, other.dataset, other.metric, other.split, other.unit, other.version) ==
          std::tie(column.protocol, column.dataset, column.metric, column.split, column.unit, column.version);
      alike += only_conditions_differ;
      place_among += only_conditions_differ && &other < &column;
    }
    column.variant = alike > 1 ? static_cast<int64_t>(place_among) : 0;
    // Per-class numbers ("ap50/ring") and top5 stay out of the first table.
    const bool detail = column.metric == "top5" || column.metric.find('/') != std::string::npos;
    column.headline = before < kHeadlines && !detail;
    column.ambiguous = same > 1;
  }
  return columns;
}

std::string word_for_nothing(const Comparison& comparison, const Row& row) {
  for (const size_t r : row.records) {
    if (!comparison.records[r].final()) return comparison.records[r].status;
  }
  return row.records.empty() ? "not run" : "not measured";
}

// Of the hits among the test images, not of what hangs together among them (AP, mIoU).
bool is_share(const Column& column) { return column.metric.starts_with("top"); }

// Fractions beyond 0 and 1 there are none, and a share of exactly 0 or 1 is so in every resample: Wilson's interval.
Interval interval_of_mean(const CrossedMean& mean, const Column& column) {
  if (column.unit != "1") return crossed_interval(mean);
  if (is_share(column) && mean.of_seeds + mean.of_images == 0 && (mean.value == 0 || mean.value == 1)) {
    return wilson_interval(mean.value == 0 ? 0 : mean.images, mean.images);
  }
  const Interval out = crossed_interval(mean);
  return {std::max(0.0, out.low), std::min(1.0, out.high)};
}

void add_interval(Cell& cell, const CrossedSample& sample, const Column& column) {
  const bool known = sample.replicates.size() == cell.values.size();
  if (cell.values.size() > 1) {
    const auto crossed = known ? crossed_mean(sample) : std::nullopt;
    cell.over_images = crossed.has_value();
    cell.interval = crossed ? interval_of_mean(*crossed, column) : mean_interval(cell.values);
  } else if (known) {
    const std::vector<double>& replicates = sample.replicates.front();
    cell.interval = column.unit == "1" ? fraction_interval(replicates, cell.value, is_share(column) ? cell.n : 0)
                                       : bias_corrected_interval(replicates, cell.value);
  }
}

Cell cell_of(const Comparison& comparison, const Row& row, const Column& column) {
  Cell cell;
  CrossedSample sample;
  for (const size_t r : row.records) {
    const Measurement* m = measurement_behind(comparison.records[r], column);
    if (m == nullptr) continue;
    const std::vector<double>* replicates = replicates_behind(comparison.records[r], column);
    const bool same_images = cell.values.empty() || m->n == cell.n;
    if (replicates != nullptr && same_images) sample.replicates.push_back(*replicates);
    cell.values.push_back(m->value);
    cell.n = std::max(cell.n, m->n);
  }
  if (cell.values.empty()) {
    for (const size_t r : row.records) {
      if (cell.reason.empty()) cell.reason = why_undefined(comparison.records[r], column);
    }
    cell.word = cell.reason.empty() ? word_for_nothing(comparison, row) : "undefined";
    return cell;
  }
  cell.value = mean(cell.values);
  cell.deviation = standard_deviation(cell.values);
  if (!std::isfinite(cell.value)) cell.word = std::isnan(cell.value) ? "not a number" : "infinite";
  sample.values = cell.values;
  sample.images = cell.n;
  add_interval(cell, sample, column);
  return cell;
}

// Mean over the seeds whose stage holds a value; `absent` is what the stage holds when there is none.
template <class Number>
double mean_of(const std::vector<const StageRecord*>& stages, Number StageRecord::*member, Number absent) {
  std::vector<double> values;
  for (const StageRecord* stage : stages) {
    if (stage->*member != absent) values.push_back(static_cast<double>(stage->*member));
  }
  return mean(values);
}

Cost cost_of(const Comparison& comparison, const Row& row) {
  std::vector<const StageRecord*> stages;
  for (const size_t r : row.records) {
    for (const StageRecord& stage : comparison.records[r].stages) {
      if (stage.plugin == "pretrain" && stage.finished()) stages.push_back(&stage);
    }
  }
  Cost cost;
  cost.images = mean_of<int64_t>(stages, &StageRecord::images, -1);
  cost.wall_seconds = mean_of(stages, &StageRecord::wall_seconds, -1.0);
  cost.cpu_seconds = mean_of(stages, &StageRecord::cpu_seconds, -1.0);
  cost.images_per_second = mean_of(stages, &StageRecord::images_per_second, 0.0);
  cost.peak_process_bytes = mean_of<int64_t>(stages, &StageRecord::peak_process_bytes, 0);
  cost.peak_tensor_bytes = mean_of<int64_t>(stages, &StageRecord::peak_tensor_bytes, 0);
  cost.peak_device_bytes = mean_of<int64_t>(stages, &StageRecord::peak_device_bytes, -1);
  cost.energy_joules = mean_of(stages, &StageRecord::energy_joules, -1.0);
  return cost;
}

void add_row(Comparison& comparison, const std::string& name, const std::vector<PlannedRun>& planned) {
  Row row;
  row.name = name;
  for (const PlannedRun& run : planned) {
    if (run.row != name) continue;
    ++row.planned;
    const auto record = std::find_if(comparison.records.begin(), comparison.records.end(),
                                     [&](const Record& r) { return r.run == run.run; });
    if (record == comparison.records.end()) {
      comparison.not_run.push_back(run.run);
    } else {
      row.records.push_back(static_cast<size_t>(record - comparison.records.begin()));
    }
  }
  describe_row(comparison, row);
  for (const Column& column : comparison.columns) row.cells.push_back(cell_of(comparison, row, column));
  if (!row.pretrained_elsewhere) row.cost = cost_of(comparison, row);
  comparison.rows.push_back(std::move(row));
}

}  // namespace

bool is_result(const Measurement& m) {
  return m.stage != "pretrain" && m.split == "test" && m.unit == "1" && m.direction != "none" &&
         m.metric.rfind("constant_", 0) != 0;
}

std::string conditions_of(const Record& record, const std::string& protocol) {
  const nlohmann::json settings = counted_protocol(record, protocol);
  if (settings.is_null()) return "";
  const nlohmann::json asked{settings, protocol_data(record, protocol)};
  return asked.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

const StageRecord* stage_behind(const Record& record, const Column& column) {
  for (const StageRecord& stage : record.stages) {
    if (stage.name != column.protocol) continue;
    if (column.variant != 0 && conditions_of(record, stage.name) != column.conditions) continue;
    for (const Measurement& m : stage.measurements) {
      if (same_key(column, m)) return &stage;
    }
  }
  return nullptr;
}

namespace {

const Measurement* recorded_behind(const Record& record, const Column& column) {
  const StageRecord* stage = stage_behind(record, column);
  if (stage == nullptr) return nullptr;
  return &*std::find_if(stage->measurements.begin(), stage->measurements.end(),
                        [&](const Measurement& m) { return same_key(column, m); });
}

}  // namespace

const std::vector<double>* replicates_behind(const Record& record, const Column& column) {
  const StageRecord* stage = stage_behind(record, column);
  if (stage == nullptr) return nullptr;
  const auto found = stage->replicates.find(column.metric);
  return found == stage->replicates.end() ? nullptr : &found->second;
}

const Measurement* measurement_behind(const Record& record, const Column& column) {
  const Measurement* found = recorded_behind(record, column);
  return found == nullptr || found->undefined() ? nullptr : found;
}

std::string why_undefined(const Record& record, const Column& column) {
  const Measurement* found = recorded_behind(record, column);
  return found == nullptr ? "" : found->reason;
}

Comparison compare(ComparisonInput input) {
  Comparison out;
  out.suite = input.suite;
  out.question = input.question;
  out.commands = std::move(input.commands);
  out.superseded = std::move(input.superseded);
  out.records = std::move(input.records);
  out.columns = columns_of(out.records, input.protocols);
  std::set<std::string> revisions;
  for (const Record& record : out.records) {
    for (const std::string& revision : revisions_of(record)) revisions.insert(revision);
  }
  out.mixed_revisions = revisions.size() > 1;
  std::set<std::string> seen;
  for (const PlannedRun& run : input.planned) {
    if (seen.insert(run.row).second) add_row(out, run.row, input.planned);
  }
  mark_costs(out);
  out.failures = failures_of(out);
  out.notes = notes_of(out);
  for (std::string& note : value_notes(out)) out.notes.push_back(std::move(note));
  rank_rows(out);
  add_learning_signs(out);
  out.published = published_matches(out, input.published);
  out.answer = answer_of(out);
  return out;
}

}  // namespace sslbench
