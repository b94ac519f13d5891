// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/outliers/separation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace sslbench {
namespace {

struct Item {
  double score = 0;
  bool positive = false;
};

struct Curve {
  double auroc = 0, aupr = 0, ap = 0, fpr = 1;
};

Curve curve_of(std::vector<Item> items, double positives, double negatives, double recall) {
  std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.score > b.score; });
  Curve out;
  double right = 0, wrong = 0, last_recall = 0, last_precision = 1;
  bool reached = false;
  for (size_t i = 0; i < items.size();) {
    const double right_before = right, wrong_before = wrong, score = items[i].score;
    for (; i < items.size() && items[i].score == score; ++i) (items[i].positive ? right : wrong) += 1;
    out.auroc += (right - right_before) * ((negatives - wrong) + (wrong - wrong_before) / 2) / (positives * negatives);
    const double found = right / positives, precision = right / (right + wrong);
    out.aupr += (found - last_recall) * (precision + last_precision) / 2;
    out.ap += (found - last_recall) * precision;
    last_recall = found, last_precision = precision;
    if (!reached && found >= recall) reached = true, out.fpr = wrong / negatives;
  }
  return out;
}

std::vector<Item> items_of(std::span<const double> positives, std::span<const double> negatives, double sign) {
  std::vector<Item> out;
  for (const double score : positives) out.push_back({sign * score, true});
  for (const double score : negatives) out.push_back({sign * score, false});
  return out;
}

}  // namespace

Separation separation(std::span<const double> in, std::span<const double> out, double recall) {
  constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
  const auto is_nan = [](double score) { return std::isnan(score); };
  if (in.empty() || out.empty() || std::any_of(in.begin(), in.end(), is_nan) ||
      std::any_of(out.begin(), out.end(), is_nan)) {
    return {kUndefined, kUndefined, kUndefined, kUndefined, kUndefined, kUndefined, kUndefined};
  }
  const auto ins = static_cast<double>(in.size()), outs = static_cast<double>(out.size());
  const Curve of_in = curve_of(items_of(in, out, 1), ins, outs, recall);
  const Curve of_out = curve_of(items_of(out, in, -1), outs, ins, recall);
  return {of_in.auroc, of_in.aupr, of_out.aupr, of_in.ap, of_out.ap, of_out.fpr, of_in.fpr};
}

}  // namespace sslbench
