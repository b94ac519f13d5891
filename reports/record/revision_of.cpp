// SPDX-License-Identifier: Apache-2.0
#include "reports/record/revision_of.h"

#include <algorithm>

#include "suites/ground/build_id.h"

namespace sslbench {

using nlohmann::json;

std::string text_of(const json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

bool flag_of(const json& object, const char* key, bool fallback) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found != object.end() && found->is_boolean() ? found->get<bool>() : fallback;
}

std::string revision_of(const Record& record) {
  return Revision{text_of(record.environment, "revision"), flag_of(record.environment, "dirty", false),
                  text_of(record.environment, "worker")}
      .text();
}

std::vector<std::string> revisions_of(const Record& record) {
  std::vector<std::string> out;
  const auto add = [&](const std::string& revision) {
    if (std::find(out.begin(), out.end(), revision) == out.end()) out.push_back(revision);
  };
  for (const StageRecord& stage : record.stages) {
    if (stage.finished()) add(stage.revision.empty() ? revision_of(record) : stage.revision);
  }
  if (out.empty() && !text_of(record.environment, "revision").empty()) add(revision_of(record));
  return out;
}

}  // namespace sslbench
