// SPDX-License-Identifier: Apache-2.0
// A JSON file whose lists are long: entries are parsed one by one, side by side, and never held together.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "suites/files/json_pieces.h"

namespace sslbench {

class JsonEntries {
 public:
  // `lists`: the members of its object that are asked for later. UserError where the file cannot be read or anything
  // else in it is no JSON.
  explicit JsonEntries(std::filesystem::path file, const std::vector<std::string>& lists = {});
  JsonEntries(const JsonEntries&) = delete;
  JsonEntries& operator=(const JsonEntries&) = delete;

  // The file's list, or the list of a member of its object (the last one of that name). UserError where there is none
  // of that kind; a member that is missing is an empty list if it `may_miss`.
  using Pieces = std::vector<std::string_view>;
  Pieces list() const;
  Pieces list(const std::string& name, bool may_miss = false) const;

  // Calls read(i, entry i) for every piece, among `threads`. What goes wrong is said with the file, `name` and the
  // entry's number: the first one's, for any number of threads.
  using Read = std::function<void(size_t, const nlohmann::json&)>;
  void for_each(const Pieces& pieces, const std::string& name, size_t threads, const Read& read) const;

 private:
  // UserError with the place in the file where it is no JSON; nothing where it is.
  void expect_json() const;
  const JsonMember* member(const std::string& name) const;

  std::filesystem::path file_;
  std::string text_;
  std::optional<std::vector<JsonMember>> members_;  // none: no object
};

}  // namespace sslbench
