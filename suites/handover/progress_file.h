// SPDX-License-Identifier: Apache-2.0
// work/<run>/progress.json, replaced by rename at most once a second: what `sslbench run` and `status` show of a
// worker, and where it was when it died.
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
  std::vector<std::string> stages_done;  // row names
  std::vector<std::string> stages;       // all of the run, in order
  std::optional<double> loss;            // the last that the stage logged

  // Share of the run that is done, in [0, 1], counting every stage alike.
  double fraction() const;
};

// Nothing when `text` is not a progress file.
std::optional<RunProgress> parse_progress(const std::string& text);

// Nothing when the file is missing or not yet whole.
std::optional<RunProgress> read_progress(const std::filesystem::path& file);

// The worker's side. Without a file (ranks after the first) it writes nothing.
class ProgressFile {
 public:
  ProgressFile(std::filesystem::path file, std::vector<std::string> stages);
  void begin(const std::string& stage);
  void step(int64_t step, int64_t steps, double images_per_second);
  void loss(double loss) { now_.loss = loss; }
  // Still at it, between steps.
  void alive();
  void end(const std::string& stage);

 private:
  void write();

  std::filesystem::path file_;
  RunProgress now_;
  double written_at_ = -1e9;
  uint64_t writes_ = 0;
};

}  // namespace sslbench
