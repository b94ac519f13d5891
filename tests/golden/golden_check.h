// SPDX-License-Identifier: Apache-2.0
// Whether our code computes what a golden file says: |got - expected| <= atol + rtol |expected| for every value.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace sslbench {

struct GoldenResult {
  bool passed = false;
  std::string line;  // operation, case, largest error against its tolerance or what went wrong
};

// One file of any registered operation; never throws.
GoldenResult check_golden(const std::filesystem::path& file);

// The golden files (*.safetensors, *.json) of a folder and the folders in it, sorted; a file stands for itself.
std::vector<std::filesystem::path> golden_files_at(const std::filesystem::path& file_or_folder);

}  // namespace sslbench
