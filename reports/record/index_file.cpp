// SPDX-License-Identifier: Apache-2.0
#include "reports/record/index_file.h"

#include <system_error>

#include "suites/files/atomic_file.h"
#include "suites/files/bounded_file.h"
#include "suites/files/cache_folder.h"
#include "suites/ground/build_id.h"
#include "suites/ground/error.h"
#include "suites/ground/foreign_json.h"
#include "suites/ground/sha256.h"

namespace sslbench {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* kSchema = "sslbench.record_index/1";
constexpr uintmax_t kMostBytes = uintmax_t{1} << 30;

std::string head_line(const std::string& folder, std::string_view body) {
  return json{{"schema", kSchema}, {"build", build_id()}, {"folder", folder}, {"sha256", sha256_hex(body)}}.dump(
      -1, ' ', false, json::error_handler_t::replace);
}

// Of a line, which is taken from the front of `rest`.
std::string_view next_line(std::string_view& rest) {
  const std::string_view line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  return line;
}

}  // namespace

std::shared_ptr<const std::string> SettingsTexts::one(std::string text) {
  const auto found = known_.find(text);
  if (found != known_.end()) return found->second;
  auto kept = std::make_shared<const std::string>(text);
  return known_.emplace(std::move(text), std::move(kept)).first->second;
}

const BriefRecord* KnownRecords::find(const std::string& stem, FileStamp stamp) const {
  const auto found = by_stem_.find(stem);
  return found == by_stem_.end() || found->second.stamp != stamp ? nullptr : &found->second.brief;
}

IndexFile::IndexFile(const fs::path& out, bool wanted) {
  std::error_code error;
  folder_ = fs::weakly_canonical(out, error).string();
  const auto cache = cache_folder();
  if (wanted && cache && !error) file_ = *cache / "records" / sha256_hex(folder_).substr(0, 32);
}

KnownRecords IndexFile::read(SettingsTexts& texts) const {
  KnownRecords out;
  if (!file_) return out;
  try {
    const std::string content = read_regular_file(*file_, kMostBytes);
    std::string_view rest = content;
    const std::string_view head = next_line(rest);
    if (head != head_line(folder_, rest)) return out;
    std::vector<std::shared_ptr<const std::string>> settings;
    while (!rest.empty()) {
      const std::string_view line = next_line(rest);
      if (line.starts_with('{')) {
        settings.push_back(texts.one(std::string(line)));
        continue;
      }
      const json each = parse_foreign_json(line);
      BriefRecord brief = brief_from_json(each.at(4));
      if (!each.at(3).is_null()) brief.settings = settings.at(each.at(3).get<size_t>());
      out.add(each.at(0), {each.at(1), each.at(2)}, std::move(brief));
    }
  } catch (const std::exception&) {  // absent, or no index of ours: all is read anew
    return {};
  }
  return out;
}

void IndexFile::write(const KnownRecords& records) const {
  if (!file_) return;
  std::string body;
  std::unordered_map<const std::string*, size_t> places;
  for (const auto& [stem, known] : records.by_stem_) {
    const std::string* settings = known.brief.settings.get();
    if (settings != nullptr && places.try_emplace(settings, places.size()).second) body += *settings + "\n";
    const json place = settings == nullptr ? json() : json(places.at(settings));
    const json line = {stem, known.stamp.bytes, known.stamp.changed, place, brief_to_json(known.brief)};
    body += line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
  }
  try {
    write_unsynced(*file_, head_line(folder_, body) + "\n" + body);
  } catch (const RunFailure&) {  // a read-only home only costs reading again
  }
}

}  // namespace sslbench
