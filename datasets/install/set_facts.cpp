// SPDX-License-Identifier: Apache-2.0
#include "datasets/install/set_facts.h"

#include <regex>
#include <set>

#include "datasets/format_set.h"
#include "datasets/install/file_manifest.h"
#include "datasets/install/unread_files.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/sha256.h"

namespace sslbench {

using nlohmann::json;

namespace {

// The first archive right in the folder, which somebody meant and did not name; "" when there is none. Those that the
// set is published as were taken in.
std::string archive_in(const std::filesystem::path& folder, const DatasetEntry& entry) {
  const PublishedArchives published =
      entry.format.empty() ? PublishedArchives{} : Registry<FormatEntry>::find(entry.format).archives;
  static const std::regex kArchive(R"(.*\.(tar(\.\w+)?|tgz|txz|zip|7z))");
  std::set<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const bool archive = std::regex_match(at->path().filename().string(), kArchive);
    if (archive && published.find(at->path()) == nullptr) names.insert(at->path().filename());
  }
  return names.empty() ? "" : *names.begin();
}

constexpr const char* kChecksum = "checksum";

// Over all else that is recorded; it is as stable as the text of the file.
std::string checksum_of(json facts) {
  facts.erase(kChecksum);
  return sha256_hex(facts.dump(-1, ' ', false, json::error_handler_t::replace));
}

// Sets that were added before there was a checksum pass.
bool facts_have_changed(const json& facts) {
  return facts.contains(kChecksum) && facts.at(kChecksum) != checksum_of(facts);
}

json facts_without_checksum(const InstalledDataset& set, const DatasetEntry& entry) {
  json out = {{"schema", 1},
              {"name", set.name},
              {"digest", set.digest},
              {"files", set.files},
              {"bytes", set.bytes},
              {"findings", set.inspection.findings},
              {"faults", set.inspection.faults}};
  if (entry.format.empty()) return out;
  out["format"] = entry.format;
  out["images"] = set.images;
  out["entry"] = {{"summary", entry.summary},
                  {"source", entry.source},
                  {"licence", entry.licence},
                  {"tasks", entry.tasks},
                  {"image_size", entry.image_size},
                  {"classes", entry.classes},
                  {"mean", entry.mean},
                  {"mask_classes", entry.mask_classes},
                  {"deviation", entry.deviation}};
  return out;
}

}  // namespace

json facts_to_json(const InstalledDataset& set, const DatasetEntry& entry) {
  json out = facts_without_checksum(set, entry);
  out[kChecksum] = checksum_of(out);
  return out;
}

void facts_from_json(const json& facts, InstalledDataset& set) {
  set.files = facts.at("files"), set.bytes = facts.at("bytes");
  set.inspection = {facts.at("findings"), facts.at("faults")};
  set.format = facts.value("format", "");
  set.images = facts.value("images", std::map<std::string, int64_t>{});
  set.digest = facts.at("digest");
  set.facts_changed = facts_have_changed(facts);
}

DatasetEntry entry_from_json(const std::string& name, const json& facts) {
  const json& from = facts.at("entry");
  DatasetEntry entry{.name = name,
                     .summary = from.at("summary"),
                     .source = from.at("source"),
                     .licence = from.at("licence"),
                     .tasks = from.at("tasks"),
                     .image_size = from.at("image_size"),
                     .classes = from.at("classes"),
                     .mean = from.at("mean"),
                     .deviation = from.at("deviation"),
                     .format = facts.at("format"),
                     .mask_classes = from.at("mask_classes")};
  return format_set(entry, Registry<FormatEntry>::find(entry.format).options);
}

std::string named_within(const std::filesystem::path& folder, std::string text) {
  const std::string prefix = folder.string() + "/";
  for (size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix, at))
    text.erase(at, prefix.size());
  if (text.starts_with(folder.string() + ": ")) text.erase(0, folder.string().size() + 2);
  return text;
}

void throw_unfit(const RunFailure& failure, const std::filesystem::path& folder, const std::filesystem::path& shown,
                 const DatasetEntry& entry) {
  const std::string what = named_within(folder, failure.what());
  const bool known = Registry<DatasetEntry>::all().contains(entry.name);
  const std::string archive = folder == shown ? "" : archive_in(shown, entry);  // not of a set that is installed
  const std::string seen = unread_content(folder);
  const std::string advice = !archive.empty() ? "it holds an archive: add '" + (shown / archive).string() + "'"
                             : !seen.empty()  ? seen
                             : known          ? "get it anew from " + entry.source
                                              : "mend it, or say another --format";
  const std::string kind = known ? entry.name : entry.format;
  throw UserError("'" + shown.string() + "' is no whole " + kind + (kind.empty() ? "" : " ") + "dataset: " + what +
                  "; " + advice);
}

std::string change_since_added(const InstalledDataset& set) {
  if (set.facts_changed) return std::string(kFactsName) + " has changed";
  const std::filesystem::path manifest = set.folder / kManifestName;
  const std::string recorded = std::filesystem::exists(manifest) ? read_file(manifest) : "";
  if (sha256_hex(recorded) != set.digest) return std::string(kManifestName) + " has changed";
  return first_difference(recorded, make_manifest(set.folder).text);
}

}  // namespace sslbench
