// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/learning_signs.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "reports/comparison/cell_text.h"
#include "reports/record/asked_run.h"
#include "reports/text/number_text.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr double kNearChance = 0.1;       // of the way from the chance value of a loss to the lowest one
constexpr double kFewDirections = 2;      // of an effective rank
constexpr double kNearlyConstant = 0.01;  // of a healthy spread of 1
constexpr size_t kLastPart = 20;          // the last twentieth of a curve is where it ended

const StageRecord* pretraining_of(const Record& record) {
  const auto found = std::find_if(record.stages.begin(), record.stages.end(), [](const StageRecord& stage) {
    return stage.plugin == "pretrain" && stage.finished();
  });
  return found == record.stages.end() ? nullptr : &*found;
}

std::optional<double> value_of(const StageRecord& stage, const std::string& metric) {
  for (const Measurement& m : stage.measurements) {
    if (m.metric == metric && std::isfinite(m.value)) return m.value;
  }
  return std::nullopt;
}

// Of the first stage that recorded it.
std::optional<double> value_of(const Record& record, const std::string& metric) {
  for (const StageRecord& stage : record.stages) {
    if (const auto value = value_of(stage, metric)) return value;
  }
  return std::nullopt;
}

struct LossEnd {
  double loss = kUndefined, chance = kUndefined, lowest = 0;
  bool at_chance() const { return loss >= chance - kNearChance * (chance - lowest); }
};

std::optional<LossEnd> loss_end(const Record& record) {
  const StageRecord* stage = pretraining_of(record);
  if (stage == nullptr) return std::nullopt;
  const auto chance = value_of(*stage, "chance_loss");
  const auto curve = stage->curves.find("loss");
  if (!chance || curve == stage->curves.end() || curve->second.value.empty()) return std::nullopt;
  const std::vector<double>& all = curve->second.value;
  const std::vector<double> last(all.end() - static_cast<int64_t>(std::max<size_t>(1, all.size() / kLastPart)),
                                 all.end());
  return LossEnd{mean(last), *chance, value_of(*stage, "lowest_loss").value_or(0)};
}

void add_budget_signs(const Record& record, Row& row) {
  const StageRecord* stage = pretraining_of(record);
  if (stage == nullptr || stage->images == 0) return;
  const json settings = asked_run(record).pretrain;
  const auto epochs = number_in(settings, "epochs"), warmup = number_in(settings, "warmup_epochs"),
             batch = number_in(settings, "batch_size");
  if (!epochs || *epochs <= 0) return;
  if (warmup && *warmup >= *epochs) {
    row.signs.push_back({"budget ends within the warm-up",
                         "the warm-up of " + significant_text(*warmup) + " epochs is as long as the budget of " +
                             significant_text(*epochs) + " or longer, so that the learning rate never got to work"});
  }
  const double images = static_cast<double>(stage->images) / *epochs;
  if (batch && images < *batch) {
    row.signs.push_back(
        {"batch larger than the set",
         "a batch of " + count_text(*batch) + " is larger than the set of " + count_text(images) + " images"});
  }
}

void add_training_signs(const Comparison& comparison, Row& row) {
  for (const size_t r : row.records) {
    const Record& record = comparison.records[r];
    const auto end = loss_end(record);
    if (!end || !end->at_chance()) continue;
    row.signs.push_back({"loss at its chance value",
                         "the loss ended at " + significant_text(end->loss, 3) + ", where " +
                             significant_text(end->chance, 3) + " is chance" +
                             (row.records.size() > 1 ? " (seed " + std::to_string(record.seed) + ")" : "")});
    break;
  }
  for (const size_t r : row.records) {
    const auto spread = value_of(comparison.records[r], "feature_spread");
    if (!spread || *spread >= kNearlyConstant) continue;
    row.signs.push_back({"features nearly constant", "the spread of the features is " + significant_text(*spread, 2) +
                                                         " (1: evenly spread, 0: the same for every image)"});
    break;
  }
}

// Whether the floor says something of a row: it is no floor itself and has the same backbone.
bool is_floor_of(const Comparison& comparison, size_t row) {
  const Row &floor = comparison.rows[*comparison.floor], &other = comparison.rows[row];
  if (other.role == "floor" || floor.records.empty() || other.records.empty()) return false;
  return comparison.records[floor.records.front()].backbone == comparison.records[other.records.front()].backbone;
}

