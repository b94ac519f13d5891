// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/comparison.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <span>
#include <string_view>

#include "reports/comparison/answer.h"
#include "reports/comparison/columns.h"
#include "reports/comparison/concurrent.h"
#include "reports/comparison/cost_marks.h"
#include "reports/comparison/facts.h"
#include "reports/comparison/learning_signs.h"
#include "reports/comparison/published_matches.h"
#include "reports/comparison/ranking.h"
#include "reports/comparison/value_notes.h"
#include "reports/record/counted_settings.h"
#include "reports/record/pretraining_names.h"
#include "reports/record/revision_of.h"
#include "reports/statistics/crossed_design.h"
#include "reports/statistics/intervals.h"

namespace sslbench {
namespace {

std::string word_for_nothing(const Comparison& comparison, const Row& row) {
  for (const size_t r : row.records) {
    if (!comparison.records[r].final()) return comparison.records[r].status;
  }
  return row.records.empty() ? RunStatus().text() : "not measured";
}

// Fractions beyond 0 and 1 there are none, and a share of exactly 0 or 1 is so in every resample: Wilson's interval.
Interval interval_of_mean(const CrossedMean& mean, const Column& column) {
  if (!column.is_fraction()) return crossed_interval(mean);
  if (column.kind == MetricKind::share && mean.of_seeds + mean.of_images == 0 && (mean.value == 0 || mean.value == 1)) {
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
    cell.interval = column.is_fraction()
                        ? fraction_interval(replicates, cell.value, column.kind == MetricKind::share ? cell.n : 0)
                        : bias_corrected_interval(replicates, cell.value);
  }
}

Cell cell_of(const Comparison& comparison, const Row& row, size_t c) {
  const Column& column = comparison.columns[c];
  Cell cell;
  CrossedSample sample;
  for (const size_t r : row.records) {
    const Measurement* m = measurement_behind(comparison, r, c);
    if (m == nullptr) continue;
    auto replicates = replicates_behind(comparison, r, c);
    const bool same_images = cell.values.empty() || m->n == cell.n;
    if (replicates && same_images) sample.replicates.push_back(std::move(*replicates));
    cell.values.push_back(m->value);
    cell.n = std::max(cell.n, m->n);
  }
  if (cell.values.empty()) {
    for (const size_t r : row.records) {
      if (cell.reason.empty()) cell.reason = why_undefined(comparison, r, c);
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

double value_of(const Measurement& m) { return m.value; }
double per_step(const Measurement& m) { return m.n > 0 ? m.value / static_cast<double>(m.n) : kUndefined; }

// Means of what the stages measured under these names; nothing where one of them was measured nowhere.
std::vector<double> means_of(const std::vector<const StageRecord*>& stages, std::span<const char* const> names,
                             double (*value)(const Measurement&)) {
  std::vector<double> out;
  for (const std::string_view name : names) {
    std::vector<double> values;
    for (const StageRecord* stage : stages) {
      for (const Measurement& m : stage->measurements) {
        if (m.metric == name && !std::isnan(value(m))) values.push_back(value(m));
      }
    }
    if (values.empty()) return {};
    out.push_back(mean(values));
  }
  return out;
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
  const std::vector<double> work = means_of(stages, std::array{kMatrixWork}, value_of);
  if (!work.empty()) cost.gigaflop_an_image = work.front();
  cost.step_seconds = means_of(stages, kStepTimes, per_step);
  cost.memory_sources = means_of(stages, kMemorySources, value_of);
  return cost;
}

void add_row(Comparison& comparison, const std::string& name, const std::vector<const PlannedRun*>& planned,
             const std::map<std::string, size_t>& record_of_run) {
  Row row;
  row.name = name;
  row.planned = planned.size();
  for (const PlannedRun* run : planned) {
    const auto record = record_of_run.find(run->run);
    if (record == record_of_run.end()) {
      comparison.not_run.push_back(run->run);
    } else {
      row.records.push_back(record->second);
    }
  }
  describe_row(comparison, row);
  row.cells.resize(comparison.columns.size());
  for_each_concurrently(row.cells.size(), [&](size_t c) { row.cells[c] = cell_of(comparison, row, c); });
  if (!row.pretrained_elsewhere) row.cost = cost_of(comparison, row);
  comparison.rows.push_back(std::move(row));
}

void add_rows(Comparison& comparison, const std::vector<PlannedRun>& planned) {
  std::map<std::string, size_t> record_of_run;
  for (size_t r = 0; r < comparison.records.size(); ++r) record_of_run.try_emplace(comparison.records[r].run, r);
  std::map<std::string, std::vector<const PlannedRun*>> runs_of;
  std::vector<std::string> order;
  for (const PlannedRun& run : planned) {
    std::vector<const PlannedRun*>& runs = runs_of[run.row];
    if (runs.empty()) order.push_back(run.row);
    runs.push_back(&run);
  }
  for (const std::string& row : order) add_row(comparison, row, runs_of[row], record_of_run);
}

}  // namespace

bool has_column(const Measurement& m) {
  return m.stage != "pretrain" && m.split == "test" && !is_constant_name(m.metric);
}

std::string conditions_of(const Record& record, const std::string& protocol) {
  const nlohmann::json settings = counted_protocol(record, protocol);
  if (settings.is_null()) return "";
  const nlohmann::json asked{settings, protocol_data(record, protocol)};
  return asked.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

const StageRecord* stage_behind(const Comparison& comparison, size_t record, size_t column) {
  const int32_t stage = comparison.places[record][column].stage;
  return stage < 0 ? nullptr : &comparison.records[record].stages[static_cast<size_t>(stage)];
}

namespace {

const Measurement* recorded_behind(const Comparison& comparison, size_t record, size_t column) {
  const StageRecord* stage = stage_behind(comparison, record, column);
  if (stage == nullptr) return nullptr;
  return &stage->measurements[static_cast<size_t>(comparison.places[record][column].measurement)];
}

}  // namespace

std::optional<std::vector<double>> replicates_behind(const Comparison& comparison, size_t record, size_t column) {
  const StageRecord* stage = stage_behind(comparison, record, column);
  if (stage == nullptr) return std::nullopt;
  const auto found = stage->replicates.find(comparison.columns[column].metric);
  return found == stage->replicates.end() ? std::nullopt : std::optional(found->second.all());
}

const Measurement* measurement_behind(const Comparison& comparison, size_t record, size_t column) {
  const Measurement* found = recorded_behind(comparison, record, column);
  return found == nullptr || found->undefined() ? nullptr : found;
}

std::string why_undefined(const Comparison& comparison, size_t record, size_t column) {
  const Measurement* found = recorded_behind(comparison, record, column);
  return found == nullptr ? "" : found->reason;
}

Comparison compare(ComparisonInput input) {
  Comparison out;
  out.suite = input.suite;
  out.question = input.question;
  out.commands = std::move(input.commands);
  out.superseded = std::move(input.superseded);
  out.records = SharedRecords(std::move(input.records));
  out.columns = columns_of(out.records, input.protocols);
  out.places = places_of(out.records, out.columns);
  std::set<std::string> revisions;
  for (const Record& record : out.records) {
    for (const std::string& revision : revisions_of(record)) revisions.insert(revision);
  }
  out.mixed_revisions = revisions.size() > 1;
  add_rows(out, input.planned);
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
