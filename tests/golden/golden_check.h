// SPDX-License-Identifier: Apache-2.0
// Whether our code computes what a golden file says: |got - expected| <= atol + rtol |expected| for every value.
#pragma once

#include <c10/core/Device.h>

#include <filesystem>
#include <string>
#include <vector>

namespace sslbench {

struct GoldenResult {
  bool passed = false;
  std::string line;  // operation, case, largest error against its tolerance or what went wrong
};

// One case of any registered operation, computed on `device`: a file, or a folder with an expected.json (JSON cases
// need no device); never throws.
GoldenResult check_golden(const std::filesystem::path& file, at::Device device);

// The golden cases of a folder and the folders in it, sorted: *.safetensors, *.json, and folders with an expected.json,
// whose files are no cases of their own. A case stands for itself.
std::vector<std::filesystem::path> golden_files_at(const std::filesystem::path& file_or_folder);

}  // namespace sslbench
