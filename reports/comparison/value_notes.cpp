// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/value_notes.h"

#include <map>

#include "reports/comparison/cell_text.h"
#include "reports/comparison/row_notes.h"
#include "reports/text/number_text.h"

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

void add_left_out(const Record& record, const std::string& row, RowNotes& notes) {
  for (const StageRecord& stage : record.stages) {
    for (const auto& [metric, replicates] : stage.replicates) {
      const auto all = static_cast<double>(replicates.size()),
                 defined = static_cast<double>(defined_values(replicates.all()).size());
      if (defined == all) continue;
      notes.add(stage.name + "." + metric + ": " + count_text(all - defined) + " of " + count_text(all) +
                    " resamples of the test images have no value (nothing to find was drawn)" +
                    (defined < kLeastDefined * all ? ", too many for an interval over test images"
                                                   : " and are left out of the interval"),
                row);
    }
  }
}

bool saw_labels_of(const Record& record, const Measurement& m) {
  const auto& facts = record.facts;
  return facts.is_object() && facts.value("uses_labels", nlohmann::json()) == true &&
         facts.value("pretraining_set", nlohmann::json()) == m.dataset;
}

void add_rate_notes(const Record& record, const std::string& row, RowNotes& notes) {
  for (const StageRecord& stage : record.stages) {
    for (const Measurement& m : stage.measurements) {
      if (m.split != "val") continue;
      if (m.metric == "learning_rate" && m.n > 0 && saw_labels_of(record, m)) {
        notes.add(stage.name +
                      ": the learning rate was chosen on held-out images whose labels the row had been pretrained with",
                  row);
      }
      if (m.metric != "classes_held_out") continue;
      notes.add(stage.name + (m.value == 0 ? ": the learning rate is the middle of the grid, since no class has two "
                                             "training images of which one could be held out"
                                           : ": the learning rate was chosen on held-out images of " +
                                                 count_text(m.value) + " of " + count_text(static_cast<double>(m.n)) +
                                                 " classes; the others have one training image"),
                row);
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
      add_left_out(comparison.records[r], row.name, notes);
      add_rate_notes(comparison.records[r], row.name, notes);
    }
  }
  return notes.texts(with_records);
}

}  // namespace sslbench
