// SPDX-License-Identifier: Apache-2.0
// Fixed few-shot parts of a set's train split: which images is a pure function of their names or a published list,
// never of chance.
#pragma once

#include <string>

#include "datasets/install/installed.h"

namespace sslbench {

// "1%" .. "99%": of every class that share, rounded up; "5-per-class" or "5": so many of every class. Images without
// labels count as one class. Within a class those with the smallest SHA-256 of "few-shot <name>" are taken, so a
// smaller part lies in every larger one. A rule that ends in .txt is a published list of pictures (SimCLR's
// 1percent.txt), one a line: paths below the set's folder, or file names. Installs the part as a set of its own,
// `<name>-1pct`, `<name>-5shot` or `<name>-<list>`, which refers to the first set's files; its test split is that
// set's. UserError for another rule, a class with fewer images, or a line that names no picture of train.
InstalledDataset split_few_shot(const std::string& name, const std::string& rule, const std::filesystem::path& root);

}  // namespace sslbench
