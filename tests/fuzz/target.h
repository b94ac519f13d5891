// SPDX-License-Identifier: Apache-2.0
// A fuzz target: what reads untrusted bytes. It registers itself on the last line of its file; libFuzzer
// (libfuzzer.cpp) and a short replay of mutations in the tests (replay_test.cpp) run the same targets.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/format.h"
#include "suites/ground/registry.h"

namespace sslbench {

struct FuzzTarget {
  static constexpr const char* kind() { return "fuzz target"; }
  std::string name;
  // Reads the bytes; refusals (UserError, RunFailure of kind data) are caught by the caller, anything else is a bug.
  std::function<void(std::string_view)> run;
  std::function<std::vector<std::string>()> seeds;  // generated, valid inputs
};

// Runs a target; true when it refused the bytes.
bool run_target(const FuzzTarget& target, std::string_view bytes);

// A folder on a memory disk where there is one, emptied by every call.
std::filesystem::path fresh_folder();

// Writes a file below a folder, making its parents.
void write_to(const std::filesystem::path& folder, const std::string& name, std::string_view bytes);

// Reads a folder by a format and every item of it; a refused item is skipped.
void read_all(const std::string& format, const std::filesystem::path& folder);

// A generated picture: JPEG or PNG bytes.
std::string sample_jpeg(int height, int width);
std::string sample_png(int height, int width);
std::string sample_mask(int height, int width);

}  // namespace sslbench
