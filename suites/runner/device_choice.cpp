// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/device_choice.h"

#include <dlfcn.h>

#include <algorithm>
#include <cctype>
#include <system_error>

#include "suites/ground/error.h"
#include "suites/runner/programs.h"

namespace sslbench {
namespace {

// Devices that the driver reports (CUDA driver API: cuInit, cuDeviceGetCount; 0 = success), 0 when it fails.
int device_count(void* driver) {
  const auto init = reinterpret_cast<int (*)(unsigned)>(::dlsym(driver, "cuInit"));
  const auto count = reinterpret_cast<int (*)(int*)>(::dlsym(driver, "cuDeviceGetCount"));
  int devices = 0;
  if (init == nullptr || count == nullptr || init(0) != 0 || count(&devices) != 0) return 0;
  return devices;
}

// "" when device `index` can be used, else the reason.
std::string why_not_cuda(int index) {
  void* driver = ::dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (driver == nullptr) return "no NVIDIA driver on this machine (libcuda.so.1 is missing); use --device cpu";
  const std::filesystem::path plugin = program_folder() / "libsslbench_cuda.so";
  std::error_code ignored;
  if (!std::filesystem::exists(plugin, ignored)) {
    return "this build has no CUDA plugin (" + plugin.string() +
           "); build where nvcc is on the PATH, after scripts/setup --cuda, or use --device cpu";
  }
  const int devices = device_count(driver);
  if (index < devices) return "";
  return "this machine has " + std::to_string(devices) + " usable GPUs; use --device cpu or a smaller number";
}

}  // namespace

std::string choose_device(const std::string& asked) {
  if (asked == "cpu") return asked;
  if (asked == "auto") return why_not_cuda(0).empty() ? "cuda:0" : "cpu";
  const std::string number = asked.starts_with("cuda:") ? asked.substr(5) : asked == "cuda" ? "0" : "";
  const bool digits = !number.empty() && number.size() <= 3 &&
                      std::all_of(number.begin(), number.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  if (!digits) throw UserError("--device: expected auto, cpu, cuda or cuda:<i>, got '" + asked + "'");
  const std::string reason = why_not_cuda(std::stoi(number));
  if (!reason.empty()) throw UserError("--device " + asked + ": " + reason);
  return "cuda:" + number;
}

}  // namespace sslbench
