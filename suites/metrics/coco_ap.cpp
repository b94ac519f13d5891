// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/coco_ap.h"

#include <algorithm>
#include <limits>

#include "suites/ground/threads/row_blocks.h"
#include "suites/metrics/bootstrap.h"
#include "suites/metrics/coco_matching.h"

namespace sslbench {
namespace {

constexpr int kRecallThresholds = 101;
constexpr double kSpacing = std::numeric_limits<double>::epsilon();

// Of one category: precision averaged over the recall thresholds, and the final recall, by IoU threshold.
struct CategoryScores {
  std::array<double, kIouThresholds> precision{}, recall{};
  bool counts = false;  // false: no truth, left out of every mean
};

// Recall threshold i of numpy.linspace(0, 1, 101).
double recall_threshold(int i) { return i == kRecallThresholds - 1 ? 1.0 : i * 0.01; }

// Walks the found truths of one threshold from the last to the first: the envelope of precision is the largest one from
// there on, and a found truth answers for the recall thresholds above the recall before it.
class PrecisionEnvelope {
 public:
  void add(double found, double listed) { steps_.push_back({found, found / (listed + kSpacing)}); }
  void clear() { steps_.clear(); }

  double recall(double positives) const { return steps_.empty() ? 0 : steps_.back().found / positives; }

  double mean_precision(double positives) const {
    double sum = 0, envelope = 0;
    int next = kRecallThresholds - 1;
    for (size_t i = steps_.size(); i-- > 0;) {
      envelope = std::max(envelope, steps_[i].precision);
      const double recall = steps_[i].found / positives;
      while (next >= 0 && recall_threshold(next) > recall) --next;
      const double before = i == 0 ? -1 : steps_[i - 1].found / positives;
      for (; next >= 0 && recall_threshold(next) > before; --next) sum += envelope;
    }
    return sum / kRecallThresholds;
  }

