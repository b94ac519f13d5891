// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/common_part.h"

namespace sslbench {

using nlohmann::json;

namespace {

// As written: 1 and 1.0 are two values.
bool same(const json& a, const json& b) { return a == b && a.dump() == b.dump(); }

}  // namespace

json common_part(const json& a, const json& b) {
  json out = json::object();
  for (const auto& [key, value] : a.items()) {
    const auto other = b.find(key);
    if (other == b.end()) continue;
    if (same(value, *other)) {
      out[key] = value;
    } else if (value.is_object() && other->is_object()) {
      json common = common_part(value, *other);
      if (!common.empty()) out[key] = std::move(common);
    }
  }
  return out;
}

json without_common(const json& whole, const json& common) {
  json out = json::object();
  for (const auto& [key, value] : whole.items()) {
    const auto known = common.find(key);
    if (known == common.end()) {
      out[key] = value;
    } else if (!same(value, *known)) {
      out[key] = without_common(value, *known);
    }
  }
  return out;
}

json merged(json common, const json& rest) {
  for (const auto& [key, value] : rest.items()) {
    json& place = common[key];
    place = place.is_object() && value.is_object() ? merged(std::move(place), value) : value;
  }
  return common;
}

}  // namespace sslbench
