// SPDX-License-Identifier: Apache-2.0
// What every part of the lab (scripts/gpu-lab) shares: where it runs, how a time is taken, and its rows: one JSON
// object a line on stdout, printed as soon as it is known.
#pragma once

#include <c10/core/Device.h>

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace sslbench {

// Where a part runs and how long it may. `tiny`: shapes of a dry run, whose figures mean nothing.
class Lab {
 public:
  Lab(std::string part, at::Device device, bool tiny, double seconds)
      : part_(std::move(part)), device_(device), tiny_(tiny), end_(Clock::now() + as_clock(seconds)) {}

  at::Device device() const { return device_; }
  bool tiny() const { return tiny_; }
  // The row of a case; `measure` fills it in. What it throws becomes the row's "failed"; a case that time does not
  // reach says so. Whoever reads the rows decides what that means.
  void row(const std::string& name, const std::function<void(nlohmann::json&)>& measure) const;
  // Another row of the same part, at once.
  void print(const std::string& name, nlohmann::json row) const;
  // Milliseconds of one call of `work` on the device: the median of five windows of so many calls that a window lasts a
  // third of a second, ten at most; [median, lowest, highest]. One call before them is set-up.
  std::vector<double> milliseconds(const std::function<void()>& work) const;
  // Of `calls` calls together, what happens on the device included.
  double window(int64_t calls, const std::function<void()>& work) const;

 private:
  using Clock = std::chrono::steady_clock;
  static Clock::duration as_clock(double seconds) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  }

  std::string part_;
  at::Device device_;
  bool tiny_;
  Clock::time_point end_;
};

// Of which at least one.
double median(std::vector<double> values);

void yardsticks(const Lab& lab);
void steps(const Lab& lab);
void classes(const Lab& lab);
void variants(const Lab& lab);
void operators(const Lab& lab);
void same_twice(const Lab& lab);

}  // namespace sslbench
