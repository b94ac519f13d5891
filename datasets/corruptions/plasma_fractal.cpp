// SPDX-License-Identifier: Apache-2.0
#include "datasets/corruptions/plasma_fractal.h"

#include <algorithm>

namespace sslbench {
namespace {

class Plasma {
 public:
  Plasma(int size, const std::vector<double>& uniform)
      : size_(size), map_(static_cast<size_t>(size) * static_cast<size_t>(size)), uniform_(uniform) {}

  std::vector<double> make(double decay) {
    double wibble = 100;
    for (int step = size_; step >= 2; step /= 2, wibble /= decay) {
      fill_squares(step, wibble);
      fill_diamonds(step, wibble);
    }
    const auto [low, high] = std::minmax_element(map_.begin(), map_.end());
    const double least = *low, range = *high - *low;
    for (double& value : map_) value = range > 0 ? (value - least) / range : 0;
    return std::move(map_);
  }

 private:
  double& at(int y, int x) {
    return map_[static_cast<size_t>((y + size_) % size_) * static_cast<size_t>(size_) +
                static_cast<size_t>((x + size_) % size_)];
  }
  double wibbled(double sum, double wibble) { return sum / 4 + wibble * (-wibble + 2 * wibble * uniform_.at(used_++)); }

  // The middle of every square, from its corners.
  void fill_squares(int step, double wibble) {
    for (int y = 0; y < size_; y += step) {
      for (int x = 0; x < size_; x += step) {
        const double sum = at(y, x) + at(y + step, x) + at(y, x + step) + at(y + step, x + step);
        at(y + step / 2, x + step / 2) = wibbled(sum, wibble);
      }
    }
  }
  // The middles of its sides: first those of upper sides, then those of left ones.
  void fill_diamonds(int step, double wibble) {
    const int half = step / 2;
    for (int y = 0; y < size_; y += step) {
      for (int x = 0; x < size_; x += step) {
        const double sum = at(y + half, x + half) + at(y - half, x + half) + at(y, x) + at(y, x + step);
        at(y, x + half) = wibbled(sum, wibble);
      }
    }
    for (int y = 0; y < size_; y += step) {
      for (int x = 0; x < size_; x += step) {
        const double sum = at(y + half, x + half) + at(y + half, x - half) + at(y, x) + at(y + step, x);
        at(y + half, x) = wibbled(sum, wibble);
      }
    }
  }

  int size_;
  std::vector<double> map_;
  const std::vector<double>& uniform_;
  size_t used_ = 0;
};

}  // namespace

std::vector<double> plasma_fractal(int size, double decay, const std::vector<double>& uniform) {
  return Plasma(size, uniform).make(decay);
}

}  // namespace sslbench
