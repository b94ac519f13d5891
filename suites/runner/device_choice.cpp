// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/device_choice.h"

#include <dlfcn.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <set>
#include <sstream>
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

// Bytes of memory of a device; 0 when the driver does not say.
int64_t device_bytes(int index) {
  void* driver = ::dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (driver == nullptr) return 0;
  const auto get = reinterpret_cast<int (*)(int*, int)>(::dlsym(driver, "cuDeviceGet"));
  const auto total = reinterpret_cast<int (*)(size_t*, int)>(::dlsym(driver, "cuDeviceTotalMem_v2"));
  int device = 0;
  size_t bytes = 0;
  if (get == nullptr || total == nullptr || get(&device, index) != 0 || total(&bytes, device) != 0) return 0;
  return static_cast<int64_t>(bytes);
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

std::vector<int> device_numbers(const std::string& list) {
  constexpr int kMost = 1024;
  std::set<int> out;
  std::istringstream parts(list);
  for (std::string part; std::getline(parts, part, ',');) {
    int first = -1, last = -1;
    const char *begin = part.data(), *end = begin + part.size();
    auto [rest, error] = std::from_chars(begin, end, first);
    last = first;
    if (error == std::errc() && rest != end && *rest == '-') {
      const auto [after, wrong] = std::from_chars(rest + 1, end, last);
      rest = after, error = wrong;
    }
    if (error != std::errc() || rest != end || first < 0 || last < first || last >= kMost) {
      throw UserError("--devices: expected numbers of GPUs such as 0-3 or 0,2, got '" + list + "'");
    }
    for (int i = first; i <= last; ++i) out.insert(i);
  }
  if (out.empty()) throw UserError("--devices: names no GPU");
  return {out.begin(), out.end()};
}

std::vector<Device> choose_devices(const std::string& list) {
  std::vector<Device> out;
  for (const int index : device_numbers(list)) {
    const std::string reason = why_not_cuda(index);
    if (!reason.empty()) throw UserError("--devices " + list + ": " + reason);
    out.push_back({"cuda:" + std::to_string(index), device_bytes(index)});
  }
  return out;
}

int64_t device_memory(const std::string& device) {
  const std::optional<std::string> gpu = named_gpu(device);
  return gpu ? device_bytes(std::stoi(gpu->substr(5))) : 0;
}

std::optional<std::string> named_gpu(const std::string& text) {
  const std::string number = text.starts_with("cuda:") ? text.substr(5) : text == "cuda" ? "0" : "";
  const bool digits = !number.empty() && number.size() <= 3 &&
                      std::all_of(number.begin(), number.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  return digits ? std::optional("cuda:" + number) : std::nullopt;
}

std::string choose_device(const std::string& asked) {
  if (asked == "cpu") return asked;
  if (asked == "auto") return why_not_cuda(0).empty() ? "cuda:0" : "cpu";
  const std::optional<std::string> gpu = named_gpu(asked);
  if (!gpu) throw UserError("--device: expected auto, cpu, cuda or cuda:<i>, got '" + asked + "'");
  const std::string reason = why_not_cuda(std::stoi(gpu->substr(5)));
  if (!reason.empty()) throw UserError("--device " + asked + ": " + reason);
  return *gpu;
}

}  // namespace sslbench
