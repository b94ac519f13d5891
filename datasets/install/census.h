// SPDX-License-Identifier: Apache-2.0
// Reads every example of a set once and says what there is.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "datasets/format.h"

namespace sslbench {

struct Census {
  Inspection inspection;
  std::vector<std::filesystem::path> broken;  // image files that cannot be read; the examples are not counted
  std::vector<std::string> not_taken;         // why, as fault lines
  std::map<Split, int64_t> images;
  std::vector<std::string> copied;  // of what pictures there are copies, one line a kind; they are taken
  int64_t copies = 0;               // examples of test or val whose picture is in train, too
  int32_t longest_side = 0;
  std::array<float, 3> mean{}, deviation{};  // of train's pixels less those of an implied test split; RGB in [0, 1]
  std::map<Split, int64_t> boxes;            // that count: neither crowds nor difficult
  std::map<Split, std::array<int64_t, 256>> mask_values;  // pixels of every class, and of none
};

// Decodes everything, on all cores; the result does not depend on their number. Broken image files are collected;
// a damaged record among others in a file is RunFailure(data). With `expected` counts (a known set) any broken file and
// any other count is RunFailure(data).
Census take_census(const FolderContent& content, const std::map<Split, int64_t>& expected = {});

}  // namespace sslbench
