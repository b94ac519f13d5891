// SPDX-License-Identifier: Apache-2.0
#include "suites/spec/toml_tree.h"

#include <algorithm>
#include <sstream>
#include <system_error>
#include <tuple>

#define TOML_ENABLE_FORMATTERS 1
#include <toml++/toml.h>

#include "suites/spec/atomic_file.h"
#include "suites/spec/error.h"
#include "suites/spec/foreign_json.h"
#include "suites/spec/toml_nesting.h"

namespace sslbench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr size_t kLargestFile = 1 << 20;  // bytes

TomlPlace place_of(const std::shared_ptr<const TomlText>& text, const toml::source_region& region) {
  TomlPlace place{text, static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
  if (region.end.line == region.begin.line && region.end.column > region.begin.column) {
    place.length = static_cast<int>(region.end.column - region.begin.column);
  }
  return place;
}

template <class T>
json written(const T& value) {
  std::ostringstream out;
  out << value;
  return {{"date", out.str()}};
}

json plain_value(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* number = node.as_floating_point()) return number->get();
  if (const auto* flag = node.as_boolean()) return flag->get();
  if (const auto* date = node.as_date()) return written(date->get());
  if (const auto* time = node.as_time()) return written(time->get());
  if (const auto* both = node.as_date_time()) return written(both->get());
  if (const auto* array = node.as_array()) {
    json out = json::array();
    for (const toml::node& element : *array) out.push_back(plain_value(element));
    return out;
  }
  json out = json::object();
  for (const auto& [key, element] : *node.as_table()) out[std::string(key.str())] = plain_value(element);
  return out;
}

TomlNode convert(const toml::node& node, TomlPlace place) {
  TomlNode out;
  out.place = std::move(place);
  out.is_table = node.is_table();
  if (!out.is_table) {
    out.value = plain_value(node);
    return out;
  }
  for (const auto& [key, child] : *node.as_table()) {
    out.table.emplace(std::string(key.str()), convert(child, place_of(out.place.text, key.source())));
  }
  return out;
}

// toml++ speaks of "Error while parsing key: ..."; the first letter is lowered to fit our sentences.
std::string sentence(std::string_view description) {
  std::string out(description);
  if (!out.empty()) out[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(out[0])));
  return out;
}

TomlPlace place_of(const std::shared_ptr<const TomlText>& text, size_t offset) {
  const std::string_view before = std::string_view(text->content).substr(0, offset);
  const size_t line_start = before.rfind('\n') + 1;  // npos + 1 = 0
  return {text, static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          static_cast<int>(offset - line_start) + 1};
}

// The library reads, and frees, a table in a table recursively.
void expect_shallow(const std::shared_ptr<const TomlText>& text) {
  if (const auto deep = find_deep_toml(text->content, kDeepestNesting)) {
    const TomlPlace place = place_of(text, *deep);
    throw UserError(text->name + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) +
                    ": tables and lists are nested deeper than " + std::to_string(kDeepestNesting));
  }
}

TomlNode parse(const std::shared_ptr<const TomlText>& text) {
  expect_shallow(text);
  try {
    const toml::table root = toml::parse(text->content);
    return convert(root, TomlPlace{text});
  } catch (const toml::parse_error& error) {
    fail_at(place_of(text, error.source()), sentence(error.description()));
  }
}

std::string line_of(const TomlText& text, int line) {
  std::istringstream in(text.content);
  std::string out;
  for (int i = 0; i < line; ++i) std::getline(in, out);
  if (!out.empty() && out.back() == '\r') out.pop_back();
  return out;
}

// The line and a caret under columns [column, column + length); both shifted left where the line is long.
std::string quoted(const TomlPlace& place, const std::string& hint) {
  constexpr size_t kWidest = 160;
  std::string line = line_of(*place.text, place.line);
  const std::string number = place.text->is_file ? std::to_string(place.line) : "";
  size_t before = static_cast<size_t>(std::max(place.column - 1, 0));
  if (before > kWidest / 2) {
    line.erase(0, std::min(line.size(), before - kWidest / 2));
    before = kWidest / 2;
  }
  line.resize(std::min(line.size(), kWidest));
  std::replace(line.begin(), line.end(), '\t', ' ');
  const size_t carets = std::clamp<size_t>(static_cast<size_t>(place.length), 1, kWidest / 2);
  std::string out = "\n  " + number + " | " + line + "\n  " + std::string(number.size(), ' ') + " | " +
                    std::string(before, ' ') + std::string(carets, '^');
  return hint.empty() ? out : out + " " + hint;
}

