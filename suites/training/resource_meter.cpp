// SPDX-License-Identifier: Apache-2.0
#include "suites/training/resource_meter.h"

#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "suites/ground/wall_clock.h"
#include "suites/training/device_meter.h"
#include "suites/training/meters/cpu_allocator.h"

namespace sslbench {
namespace {

// Linux: writing 5 resets the high-water mark of the resident set (VmHWM).
void reset_peak_process() { std::ofstream("/proc/self/clear_refs") << "5"; }

int64_t peak_process() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoll(line.substr(6)) * 1024;
  }
  return 0;
}

}  // namespace

double cpu_clock() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Resources operator+(const Resources& a, const Resources& b) {
  const bool metered = a.energy_joules >= 0 || b.energy_joules >= 0;
  const bool shared = a.energy_joules == kSharedDevice || b.energy_joules == kSharedDevice;
  return {a.wall_seconds + b.wall_seconds,
          a.cpu_seconds + b.cpu_seconds,
          std::max(a.peak_process_bytes, b.peak_process_bytes),
          std::max(a.peak_tensor_bytes, b.peak_tensor_bytes),
          std::max(a.peak_device_bytes, b.peak_device_bytes),
          shared    ? kSharedDevice
          : metered ? std::max(0.0, a.energy_joules) + std::max(0.0, b.energy_joules)
                    : -1};
}

ResourceMeter::ResourceMeter(int device) : device_(device), wall_start_(wall_clock()), cpu_start_(cpu_clock()) {
  empty_tensor_cache();
  reset_peak_process();
  reset_peak_tensor_bytes();
  if (device_ >= 0) {
    device_meter()->reset_peak(device_);
    energy_start_ = device_meter()->energy_joules(device_);
    shared();
  }
}

// The meter is the whole board's: what neighbours use is not told apart.
bool ResourceMeter::shared() const {
  shared_ = shared_ || device_meter()->processes(device_) > 1;
  return shared_;
}

Resources ResourceMeter::read() const {
  Resources out;
  if (device_ >= 0) {
    device_meter()->synchronize(device_);
    out.peak_device_bytes = device_meter()->peak_bytes(device_);
    const double energy = device_meter()->energy_joules(device_);
    if (energy >= 0 && energy_start_ >= 0) out.energy_joules = shared() ? kSharedDevice : energy - energy_start_;
  }
  out.wall_seconds = wall_clock() - wall_start_;
  out.cpu_seconds = cpu_clock() - cpu_start_;
  out.peak_process_bytes = peak_process();
  out.peak_tensor_bytes = peak_tensor_bytes();
  return out;
}

}  // namespace sslbench
