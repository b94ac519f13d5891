// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/progress_file.h"

#include <nlohmann/json.hpp>

#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "suites/ground/wall_clock.h"

namespace sslbench {

ProgressFile::ProgressFile(std::filesystem::path file, std::vector<std::string> stages)
    : file_(std::move(file)), stages_(std::move(stages)), stage_start_(wall_clock()) {}

void ProgressFile::begin(const std::string& stage) {
  stage_ = stage;
  step_ = steps_ = 0;
  images_per_second_ = 0;
  stage_start_ = wall_clock();
  write();
}

void ProgressFile::step(int64_t step, int64_t steps, double images_per_second) {
  step_ = step;
  steps_ = steps;
  images_per_second_ = images_per_second;
  alive();
}

void ProgressFile::alive() {
  if (wall_clock() - written_at_ >= 1) write();
}

void ProgressFile::end(const std::string& stage) {
  done_.push_back(stage);
  write();
}

// Only informs, so it is not synced and a failure is no reason to stop; the rename keeps readers from seeing a part.
void ProgressFile::write() {
  written_at_ = wall_clock();
  const nlohmann::json content = {{"stage", stage_},
                                  {"step", step_},
                                  {"steps", steps_},
                                  {"images_per_second", images_per_second_},
                                  {"seconds", written_at_ - stage_start_},
                                  {"stages_done", done_},
                                  {"stages", stages_}};
  try {
    AtomicFile file(file_);
    file.write(content.dump());
    file.publish_unsynced();
  } catch (const RunFailure&) {
  }
}

}  // namespace sslbench
