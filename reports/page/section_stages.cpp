// SPDX-License-Identifier: Apache-2.0
#include "reports/page/report_sections.h"
#include "reports/text/number_text.h"

namespace sslbench {
namespace {

constexpr size_t kMostStages = 400;  // report.json holds them all

TableCell printed(double value, std::string (*text)(double)) { return {Text::own(or_none(value, text)), value}; }

std::vector<TableCell> stage_cells(const Record& record, const StageRecord& stage) {
  const bool measured = stage.finished();
  const auto positive = [&](double value) { return measured && value > 0 ? value : kUndefined; };
  const auto held = [&](double value) { return measured && value >= 0 ? value : kUndefined; };
  return {Text::name(record.run),
          Text::name(stage.name),
          Text(stage.status),
          printed(held(stage.wall_seconds), seconds_text),
          printed(held(stage.cpu_seconds), seconds_text),
          printed(held(stage.setup_seconds), seconds_text),
          printed(held(static_cast<double>(stage.images)), count_text),
          printed(positive(stage.images_per_second), count_text),
          printed(positive(static_cast<double>(stage.peak_process_bytes)), bytes_text),
          printed(positive(static_cast<double>(stage.peak_tensor_bytes)), bytes_text),
          printed(held(static_cast<double>(stage.peak_device_bytes)), bytes_text),
          printed(held(stage.energy_joules), joules_text),
          stage.taken_from.empty() ? Text(kNone) : Text(stage.taken_from)};
}

}  // namespace

void add_stages(const Comparison& comparison, Document& document) {
  DocumentTable table({"run", "stage", "status", "wall time", "CPU time", "set-up", "images", "images/s",
                       "peak memory, process", "peak memory, tensors", "peak memory, device", "energy", "taken from"},
                      3);
  size_t stages = 0;
  for (const Row& row : comparison.rows) {
    for (const size_t r : row.records) {
      for (const StageRecord& stage : comparison.records[r].stages) {
        if (++stages <= kMostStages) table.add(stage_cells(comparison.records[r], stage));
      }
    }
  }
  if (table.empty()) return;
  Fold fold{"What every stage of every run took", {}};
  add(fold.blocks, std::move(table));
  if (stages > kMostStages) {
    add(fold.blocks, Paragraph{Text::own("The first " + std::to_string(kMostStages) + " of " + std::to_string(stages) +
                                         " stages; report.json holds all.")});
  }
  add(document, Heading{2, "Stages"});
  add(document, std::move(fold));
}

}  // namespace sslbench
