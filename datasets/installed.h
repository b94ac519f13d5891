// SPDX-License-Identifier: Apache-2.0
// Installed datasets: one folder a set under the data root, with the digest that `data add` recorded.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "datasets/data_source.h"

namespace sslbench {

// SSLBENCH_DATA, else $XDG_DATA_HOME/sslbench, else ~/.local/share/sslbench.
std::filesystem::path default_data_root();

struct InstalledDataset {
  std::string name, digest;  // SHA-256 of <folder>/.sslbench.sha256, which lists all files as sha256sum prints them
  std::filesystem::path folder;
  int64_t bytes = 0, files = 0;
  Inspection inspection;
};

// Copies (folder) or unpacks (archive; paths kept under the root, caps on entries and bytes) `from` into
// `root/<name>`, checks it completely with the set's own reader, then publishes it by rename and records the digest.
// One folder around everything is taken off; the same content again changes nothing.
// UserError when the name is unknown or built in, `from` is missing, the content does not fit, other content is
// installed or someone else adds the set at this moment. RunFailure(storage) when the root cannot be written.
InstalledDataset add_dataset(const std::string& name, const std::filesystem::path& from,
                             const std::filesystem::path& root);
// Reads what is installed; an absent set gives an empty digest. Does not verify.
InstalledDataset find_dataset(const std::string& name, const std::filesystem::path& root);
// Verifies every file against the recorded digest and reads it again; UserError on the first difference.
InstalledDataset check_dataset(const std::string& name, const std::filesystem::path& root);

// What a run's id depends on: the recorded digest of an installed set ("" when it is not installed), or for a built-in
// set the SHA-256 of its name, resolved settings and renderer version.
std::string dataset_digest(const std::string& name, const nlohmann::json& settings, const std::filesystem::path& root);

// Opens one split of a named set; a missing one is a UserError that says the exact command
// ("sslbench data add cifar10 PATH") and where it looked.
std::unique_ptr<DataSource> open_dataset(const std::string& name, const nlohmann::json& settings, Split split,
                                         const std::filesystem::path& root);

}  // namespace sslbench
