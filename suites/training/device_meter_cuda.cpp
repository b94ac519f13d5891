// SPDX-License-Identifier: Apache-2.0
// The CUDA side of suites/training/device_meter.h.
#include <ATen/cuda/CUDAEvent.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <cuda_runtime_api.h>
#include <dlfcn.h>

#include <cstdio>

#include "suites/training/device_meter.h"

namespace sslbench {
namespace {

int64_t peak_bytes(int device) {
  return c10::cuda::CUDACachingAllocator::getDeviceStats(static_cast<c10::DeviceIndex>(device)).allocated_bytes[0].peak;
}

void reset_peak(int device) { c10::cuda::CUDACachingAllocator::resetPeakStats(static_cast<c10::DeviceIndex>(device)); }

void synchronize(int device) {
  const c10::cuda::CUDAGuard guard(static_cast<c10::DeviceIndex>(device));
  C10_CUDA_CHECK(cudaDeviceSynchronize());
}

void forbid_waiting(bool forbidden) {
  using Mode = c10::cuda::SyncDebugMode;
  c10::cuda::warning_state().set_sync_debug_mode(forbidden ? Mode::L_ERROR : Mode::L_DISABLED);
}

// NVML without its header: functions of its C interface, looked up once. The device is matched by PCI bus id, since
// NVML and CUDA number devices differently.
using NvmlDevice = void*;

template <class Function>
Function nvml(const char* name) {
  static void* const library = dlopen("libnvidia-ml.so.1", RTLD_NOW);
  return library == nullptr ? nullptr : reinterpret_cast<Function>(dlsym(library, name));
}

// Null without NVML.
NvmlDevice nvml_device(int device) {
  static const auto init = nvml<int (*)()>("nvmlInit_v2");
  static const auto by_bus = nvml<int (*)(const char*, NvmlDevice*)>("nvmlDeviceGetHandleByPciBusId_v2");
  static const bool ready = init != nullptr && by_bus != nullptr && init() == 0;
  char bus[32] = "";
  NvmlDevice handle = nullptr;
  if (!ready || cudaDeviceGetPCIBusId(bus, sizeof bus, device) != cudaSuccess) return nullptr;
  return by_bus(bus, &handle) == 0 ? handle : nullptr;
}

double energy_joules(int device) {
  static const auto energy = nvml<int (*)(NvmlDevice, unsigned long long*)>("nvmlDeviceGetTotalEnergyConsumption");
  const NvmlDevice handle = nvml_device(device);
  unsigned long long millijoules = 0;
  if (handle == nullptr || energy == nullptr || energy(handle, &millijoules) != 0) return -1;
  return static_cast<double>(millijoules) * 1e-3;
}

// Asked with room for none, NVML tells how many there are and that they found no room.
int64_t processes(int device) {
  constexpr int kSuccess = 0, kTooSmall = 7;
  static const auto running = nvml<int (*)(NvmlDevice, unsigned*, void*)>("nvmlDeviceGetComputeRunningProcesses_v3");
  const NvmlDevice handle = nvml_device(device);
  unsigned count = 0;
  if (handle == nullptr || running == nullptr) return -1;
  const int answer = running(handle, &count, nullptr);
  return answer == kSuccess || answer == kTooSmall ? static_cast<int64_t>(count) : -1;
}

double stream_milliseconds(int device, void (*work)(void*), void* argument) {
  const c10::cuda::CUDAGuard guard(static_cast<c10::DeviceIndex>(device));
  at::cuda::CUDAEvent begin(cudaEventDefault), end(cudaEventDefault);
  begin.record();
  work(argument);
  end.record();
  end.synchronize();
  return begin.elapsed_time(end);
}

void describe(int device, char* text, int64_t size) {
  cudaDeviceProp properties{};
  int driver = 0, runtime = 0;
  if (cudaGetDeviceProperties(&properties, device) != cudaSuccess) return;
  cudaDriverGetVersion(&driver);
  cudaRuntimeGetVersion(&runtime);
  std::snprintf(text, static_cast<size_t>(size), "%s, %.0f GiB, driver CUDA %d.%d, runtime CUDA %d.%d", properties.name,
                static_cast<double>(properties.totalGlobalMem) / (1 << 30), driver / 1000, driver % 1000 / 10,
                runtime / 1000, runtime % 1000 / 10);
}

constexpr DeviceMeter kMeter{peak_bytes,    reset_peak, synchronize,         forbid_waiting,
                             energy_joules, processes,  stream_milliseconds, describe};

}  // namespace

}  // namespace sslbench

extern "C" const sslbench::DeviceMeter* sslbench_device_meter() { return &sslbench::kMeter; }
