// SPDX-License-Identifier: Apache-2.0
// Where the time of some work goes, by LibTorch's own profiler (Kineto; CUPTI on a GPU) and without Python.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace sslbench {

// One name's calls: of kernels and copies on a GPU, of operators without those that they call on a CPU.
struct NamedTime {
  std::string name;
  int64_t calls = 0;
  double milliseconds = 0;
};

struct KernelTimes {
  std::vector<NamedTime> names;     // longest first
  int64_t launches = 0, waits = 0;  // that the host made: kernels started; calls that let it wait
  double milliseconds() const;      // of all names
};

// Of one call of `work`, which must wait for its own end on a GPU; what it queues before is not counted.
KernelTimes kernel_times(at::Device device, const std::function<void()>& work);

// What a kernel or operator of that name does: "convolution", "matrix product", "batch norm", ... or "other".
std::string class_of_kernel(const std::string& name);

}  // namespace sslbench
