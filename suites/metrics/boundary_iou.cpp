// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>

#include "suites/ground/error.h"
#include "suites/metrics/segmentation.h"

namespace sslbench {
namespace {

constexpr uint8_t kIgnore = 255;

// Marks along one line of `length` labels, `stride` apart, those with at least `radius` equal labels on both sides.
void mark_inner(const uint8_t* label, uint8_t* inner, int length, int stride, int radius) {
  for (int start = 0; start < length;) {
    int end = start;
    while (end < length && label[end * stride] == label[start * stride]) ++end;
    for (int i = start + radius; i < end - radius; ++i) inner[i * stride] = 1;
    start = end;
  }
}

// Labels of the boundary pixels, kIgnore elsewhere. d erosions by 3x3 equal one by (2d+1)x(2d+1), which is separable: a
// pixel survives when its column neighbours within d have its label and survive along their rows.
std::vector<uint8_t> boundary_of(std::vector<uint8_t> labels, int height, int width, int radius) {
  std::vector<uint8_t> along_row(labels.size(), 0);
  for (int y = 0; y < height; ++y) mark_inner(&labels[y * width], &along_row[y * width], width, 1, radius);
  std::vector<uint8_t> core(labels.size());
  for (size_t i = 0; i < labels.size(); ++i) core[i] = along_row[i] ? labels[i] : kIgnore;
  std::vector<uint8_t> inner(labels.size(), 0);
  for (int x = 0; x < width; ++x) mark_inner(&core[x], &inner[x], height, width, radius);
  for (size_t i = 0; i < labels.size(); ++i) {
    if (inner[i] && core[i] != kIgnore) labels[i] = kIgnore;
  }
  return labels;
}

}  // namespace

BoundaryIou::BoundaryIou(int classes) : shared_(static_cast<size_t>(classes), 0), either_(shared_) {}

int BoundaryIou::radius(int height, int width) {
  return std::max(1, static_cast<int>(std::nearbyint(0.02 * std::hypot(height, width))));
}

void BoundaryIou::add(int height, int width, std::span<const uint8_t> truth, std::span<const uint8_t> prediction) {
  const size_t pixels = static_cast<size_t>(height) * static_cast<size_t>(width);
  require(height > 0 && width > 0 && truth.size() == pixels && prediction.size() == pixels, "maps of height x width");
  const int classes = static_cast<int>(shared_.size());
  ConfusionMatrix(classes).add(truth, prediction);  // checks the ids
  std::vector<uint8_t> found(prediction.begin(), prediction.end());
  for (size_t i = 0; i < pixels; ++i) {
    if (truth[i] == kIgnore) found[i] = kIgnore;
  }
  const int d = radius(height, width);
  const auto truth_edge = boundary_of({truth.begin(), truth.end()}, height, width, d);
  const auto found_edge = boundary_of(std::move(found), height, width, d);
  for (size_t i = 0; i < pixels; ++i) {
    if (truth_edge[i] != kIgnore) ++either_[truth_edge[i]];
    if (found_edge[i] == kIgnore) continue;
    if (found_edge[i] == truth_edge[i]) {
      ++shared_[found_edge[i]];
    } else {
      ++either_[found_edge[i]];
    }
  }
}

std::vector<double> BoundaryIou::iou() const {
  std::vector<double> out;
  for (size_t c = 0; c < shared_.size(); ++c) {
    out.push_back(either_[c] == 0 ? std::numeric_limits<double>::quiet_NaN()
                                  : static_cast<double>(shared_[c]) / static_cast<double>(either_[c]));
  }
  return out;
}

double BoundaryIou::mean() const {
  double sum = 0;
  int defined = 0;
  for (const double value : iou()) {
    if (std::isnan(value)) continue;
    sum += value;
    ++defined;
  }
  return defined == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / defined;
}

}  // namespace sslbench
