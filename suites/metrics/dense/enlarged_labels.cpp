// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/dense/enlarged_labels.h"

#include <algorithm>
#include <limits>

#include "suites/ground/error.h"
#include "suites/ground/threads/row_blocks.h"
#include "suites/ground/vector_clones.h"

namespace sslbench {
namespace {

constexpr size_t kRowsAtOnce = 16;

// The two cells whose centres a pixel lies between, and the weight of each.
struct Between {
  size_t low = 0, high = 0;
  float near_low = 1, near_high = 0;
};

std::vector<Between> places(size_t cells, size_t pixels) {
  const float scale = static_cast<float>(cells) / static_cast<float>(pixels);
  std::vector<Between> out(pixels);
  for (size_t i = 0; i < pixels; ++i) {
    const float place = std::max(0.0f, scale * (static_cast<float>(i) + 0.5f) - 0.5f);
    Between& each = out[i];
    each.low = std::min(static_cast<size_t>(place), cells - 1);
    each.high = std::min(each.low + 1, cells - 1);
    each.near_high = std::min(1.0f, place - static_cast<float>(each.low));
    each.near_low = 1 - each.near_high;
  }
  return out;
}

// Pixels of a row between the same two cells, and their weights.
struct Run {
  size_t begin, end, low, high;
};

std::vector<Run> runs_of(const std::vector<Between>& columns) {
  std::vector<Run> out;
  for (size_t x = 0; x < columns.size(); ++x) {
    if (out.empty() || out.back().low != columns[x].low) out.push_back({x, x, columns[x].low, columns[x].high});
    out.back().end = x + 1;
  }
  return out;
}

// One class at pixels of a run: where it is larger than all before, it is taken.
SSLBENCH_VECTOR_CLONES
void take_larger(float low, float high, const float* near_low, const float* near_high, size_t count, int32_t label,
                 float* best, int32_t* labels) {
  for (size_t i = 0; i < count; ++i) {
    const float score = near_low[i] * low + near_high[i] * high;
    const bool larger = score > best[i];
    best[i] = larger ? score : best[i];
    labels[i] = larger ? label : labels[i];
  }
}

class Enlarging {
 public:
  Enlarging(const ScoreMap& map, size_t height, size_t width)
      : map_(map), rows_(places(map.height, height)), columns_(places(map.width, width)), runs_(runs_of(columns_)) {
    for (const Between& each : columns_) near_low_.push_back(each.near_low), near_high_.push_back(each.near_high);
  }

  // Of rows first <= y < last.
  void write(size_t first, size_t last, uint8_t* out) const {
    const size_t W = columns_.size();
    std::vector<float> row(map_.classes * map_.width), best(W);
    std::vector<int32_t> labels(W);
    for (size_t y = first; y < last; ++y) {
      blend(rows_[y], row.data());
      std::fill(best.begin(), best.end(), -std::numeric_limits<float>::infinity());
      std::fill(labels.begin(), labels.end(), 0);
      for (const Run& run : runs_) take(run, row.data(), best.data(), labels.data());
      std::transform(labels.begin(), labels.end(), out + y * W,
                     [](int32_t label) { return static_cast<uint8_t>(label); });
    }
  }

 private:
  // All classes' scores between two rows of cells.
  void blend(const Between& rows, float* out) const {
    for (size_t k = 0; k < map_.classes; ++k) {
      const float* of_class = map_.scores + k * map_.height * map_.width;
      const float *low = of_class + rows.low * map_.width, *high = of_class + rows.high * map_.width;
      for (size_t x = 0; x < map_.width; ++x) {
        out[k * map_.width + x] = rows.near_low * low[x] + rows.near_high * high[x];
      }
    }
  }
  void take(const Run& run, const float* row, float* best, int32_t* labels) const {
    for (size_t k = 0; k < map_.classes; ++k) {
      const float* of_class = row + k * map_.width;
      take_larger(of_class[run.low], of_class[run.high], &near_low_[run.begin], &near_high_[run.begin],
                  run.end - run.begin, static_cast<int32_t>(k), best + run.begin, labels + run.begin);
    }
  }

  ScoreMap map_;
  std::vector<Between> rows_, columns_;
  std::vector<Run> runs_;
  std::vector<float> near_low_, near_high_;
};

}  // namespace

std::vector<uint8_t> enlarged_labels(const ScoreMap& map, size_t height, size_t width, size_t threads) {
  require(map.classes >= 1 && map.classes <= std::numeric_limits<uint8_t>::max(), "1 to 255 classes");
  require(map.height > 0 && map.width > 0 && height > 0 && width > 0, "cells and pixels");
  const Enlarging enlarging(map, height, width);
  std::vector<uint8_t> out(height * width);
  for_row_blocks(height, kRowsAtOnce, threads,
                 [&](size_t first, size_t last) { enlarging.write(first, last, out.data()); });
  return out;
}

}  // namespace sslbench
