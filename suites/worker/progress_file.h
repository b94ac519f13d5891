// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace sslbench {

// work/<run>/progress.json, replaced by rename at most once a second: what `sslbench run` and `status` show.
class ProgressFile {
 public:
  ProgressFile(std::filesystem::path file, std::vector<std::string> stages);
  void begin(const std::string& stage);
  void step(int64_t step, int64_t steps, double images_per_second);
  // Still at it, between steps.
  void alive();
  void end(const std::string& stage);

 private:
  void write();

  std::filesystem::path file_;
  std::vector<std::string> stages_, done_;
  std::string stage_;
  int64_t step_ = 0, steps_ = 0;
  double images_per_second_ = 0, stage_start_, written_at_ = -1e9;
};

}  // namespace sslbench
