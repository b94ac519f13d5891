// SPDX-License-Identifier: Apache-2.0
// `sslbench data add`: from a folder or an archive to an installed set.
#include <algorithm>
#include <cstdlib>

#include "datasets/census.h"
#include "datasets/file_manifest.h"
#include "datasets/format_set.h"
#include "datasets/installed.h"
#include "datasets/set_facts.h"
#include "datasets/staging.h"
#include "suites/spec/atomic_file.h"
#include "suites/spec/near_miss.h"
#include "suites/spec/suite.h"

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

// Removes what the census could not read, so that what is installed is what is used.
void leave_out(const Census& census) {
  for (const fs::path& file : census.broken) {
    std::error_code error;
    fs::remove(file, error);
    if (error) throw RunFailure(FailureKind::storage, "cannot remove '" + file.string() + "': " + error.message());
  }
}

void refuse_copies(const Census& census, const fs::path& shown, const AddOptions& options) {
  int64_t held = 0;
  for (const auto& [split, count] : census.images) held += split == Split::train ? 0 : count;
  constexpr int64_t kTolerated = 100;  // one in a hundred
  if (options.accept_copies || census.copies * kTolerated <= held) return;
  std::string faults;
  for (const std::string& line : census.inspection.faults) faults += "\n  " + line;
  throw UserError(
      "'" + shown.string() + "': " + std::to_string(census.copies) + " of " + std::to_string(held) +
      " pictures of val and test are in train, too, so that numbers on them mean nothing; take the copies " +
      "out, or say --accept-copies" + faults);
}

const FormatEntry& format_for(const DatasetEntry& entry, const AddOptions& options, const fs::path& content,
                              const fs::path& shown) {
  if (!options.format.empty()) return Registry<FormatEntry>::find(options.format);
  return entry.format.empty() ? detect_format(content, shown) : Registry<FormatEntry>::find(entry.format);
}

void fill_in(DatasetEntry& entry, const FolderContent& content, const Census& census, const fs::path& from) {
  entry.summary = "a set of your own, format " + entry.format;
  for (const auto& [split, count] : census.images) {
    entry.summary += ", " + std::to_string(count) + " " + std::string(split_name(split));
  }
  entry.source = content.source.empty() ? fs::absolute(from).lexically_normal().string() : content.source;
  entry.licence = content.licence.empty() ? "not stated" : content.licence;
  entry.classes = content.classes, entry.mask_classes = content.mask_classes, entry.tasks = content.tasks;
  entry.image_size = census.longest_side;
  entry.mean = content.mean.value_or(census.mean), entry.deviation = content.deviation.value_or(census.deviation);
}

// Reads a set through its format. An own set's broken pictures are removed from the staged copy, and what is left is
// read again: a class may have lost its last picture.
void inspect_format(DatasetEntry& entry, InstalledDataset& set, const fs::path& content, const fs::path& from,
                    const AddOptions& options) {
  const bool own = !Registry<DatasetEntry>::all().contains(entry.name);
  const FormatEntry& format = format_for(entry, options, content, from);
  entry.format = format.name;
  const FormatRequest request{content, Settings("format", format.options, json::object()), std::nullopt, entry.classes,
                              entry.mask_classes};
  std::vector<std::string> left_out;
  try {
    if (format.probe) format.probe(content);
    for (;;) {
      const FolderContent found = format.read(request);
      const Census census = take_census(found, entry.expected);
      if (!census.images.contains(Split::train) || census.images.at(Split::train) == 0) {
        throw RunFailure(FailureKind::data,
                         "no image of train can be read" +
                             (census.inspection.faults.empty() ? "" : ": " + census.inspection.faults[0]));
      }
      if (own) refuse_copies(census, from, options);
      if (own) fill_in(entry, found, census, from);
      for (const auto& [split, count] : census.images) set.images[std::string(split_name(split))] = count;
      if (left_out.empty() || census.broken.empty()) set.inspection = census.inspection;
      if (census.broken.empty()) break;
      left_out = census.not_taken;
      for (std::string& line : left_out) line = named_within(content, line);
      leave_out(census);
    }
  } catch (const RunFailure& failure) {
    if (failure.kind() != FailureKind::data) throw;
    throw_unfit(failure, content, from, entry);
  }
  auto& faults = set.inspection.faults;
  faults.insert(faults.begin(), left_out.begin(), left_out.end());
  set.inspection.findings.insert(set.inspection.findings.begin(), "format: " + format.name);
  set.format = format.name;
}

void inspect_known(const DatasetEntry& entry, InstalledDataset& set, const fs::path& content, const fs::path& from) {
  try {
    set.inspection = entry.inspect(content);
  } catch (const RunFailure& failure) {
    throw_unfit(failure, content, from, entry);
  }
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
  const FileLock lock = lock_while_adding(name, root);
  const Staging staging(root / (".adding-" + name));
  staging.take_in(from);
  const bool own_reader = entry.inspect != nullptr && entry.format.empty() && options.format.empty();
  const fs::path content = staging.content();

  InstalledDataset set{.name = name, .folder = root / name};
  if (own_reader) {
    inspect_known(entry, set, content, from);
  } else {
    inspect_format(entry, set, content, from, options);
  }
  const FileManifest manifest = make_manifest(content);
  set.digest = manifest.digest();
  set.files = manifest.files, set.bytes = manifest.bytes;

  InstalledDataset installed{.name = name, .folder = root / name};
  if (fs::exists(set.folder / kFactsName)) installed = find_dataset(name, root);
  if (!installed.digest.empty()) {
    refuse_other_content(installed, set);
    return installed;
  }
  if (fs::exists(set.folder)) {
    throw UserError("'" + set.folder.string() +
                    "' exists, but `sslbench data add` did not make it; move it away first");
  }
  write_atomically(content / kManifestName, manifest.text);
  write_atomically(content / kFactsName, facts_to_json(set, entry).dump(1) + "\n");
  publish(content, set.folder);
  return set;
}

}  // namespace sslbench
