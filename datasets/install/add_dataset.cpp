// SPDX-License-Identifier: Apache-2.0
// `sslbench data add`: from a folder or an archive to an installed set.
#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "datasets/format.h"
#include "datasets/install/file_manifest.h"
#include "datasets/install/inspect_format.h"
#include "datasets/install/installed.h"
#include "datasets/install/set_facts.h"
#include "datasets/install/staging.h"
#include "datasets/install/unpacked_records.h"
#include "datasets/readers/data_text.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/name_rule.h"
#include "suites/ground/near_miss.h"
#include "suites/ground/printable.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

void refuse_other_content(const InstalledDataset& installed, const InstalledDataset& fresh) {
  if (installed.digest == fresh.digest) return;
  throw UserError("dataset '" + fresh.name + "' is installed with other content in '" + installed.folder.string() +
                  "' (digest " + installed.digest.substr(0, 12) + ", not " + fresh.digest.substr(0, 12) +
                  "); to replace it, remove that folder and run the command again");
}

// What is being added: a known set's entry, or one of a person's own that is still to be filled in.
DatasetEntry entry_to_add(const std::string& name, const AddOptions& options) {
  const auto& known = Registry<DatasetEntry>::all();
  if (const auto found = known.find(name); found != known.end()) {
    if (found->second.builtin) throw UserError("dataset '" + name + "' is built in; it needs no files");
    const std::string& format = found->second.format;
    if (!options.format.empty() && options.format != format) {
      throw UserError("dataset '" + name + "' is a known set with a reader of its own; leave --format out, or give " +
                      "yours another name");
    }
    return found->second;
  }
  const std::string reason = why_not_a_name(name);
  if (!reason.empty()) throw UserError("dataset name: " + reason);
  const std::string near = nearest(name, Registry<DatasetEntry>::names());
  if (!near.empty() && options.format.empty()) {
    throw UserError("unknown dataset '" + name + "' (did you mean '" + near +
                    "'?); to add a set of your own under this name, say its --format");
  }
  return {.name = name};
}

// Unpacks what is packed, and looks at a set that has a reader of its own.
void take_apart(const DatasetEntry& entry, bool own_reader, InstalledDataset& set, const fs::path& content,
                const fs::path& from) {
  try {
    unpack_records(content);
    if (own_reader) set.inspection = entry.inspect(content);
  } catch (const RunFailure& failure) {
    if (failure.kind() != FailureKind::data) throw;
    throw_unfit(failure, content, from, entry);
  }
}

// Names of other encodings could be written neither to a record nor to a report; the list of files has a line a name.
void refuse_other_names(const fs::path& folder, const fs::path& from) {
  for (const fs::directory_entry& file : fs::recursive_directory_iterator(folder)) {
    const std::string name = file.path().lexically_relative(folder).generic_string();
    if (name.find('\n') != std::string::npos) {
      throw UserError("'" + from.string() + "' holds the name '" + printable(name) +
                      "', in which there is a line end; rename that file or folder");
    }
    if (first_not_utf8(name) == std::string::npos) continue;
    throw UserError("'" + from.string() + "' holds the name '" + printable(name) +
                    "', which is not UTF-8; rename it (convmv), or unpack the archive with the encoding that it is in");
  }
}

// Nobody knows the copy that is read: its files are named as what they come from, or will be.
std::string shown_instead(const fs::path& copy, const fs::path& shown, std::string text) {
  const std::string inner = copy.string(), outer = shown.string();
  for (size_t at = text.find(inner); at != std::string::npos; at = text.find(inner, at + outer.size())) {
    text.replace(at, inner.size(), outer);
  }
  return text;
}

bool is_known(const DatasetEntry& entry) { return Registry<DatasetEntry>::all().contains(entry.name); }

PublishedArchives archives_of(const DatasetEntry& entry, const fs::path& from) {
  if (!is_known(entry) || entry.format.empty()) return {};
  const FormatEntry& format = Registry<FormatEntry>::find(entry.format);
  PublishedArchives out = format.archives;
  // Tars that hold no folder train are unpacked to folders that say so.
  out.done = out.tar_a_class && format.fits(from);
  return out;
}

InstalledDataset add_from(const fs::path& place, DatasetEntry& entry, const fs::path& from, const fs::path& root,
                          const AddOptions& options) {
  const Staging staging(place);
  const PublishedArchives archives = archives_of(entry, from);
  IntakeLimits limits = is_known(entry) ? kKnownSetLimits : IntakeLimits{};
  limits.link = options.link;
  staging.take_in(from, limits, archives);
  refuse_other_names(place, from);
  const bool own_reader = entry.inspect != nullptr && entry.format.empty() && options.format.empty();
  fs::path content = staging.content();
  InstalledDataset set{.name = entry.name, .folder = root / entry.name};
  take_apart(entry, own_reader, set, content, from);
  if (!own_reader) content = inspect_format(entry, set, content, from, options);
  std::ranges::copy(archive_findings(from, archives), std::back_inserter(set.inspection.findings));
  const FileManifest manifest = make_manifest(content);
  set.digest = manifest.digest();
  set.files = manifest.files, set.bytes = manifest.bytes;

  InstalledDataset installed{.name = entry.name, .folder = root / entry.name};
  if (fs::exists(set.folder / kFactsName)) installed = find_dataset(entry.name, root);
  if (!installed.digest.empty()) {
    refuse_other_content(installed, set);
    return installed;
  }
  if (fs::exists(set.folder)) {
    throw UserError("'" + set.folder.string() +
                    "' exists, but `sslbench data add` did not make it; move it away first");
  }
  write_atomically(content / kManifestName, manifest.text);
  const std::string facts = facts_to_json(set, entry).dump(1, ' ', false, json::error_handler_t::replace);
  write_atomically(content / kFactsName, facts + "\n");
  publish(content, set.folder);
  return set;
}

}  // namespace

InstalledDataset add_dataset(const std::string& name, const fs::path& from, const fs::path& root,
                             const AddOptions& options) {
  DatasetEntry entry = entry_to_add(name, options);
  std::error_code error;
  if (!fs::exists(from, error)) {
    throw UserError("there is no readable file or folder '" + from.string() + "'; check the path");
  }
  if (from.extension() == ".h5" && Registry<DatasetEntry>::all().contains(name)) {
    throw UserError("'" + from.string() + "' is a packed store, and '" + name +
                    "' is read from its own files; add it under another name, such as " + name + "_packed");
  }
  if (options.link && !fs::is_directory(from, error)) {
    throw UserError("--link leaves the files of a folder where they are, and '" + from.string() +
                    "' is none; unpack it first, or leave --link out");
  }
  const FileLock lock = lock_while_adding(name, root);
  const fs::path place = root / (".adding-" + name);
  try {
    return add_from(place, entry, from, root, options);
  } catch (const UserError& mistake) {
    throw UserError(shown_instead(place, from, mistake.what()));
  } catch (const RunFailure& failure) {
    throw RunFailure(failure.kind(), shown_instead(place, root / name, failure.what()));
  }
}

}  // namespace sslbench
