// SPDX-License-Identifier: Apache-2.0
#include "reports/value_notes.h"

#include <map>

#include "reports/number_text.h"
#include "reports/row_notes.h"

namespace sslbench {
namespace {

// "detection.ap50/rare, detection.ap50/none: undefined (no box of this class in the test images)".
void add_undefined(const Comparison& comparison, const Row& row, RowNotes& notes) {
  std::vector<std::string> order;
  std::map<std::string, std::string> columns_of;  // by reason
  for (size_t c = 0; c < comparison.columns.size(); ++c) {
    const std::string& reason = row.cells[c].reason;
    if (reason.empty()) continue;
    std::string& columns = columns_of[reason];
    if (columns.empty()) order.push_back(reason);
    columns += (columns.empty() ? "" : ", ") + column_title(comparison.columns[c]);
  }
  for (const std::string& reason : order) notes.add(columns_of[reason] + ": undefined (" + reason + ")", row.name);
}

void add_left_out(const Column& column, const StageRecord& stage, const std::string& row, RowNotes& notes) {
  const auto found = stage.replicates.find(column.metric);
  if (found == stage.replicates.end()) return;
  const size_t all = found->second.size(), defined = defined_values(found->second).size();
  if (defined == all) return;
  const bool few = static_cast<double>(defined) < kLeastDefined * static_cast<double>(all);
  notes.add(column_title(column) + ": " + count_text(static_cast<double>(all - defined)) + " of " +
                count_text(static_cast<double>(all)) +
                " resamples of the test images have no value (nothing to find was drawn)" +
                (few ? ", too many for an interval over test images" : " and are left out of the interval"),
            row);
}

bool saw_labels_of(const Record& record, const Measurement& m) {
  const auto& facts = record.facts;
  return facts.is_object() && facts.value("uses_labels", nlohmann::json()) == true &&
         facts.value("pretraining_set", nlohmann::json()) == m.dataset;
}

void add_rate_notes(const Record& record, RowNotes& notes) {
  for (const StageRecord& stage : record.stages) {
    for (const Measurement& m : stage.measurements) {
      if (m.split != "val") continue;
      if (m.metric == "learning_rate" && m.n > 0 && saw_labels_of(record, m)) {
        notes.add(stage.name +
                      ": the learning rate was chosen on held-out images whose labels the row had been pretrained with",
                  record.row);
      }
      if (m.metric != "classes_held_out") continue;
      notes.add(stage.name + (m.value == 0 ? ": the learning rate is the middle of the grid, since no class has two "
                                             "training images of which one could be held out"
                                           : ": the learning rate was chosen on held-out images of " +
                                                 count_text(m.value) + " of " + count_text(static_cast<double>(m.n)) +
                                                 " classes; the others have one training image"),
                record.row);
    }
  }
}

}  // namespace

std::vector<std::string> value_notes(const Comparison& comparison) {
  RowNotes notes;
  size_t with_records = 0;
  for (const Row& row : comparison.rows) {
    with_records += !row.records.empty();
    add_undefined(comparison, row, notes);
    for (const size_t r : row.records) {
      const Record& record = comparison.records[r];
      for (const Column& column : comparison.columns) {
        const StageRecord* stage = stage_behind(record, column);
        if (stage != nullptr) add_left_out(column, *stage, row.name, notes);
      }
      add_rate_notes(record, notes);
    }
  }
  return notes.texts(with_records);
}

}  // namespace sslbench
