// SPDX-License-Identifier: Apache-2.0
#include "datasets/installed.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

#include "datasets/file_manifest.h"
#include "datasets/intake.h"
#include "suites/spec/atomic_file.h"
#include "suites/spec/file_lock.h"
#include "suites/spec/sha256.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

[[noreturn]] void throw_storage(const fs::path& path, const std::error_code& error) {
  throw RunFailure(FailureKind::storage, "cannot write '" + path.string() + "': " + error.message());
}

const DatasetEntry& find_installable(const std::string& name) {
  const DatasetEntry& entry = Registry<DatasetEntry>::find(name);
  if (entry.builtin) throw UserError("dataset '" + name + "' is built in; it needs no files");
  return entry;
}

// A fresh folder beside the final one, removed unless its content was moved away.
class Staging {
 public:
  explicit Staging(fs::path folder) : folder_(std::move(folder)) {
    std::error_code error;
    fs::remove_all(folder_, error);  // left by a killed process: the lock is ours
    fs::create_directories(folder_, error);
    if (error) throw_storage(folder_, error);
  }
  ~Staging() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  const fs::path& folder() const { return folder_; }

 private:
  fs::path folder_;
};

// The folder itself, or the only folder in it when there is nothing else (archives often wrap all in one).
fs::path unwrapped(const fs::path& folder) {
  fs::directory_iterator at(folder), end;
  if (at == end || !at->is_directory()) return folder;
  const fs::path inner = at->path();
  return ++at == end ? inner : folder;
}

// Runs the set's own check; what it finds wrong is the person's to mend, so it becomes a UserError about `shown`.
Inspection inspect(const DatasetEntry& entry, const fs::path& folder, const fs::path& shown) {
  try {
    return entry.inspect(folder);
  } catch (const RunFailure& failure) {
    std::string what = failure.what();
    const std::string prefix = folder.string() + "/";
    if (what.starts_with(prefix)) what.erase(0, prefix.size());
    throw UserError("'" + shown.string() + "' is no whole " + entry.name + " dataset: " + what + "; get it anew from " +
                    entry.source);
  }
}

json facts_of(const InstalledDataset& set) {
  return {{"schema", 1},
          {"name", set.name},
          {"digest", set.digest},
          {"files", set.files},
          {"bytes", set.bytes},
          {"findings", set.inspection.findings},
          {"faults", set.inspection.faults}};
}

void sync_file_system(const fs::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && syncfs(descriptor) == 0;
  const std::error_code error(errno, std::generic_category());
  if (descriptor >= 0) close(descriptor);
  if (!synced) throw_storage(folder, error);
}

// Moves the finished folder to its place, which is free.
void publish(const fs::path& content, const fs::path& target) {
  sync_file_system(content);
  std::error_code error;
  fs::rename(content, target, error);
  if (error) throw_storage(target, error);
  sync_file_system(target);
}

void refuse_other_content(const InstalledDataset& installed, const InstalledDataset& fresh) {
  if (installed.digest == fresh.digest) return;
  throw UserError("dataset '" + fresh.name + "' is installed with other content in '" + installed.folder.string() +
                  "' (digest " + installed.digest.substr(0, 12) + ", not " + fresh.digest.substr(0, 12) +
                  "); to replace it, remove that folder and run the command again");
}

void take_in(const fs::path& from, const fs::path& to) {
  std::error_code error;
  const fs::file_status status = fs::status(from, error);
  if (fs::is_directory(status)) return copy_folder(from, to);
  if (fs::is_regular_file(status)) return unpack_archive(from, to);
  throw UserError("'" + from.string() + "' is neither a folder nor a file; give the folder or archive of the dataset");
}

FileLock lock_name(const std::string& name, const fs::path& root) {
  std::error_code error;
  fs::create_directories(root, error);
  if (error) throw_storage(root, error);
  std::string holder;
  auto lock = FileLock::try_take(root / (".adding-" + name + ".lock"), holder);
  if (!lock) throw UserError("dataset '" + name + "' is being added by " + holder + "; wait for it, then try again");
  return std::move(*lock);
}

// What no longer is as it was added, as one line about the first file, or "". Reads every file.
std::string change_since_added(const InstalledDataset& set) {
  const fs::path manifest = set.folder / kManifestName;
  const std::string recorded = fs::exists(manifest) ? read_file(manifest) : "";
  if (sha256_hex(recorded) != set.digest) return std::string(kManifestName) + " has changed";
  return first_difference(recorded, make_manifest(set.folder).text);
}

