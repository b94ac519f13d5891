// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/drawn_parts.h"

#include <algorithm>

#include "reports/record/hdf5/record_guard.h"
#include "reports/record/record_pack.h"
#include "reports/record/record_store.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

// A stand-in for a record that cannot be read has no stages, and a file may be another by now.
bool same_stages(const Record& a, const Record& b) {
  return std::equal(a.stages.begin(), a.stages.end(), b.stages.begin(), b.stages.end(),
                    [](const StageRecord& x, const StageRecord& y) { return x.name == y.name && x.key == y.key; });
}

void take_parts(Record from, Record& record) {
  if (!same_stages(from, record)) return;
  for (size_t s = 0; s < record.stages.size(); ++s) {
    record.stages[s].curves = std::move(from.stages[s].curves);
    record.stages[s].samples = std::move(from.stages[s].samples);
    record.stages[s].class_names = std::move(from.stages[s].class_names);
  }
}

}  // namespace

void read_drawn_parts(const std::vector<fs::path>& files, const std::vector<size_t>& rows, Comparison& comparison) {
  std::vector<size_t> records;
  std::vector<fs::path> drawn;
  for (const size_t r : rows) {
    const std::vector<size_t>& of_row = comparison.rows[r].records;
    if (of_row.empty() || comparison.records[of_row.front()].stages.empty()) continue;
    records.push_back(of_row.front());
    drawn.push_back(files.at(of_row.front()));
  }
  const RecordParts parts{.curves = true, .samples = kShownSamples, .settings = false, .numbers = false};
  RecordGuard guard(drawn, [&](size_t i) { return pack_record(read_record(drawn[i], parts)); });
  for (size_t i = 0; i < records.size(); ++i) {
    try {
      take_parts(unpack_record(guard.take(), drawn[i].string()), comparison.records.change(records[i]));
    } catch (const UserError&) {
    }
  }
}

}  // namespace sslbench
