// SPDX-License-Identifier: Apache-2.0
#include "tests/lab/kernel_times.h"

#include <torch/csrc/autograd/profiler_kineto.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace sslbench {
namespace {

namespace profiler = torch::autograd::profiler;
namespace profiled = torch::profiler::impl;
using Events = std::vector<profiler::KinetoEvent>;

bool starts(const std::string& name, std::initializer_list<const char*> beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(), [&](const char* each) { return name.starts_with(each); });
}

void add(std::map<std::string, NamedTime>& times, const std::string& name, double nanoseconds) {
  NamedTime& time = times[name];
  time.name = name;
  ++time.calls;
  time.milliseconds += nanoseconds / 1e6;
}

// Operators call operators on the same thread: each one's own time is what its children leave.
std::map<std::string, NamedTime> of_cpu(const Events& events) {
  std::vector<const profiler::KinetoEvent*> sorted;
  for (const auto& event : events) {
    if (event.deviceType() == c10::DeviceType::CPU) sorted.push_back(&event);
  }
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
    return std::make_tuple(a->startThreadId(), a->startNs(), b->endNs()) <
           std::make_tuple(b->startThreadId(), b->startNs(), a->endNs());
  });
  std::map<std::string, NamedTime> times;
  std::vector<const profiler::KinetoEvent*> open;
  for (const auto* event : sorted) {
    while (!open.empty() &&
           (open.back()->startThreadId() != event->startThreadId() || open.back()->endNs() <= event->startNs())) {
      open.pop_back();
    }
    add(times, event->name(), static_cast<double>(event->durationNs()));
    if (!open.empty()) times[open.back()->name()].milliseconds -= static_cast<double>(event->durationNs()) / 1e6;
    open.push_back(event);
  }
  return times;
}

std::map<std::string, NamedTime> of_gpu(const Events& events) {
  std::map<std::string, NamedTime> times;
  for (const auto& event : events) {
    if (event.deviceType() == c10::DeviceType::CUDA) add(times, event.name(), static_cast<double>(event.durationNs()));
  }
  return times;
}

// Part of a name, class. The first that is found; cuDNN's and cuBLAS's names say what they do and little else.
constexpr auto kClasses = std::to_array<std::pair<const char*, const char*>>({
    {"memcpy", "copy"},
    {"memset", "fill"},
    {"flash", "attention"},
    {"fmha", "attention"},
    {"attention", "attention"},
    {"layer_norm", "layer norm"},
    {"layernorm", "layer norm"},
    {"batch_norm", "batch norm"},
    {"batchnorm", "batch norm"},
    {"bn_", "batch norm"},
    {"norm_act", "batch norm"},
    {"conv", "convolution"},
    {"fprop", "convolution"},
    {"dgrad", "convolution"},
    {"wgrad", "convolution"},
    {"gemm", "matrix product"},
    {"nvjet", "matrix product"},
    {"cutlass", "matrix product"},
    {"addmm", "matrix product"},
    {"::mm", "matrix product"},
    {"::bmm", "matrix product"},
    {"multi_tensor", "optimizer"},
    {"fused_", "optimizer"},
    {"foreach", "optimizer"},
    {"softmax", "softmax"},
    {"pool", "pooling"},
    {"reduce", "reduction"},
    {"elementwise", "elementwise"},
    {"gelu", "gelu"},
    {"relu", "relu"},
    {"threshold", "relu"},
    {"aten::clamp_min", "relu"},
    {"aten::copy_", "copy"},
    {"aten::cat", "copy"},
    {"aten::gather", "copy"},
    {"aten::add", "elementwise"},
    {"aten::mul", "elementwise"},
    {"aten::div", "elementwise"},
    {"aten::lerp", "elementwise"},
    {"aten::sum", "reduction"},
});

}  // namespace

double KernelTimes::milliseconds() const {
  double out = 0;
  for (const NamedTime& time : names) out += time.milliseconds;
  return out;
}

KernelTimes kernel_times(at::Device device, const std::function<void()>& work) {
  const profiled::ProfilerConfig config(profiled::ProfilerState::KINETO);
  std::set<profiled::ActivityType> kinds{profiled::ActivityType::CPU};
  if (device.is_cuda()) kinds.insert(profiled::ActivityType::CUDA);
  profiler::prepareProfiler(config, kinds);
  profiler::enableProfiler(config, kinds);
  work();
  const auto result = profiler::disableProfiler();
  const Events& events = result->events();
  KernelTimes out;
  for (const auto& event : events) {
    const std::string name = event.name();
    if (starts(name, {"cudaLaunchKernel", "cuLaunchKernel", "cudaGraphLaunch"})) ++out.launches;
    if (name == "cudaMemcpy" ||
        starts(name, {"cudaStreamSynchronize", "cudaDeviceSynchronize", "cudaEventSynchronize"}))
      ++out.waits;
  }
  for (auto& [name, time] : device.is_cuda() ? of_gpu(events) : of_cpu(events)) out.names.push_back(time);
  std::sort(out.names.begin(), out.names.end(),
            [](const NamedTime& a, const NamedTime& b) { return a.milliseconds > b.milliseconds; });
  return out;
}

std::string class_of_kernel(const std::string& name) {
  std::string lower = name;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  for (const auto& [part, name_of_class] : kClasses) {
    if (lower.find(part) != std::string::npos) return name_of_class;
  }
  return "other";
}

}  // namespace sslbench
