// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "suites/ground/error.h"
#include "suites/metrics/confidence_bins.h"

namespace sslbench {
namespace {

struct Bin {
  double right = 0, confidence = 0, rows = 0;
};

}  // namespace

Calibration calibration(std::span<const float> probabilities, int64_t classes, std::span<const int64_t> labels,
                        int bins) {
  require(classes > 0 && bins > 0 && probabilities.size() == labels.size() * static_cast<size_t>(classes),
          "one row of `classes` probabilities a label");
  constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
  const bool defined = !labels.empty() && std::all_of(probabilities.begin(), probabilities.end(),
                                                      [](float p) { return std::isfinite(p); });
  if (!defined) return {kUndefined, kUndefined, kUndefined, kUndefined, kUndefined};
  std::vector<Bin> all(static_cast<size_t>(bins) + 1);
  Calibration out;
  for (size_t i = 0; i < labels.size(); ++i) {
    require(labels[i] >= 0 && labels[i] < classes, "label outside 0 .. classes-1");
    const auto row = probabilities.subspan(i * static_cast<size_t>(classes), static_cast<size_t>(classes));
    const auto best = std::max_element(row.begin(), row.end());
    const bool right = best - row.begin() == labels[i];
    Bin& bin = all[confidence_bin(*best, bins)];
    bin.right += right;
    bin.confidence += *best;
    bin.rows += 1;
    out.accuracy += right;
    out.nll -= std::log(static_cast<double>(row[static_cast<size_t>(labels[i])]));
    for (size_t c = 0; c < row.size(); ++c) {
      const double off = row[c] - (static_cast<int64_t>(c) == labels[i] ? 1.0 : 0.0);
      out.brier += off * off;
    }
  }
  const auto rows = static_cast<double>(labels.size());
  for (size_t b = 0; b < static_cast<size_t>(bins); ++b) {
    if (all[b].rows == 0) continue;
    const double gap = std::abs(all[b].right - all[b].confidence) / all[b].rows;
    out.ece += gap * all[b].rows;
    out.mce = std::max(out.mce, gap);
  }
  out.ece /= rows;
  out.accuracy /= rows;
  out.nll /= rows;
  out.brier /= rows;
  return out;
}

}  // namespace sslbench
