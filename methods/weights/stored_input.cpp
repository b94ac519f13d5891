// SPDX-License-Identifier: Apache-2.0
#include "methods/weights/stored_input.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "suites/ground/foreign_json.h"

namespace sslbench {
namespace {

using nlohmann::json;

// Three finite numbers, of deviations above 0; nothing else is a normalisation.
bool is_usable(const Normalisation& normalisation) {
  const auto finite = [](float value) { return std::isfinite(value); };
  return std::ranges::all_of(normalisation.mean, finite) && std::ranges::all_of(normalisation.deviation, finite) &&
         std::ranges::all_of(normalisation.deviation, [](float value) { return value > 0; });
}

json parsed(const std::string& text) {
  try {
    return parse_foreign_json(text);
  } catch (const json::exception&) {
    return {};
  }
}

// timm's keys: mean, std, input_size = [3, H, W].
InputFacts from_timm(const json& config) {
  InputFacts out;
  try {
    out.normalisation =
        Normalisation{config.at("mean").get<std::array<float, 3>>(), config.at("std").get<std::array<float, 3>>()};
    const auto size = config.value("input_size", std::vector<int64_t>{});
    if (size.size() == 3 && size[1] == size[2] && size[1] > 0 && size[1] <= 4096) out.image_size = size[1];
  } catch (const json::exception&) {
    return {};
  }
  return out;
}

}  // namespace

InputFacts stored_input(const std::map<std::string, std::string>& metadata) {
  InputFacts out;
  if (const auto own = metadata.find("input"); own != metadata.end()) {
    out = input_facts_from(own->second);
  } else if (const auto config = metadata.find("pretrained_cfg"); config != metadata.end()) {
    out = from_timm(parsed(config->second));
  } else {
    json own_keys = json::object();
    for (const char* key : {"mean", "std", "input_size"}) {
      if (const auto found = metadata.find(key); found != metadata.end()) own_keys[key] = parsed(found->second);
    }
    out = from_timm(own_keys);
  }
  return !out.normalisation || is_usable(*out.normalisation) ? out : InputFacts{};
}

}  // namespace sslbench
