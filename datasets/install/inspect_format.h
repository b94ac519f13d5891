// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "datasets/install/installed.h"

namespace sslbench {

// Reads a set through its format, from a copy that will be installed. An own set's broken pictures are removed from the
// copy, and what is left is read again: a class may have lost its last picture. Fills in `entry` (of an own set) and
// what was found; returns the folder of the set, which may be the only one within `content`. UserError about `from`
// when it is no whole set, or one that nothing can be learnt from or measured on.
std::filesystem::path inspect_format(DatasetEntry& entry, InstalledDataset& set, const std::filesystem::path& content,
                                     const std::filesystem::path& from, const AddOptions& options);

}  // namespace sslbench
