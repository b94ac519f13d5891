// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/yolo_names.h"

#include <sstream>

#include "datasets/readers/data_file.h"

namespace sslbench {
namespace {

std::string stripped(const std::string& text) {
  const size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return "";
  std::string out = text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
  const char quote = out.front();
  if (out.size() >= 2 && (quote == '"' || quote == '\'') && out.back() == quote) out = out.substr(1, out.size() - 2);
  return out;
}

// "a, 'b, c', d": commas in quotes separate nothing.
std::vector<std::string> inline_list(const std::string& text) {
  std::vector<std::string> out;
  std::string word;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0 ? c == quote : c == '"' || c == '\'') quote = quote != 0 ? 0 : c;
    if (c == ',' && quote == 0) {
      out.push_back(stripped(word));
      word.clear();
    } else {
      word += c;
    }
  }
  if (!stripped(word).empty()) out.push_back(stripped(word));
  return out;
}

// One line below `names:`: "- a" or "3: a"; false at the next key.
bool take_line(const std::string& line, std::vector<std::string>& out, const std::filesystem::path& file) {
  const std::string text = stripped(line);
  if (text.empty() || text.starts_with("#")) return true;
  if (text.starts_with("-")) {
    out.push_back(stripped(text.substr(1)));
    return true;
  }
  const bool indented = line.starts_with(" ") || line.starts_with("\t");
  const size_t colon = text.find(':');
  if (!indented || colon == std::string::npos) return false;
  if (stripped(text.substr(0, colon)) != std::to_string(out.size())) {
    throw_bad_data(file, "names: expected class " + std::to_string(out.size()) + ", got '" + text + "'");
  }
  out.push_back(stripped(text.substr(colon + 1)));
  return true;
}

}  // namespace

std::vector<std::string> read_yolo_names(const std::filesystem::path& file) {
  const std::string ending = file.extension().string();
  if (ending != ".yaml" && ending != ".yml") return read_data_lines(file);
  std::istringstream text(read_data_file(file, int64_t{16} << 20));
  std::vector<std::string> out;
  bool inside = false;
  for (std::string line; std::getline(text, line);) {
    if (inside && !take_line(line, out, file)) break;
    if (inside || !line.starts_with("names:")) continue;
    const size_t open = line.find('[');
    inside = true;
    if (open == std::string::npos) continue;
    std::string list = line.substr(open + 1);
    while (list.find(']') == std::string::npos && std::getline(text, line)) list += " " + stripped(line);
    return inline_list(list.substr(0, list.find(']')));
  }
  if (out.empty()) throw_bad_data(file, "has no `names`");
  return out;
}

}  // namespace sslbench
