// SPDX-License-Identifier: Apache-2.0
// Finds a snapshot's cell by its series without a look at all of them.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "reports/history/snapshot.h"

namespace sslbench {

class SeriesIndex {
 public:
  SeriesIndex() = default;
  explicit SeriesIndex(const Snapshot& snapshot);

  // Takes in a cell that lies at `place`; of several of one series the first counts.
  void add(const SnapshotCell& cell, size_t place);
  // The place of the cell of the same series.
  std::optional<size_t> find(const SnapshotCell& like) const;

 private:
  std::unordered_map<std::string, size_t> places_;
};

}  // namespace sslbench
