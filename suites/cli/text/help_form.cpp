// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/text/help_form.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "suites/ground/terminal/terminal_line.h"

namespace sslbench {
namespace {

constexpr size_t kUsualWidth = 80, kMostWidth = 120, kIndent = 2, kGap = 2;
constexpr size_t kNameShare = 4;  // names take a quarter of the width, up to
constexpr size_t kMostName = 30;

// What CLI11 says of a check, "INT in [1 - 1024]" of "INT:INT in [1 - 1024]"; "" where there is none.
std::string check_of(const CLI::Option& option) {
  const std::string name = option.get_type_name();
  const size_t colon = name.find(':');
  return colon == std::string::npos ? "" : name.substr(colon + 1);
}

// "1 to 1024" of "INT in [1 - 1024]".
std::string range_of(const CLI::Option& option) {
  const std::string check = check_of(option);
  if (check == "NONNEGATIVE") return "0 or more";
  const size_t from = check.find("in ["), to = check.find(" - ", from), end = check.find(']', to);
  if (from == std::string::npos || to == std::string::npos || end == std::string::npos) return "";
  return check.substr(from + 4, to - from - 4) + " to " + check.substr(to + 3, end - to - 3);
}

}  // namespace

std::string placeholder_of(const CLI::Option& option) {
  if (option.get_type_size() == 0 || option.get_items_expected_max() == 0) return "";
  const std::string check = check_of(option), name = option.get_type_name();
  if (check.starts_with('{')) return check;
  return name.starts_with("INT") || name.starts_with("UINT") || name.starts_with("FLOAT") ? "N" : "TEXT";
}

std::string meaning_of(const CLI::Option& option) {
  std::string out = option.get_description();
  if (const std::string range = range_of(option); !range.empty()) out += "; " + range;
  for (const CLI::Option* other : option.get_excludes()) out += "; not with " + other->get_name();
  for (const CLI::Option* other : option.get_needs()) out += "; with " + other->get_name();
  return out;
}

HelpForm::HelpForm(size_t width) : width_(width) { column_width(std::min(width / kNameShare, kMostName)); }

std::string HelpForm::make_description(const CLI::App* app) const {
  return folded(CLI::Formatter::make_description(app), width_, 0);
}

std::string HelpForm::make_subcommand(const CLI::App* sub) const {
  return entry(sub->get_display_name(true), sub->get_description());
}

std::string HelpForm::make_option(const CLI::Option* option, bool is_positional) const {
  const std::string name = make_option_name(option, is_positional);
  if (is_positional) return entry(name, meaning_of(*option));  // the line of usage says which are needed
  const std::string placeholder = placeholder_of(*option);
  const bool repeatable = option->get_expected_max() == CLI::detail::expected_max_vector_size;
  return entry(name + (placeholder.empty() ? "" : " " + placeholder) + (repeatable ? " ..." : "") +
                   (option->get_required() ? " REQUIRED" : ""),
               meaning_of(*option));
}

std::string HelpForm::entry(const std::string& name, const std::string& meaning) const {
  const size_t column = get_column_width();
  const std::string lines = folded(meaning, width_, column), head = std::string(kIndent, ' ') + name;
  if (head.size() + kGap > column || lines.empty()) return head + "\n" + lines;
  return head + lines.substr(head.size());
}

size_t help_width() {
  const auto terminal = terminal_at(STDOUT_FILENO);
  return terminal ? std::min(terminal->width, kMostWidth) : kUsualWidth;
}

}  // namespace sslbench