 private:
  struct Step {
    double found, precision;
  };
  std::vector<Step> steps_;
};

// A detection as often as its image counts.
struct Weighted {
  double times;
  uint16_t found, ignored;
};

// `weights`: how often each image counts; null = once.
std::vector<Weighted> weigh(const CategoryMatches& matches, int max_det, const std::vector<int32_t>* weights) {
  std::vector<Weighted> out;
  out.reserve(matches.detections.size());
  for (const MatchedDetection& detection : matches.detections) {
    const int32_t times = weights == nullptr ? 1 : (*weights)[detection.image];
    if (times == 0 || detection.rank >= static_cast<uint32_t>(max_det)) continue;
    out.push_back({static_cast<double>(times), detection.found, detection.ignored});
  }
  return out;
}

CategoryScores accumulate(const CategoryMatches& matches, int max_det, const std::vector<int32_t>* weights) {
  double positives = 0;
  for (const uint32_t image : matches.positives) positives += weights == nullptr ? 1 : (*weights)[image];
  CategoryScores scores;
  scores.counts = positives > 0;
  if (!scores.counts) return scores;
  const std::vector<Weighted> detections = weigh(matches, max_det, weights);
  PrecisionEnvelope envelope;
  for (size_t t = 0; t < kIouThresholds; ++t) {
    envelope.clear();
    double found = 0, listed = 0;
    for (const Weighted& detection : detections) {
      if ((detection.ignored >> t & 1) != 0) continue;
      listed += detection.times;
      if ((detection.found >> t & 1) == 0) continue;
      found += detection.times;
      envelope.add(found, listed);
    }
    scores.precision[t] = envelope.mean_precision(positives);
    scores.recall[t] = envelope.recall(positives);
  }
  return scores;
}

std::vector<CategoryScores> accumulate_all(const std::vector<CategoryMatches>& matches, int max_det,
                                           const std::vector<int32_t>* weights) {
  std::vector<CategoryScores> out;
  for (const CategoryMatches& category : matches) out.push_back(accumulate(category, max_det, weights));
  return out;
}

// Mean over categories with truth and IoU thresholds first .. last; `nothing` without any such category.
double mean_over(const std::vector<CategoryScores>& categories,
                 std::array<double, kIouThresholds> CategoryScores::*member, size_t first, size_t last,
                 double nothing = -1) {
  double sum = 0;
  size_t n = 0;
  for (const CategoryScores& category : categories) {
    if (!category.counts) continue;
    for (size_t t = first; t <= last; ++t, ++n) sum += (category.*member)[t];
  }
  return n == 0 ? nothing : sum / static_cast<double>(n);
}

constexpr std::array<AreaRange, 3> kSizes{{{0, 1024}, {1024, 9216}, {9216, 1e10}}};  // small, medium, large
constexpr size_t kFirst = 0, kLast = kIouThresholds - 1, kAt75 = 5;

double mean_precision(const std::vector<CategoryScores>& categories) {
  return mean_over(categories, &CategoryScores::precision, kFirst, kLast);
}

double mean_recall(const std::vector<CategoryScores>& categories) {
  return mean_over(categories, &CategoryScores::recall, kFirst, kLast);
}

}  // namespace

CocoScores coco_scores(const CocoInput& input, size_t threads) {
  const CocoGroups groups = group_by_image(input, threads);
  std::array<int, 3> limits = input.max_dets;
  std::sort(limits.begin(), limits.end());
  const size_t count = groups.categories.size();
  std::array<std::vector<CategoryScores>, 3> at_limit, of_size;
  for (size_t m = 0; m < limits.size(); ++m) at_limit[m].resize(count), of_size[m].resize(count);
  for_row_blocks(count, 1, threads, [&](size_t c, size_t) {
    const CategoryMatches every = match_category(groups, c, {});
    for (size_t m = 0; m < limits.size(); ++m) at_limit[m][c] = accumulate(every, limits[m], nullptr);
    for (size_t s = 0; s < kSizes.size(); ++s) {
      of_size[s][c] = accumulate(match_category(groups, c, kSizes[s]), limits[2], nullptr);
    }
  });
  const auto& all = at_limit[2];
  CocoScores scores;
  for (size_t m = 0; m < limits.size(); ++m) {
    scores.ar[m] = mean_recall(at_limit[m]);
    if (limits[m] == 100) scores.ap = mean_precision(at_limit[m]);
  }
  scores.ap50 = mean_over(all, &CategoryScores::precision, kFirst, kFirst);
  scores.ap75 = mean_over(all, &CategoryScores::precision, kAt75, kAt75);
  const auto& [small, medium, large] = of_size;
  scores.ap_small = mean_precision(small), scores.ar_small = mean_recall(small);
  scores.ap_medium = mean_precision(medium), scores.ar_medium = mean_recall(medium);
  scores.ap_large = mean_precision(large), scores.ar_large = mean_recall(large);
  for (size_t c = 0; c < count; ++c) {
    const std::vector<CategoryScores> one{all[c]};
    scores.per_category.push_back(
        {groups.categories[c], mean_precision(one), mean_over(one, &CategoryScores::precision, kFirst, kFirst)});
  }
  return scores;
}

ApReplicates bootstrap_ap(const CocoInput& input, int replicates) {
  const CocoGroups groups = group_by_image(input, 1);
  std::vector<CategoryMatches> matches;
  for (size_t c = 0; c < groups.categories.size(); ++c) matches.push_back(match_category(groups, c, {}));
  const int limit = *std::max_element(input.max_dets.begin(), input.max_dets.end());
  constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
  ApReplicates out;
  for (int replicate = 0; replicate < replicates; ++replicate) {
    const std::vector<int32_t> counts =
        resample_counts(static_cast<int64_t>(groups.images.size()), static_cast<uint32_t>(replicate));
    const auto scores = accumulate_all(matches, limit, &counts);
    out.ap.push_back(mean_over(scores, &CategoryScores::precision, kFirst, kLast, kUndefined));
    out.ap50.push_back(mean_over(scores, &CategoryScores::precision, kFirst, kFirst, kUndefined));
    out.ap75.push_back(mean_over(scores, &CategoryScores::precision, kAt75, kAt75, kUndefined));
  }
  return out;
}

}  // namespace sslbench
