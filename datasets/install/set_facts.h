// SPDX-License-Identifier: Apache-2.0
// What is recorded beside an installed set's files.
#pragma once

#include "datasets/install/installed.h"
#include "suites/ground/error.h"

namespace sslbench {

// Content of .sslbench.json, with a checksum over it; the entry's facts are kept for sets of a person's own.
nlohmann::json facts_to_json(const InstalledDataset& set, const DatasetEntry& entry);
// The parts of InstalledDataset that are recorded. Throws nlohmann's exceptions when something is missing.
void facts_from_json(const nlohmann::json& facts, InstalledDataset& set);
// The entry of a set of a person's own.
DatasetEntry entry_from_json(const std::string& name, const nlohmann::json& facts);

// `text` with files below `folder` named from there on: the folder may be a copy that will be gone.
std::string named_within(const std::filesystem::path& folder, std::string text);
// Rethrows what `failure` says about a file below `folder` as a UserError about `shown`.
[[noreturn]] void throw_unfit(const RunFailure& failure, const std::filesystem::path& folder,
                              const std::filesystem::path& shown, const DatasetEntry& entry);

// What no longer is as it was added, as one line about the first file, or "". Reads every file.
std::string change_since_added(const InstalledDataset& set);

}  // namespace sslbench
