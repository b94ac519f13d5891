// SPDX-License-Identifier: Apache-2.0
// golden [--device DEVICE] FILE-or-FOLDER...: checks golden cases of any registered operation on the CPU, or on a GPU
// (cuda, cuda:1); exit 1 when one fails or none is found.
#include <ATen/Parallel.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "suites/ground/error.h"
#include "suites/runner/device_choice.h"
#include "suites/training/device_meter.h"
#include "tests/golden/golden_check.h"
#include "tests/golden/golden_op.h"

namespace sslbench {
namespace {

struct Count {
  int64_t passed = 0, failed = 0;
};

Count check_all(const std::vector<std::string>& asked, at::Device device) {
  Count count;
  for (const std::string& path : asked) {
    if (!std::filesystem::exists(path)) {
      std::cout << "FAIL  " << path << ": no such file or folder\n";
      ++count.failed;
      continue;
    }
    for (const auto& file : golden_files_at(path)) {
      const GoldenResult result = check_golden(file, device);
      std::cout << (result.passed ? "pass  " : "FAIL  ") << result.line << "\n" << std::flush;
      ++(result.passed ? count.passed : count.failed);
    }
  }
  return count;
}

// Takes `--device DEVICE` out of the words; loads what that device needs.
at::Device take_device(std::vector<std::string>& words) {
  const auto option = std::find(words.begin(), words.end(), "--device");
  if (option == words.end()) return at::kCPU;
  if (option + 1 == words.end()) throw UserError("golden: --device needs a device: cpu, cuda or cuda:<i>");
  const at::Device device(choose_device(option[1]));
  words.erase(option, option + 2);
  if (device.is_cuda()) load_cuda(device.index());
  return device;
}

}  // namespace
}  // namespace sslbench

int main(int argc, char** argv) {
  at::set_num_threads(1);
  sslbench::add_score_goldens();
  std::vector<std::string> words(argv + 1, argv + argc);
  try {
    const at::Device device = sslbench::take_device(words);
    const sslbench::Count count = sslbench::check_all(words, device);
    if (count.passed + count.failed == 0) {
      std::cout << "no golden files; usage: golden [--device DEVICE] FILE-or-FOLDER...\n";
    }
    std::cout << count.passed << " passed, " << count.failed << " failed\n";
    return count.passed > 0 && count.failed == 0 ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 2;
  }
}
