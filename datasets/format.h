// SPDX-License-Identifier: Apache-2.0
// A format: one way in which image sets lie in folders. A new one is one file in readers/ that registers a FormatEntry
// on its last line; `data add` then detects it.
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "datasets/data_source.h"
#include "datasets/fault_counts.h"
#include "datasets/install/intake.h"

namespace sslbench {

struct FormatRequest {
  std::filesystem::path folder;
  Settings settings;                 // the format's own options
  std::optional<Split> only;         // the one split that is asked for; none: all
  std::vector<std::string> classes;  // as recorded, or of a known set; empty: to be found out
  std::vector<std::string> mask_classes;
  bool wants(Split split) const { return !only || *only == split; }
};

// What a folder holds.
struct FolderContent {
  std::vector<std::string> classes;                            // none: images without labels
  std::vector<std::string> mask_classes;                       // where they differ from `classes`
  std::vector<std::string> tasks;                              // subset of classification, detection, segmentation
  std::set<Split> present;                                     // splits that the folder has
  std::map<Split, std::shared_ptr<const DataSource>> sources;  // of the splits that were asked for
  FaultCounts faults;                                          // found in annotations; images are decoded later
  // Files below the folder that were read, or told of in a fault, besides those of the examples; none where the reader
  // does not know.
  std::optional<std::set<std::string>> accounted;
  // Where the folder itself says so (a packed store, a subset of another set); else empty.
  std::string source, licence;
  std::optional<std::array<float, 3>> mean, deviation;

  void add(Split split, std::shared_ptr<const DataSource> items) {
    present.insert(split);
    sources[split] = std::move(items);
  }
  void account(const std::filesystem::path& file) {
    if (!accounted) accounted.emplace();
    accounted->insert(file.lexically_normal().generic_string());
  }
};

struct FormatEntry {
  static constexpr const char* kind() { return "format"; }
  std::string name;
  std::string layout;  // what a folder of this format holds, one line
  int rank = 0;        // detection asks in this order: formats that claim little come first
  std::vector<Option> options;
  bool labels = true;          // false: of what annotations say nothing is read
  PublishedArchives archives;  // of a known set: `data add` unpacks them where they lie in what is handed in
  // Whether a folder looks like it, by a few names; reads no whole file.
  std::function<bool(const std::filesystem::path& folder)> fits;
  // Called before the first `read` of a folder from elsewhere; may be null.
  std::function<void(const std::filesystem::path& folder)> probe;
  // Called where the format was found and not said: RunFailure(data) naming what else the folder may be; may be null.
  std::function<void(const std::filesystem::path& folder)> doubt = nullptr;
  // RunFailure(data) naming file and place when an index or record file is damaged.
  std::function<FolderContent(const FormatRequest&)> read;
};

// The first format that fits; UserError that lists all formats when none does, or that names annotations which the only
// fitting format would not read.
const FormatEntry& detect_format(const std::filesystem::path& folder, const std::filesystem::path& shown);

}  // namespace sslbench