bool bare_word(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) || std::string_view("_./:+-").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

bool parses(const std::string& text) {
  if (find_deep_toml(text, kDeepestNesting)) return false;
  try {
    (void)toml::parse(text);
    return true;
  } catch (const toml::parse_error&) {
    return false;
  }
}

}  // namespace

std::vector<std::string> TomlNode::keys() const {
  std::vector<std::pair<std::tuple<bool, int, int>, std::string>> order;
  for (const auto& [key, node] : table) {
    order.push_back({{!node.place.text->is_file, node.place.line, node.place.column}, key});
  }
  std::sort(order.begin(), order.end());
  std::vector<std::string> out;
  for (auto& [at, key] : order) out.push_back(std::move(key));
  return out;
}

void fail_at(const TomlPlace& place, const std::string& what, const std::string& hint, const std::string& advice) {
  std::string message = place.text->name;
  if (place.line > 0 && place.text->is_file) {
    message += ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
  }
  message += ": " + what;
  if (place.line > 0) message += quoted(place, hint);
  if (place.line == 0 && !hint.empty()) message += " (" + hint + ")";
  if (!advice.empty()) message += "\n  " + advice;
  throw UserError(message);
}

TomlNode read_toml_file(const fs::path& file) {
  const std::string name = file.string();
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (!fs::exists(status)) throw UserError(name + ": no such file");
  if (fs::is_directory(status)) throw UserError(name + ": is a folder, expected a suite file (TOML)");
  if (!fs::is_regular_file(status)) throw UserError(name + ": is not a regular file, expected a suite file (TOML)");
  const uintmax_t bytes = fs::file_size(file, error);
  if (!error && bytes > kLargestFile) {
    throw UserError(name + ": has " + std::to_string(bytes) + " bytes; a suite file has at most 1 MB");
  }
  TomlText text{name, ""};
  try {
    text.content = read_file(file);
  } catch (const std::system_error& failure) {
    throw UserError(name + ": cannot be read: " + failure.code().message());
  }
  if (text.content.find_first_not_of(" \t\r\n") == std::string::npos) throw UserError(name + ": is empty");
  return parse(std::make_shared<const TomlText>(std::move(text)));
}

TomlNode read_toml_text(const std::string& name, const std::string& content) {
  return parse(std::make_shared<const TomlText>(TomlText{name, content}));
}

TomlNode parse_set_argument(const std::string& argument) {
  const auto text = [&](const std::string& content) {
    return std::make_shared<const TomlText>(TomlText{"--set", content, false});
  };
  const size_t equals = argument.find('=');
  if (equals == std::string::npos || equals == 0 || argument.find_first_of("\r\n") != std::string::npos) {
    throw UserError("--set: expected KEY=VALUE such as methods.simclr.temperature=0.2, got '" + argument + "'");
  }
  const std::string value = argument.substr(equals + 1);
  if (!parses(argument) && bare_word(value)) {
    const std::string as_string = argument.substr(0, equals + 1) + "\"" + value + "\"";
    if (parses(as_string)) return parse(text(as_string));
  }
  return parse(text(argument));
}

void overlay_toml(TomlNode& onto, const TomlNode& from) {
  for (const auto& [key, node] : from.table) {
    const auto [slot, fresh] = onto.table.try_emplace(key, node);
    if (fresh) continue;
    if (!node.is_table) {
      slot->second = node;
      continue;
    }
    TomlNode& old = slot->second;
    if (!old.is_table) {
      TomlNode name = old;
      old = TomlNode{node.place, true, nullptr, {}};
      if (name.value.is_string()) old.table.emplace("name", std::move(name));
    }
    overlay_toml(old, node);
  }
}

}  // namespace sslbench
