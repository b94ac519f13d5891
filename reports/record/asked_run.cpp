// SPDX-License-Identifier: Apache-2.0
#include "reports/record/asked_run.h"

#include "reports/record/revision_of.h"

namespace sslbench {
namespace {

using nlohmann::json;

json object_in(const json& from, const char* key) {
  const auto found = from.is_object() ? from.find(key) : from.end();
  return from.is_object() && found != from.end() && found->is_object() ? *found : json::object();
}

}  // namespace

AskedRun asked_run(const Record& record) {
  return {object_in(record.effective, "pretrain"), object_in(record.effective, "backbone_settings"),
          text_of(record.effective, "preset")};
}

std::optional<double> number_in(const json& settings, const char* key) {
  const auto found = settings.is_object() ? settings.find(key) : settings.end();
  if (!settings.is_object() || found == settings.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

}  // namespace sslbench
