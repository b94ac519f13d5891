// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/foreign_json.h"

#include <string>

namespace sslbench {
namespace {

using nlohmann::json;

constexpr int kTooDeep = 599;  // beyond the numbers that the library gives its own errors

// Brackets inside texts do not count.
bool nests_too_deep(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\') {
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == '[' || c == '{')) {
      if (++depth > kDeepestNesting) return true;
    } else if (!quoted && (c == ']' || c == '}')) {
      --depth;
    }
  }
  return false;
}

}  // namespace

void expect_shallow_json(std::string_view text) {
  if (!nests_too_deep(text)) return;
  throw json::other_error::create(kTooDeep, "nested deeper than " + std::to_string(kDeepestNesting), nullptr);
}

json parse_foreign_json(std::string_view text) {
  expect_shallow_json(text);
  return json::parse(text);
}

}  // namespace sslbench
