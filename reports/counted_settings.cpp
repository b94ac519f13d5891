// SPDX-License-Identifier: Apache-2.0
#include "reports/counted_settings.h"

#include "suites/spec/sameness.h"

namespace sslbench {
namespace {

using nlohmann::json;

json part(const json& object, const std::string& key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() ? *found : json();
}

json counting_part(const Record& record, const char* key) {
  return part(record.counting.is_null() ? Sameness().counting(record.effective) : record.counting, key);
}

}  // namespace

json counted_pretraining(const Record& record) { return counting_part(record, "pretraining"); }

json counted_protocol(const Record& record, const std::string& protocol) {
  return part(counting_part(record, "protocols"), protocol);
}

json pretraining_data(const Record& record) { return part(part(record.effective, "dataset"), "digest"); }

json protocol_data(const Record& record, const std::string& protocol) {
  const json protocols = part(record.effective, "protocols");
  if (!protocols.is_array()) return nullptr;
  for (const json& entry : protocols) {
    if (part(entry, "row") == protocol) return part(part(entry, "dataset"), "digest");
  }
  return nullptr;
}

}  // namespace sslbench
