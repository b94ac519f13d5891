// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/labels/multilabel_ap.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

struct Item {
  double score = 0;
  bool positive = false;
};

// Of one class, best score first, equal ones in order of index.
std::vector<Item> ranked(const Matrix& scores, std::span<const int64_t> targets, size_t c) {
  std::vector<Item> out;
  for (size_t r = 0; r < scores.rows; ++r) {
    const int64_t target = targets[r * scores.columns + c];
    require(target >= -1 && target <= 1, "a target is 1, 0 or -1");
    if (target != -1) out.push_back({scores.at(r, c), target == 1});
  }
  std::stable_sort(out.begin(), out.end(), [](const Item& a, const Item& b) { return a.score > b.score; });
  return out;
}

double step_ap(const std::vector<Item>& items, double positives) {
  double sum = 0, found = 0, counted = 0;
  for (size_t i = 0; i < items.size(); ++i) {
    found += items[i].positive;
    if (i + 1 < items.size() && items[i + 1].score == items[i].score) continue;
    sum += (found - counted) / positives * found / static_cast<double>(i + 1);
    counted = found;
  }
  return sum;
}

// The best precision at each place or behind it.
std::vector<double> envelope(const std::vector<Item>& items) {
  std::vector<double> out;
  double found = 0;
  for (size_t i = 0; i < items.size(); ++i) out.push_back((found += items[i].positive) / static_cast<double>(i + 1));
  for (size_t i = out.size(); i-- > 1;) out[i - 1] = std::max(out[i - 1], out[i]);
  return out;
}

double eleven_point_ap(const std::vector<Item>& items, const std::vector<double>& best, double positives) {
  double sum = 0, found = 0;
  int point = 0;
  for (size_t i = 0; i < items.size(); ++i) {
    found += items[i].positive;
    for (; point <= 10 && found / positives >= point * 0.1; ++point) sum += best[i];
  }
  return sum / 11;
}

double mean_of(const std::vector<double>& values, int64_t defined) {
  double sum = 0;
  for (const double value : values) sum += std::isnan(value) ? 0 : value;
  return defined == 0 ? kUndefined : sum / static_cast<double>(defined);
}

}  // namespace

MultilabelAp multilabel_ap(const Matrix& scores, std::span<const int64_t> targets) {
  require(targets.size() == scores.values.size(), "a target for every score");
  MultilabelAp out;
  for (size_t c = 0; c < scores.columns; ++c) {
    const std::vector<Item> items = ranked(scores, targets, c);
    const auto positives =
        static_cast<double>(std::count_if(items.begin(), items.end(), [](const Item& item) { return item.positive; }));
    const bool finite =
        std::all_of(items.begin(), items.end(), [](const Item& item) { return std::isfinite(item.score); });
    if (positives == 0 || !finite) {
      for (std::vector<double>* each : {&out.step, &out.area, &out.eleven}) each->push_back(kUndefined);
      continue;
    }
    const std::vector<double> best = envelope(items);
    double area = 0;
    for (size_t i = 0; i < items.size(); ++i) area += items[i].positive ? best[i] / positives : 0;
    out.step.push_back(step_ap(items, positives));
    out.area.push_back(area);
    out.eleven.push_back(eleven_point_ap(items, best, positives));
    ++out.classes;
  }
  out.map_step = mean_of(out.step, out.classes);
  out.map_area = mean_of(out.area, out.classes);
  out.map_11 = mean_of(out.eleven, out.classes);
  return out;
}

}  // namespace sslbench
