// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/segmentation.h"

#include <cmath>
#include <limits>
#include <string>

#include "suites/ground/error.h"
#include "suites/metrics/bootstrap.h"

namespace sslbench {
namespace {

constexpr uint8_t kIgnore = 255;
constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

double ratio(int64_t part, int64_t whole) {
  return whole == 0 ? kUndefined : static_cast<double>(part) / static_cast<double>(whole);
}

class Mean {
 public:
  void add(double value) {
    if (std::isnan(value)) return;
    sum_ += value;
    ++n_;
  }
  double value() const { return n_ == 0 ? kUndefined : sum_ / n_; }

 private:
  double sum_ = 0;
  int n_ = 0;
};

struct Margins {
  std::vector<int64_t> truth, predicted;
  int64_t total = 0, correct = 0;
};

Margins margins_of(const ConfusionMatrix& confusion) {
  const int classes = confusion.classes();
  Margins sums{std::vector<int64_t>(static_cast<size_t>(classes)), std::vector<int64_t>(static_cast<size_t>(classes))};
  for (int t = 0; t < classes; ++t) {
    for (int p = 0; p < classes; ++p) {
      sums.truth[static_cast<size_t>(t)] += confusion.at(t, p);
      sums.predicted[static_cast<size_t>(p)] += confusion.at(t, p);
      sums.total += confusion.at(t, p);
    }
    sums.correct += confusion.at(t, t);
  }
  return sums;
}

}  // namespace

ConfusionMatrix::ConfusionMatrix(int classes)
    : classes_(classes), counts_(static_cast<size_t>(classes) * static_cast<size_t>(classes), 0) {
  require(classes > 0 && classes < kIgnore + 1, "segmentation needs 1 to 255 classes");
}

void ConfusionMatrix::add(std::span<const uint8_t> truth, std::span<const uint8_t> prediction) {
  require(truth.size() == prediction.size(), "truth and prediction must have the same size");
  for (size_t i = 0; i < truth.size(); ++i) {
    if (truth[i] == kIgnore) continue;
    if (truth[i] >= classes_ || prediction[i] >= classes_) {
      const bool wrong_truth = truth[i] >= classes_;
      throw UserError(std::string(wrong_truth ? "truth" : "prediction") + " holds class " +
                      std::to_string(wrong_truth ? truth[i] : prediction[i]) + ", but there are only " +
                      std::to_string(classes_) + " classes (0 to " + std::to_string(classes_ - 1) +
                      "); correct the class list or the maps");
    }
    ++counts_[static_cast<size_t>(truth[i]) * static_cast<size_t>(classes_) + prediction[i]];
  }
}

void ConfusionMatrix::add(const ConfusionMatrix& other, int64_t times) {
  require(classes_ == other.classes_, "confusion matrices of different classes");
  for (size_t i = 0; i < counts_.size(); ++i) counts_[i] += times * other.counts_[i];
}

SegmentationScores segmentation_scores(const ConfusionMatrix& confusion) {
  const Margins sums = margins_of(confusion);
  SegmentationScores scores;
  Mean miou, present, accuracy;
  double weighted = 0;
  for (int c = 0; c < confusion.classes(); ++c) {
    const size_t i = static_cast<size_t>(c);
    const int64_t both = confusion.at(c, c);
    scores.iou.push_back(ratio(both, sums.truth[i] + sums.predicted[i] - both));
    scores.accuracy_per_class.push_back(ratio(both, sums.truth[i]));
    miou.add(scores.iou.back());
    accuracy.add(scores.accuracy_per_class.back());
    if (sums.truth[i] == 0) {
      scores.absent_classes.push_back(c);
    } else {
      present.add(scores.iou.back());
      weighted += ratio(sums.truth[i], sums.total) * scores.iou.back();
    }
  }
  scores.pixel_accuracy = ratio(sums.correct, sums.total);
  scores.miou = miou.value();
  scores.miou_present_only = present.value();
  scores.mean_accuracy = accuracy.value();
  scores.fwiou = sums.total == 0 ? kUndefined : weighted;
  return scores;
}

SegmentationReplicates bootstrap_segmentation(std::span<const ConfusionMatrix> images, int replicates) {
  require(!images.empty(), "a bootstrap needs at least one image");
  SegmentationReplicates out;
  for (int replicate = 0; replicate < replicates; ++replicate) {
    const std::vector<int32_t> counts =
        resample_counts(static_cast<int64_t>(images.size()), static_cast<uint32_t>(replicate));
    ConfusionMatrix sum(images.front().classes());
    for (size_t i = 0; i < images.size(); ++i) {
      if (counts[i] > 0) sum.add(images[i], counts[i]);
    }
    const SegmentationScores scores = segmentation_scores(sum);
    out.miou.push_back(scores.miou);
    out.pixel_accuracy.push_back(scores.pixel_accuracy);
  }
  return out;
}

}  // namespace sslbench
