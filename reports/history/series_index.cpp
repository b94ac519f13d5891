// SPDX-License-Identifier: Apache-2.0
#include "reports/history/series_index.h"

namespace sslbench {
namespace {

// Equal where same_series() is.
std::string key_of(const SnapshotCell& cell) {
  std::string out;
  for (const std::string* part : {&cell.row, &cell.protocol, &cell.metric, &cell.split}) {
    out += std::to_string(part->size()) + ":" + *part;
  }
  return out;
}

}  // namespace

SeriesIndex::SeriesIndex(const Snapshot& snapshot) {
  for (size_t i = 0; i < snapshot.cells.size(); ++i) add(snapshot.cells[i], i);
}

void SeriesIndex::add(const SnapshotCell& cell, size_t place) { places_.try_emplace(key_of(cell), place); }

std::optional<size_t> SeriesIndex::find(const SnapshotCell& like) const {
  const auto found = places_.find(key_of(like));
  return found == places_.end() ? std::nullopt : std::optional<size_t>(found->second);
}

}  // namespace sslbench
