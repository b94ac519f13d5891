// SPDX-License-Identifier: Apache-2.0
// work/<run>/progress.json: what a worker says about itself, about once a second.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sslbench {

struct RunProgress {
  std::string stage;  // row name of the stage at work
  int64_t step = 0, steps = 0;
  double images_per_second = 0;
  double seconds = 0;                    // since the worker started
  std::vector<std::string> stages_done;  // row names
  std::vector<std::string> stages;       // all of the run, in order

  // Share of the run that is done, in [0, 1], counting every stage alike.
  double fraction() const;
};

// Nothing when `text` is not a progress file.
std::optional<RunProgress> parse_progress(const std::string& text);

// Nothing when the file is missing or not yet whole.
std::optional<RunProgress> read_progress(const std::filesystem::path& file);

}  // namespace sslbench
