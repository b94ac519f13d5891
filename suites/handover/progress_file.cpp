// SPDX-License-Identifier: Apache-2.0
#include "suites/handover/progress_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>

#include "suites/files/atomic_file.h"
#include "suites/files/bounded_file.h"
#include "suites/ground/error.h"
#include "suites/ground/foreign_json.h"
#include "suites/ground/wall_clock.h"

namespace sslbench {

using nlohmann::json;

double RunProgress::fraction() const {
  if (stages.empty()) return 0;
  const bool inside = std::find(stages_done.begin(), stages_done.end(), stage) == stages_done.end();
  const double part = inside && steps > 0 ? static_cast<double>(step) / static_cast<double>(steps) : 0;
  return std::clamp((static_cast<double>(stages_done.size()) + part) / static_cast<double>(stages.size()), 0.0, 1.0);
}

std::optional<RunProgress> parse_progress(const std::string& text) {
  try {
    const json from = parse_foreign_json(text);
    RunProgress out;
    out.stage = from.at("stage");
    out.step = from.at("step");
    out.steps = from.at("steps");
    out.images_per_second = from.at("images_per_second");
    if (const auto loss = from.find("loss"); loss != from.end() && loss->is_number()) out.loss = loss->get<double>();
    out.stages_done = from.at("stages_done").get<std::vector<std::string>>();
    out.stages = from.at("stages").get<std::vector<std::string>>();
    return out;
  } catch (const json::exception&) {
    return std::nullopt;
  }
}

std::optional<RunProgress> read_progress(const std::filesystem::path& file) {
  try {
    return parse_progress(read_regular_file(file, kMostWorkFileBytes));
  } catch (const std::system_error&) {
    return std::nullopt;
  }
}

ProgressFile::ProgressFile(std::filesystem::path file, std::vector<std::string> stages) : file_(std::move(file)) {
  now_.stages = std::move(stages);
}

void ProgressFile::begin(const std::string& stage) {
  now_.stage = stage;
  now_.step = now_.steps = 0;
  now_.images_per_second = 0;
  now_.loss.reset();
  write();
}

void ProgressFile::step(int64_t step, int64_t steps, double images_per_second) {
  now_.step = step;
  now_.steps = steps;
  now_.images_per_second = images_per_second;
  alive();
}

void ProgressFile::alive() {
  if (wall_clock() - written_at_ >= 1) write();
}

void ProgressFile::end(const std::string& stage) {
  now_.stages_done.push_back(stage);
  write();
}

// Only informs, so it is not synced and a failure is no reason to stop; the rename keeps readers from seeing a part.
// `beat` makes every version another text: that is how the front end sees a worker that is alive between steps.
void ProgressFile::write() {
  if (file_.empty()) return;
  written_at_ = wall_clock();
  json content = {{"stage", now_.stage},
                  {"step", now_.step},
                  {"steps", now_.steps},
                  {"images_per_second", now_.images_per_second},
                  {"stages_done", now_.stages_done},
                  {"stages", now_.stages},
                  {"beat", ++writes_}};
  if (now_.loss) content["loss"] = *now_.loss;  // null when it is not finite
  try {
    AtomicFile file(file_);
    file.write(content.dump());
    file.publish_unsynced();
  } catch (const RunFailure&) {
  }
}

}  // namespace sslbench
