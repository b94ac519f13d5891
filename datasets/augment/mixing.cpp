// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/mixing.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace sslbench {
namespace {

// In (0, 1).
double open_uniform(RandomStream& stream) { return (static_cast<double>(stream.bits()) + 0.5) / 4294967296.0; }

double draw_normal(RandomStream& stream) {
  const double radius = std::sqrt(-2 * std::log(open_uniform(stream)));
  return radius * std::cos(2 * std::numbers::pi * open_uniform(stream));
}

// Logarithm of a Gamma(alpha, 1) variate: Marsaglia and Tsang 2000; below 1 by Gamma(alpha + 1) U^(1 / alpha), whose
// logarithm stays finite where the value itself underflows.
double draw_log_gamma(double alpha, RandomStream& stream) {
  if (alpha < 1) return draw_log_gamma(alpha + 1, stream) + std::log(open_uniform(stream)) / alpha;
  const double d = alpha - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = draw_normal(stream), cube = std::pow(1 + c * x, 3);
    if (cube <= 0) continue;
    if (std::log(open_uniform(stream)) < 0.5 * x * x + d - d * cube + d * std::log(cube)) return std::log(d * cube);
  }
}

}  // namespace

double draw_beta(double alpha, RandomStream& stream) {
  const double first = draw_log_gamma(alpha, stream), second = draw_log_gamma(alpha, stream);
  return 1 / (1 + std::exp(second - first));
}

MixingChoice draw_mixing(const MixingRecipe& recipe, int size, RandomStream stream) {
  MixingChoice out;
  if (!recipe.any()) return out;
  out.pasted = recipe.cutmix > 0 && (recipe.mixup <= 0 || stream.below(2) == 1);
  const double share = draw_beta(static_cast<double>(out.pasted ? recipe.cutmix : recipe.mixup), stream);
  out.share = static_cast<float>(share);
  if (!out.pasted) return out;
  const int x = static_cast<int>(stream.below(static_cast<uint32_t>(size)));
  const int y = static_cast<int>(stream.below(static_cast<uint32_t>(size)));
  const int half = static_cast<int>(0.5 * std::sqrt(1 - share) * size);
  const int left = std::max(0, x - half), right = std::min(size, x + half);
  const int top = std::max(0, y - half), bottom = std::min(size, y + half);
  const auto side = static_cast<float>(size);
  out.share = 1 - static_cast<float>((right - left) * (bottom - top)) / (side * side);
  out.left = static_cast<float>(left) / side, out.right = static_cast<float>(right) / side;
  out.top = static_cast<float>(top) / side, out.bottom = static_cast<float>(bottom) / side;
  return out;
}

void mix_views(const MixingChoice& choice, int size, const float* other, float* own) {
  const auto row = static_cast<size_t>(size) * 3;
  if (!choice.pasted) {
    for (size_t i = 0; i < row * static_cast<size_t>(size); ++i) own[i] = mixed(own[i], other[i], choice.share);
    return;
  }
  const auto pixel = [&](float share) { return static_cast<size_t>(std::lround(share * static_cast<float>(size))); };
  for (size_t y = pixel(choice.top); y < pixel(choice.bottom); ++y) {
    const size_t first = y * row + 3 * pixel(choice.left), last = y * row + 3 * pixel(choice.right);
    std::copy(other + first, other + last, own + first);
  }
}

}  // namespace sslbench
