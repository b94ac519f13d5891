// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/findings/stopping_points.h"

#include <algorithm>
#include <cmath>

#include "reports/record/pretraining_names.h"

namespace sslbench {
namespace {

const StageRecord* pretraining(const Record& record) {
  for (const StageRecord& stage : record.stages) {
    if (stage.plugin == "pretrain" && stage.finished()) return &stage;
  }
  return nullptr;
}

const Curve* curve_of(const StageRecord& stage, const std::string& name) {
  const auto found = stage.curves.find(name);
  return found == stage.curves.end() || found->second.step.empty() ? nullptr : &found->second;
}

double asked_images(const StageRecord& stage) {
  for (const Measurement& each : stage.measurements) {
    if (each.metric == kValueAsked) return each.value;
  }
  return kUndefined;
}

// The value of a curve at a step, or at the last point before it.
double value_at(const Curve& curve, int64_t step) {
  const auto after = std::upper_bound(curve.step.begin(), curve.step.end(), step);
  return after == curve.step.begin() ? kUndefined : curve.value[static_cast<size_t>(after - curve.step.begin() - 1)];
}

// Number of the evaluated step that the criterion would take; -1 where it has no curve. Ties: the earliest.
int64_t choice_of(const StageRecord& stage, const Curve& top1, const std::string& criterion) {
  if (criterion == "last") return std::ssize(top1.step) - 1;
  const bool lowest = criterion == "loss";
  const Curve* curve = curve_of(stage, lowest ? criterion : kValueCurves + criterion);
  if (curve == nullptr) return -1;
  int64_t best = -1;
  double best_value = 0;
  for (size_t i = 0; i < top1.step.size(); ++i) {
    const double value = value_at(*curve, top1.step[i]);
    if (!std::isfinite(value)) continue;
    if (best >= 0 && !(lowest ? value < best_value : value > best_value)) continue;
    best = static_cast<int64_t>(i), best_value = value;
  }
  return best;
}

// Adds one run to the sums of a point; false where it has no such curves.
bool add_run(const StageRecord& stage, StoppingPoint& sum, double& variance) {
  const Curve* top1 = curve_of(stage, std::string(kValueCurves) + "knn_top1");
  if (top1 == nullptr) return false;
  const int64_t chosen = choice_of(stage, *top1, sum.criterion);
  if (chosen < 0) return false;
  const auto best = std::max_element(top1->value.begin(), top1->value.end()) - top1->value.begin();
  const auto share = [&](int64_t i) {
    return static_cast<double>(top1->step[static_cast<size_t>(i)]) / static_cast<double>(top1->step.back());
  };
  const double p = top1->value[static_cast<size_t>(best)], q = top1->value[static_cast<size_t>(chosen)];
  sum.best += p, sum.chosen += q;
  sum.best_share += share(best), sum.chosen_share += share(chosen);
  variance += best == chosen ? 0 : (p * (1 - p) + q * (1 - q)) / asked_images(stage);
  ++sum.runs;
  return true;
}

}  // namespace

std::vector<StoppingPoint> stopping_points(const Comparison& comparison) {
  std::vector<StoppingPoint> out;
  for (size_t r = 0; r < comparison.rows.size(); ++r) {
    for (const char* criterion : {"last", "loss", "effective_rank", "feature_std"}) {
      StoppingPoint point{r, criterion, 0, 0, 0, 0};
      double variance = 0;
      for (const size_t record : comparison.rows[r].records) {
        if (const StageRecord* stage = pretraining(comparison.records[record])) add_run(*stage, point, variance);
      }
      if (point.runs == 0) continue;
      const auto n = static_cast<double>(point.runs);
      point.best /= n, point.chosen /= n, point.best_share /= n, point.chosen_share /= n;
      point.regret = point.best - point.chosen;
      const double half = 1.96 * std::sqrt(variance) / n;
      point.low = std::max(0.0, point.regret - half), point.high = point.regret + half;
      out.push_back(point);
    }
  }
  return out;
}

}  // namespace sslbench