// A large file may lose whole records, which its reader cannot see. Sets of many files hold an item in each, whose
// reader notices, and asking for all their sizes would take long.
void refuse_lost_bytes(const InstalledDataset& set) {
  constexpr int64_t kFewFiles = 10'000;
  if (set.files > kFewFiles) return;
  int64_t bytes = 0;
  for (const auto& [path, size] : file_sizes(set.folder)) bytes += size;
  if (bytes == set.bytes) return;
  throw RunFailure(FailureKind::data, "dataset '" + set.name + "' in '" + set.folder.string() +
                                          "' is not what was added: " + change_since_added(set) +
                                          "; remove that folder and add the dataset again");
}

}  // namespace

fs::path default_data_root() {
  const auto variable = [](const char* name) -> fs::path {
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
  };
  if (const fs::path given = variable("SSLBENCH_DATA"); !given.empty()) return given;
  if (const fs::path data = variable("XDG_DATA_HOME"); !data.empty()) return data / "sslbench";
  if (const fs::path home = variable("HOME"); !home.empty()) return home / ".local" / "share" / "sslbench";
  throw UserError("no folder for datasets: SSLBENCH_DATA, XDG_DATA_HOME and HOME are unset; set SSLBENCH_DATA");
}

InstalledDataset add_dataset(const std::string& name, const fs::path& from, const fs::path& root) {
  const DatasetEntry& entry = find_installable(name);
  std::error_code error;
  if (!fs::exists(from, error)) {
    throw UserError("there is no readable file or folder '" + from.string() + "'; check the path");
  }
  const FileLock lock = lock_name(name, root);
  const Staging staging(root / (".adding-" + name));
  take_in(from, staging.folder());
  const fs::path content = unwrapped(staging.folder());

  InstalledDataset set{.name = name, .folder = root / name};
  set.inspection = inspect(entry, content, from);
  const FileManifest manifest = make_manifest(content);
  set.digest = manifest.digest();
  set.files = manifest.files, set.bytes = manifest.bytes;

  const InstalledDataset installed = find_dataset(name, root);
  if (!installed.digest.empty()) {
    refuse_other_content(installed, set);
    return installed;
  }
  if (fs::exists(set.folder)) {
    throw UserError("'" + set.folder.string() +
                    "' exists, but `sslbench data add` did not make it; move it away first");
  }
  write_atomically(content / kManifestName, manifest.text);
  write_atomically(content / kFactsName, facts_of(set).dump(1) + "\n");
  publish(content, set.folder);
  return set;
}

InstalledDataset find_dataset(const std::string& name, const fs::path& root) {
  find_installable(name);
  InstalledDataset set{.name = name, .folder = root / name};
  const fs::path file = set.folder / kFactsName;
  if (!fs::exists(file)) return set;
  try {
    const json facts = json::parse(read_file(file));
    set.files = facts.at("files"), set.bytes = facts.at("bytes");
    set.inspection = {facts.at("findings"), facts.at("faults")};
    set.digest = facts.at("digest");
  } catch (const std::exception& failure) {
    throw UserError("'" + file.string() + "' is damaged (" + failure.what() + "); remove '" + set.folder.string() +
                    "' and add the dataset again");
  }
  return set;
}

InstalledDataset check_dataset(const std::string& name, const fs::path& root) {
  const DatasetEntry& entry = find_installable(name);
  InstalledDataset set = find_dataset(name, root);
  if (set.digest.empty()) {
    throw UserError("dataset '" + name + "' is not installed in '" + root.string() +
                    "'; add it with `sslbench data add " + name + " PATH`");
  }
  const std::string change = change_since_added(set);
  if (!change.empty()) {
    throw UserError("dataset '" + name + "' in '" + set.folder.string() + "' is not what was added: " + change +
                    "; remove that folder and add the dataset again");
  }
  set.inspection = inspect(entry, set.folder, set.folder);
  return set;
}

std::string dataset_digest(const std::string& name, const json& settings, const fs::path& root) {
  const DatasetEntry& entry = Registry<DatasetEntry>::find(name);
  if (!entry.builtin) return find_dataset(name, root).digest;
  const json resolved = Settings("dataset '" + name + "'", entry.options, settings).values();
  return sha256_hex(json{{"name", name}, {"settings", resolved}, {"version", entry.version}}.dump());
}

std::unique_ptr<DataSource> open_dataset(const std::string& name, const json& settings, Split split,
                                         const fs::path& root) {
  const DatasetEntry& entry = Registry<DatasetEntry>::find(name);
  const Settings resolved("dataset '" + name + "'", entry.options, settings);
  const InstalledDataset set = entry.builtin ? InstalledDataset{} : find_dataset(name, root);
  if (!entry.builtin && set.digest.empty()) {
    throw UserError("dataset '" + name + "' is not installed in '" + root.string() +
                    "'; add it with `sslbench data add " + name + " PATH` (PATH: a folder or an archive, from " +
                    entry.source + ")");
  }
  if (!entry.builtin) refuse_lost_bytes(set);
  return entry.open(resolved, {split, root / name});
}

}  // namespace sslbench
