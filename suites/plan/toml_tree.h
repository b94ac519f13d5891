// SPDX-License-Identifier: Apache-2.0
// A TOML text as a tree in which every value remembers where it was written, so that an error can show the place.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace sslbench {

// `name` is a file's path, or "--set" for a value of the command line.
struct TomlText {
  std::string name, content;
  bool is_file = true;
};

struct TomlPlace {
  std::shared_ptr<const TomlText> text;
  int line = 0, column = 0;  // from 1; 0: the text as a whole
  int length = 1;            // columns that the caret underlines
};

struct TomlNode {
  TomlPlace place;  // of the key, or of the text for the root
  bool is_table = false;
  nlohmann::json value;  // when not a table; dates become {"date": text}, which no option accepts
  std::map<std::string, TomlNode> table;

  // The keys of a table in the order in which they were written; keys of --set come last.
  std::vector<std::string> keys() const;
};

// "NAME:LINE:COLUMN"; the name alone of a text as a whole, and of --set.
std::string text_of(const TomlPlace& place);

// Throws UserError "NAME:LINE:COLUMN: what", the line with a caret, `hint` beside the caret and `advice` below it.
[[noreturn]] void fail_at(const TomlPlace& place, const std::string& what, const std::string& hint = "",
                          const std::string& advice = "");

// Reads a suite file: UserError when it is missing, a folder, empty, over 1 MB, not UTF-8, or not TOML (repeated keys
// included).
TomlNode read_toml_file(const std::filesystem::path& file);

// Reads the content of a suite file that was read before; `name` is what errors call it. UserError as above.
TomlNode read_toml_text(const std::string& name, const std::string& content);

// Reads "a.b.c=VALUE": VALUE in TOML syntax, a bare word counting as a string.
TomlNode parse_set_argument(const std::string& argument);

// Puts the values of `from` over those of `onto`, key by key; a key of a table under a string `name` choice
// (backbone.width over backbone = "resnet18") turns that string into a table with `name`.
void overlay_toml(TomlNode& onto, const TomlNode& from);

}  // namespace sslbench
