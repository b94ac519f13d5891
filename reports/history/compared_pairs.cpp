// SPDX-License-Identifier: Apache-2.0
#include "reports/history/compared_pairs.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "reports/history/series_index.h"
#include "reports/statistics/crossed_design.h"
#include "reports/statistics/distributions.h"
#include "reports/text/number_text.h"

namespace sslbench {
namespace {

// The pairs of runs of seeds that both sides hold, new - base, with what they differ by on each resample of the same
// test images; none where the sides hold other images, or a run no replicates.
CrossedSample pairs_of(const SnapshotCell& base, const SnapshotCell& now) {
  CrossedSample out;
  out.images = now.n;
  if (base.n != now.n || base.data != now.data) return out;
  for (const auto& [seed, value] : base.by_seed) {
    const auto here = now.by_seed.find(seed);
    if (here == now.by_seed.end()) continue;
    const auto a = base.replicates.find(seed), b = now.replicates.find(seed);
    const bool known = a != base.replicates.end() && b != now.replicates.end() && a->second.size() == b->second.size();
    if (!known) return {{}, {}, now.n};
    out.values.push_back(here->second - value);
    std::vector<double>& differences = out.replicates.emplace_back(a->second.size());
    std::transform(b->second.begin(), b->second.end(), a->second.begin(), differences.begin(), std::minus<>());
  }
  return out;
}

// Over the images that one pair of runs was measured on; whether there are replicates that say so.
bool measure_pair(ComparedCell& cell, const CrossedSample& pair) {
  const std::vector<double> replicates = defined_values(pair.replicates.front());
  const auto drawn = static_cast<double>(pair.replicates.front().size());
  if (static_cast<double>(replicates.size()) < kLeastDefined * drawn) return false;
  const double error = standard_deviation(replicates);
  if (!std::isfinite(error)) return false;
  cell.interval = bias_corrected_interval(replicates, cell.change);
  cell.p = error > 0          ? 2 * t_tail(std::abs(cell.change) / error, static_cast<double>(pair.images) - 1)
           : cell.change == 0 ? 1
                              : 0;
  cell.marks.push_back("1 seed: over test images, not over other seeds");
  return true;
}

}  // namespace

void add_replicates(Snapshot& snapshot, const std::vector<Record>& records) {
  const SeriesIndex index(snapshot);
  for (const Record& record : records) {
    for (const StageRecord& stage : record.stages) {
      if (!stage.finished()) continue;
      for (const Measurement& m : stage.measurements) {
        const auto replicates = stage.replicates.find(m.metric);
        if (replicates == stage.replicates.end() || m.split != "test") continue;
        SnapshotCell like;
        like.row = record.row;
        like.protocol = m.protocol;
        like.metric = m.metric;
        like.split = m.split;
        const auto place = index.find(like);
        if (!place) continue;
        SnapshotCell& cell = snapshot.cells[*place];
        if (cell.by_seed.contains(record.seed)) cell.replicates[record.seed] = replicates->second.all();
      }
    }
  }
}

bool measure_pairs(ComparedCell& cell) {
  const CrossedSample pairs = pairs_of(cell.base, cell.now);
  const size_t all = std::max(cell.base.by_seed.size(), cell.now.by_seed.size()),
               fewest = std::min(cell.base.by_seed.size(), cell.now.by_seed.size());
  if (pairs.values.empty() || (pairs.values.size() < all && fewest >= kRunsToClaim)) return false;
  const double change = cell.change;
  cell.change = mean(pairs.values);
  if (pairs.values.size() > 1) {
    const auto crossed = crossed_mean(pairs);
    cell.paired = crossed.has_value();
    if (crossed) cell.interval = crossed_interval(*crossed);
    if (crossed) cell.p = crossed_p(*crossed);
  } else {
    cell.paired = measure_pair(cell, pairs);
  }
  if (!cell.paired) cell.change = change;
  if (cell.paired && pairs.values.size() < all) {
    cell.marks.push_back("change over " + counted(pairs.values.size(), "common seed"));
  }
  return cell.paired;
}

}  // namespace sslbench
