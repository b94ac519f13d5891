// SPDX-License-Identifier: Apache-2.0
#include "suites/training/device_meter.h"

#include <ATen/Context.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

const DeviceMeter* loaded = nullptr;

// The same seed gives the same bits wherever LibTorch has such a kernel and offers it in this mode; its strict mode
// would end a run at an operation without one. (Left as it is, too: the gradient of fused attention over many tokens,
// which is repeatable in strict mode alone.) float32 means float32: cuDNN would round the inputs of convolutions to
// TF32.
void settle_arithmetic() {
  setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", /*overwrite=*/0);
  at::Context& context = at::globalContext();
  context.setDeterministicAlgorithms(true, /*warn_only=*/true);
  context.setDeterministicFillUninitializedMemory(false);
  context.setDeterministicCuDNN(true);
  context.setAllowTF32CuDNN(false);
  context.setAllowTF32CuBLAS(false);
}

}  // namespace

void load_cuda(int device) {
  if (dlopen("libcuda.so.1", RTLD_NOW | RTLD_GLOBAL) == nullptr) {
    throw UserError("device cuda: no NVIDIA driver on this machine (libcuda.so.1 is missing); use --device cpu");
  }
  const auto plugin = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "libsslbench_cuda.so";
  if (!std::filesystem::exists(plugin)) {
    throw UserError("device cuda: this build has no CUDA plugin (" + plugin.string() +
                    "); build where nvcc is on the PATH, after scripts/setup --cuda");
  }
  void* library = dlopen(plugin.c_str(), RTLD_NOW | RTLD_GLOBAL);
  if (library == nullptr) {
    throw UserError(std::string("device cuda: the plugin does not load (run scripts/setup --cuda): ") + dlerror());
  }
  auto* entry = reinterpret_cast<const DeviceMeter* (*)()>(dlsym(library, "sslbench_device_meter"));
  require(entry != nullptr, "libsslbench_cuda.so lacks sslbench_device_meter");
  const c10::DeviceIndex devices = at::detail::getCUDAHooks().deviceCount();
  if (device >= devices) {
    throw UserError("device cuda:" + std::to_string(device) + ": this machine has " + std::to_string(devices) +
                    " usable GPUs; use --device cpu or a smaller number");
  }
  settle_arithmetic();
  at::globalContext().lazyInitDevice(at::kCUDA);  // the allocator knows no device before
  loaded = entry();
}

const DeviceMeter* device_meter() { return loaded; }

}  // namespace sslbench
