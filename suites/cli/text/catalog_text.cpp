// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/text/catalog_text.h"

#include <algorithm>
#include <cmath>

#include "suites/ground/error.h"
#include "suites/ground/near_miss.h"

namespace sslbench {

std::string value_text(const nlohmann::json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_array()) {
    std::string out;
    for (const auto& element : value) out += (out.empty() ? "" : ", ") + value_text(element);
    return out;
  }
  std::string text = value.dump();
  if (value.is_number_float() && text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

std::string option_range_text(const Option& option) {
  if (option.type == OptionType::choice) return "one of " + value_text(option.choices);
  const std::string name{option_type_name(option.type)};
  const bool low = std::isfinite(option.low), high = std::isfinite(option.high);
  if (low && high) return name + " in [" + value_text(option.low) + ", " + value_text(option.high) + "]";
  if (low) return name + " >= " + value_text(option.low);
  if (high) return name + " <= " + value_text(option.high);
  return name;
}

std::string singular_kind(const std::string& kind) {
  static const std::vector<std::string> kKinds = {"suite",    "method", "backbone", "dataset",
                                                  "protocol", "recipe", "stage",    "format"};
  const std::string one = kind.ends_with('s') ? kind.substr(0, kind.size() - 1) : kind;
  if (std::find(kKinds.begin(), kKinds.end(), one) != kKinds.end()) return one;
  throw UserError("unknown kind '" + kind + "'" + did_you_mean(one, kKinds) + "; kinds: " + value_text(kKinds));
}

}  // namespace sslbench
