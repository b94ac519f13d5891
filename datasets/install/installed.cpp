// SPDX-License-Identifier: Apache-2.0
#include "datasets/install/installed.h"

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "datasets/install/content_check.h"
#include "datasets/install/file_manifest.h"
#include "datasets/install/joined.h"
#include "datasets/install/set_facts.h"
#include "datasets/readers/data_text.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/foreign_json.h"
#include "suites/ground/joined_name.h"
#include "suites/ground/missing_set.h"
#include "suites/ground/name_rule.h"
#include "suites/ground/near_miss.h"
#include "suites/ground/printable.h"
#include "suites/ground/sha256.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

[[noreturn]] void refuse_facts(const fs::path& file, const std::exception& failure) {
  throw UserError("'" + file.string() + "' is damaged (" + failure.what() + "); remove '" +
                  file.parent_path().string() + "' and add the dataset again");
}

// What `read` makes of the facts that `data add` wrote beside a set.
template <class Read>
auto from_facts(const fs::path& file, Read read) {
  try {
    return read(parse_foreign_json(read_file(file)));
  } catch (const json::exception& failure) {
    refuse_facts(file, failure);
  } catch (const std::system_error& failure) {
    refuse_facts(file, failure);
  }
}

bool is_installed(const std::string& name, const fs::path& root) {
  return why_not_a_name(name).empty() && fs::exists(root / name / kFactsName);
}

std::string not_as_added(const InstalledDataset& set, const std::string& change) {
  return "dataset '" + set.name + "' in '" + set.folder.string() + "' is not what was added: " + change +
         "; remove that folder and add the dataset again";
}

// A file may be gone, or there may be one more, which no reader would notice; what is read is checked when it is read
// (content_check.h). Asking for the sizes of many files would take long.
void refuse_changed(const InstalledDataset& set) {
  constexpr int64_t kFewFiles = 10'000;
  if (set.files > kFewFiles) return;
  int64_t bytes = 0;
  for (const auto& [path, size] : file_sizes(set.folder)) bytes += size;
  const std::string change = bytes == set.bytes ? "" : change_since_added(set);
  if (!change.empty()) throw RunFailure(FailureKind::data, not_as_added(set, change));
}

}  // namespace

fs::path default_data_root() {
  const auto variable = [](const char* name) -> fs::path {
    const char* value = std::getenv(name);
    if (value == nullptr) return "";
    if (first_not_utf8(value) == std::string::npos) return value;
    throw UserError(std::string(name) + " is not UTF-8 ('" + printable(value) +
                    "'); set SSLBENCH_DATA to a folder "
                    "whose name is");
  };
  if (const fs::path given = variable("SSLBENCH_DATA"); !given.empty()) return given;
  if (const fs::path data = variable("XDG_DATA_HOME"); !data.empty()) return data / "sslbench";
  if (const fs::path home = variable("HOME"); !home.empty()) return home / ".local" / "share" / "sslbench";
  throw UserError("no folder for datasets: SSLBENCH_DATA, XDG_DATA_HOME and HOME are unset; set SSLBENCH_DATA");
}

std::vector<std::string> own_datasets(const fs::path& root) {
  std::vector<std::string> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(root, error)) {
    const std::string name = entry.path().filename().string();
    if (!Registry<DatasetEntry>::all().contains(name) && is_installed(name, root)) out.push_back(name);
  }
  std::sort(out.begin(), out.end());
  return out;
}

DatasetEntry dataset_entry(const std::string& name, const fs::path& root) {
  if (is_joined(name)) {
    std::vector<DatasetEntry> parts;
    for (const std::string& part : joined_parts(name)) parts.push_back(dataset_entry(part, root));
    return joined_entry(name, parts);
  }
  const auto& known = Registry<DatasetEntry>::all();
  if (const auto found = known.find(name); found != known.end()) return found->second;
  if (!is_installed(name, root)) {
    std::vector<std::string> names = Registry<DatasetEntry>::names();
    for (const std::string& own : own_datasets(root)) names.push_back(own);
    throw UserError("unknown dataset '" + name + "'" + did_you_mean(name, names) +
                    "; `sslbench data list` shows all, `sslbench data add " + name + " PATH` adds one");
  }
  return from_facts(root / name / kFactsName, [&](const json& facts) { return entry_from_json(name, facts); });
}

InstalledDataset find_dataset(const std::string& name, const fs::path& root) {
  if (is_joined(name)) {
    return {.name = name, .digest = dataset_digest(name, json::object(), root), .folder = root / name};
  }
  const DatasetEntry entry = dataset_entry(name, root);
  if (entry.builtin) throw UserError("dataset '" + name + "' is built in; it needs no files");
  InstalledDataset set{.name = name, .folder = root / name};
  const fs::path file = set.folder / kFactsName;
  if (!fs::exists(file)) return set;
  from_facts(file, [&](const json& facts) { facts_from_json(facts, set); });
  return set;
}

InstalledDataset check_dataset(const std::string& name, const fs::path& root) {
  const DatasetEntry entry = dataset_entry(name, root);
  InstalledDataset set = find_dataset(name, root);
  if (set.digest.empty()) refuse_missing_set(entry.name, entry.source, root);
  const std::string change = change_since_added(set);
  if (!change.empty()) throw UserError(not_as_added(set, change));
  try {
    set.inspection = entry.inspect(set.folder);
  } catch (const RunFailure& failure) {
    throw_unfit(failure, set.folder, set.folder, entry);
  }
  return set;
}

std::string dataset_digest(const std::string& name, const json& settings, const fs::path& root) {
  if (is_joined(name)) {
    json digests = json::array();
    for (const std::string& part : joined_parts(name)) digests.push_back(dataset_digest(part, json::object(), root));
    const bool whole = std::find(digests.begin(), digests.end(), "") == digests.end();
    return whole ? sha256_hex(digests.dump()) : "";
  }
  const DatasetEntry entry = dataset_entry(name, root);
  if (!entry.builtin) return find_dataset(name, root).digest;
  const json resolved = Settings("dataset '" + name + "'", entry.options, settings).values();
  return sha256_hex(json{{"name", name}, {"settings", resolved}, {"version", entry.version}}.dump());
}

std::unique_ptr<DataSource> open_dataset(const std::string& name, const json& settings, Split split,
                                         const fs::path& root) {
  const DatasetEntry entry = dataset_entry(name, root);
  const Settings resolved("dataset '" + name + "'", entry.options, settings);
  const bool has_files = !entry.builtin && !is_joined(name);  // parts of a joined set are opened by themselves
  const InstalledDataset set = has_files ? find_dataset(name, root) : InstalledDataset{};
  if (has_files && set.digest.empty()) refuse_missing_set(entry.name, entry.source, root);
  if (has_files) {
    refuse_changed(set);
    watch_content(set);
  }
  return entry.open(resolved, {split, root / name});
}

}  // namespace sslbench
