// SPDX-License-Identifier: Apache-2.0
#include "suites/training/meters/throughput.h"

#include <algorithm>

#include "suites/ground/wall_clock.h"

namespace sslbench {
namespace {

constexpr double kWindowSeconds = 0.5;
constexpr int64_t kSetupSteps = 2;

}  // namespace

Throughput::Throughput() : window_start_(wall_clock()) {}

void Throughput::step(int64_t images) {
  const double now = wall_clock();
  if (++steps_ <= kSetupSteps) {
    setup_seconds_ += now - window_start_;
    window_start_ = now;
    return;
  }
  images_ += images;
  if (now - window_start_ < kWindowSeconds) return;
  windows_.push_back(static_cast<double>(images_) / (now - window_start_));
  window_start_ = now;
  images_ = 0;
}

bool Throughput::in_setup() const { return steps_ < kSetupSteps; }

double Throughput::median() const {
  if (windows_.empty()) return 0;
  std::vector<double> sorted = windows_;
  const auto middle = sorted.begin() + static_cast<int64_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  if (sorted.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(sorted.begin(), middle)) / 2;
}

}  // namespace sslbench
