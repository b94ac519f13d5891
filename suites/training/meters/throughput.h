// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace sslbench {

// Source images per second: the median over windows of at least half a second, the first two steps after a start apart.
class Throughput {
 public:
  Throughput();
  // One optimizer step on `images` images has ended.
  void step(int64_t images);
  // The last `seconds` were none of training's.
  void leave_out(double seconds) { window_start_ += seconds; }
  // Whether the next step that ends belongs to set-up.
  bool in_setup() const;
  double median() const;  // 0 before the first window is full
  double setup_seconds() const { return setup_seconds_; }

  // Windows so far (images/s), to go on after an interruption.
  const std::vector<double>& windows() const { return windows_; }
  void restore(std::vector<double> windows) { windows_ = std::move(windows); }

 private:
  int64_t steps_ = 0, images_ = 0;
  double window_start_, setup_seconds_ = 0;
  std::vector<double> windows_;
};

}  // namespace sslbench
