// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/voc_ap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

double overlap(const std::array<double, 4>& a, const std::array<double, 4>& b) {
  const double width = std::max(std::min(a[2], b[2]) - std::max(a[0], b[0]) + 1, 0.0);
  const double height = std::max(std::min(a[3], b[3]) - std::max(a[1], b[1]) + 1, 0.0);
  const auto size = [](const std::array<double, 4>& box) { return (box[2] - box[0] + 1) * (box[3] - box[1] + 1); };
  return width * height / (size(a) + size(b) - width * height);
}

// A detection and its one candidate.
struct Candidate {
  const VocTruth* truth = nullptr;  // null: no truth of its category in its image
  double overlap = 0;
};

struct Category {
  std::map<size_t, std::vector<const VocTruth*>> truths;  // by image
  std::vector<const VocDetection*> detections;            // by falling score
  double positives = 0;
};

std::vector<Candidate> candidates(const Category& category) {
  std::vector<Candidate> out;
  for (const VocDetection* detection : category.detections) {
    Candidate best{nullptr, -std::numeric_limits<double>::infinity()};
    const auto truths = category.truths.find(detection->image);
    if (truths != category.truths.end()) {
      for (const VocTruth* truth : truths->second) {
        const double found = overlap(detection->box, truth->box);
        if (found > best.overlap) best = {truth, found};
      }
    }
    out.push_back(best);
  }
  return out;
}

struct Curve {
  std::vector<double> recall, precision;
};

Curve curve_at(const std::vector<Candidate>& candidates, double threshold, double positives) {
  Curve out;
  std::map<const VocTruth*, bool> taken;
  double right = 0, wrong = 0;
  for (const Candidate& candidate : candidates) {
    if (candidate.truth == nullptr || !(candidate.overlap > threshold)) {
      ++wrong;
    } else if (!candidate.truth->difficult) {
      bool& used = taken[candidate.truth];
      ++(used ? wrong : right);
      used = true;
    }
    out.recall.push_back(right / positives);
    out.precision.push_back(right / std::max(right + wrong, std::numeric_limits<double>::epsilon()));
  }
  return out;
}

double area_under(const Curve& curve) {
  double area = 0, envelope = 0;
  for (size_t i = curve.recall.size(); i-- > 0;) {
    envelope = std::max(envelope, curve.precision[i]);
    area += (curve.recall[i] - (i == 0 ? 0 : curve.recall[i - 1])) * envelope;
  }
  return area;
}

double eleven_points(const Curve& curve) {
  double sum = 0;
  for (int i = 0; i <= 10; ++i) {
    const double wanted = i * 0.1;  // 3 * 0.1 is 0.30000000000000004, as in numpy.arange
    double best = 0;
    for (size_t j = 0; j < curve.recall.size(); ++j) {
      if (curve.recall[j] >= wanted) best = std::max(best, curve.precision[j]);
    }
    sum += best / 11;
  }
  return sum;
}

std::vector<Category> by_category(const std::vector<VocTruth>& truths, const std::vector<VocDetection>& detections,
                                  size_t categories) {
  std::vector<Category> out(categories);
  for (const VocTruth& truth : truths) {
    require(truth.category < categories, "a truth of an unknown category");
    out[truth.category].truths[truth.image].push_back(&truth);
    out[truth.category].positives += truth.difficult ? 0 : 1;
  }
  for (const VocDetection& detection : detections) {
    require(detection.category < categories, "a detection of an unknown category");
    out[detection.category].detections.push_back(&detection);
  }
  for (Category& category : out) {
    std::stable_sort(category.detections.begin(), category.detections.end(),
                     [](const VocDetection* a, const VocDetection* b) { return a->score > b->score; });
  }
  return out;
}

}  // namespace

VocScores voc_scores(const std::vector<VocTruth>& truths, const std::vector<VocDetection>& detections,
                     size_t categories, VocArea area) {
  VocScores out;
  std::array<double, kVocThresholds> sums{};
  double counted = 0;
  for (const Category& category : by_category(truths, detections, categories)) {
    auto& scores = out.per_category.emplace_back();
    scores.fill(kUndefined);
    if (category.positives == 0) continue;
    const std::vector<Candidate> found = candidates(category);
    for (size_t t = 0; t < kVocThresholds; ++t) {
      const Curve curve = curve_at(found, static_cast<double>(50 + 5 * t) / 100, category.positives);
      scores[t] = area == VocArea::under_curve ? area_under(curve) : eleven_points(curve);
      sums[t] += scores[t];
    }
    ++counted;
  }
  constexpr size_t kAt75 = 5;
  double all = 0;
  for (const double sum : sums) all += sum;
  out.map50 = counted == 0 ? kUndefined : sums[0] / counted;
  out.map75 = counted == 0 ? kUndefined : sums[kAt75] / counted;
  out.map = counted == 0 ? kUndefined : all / kVocThresholds / counted;
  return out;
}

}  // namespace sslbench
