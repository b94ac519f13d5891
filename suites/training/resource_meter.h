// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace sslbench {

// As energy: other processes used the device, too, and its meter does not tell them apart.
inline constexpr double kSharedDevice = -2;

struct Resources {
  double wall_seconds = 0, cpu_seconds = 0;  // CPU: user and system time of all threads of this process
  int64_t peak_process_bytes = 0;            // resident set
  int64_t peak_tensor_bytes = 0;             // exact
  int64_t peak_device_bytes = -1;            // -1: no device
  double energy_joules = -1;                 // -1: no meter; kSharedDevice
};

// What two parts of one stage cost together: times and energy add up, peaks are the larger. Of a device that was shared
// for a part the whole's energy is not known.
Resources operator+(const Resources& a, const Resources& b);

// What a stage costs, from construction to read(). Construction resets the peaks, after it gave back what earlier
// stages left in the cache: so the peak of a protocol does not depend on the method before it.
class ResourceMeter {
 public:
  // device: CUDA device number, or -1.
  explicit ResourceMeter(int device);
  // Energy counts while the device is this process's alone, at every read and at the start.
  Resources read() const;

 private:
  bool shared() const;

  int device_;
  mutable bool shared_ = false;  // seen so far
  double wall_start_, cpu_start_, energy_start_ = -1;
};

double cpu_clock();  // user + system seconds of this process

}  // namespace sslbench