// Untrained features may use few directions, too: fewer than theirs is what counts.
void add_rank_sign(const Comparison& comparison, Row& row) {
  if (row.records.empty()) return;
  const auto rank = value_of(comparison.records[row.records.front()], "effective_rank");
  std::optional<double> floor;
  if (comparison.floor && !comparison.rows[*comparison.floor].records.empty()) {
    floor = value_of(comparison.records[comparison.rows[*comparison.floor].records.front()], "effective_rank");
  }
  if (!rank || *rank >= kFewDirections || (floor && *rank >= *floor)) return;
  row.signs.push_back(
      {"features of few directions", "the effective rank of the features is " + significant_text(*rank, 3)});
}

void add_result_signs(Comparison& comparison, size_t r) {
  Row& row = comparison.rows[r];
  if (!comparison.primary || !row.cells[*comparison.primary].word.empty()) return;
  const Cell& cell = row.cells[*comparison.primary];
  const Column& column = comparison.columns[*comparison.primary];
  const std::string title = column_title(column);
  if (!beats_constant_answer(comparison, *comparison.primary, r)) {
    row.signs.push_back({"not above the constant answer",
                         title + " is " + cell_with_unit(column, cell) +
                             ", and an answer that ignores the image scores " +
                             value_with_unit(column, constant_answer(comparison, *comparison.primary, r))});
  }
  if (!is_not_above_floor(comparison, r)) return;
  const Row& floor = comparison.rows[*comparison.floor];
  row.signs.push_back({row.role == "ceiling" ? "ceiling below the floor" : "not above the floor",
                       title + " is " + value_with_unit(column, cell.value) + ", and the floor " + floor.name +
                           " scores " + value_with_unit(column, floor.cells[*comparison.primary].value)});
}

}  // namespace

double constant_answer(const Comparison& comparison, size_t column, size_t row) {
  const Column& key = comparison.columns[column];
  std::vector<double> values;
  for (const size_t r : comparison.rows[row].records) {
    const StageRecord* stage = stage_behind(comparison, r, column);
    if (stage == nullptr) continue;
    if (const auto value = value_of(*stage, constant_name(key.metric))) values.push_back(*value);
  }
  return values.empty() ? key.constant_value : mean(values);
}

bool beats_constant_answer(const Comparison& comparison, size_t column, size_t row) {
  const double constant = constant_answer(comparison, column, row);
  if (std::isnan(constant)) return true;
  const Cell& cell = comparison.rows[row].cells[column];
  if (comparison.columns[column].direction == "lower") {
    return (std::isfinite(cell.interval.high) ? cell.interval.high : cell.value) < constant;
  }
  return (std::isfinite(cell.interval.low) ? cell.interval.low : cell.value) > constant;
}

bool is_not_above_floor(const Comparison& comparison, size_t row) {
  if (!comparison.primary || !comparison.floor || *comparison.floor == row) return false;
  if (!is_floor_of(comparison, row)) return false;
  const Cell &cell = comparison.rows[row].cells[*comparison.primary],
             &floor = comparison.rows[*comparison.floor].cells[*comparison.primary];
  if (!cell.word.empty() || !floor.word.empty()) return false;
  const bool lower = comparison.columns[*comparison.primary].direction == "lower";
  if (comparison.rows[row].role == "ceiling" && cell.value == floor.value) return false;
  return lower ? cell.value >= floor.value : cell.value <= floor.value;
}

void add_learning_signs(Comparison& comparison) {
  for (size_t r = 0; r < comparison.rows.size(); ++r) {
    Row& row = comparison.rows[r];
    if (!row.records.empty()) add_budget_signs(comparison.records[row.records.front()], row);
    add_training_signs(comparison, row);
    add_rank_sign(comparison, row);
    add_result_signs(comparison, r);
    for (const LearningSign& sign : row.signs) row.marks.push_back(sign.mark);
  }
}

std::vector<std::string> learning_facts(const Record& record) {
  std::vector<std::string> out;
  const StageRecord* stage = pretraining_of(record);
  if (stage != nullptr) {
    const auto curve = stage->curves.find("embedding_std");
    if (curve != stage->curves.end() && !curve->second.value.empty()) {
      out.push_back("the standard deviation of the embedding over a batch ended at " +
                    significant_text(curve->second.value.back(), 3) + " (0 is one point for all images)");
    }
  }
  if (const auto end = loss_end(record)) {
    out.push_back("the loss at " + significant_text(end->loss, 3) + ", where " + significant_text(end->chance, 3) +
                  " is chance");
  }
  if (const auto rank = value_of(record, "effective_rank")) {
    out.push_back("the effective rank of the features is " + significant_text(*rank, 3));
  }
  return out;
}

}  // namespace sslbench
