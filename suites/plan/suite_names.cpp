// SPDX-License-Identifier: Apache-2.0
// The small texts of a suite: lists of seeds, the question.
#include <algorithm>
#include <cctype>
#include <charconv>

#include "suites/ground/error.h"
#include "suites/plan/suite.h"

namespace sslbench {
namespace {

constexpr int64_t kMostSeeds = 1000;

std::optional<int64_t> seed_from(std::string_view text) {
  int64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  if (error != std::errc() || end != text.data() + text.size() || seed < 0 || text.empty()) return std::nullopt;
  return seed;
}

std::vector<int64_t> seed_range(const std::string& text, size_t dots) {
  const auto first = seed_from(std::string_view(text).substr(0, dots));
  const auto last = seed_from(std::string_view(text).substr(dots + 2));
  if (!first || !last || *last < *first || *last - *first >= kMostSeeds) return {};
  std::vector<int64_t> out;
  for (int64_t seed = *first; seed <= *last; ++seed) out.push_back(seed);
  return out;
}

std::vector<int64_t> seed_list(std::string_view text) {
  std::vector<int64_t> out;
  while (true) {
    const size_t comma = text.find(',');
    const auto seed = seed_from(text.substr(0, comma));
    if (!seed || std::find(out.begin(), out.end(), *seed) != out.end()) return {};
    out.push_back(*seed);
    if (comma == std::string_view::npos) return out;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace

std::string question_of(const std::string& text) {
  if (text.empty() || text[0] != '#') return "";
  std::string line = text.substr(1, text.find('\n') - 1);
  while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back()))) line.pop_back();
  const size_t start = line.find_first_not_of(" \t#");
  return start == std::string::npos ? "" : line.substr(start);
}

std::vector<int64_t> parse_seeds(const std::string& text) {
  const size_t dots = text.find("..");
  const std::vector<int64_t> seeds = dots == std::string::npos ? seed_list(text) : seed_range(text, dots);
  if (!seeds.empty()) return seeds;
  throw UserError("seeds: expected a range such as 0..2 (both ends) or distinct numbers such as 0,1,5, got '" + text +
                  "'");
}

}  // namespace sslbench
