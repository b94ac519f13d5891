// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace sslbench {

// Pixels handled together: inner loops have this fixed length, so that -O2 turns them into vector instructions.
inline constexpr int kLanes = 16;

// Float picture of three planes whose rows are padded to a multiple of kLanes. Scratch: resize() keeps its memory, so a
// thread that renders views of one size allocates once.
class Planes {
 public:
  // The padding of every row becomes 0; pixels are unset.
  void resize(int height, int width) {
    height_ = height, width_ = width;
    stride_ = (width + kLanes - 1) / kLanes * kLanes;
    values_.resize(3 * plane_size());
    clear_padding();
  }
  // Sums over whole rows count on it; an operation that makes light out of black calls this at its end.
  void clear_padding() {
    if (stride_ == width_) return;
    for (int row_number = 0; row_number < 3 * height_; ++row_number) {
      float* start = values_.data() + static_cast<size_t>(row_number) * static_cast<size_t>(stride_);
      for (int x = width_; x < stride_; ++x) start[x] = 0.f;
    }
  }
  int height() const { return height_; }
  int width() const { return width_; }
  int stride() const { return stride_; }
  size_t plane_size() const { return static_cast<size_t>(height_) * static_cast<size_t>(stride_); }
  float* plane(int channel) { return values_.data() + static_cast<size_t>(channel) * plane_size(); }
  const float* plane(int channel) const { return values_.data() + static_cast<size_t>(channel) * plane_size(); }
  float* row(int channel, int y) { return plane(channel) + static_cast<size_t>(y) * static_cast<size_t>(stride_); }
  const float* row(int channel, int y) const {
    return plane(channel) + static_cast<size_t>(y) * static_cast<size_t>(stride_);
  }

 private:
  int height_ = 0, width_ = 0, stride_ = 0;
  std::vector<float> values_;
};

}  // namespace sslbench
