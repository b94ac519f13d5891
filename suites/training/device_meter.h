// SPDX-License-Identifier: Apache-2.0
// What only a GPU has: its memory, its clock, its energy. Filled in by the CUDA plugin when it is loaded.
#pragma once

#include <cstdint>
#include <string>

namespace sslbench {

// Entry points of libsslbench_cuda.so; the struct crosses the library border, so it is plain C.
struct DeviceMeter {
  int64_t (*peak_bytes)(int device);  // of the caching allocator since the last reset
  void (*reset_peak)(int device);
  void (*synchronize)(int device);
  // From now on an operation that lets the host wait for a GPU throws c10::Error, or does not; of the whole process.
  void (*forbid_waiting)(bool forbidden);
  double (*energy_joules)(int device);  // total since driver load, -1 without NVML
  int64_t (*processes)(int device);     // that compute on it, this one included, as NVML sees them; -1 without NVML
  // Milliseconds that the current stream took for `work`.
  double (*stream_milliseconds)(int device, void (*work)(void*), void* argument);
  // Description of the device: name, memory, driver and runtime version; into `text`, at most `size` bytes.
  void (*describe)(int device, char* text, int64_t size);
};

// Loads driver and plugin (beside the program) and initialises CUDA; from then on the process asks LibTorch for
// deterministic kernels and float32 without TF32. Call before anything asks LibTorch whether CUDA is there. UserError
// with one clear line when there is no driver, no plugin, no usable device or none of that number.
void load_cuda(int device);

// The loaded plugin's entry points, or null when no GPU is in use.
const DeviceMeter* device_meter();

}  // namespace sslbench
