// SPDX-License-Identifier: Apache-2.0
// Installed datasets: one folder a set under the data root, with the digest that `data add` recorded.
#pragma once

#include <filesystem>
#include <map>
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
  std::string format;                     // "" for a known set with a reader of its own
  std::map<std::string, int64_t> images;  // by split, where a format reads it
  Inspection inspection;
  bool facts_changed = false;  // what was recorded was edited since: results depend on some of it
};

struct AddOptions {
  std::string format;          // "" = found out from the folder
  bool accept_copies = false;  // take a set in whose test pictures are in train, too
  bool link = false;           // take links to a folder's files instead of copies: they stay where they are
};

// Copies (folder, or one .h5 file) or unpacks (archive; paths kept under the root, caps on entries and bytes) `from`
// into `root/<name>`, checks it completely with the set's own reader or the format's, then publishes it by rename and
// records format, digest and counts. One folder around everything is taken off; the same content again changes nothing.
// A name of one's own is fine; picture files of such a set that cannot be read are not taken. UserError when the name
// is built in, unfit or nearly that of a known set, `from` is missing, the content does not fit, other content is
// installed or someone else adds the set at this moment. RunFailure(storage) when the root cannot be written.
InstalledDataset add_dataset(const std::string& name, const std::filesystem::path& from,
                             const std::filesystem::path& root, const AddOptions& options = {});
// Removes an installed set and returns what it was; of one that was linked, what the links lead to stays. UserError
// when it is not installed.
InstalledDataset remove_dataset(const std::string& name, const std::filesystem::path& root);
// Gives an installed set of a person's own another name. UserError when it is none, or the name is taken or unfit.
InstalledDataset rename_dataset(const std::string& name, const std::string& fresh, const std::filesystem::path& root);
// Reads what is installed; an absent set gives an empty digest, an unknown name is a UserError. Does not verify.
InstalledDataset find_dataset(const std::string& name, const std::filesystem::path& root);
// Verifies every file against the recorded digest and reads it again; UserError on the first difference.
InstalledDataset check_dataset(const std::string& name, const std::filesystem::path& root);

// A known set, one of a person's own that is installed in `root`, or several joined ("pets+extra", joined.h); UserError
// naming the nearest.
DatasetEntry dataset_entry(const std::string& name, const std::filesystem::path& root);
// Names of the installed sets that are no known ones, in alphabetical order.
std::vector<std::string> own_datasets(const std::filesystem::path& root);

// What a run's id depends on: the recorded digest of an installed set ("" when it is not installed), or for a built-in
// set the SHA-256 of its name, resolved settings and renderer version.
std::string dataset_digest(const std::string& name, const nlohmann::json& settings, const std::filesystem::path& root);

// Opens one split of a named set; a missing one is a UserError that says the exact command
// ("sslbench data add cifar10 PATH") and where it looked.
std::unique_ptr<DataSource> open_dataset(const std::string& name, const nlohmann::json& settings, Split split,
                                         const std::filesystem::path& root);

}  // namespace sslbench
