// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/progress_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>

#include "suites/files/bounded_file.h"
#include "suites/ground/foreign_json.h"

namespace sslbench {

double RunProgress::fraction() const {
  if (stages.empty()) return 0;
  const bool inside = std::find(stages_done.begin(), stages_done.end(), stage) == stages_done.end();
  const double part = inside && steps > 0 ? static_cast<double>(step) / static_cast<double>(steps) : 0;
  return std::clamp((static_cast<double>(stages_done.size()) + part) / static_cast<double>(stages.size()), 0.0, 1.0);
}

std::optional<RunProgress> parse_progress(const std::string& text) {
  try {
    const auto from = parse_foreign_json(text);
    RunProgress out;
    out.stage = from.at("stage");
    out.step = from.at("step");
    out.steps = from.at("steps");
    out.images_per_second = from.at("images_per_second");
    out.seconds = from.at("seconds");
    out.stages_done = from.at("stages_done").get<std::vector<std::string>>();
    out.stages = from.at("stages").get<std::vector<std::string>>();
    return out;
  } catch (const nlohmann::json::exception&) {
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

}  // namespace sslbench
