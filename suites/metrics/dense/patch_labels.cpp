// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/dense/patch_labels.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

constexpr uint8_t kVoid = 255;

}  // namespace

PatchLabels patch_labels(std::span<const uint8_t> mask, const PatchGrid& grid, int classes, VoidPixels policy) {
  require(mask.size() == grid.pixels() && classes > 0 && classes <= kVoid, "a mask of the grid's pixels");
  const auto C = static_cast<size_t>(classes);
  PatchLabels out{{grid.patches(), C, std::vector<double>(grid.patches() * C)}, {}};
  for (size_t i = 0; i < mask.size(); ++i) {
    if (mask[i] == kVoid && policy == VoidPixels::exclude) continue;
    const size_t label = mask[i] == kVoid ? 0 : mask[i];
    if (label >= C) {
      throw UserError("a mask holds class " + std::to_string(label) + ", but there are only " + std::to_string(C) +
                      " classes (0 to " + std::to_string(C - 1) + "); correct the class list or the mask");
    }
    const size_t row = i / grid.side() / grid.patch, column = i % grid.side() / grid.patch;
    out.share.at(row * grid.grid + column, label) += 1;
  }
  for (size_t p = 0; p < out.share.rows; ++p) {
    const std::span<double> counts = out.share.row(p);
    const double pixels = std::accumulate(counts.begin(), counts.end(), 0.0);
    for (double& count : counts) count /= std::max(pixels, 1.0);
    out.kept.push_back(pixels > 0);
  }
  return out;
}

std::vector<double> patch_scores(const Matrix& share) {
  std::vector<double> patches_with(share.columns), out(share.rows);
  for (size_t p = 0; p < share.rows; ++p) {
    for (size_t c = 0; c < share.columns; ++c) patches_with[c] += share.at(p, c) > 0 ? 1 : 0;
  }
  for (size_t p = 0; p < share.rows; ++p) {
    for (size_t c = 0; c < share.columns; ++c) out[p] += share.at(p, c) > 0 ? patches_with[c] : 0;
  }
  return out;
}

std::vector<int64_t> rarest_patches(std::span<const double> scores, std::span<const float> uniform, size_t count) {
  require(scores.size() == uniform.size() && count <= scores.size(), "a uniform number for every patch");
  std::vector<float> key;
  for (size_t p = 0; p < scores.size(); ++p) key.push_back(static_cast<float>(scores[p]) * uniform[p]);
  std::vector<int64_t> order(scores.size());
  std::iota(order.begin(), order.end(), int64_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](int64_t a, int64_t b) { return key[static_cast<size_t>(a)] < key[static_cast<size_t>(b)]; });
  order.resize(count);
  return order;
}

}  // namespace sslbench
