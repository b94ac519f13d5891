// SPDX-License-Identifier: Apache-2.0
// golden FILE-or-FOLDER...: checks golden cases of any registered operation; exit 1 when one fails or none is found.
#include <ATen/Parallel.h>

#include <filesystem>
#include <iostream>

#include "tests/golden/golden_check.h"
#include "tests/golden/golden_op.h"

int main(int argc, char** argv) {
  at::set_num_threads(1);
  sslbench::add_score_goldens();
  int64_t passed = 0, failed = 0;
  for (int i = 1; i < argc; ++i) {
    const std::filesystem::path asked = argv[i];
    if (!std::filesystem::exists(asked)) {
      std::cout << "FAIL  " << asked.string() << ": no such file or folder\n";
      ++failed;
      continue;
    }
    for (const auto& file : sslbench::golden_files_at(asked)) {
      const sslbench::GoldenResult result = sslbench::check_golden(file);
      std::cout << (result.passed ? "pass  " : "FAIL  ") << result.line << "\n" << std::flush;
      ++(result.passed ? passed : failed);
    }
  }
  if (passed + failed == 0) std::cout << "no golden files; usage: golden FILE-or-FOLDER...\n";
  std::cout << passed << " passed, " << failed << " failed\n";
  return passed > 0 && failed == 0 ? 0 : 1;
}
