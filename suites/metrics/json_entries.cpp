// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/json_entries.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "suites/ground/foreign_json.h"
#include "suites/ground/json_mistake.h"
#include "suites/ground/threads/row_blocks.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr size_t kEntriesAtOnce = 256;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string text_of(const std::filesystem::path& file) {
  try {
    return read_file(file);
  } catch (const std::system_error& error) {
    throw UserError("cannot read " + std::string(error.what()) + "; name a COCO file");
  }
}

}  // namespace

JsonEntries::JsonEntries(std::filesystem::path file, const std::vector<std::string>& lists)
    : file_(std::move(file)), text_(text_of(file_)) {
  if (text_.starts_with(kByteOrderMark)) text_.erase(0, kByteOrderMark.size());
  text_.resize(std::min(text_.size(), text_.find('\0')));  // where the parser, too, sees the end
  members_ = object_pieces(text_);
  if (!members_) return;
  for (const JsonMember& each : *members_) {
    const bool later = &each == member(each.first) && std::ranges::find(lists, each.first) != lists.end();
    if (!later && !json::accept(each.second)) expect_json();
  }
}

const JsonMember* JsonEntries::member(const std::string& name) const {
  const JsonMember* found = nullptr;
  for (const JsonMember& each : *members_) {
    if (each.first == name) found = &each;
  }
  return found;
}

void JsonEntries::expect_json() const {
  try {
    parse_foreign_json(text_);
  } catch (const json::exception& error) {
    throw UserError(file_.string() + ": not JSON: " + json_mistake(error));
  }
}

JsonEntries::Pieces JsonEntries::list() const {
  if (auto pieces = list_pieces(text_)) return *std::move(pieces);
  expect_json();
  throw UserError(file_.string() + ": the list of results is no list; expected COCO's format");
}

JsonEntries::Pieces JsonEntries::list(const std::string& name, bool may_miss) const {
  if (!members_) {
    expect_json();
    throw UserError(file_.string() + ": expected an object with images, categories, annotations");
  }
  const JsonMember* found = member(name);
  if (found == nullptr && may_miss) return {};
  if (found == nullptr) throw UserError(file_.string() + ": no '" + name + "'; expected COCO's truth format");
  if (auto pieces = list_pieces(found->second, /*outside=*/1)) return *std::move(pieces);
  expect_json();
  throw UserError(file_.string() + ": " + name + " is no list; expected COCO's format");
}

void JsonEntries::for_each(const Pieces& pieces, const std::string& name, size_t threads, const Read& read) const {
  const auto read_one = [&](size_t i) {
    try {
      read(i, json::parse(pieces[i]));
    } catch (const json::parse_error&) {
      expect_json();
      throw;
    } catch (const json::exception& error) {
      throw UserError(file_.string() + ": " + name + "[" + std::to_string(i) + "]: " + json_mistake(error));
    } catch (const UserError& error) {
      throw UserError(file_.string() + ": " + name + "[" + std::to_string(i) + "]: " + error.what());
    }
  };
  for_row_blocks(pieces.size(), kEntriesAtOnce, threads, [&](size_t first, size_t last) {
    for (size_t i = first; i < last; ++i) read_one(i);
  });
}

}  // namespace sslbench
