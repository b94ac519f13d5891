// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "datasets/data_source.h"
#include "suites/plan/run_spec.h"

namespace sslbench {

// Why nothing could be measured by a protocol of that task on these images, or "": detection needs a box to find,
// segmentation two classes of pixels to learn and one to be asked about. Reads them only as far as that takes.
std::string fault_of_truth(const DataSource& images, Split split, const std::string& task);

// Before anything is trained: UserError when the set of a detection protocol has no box to find in train or test, or
// that of a segmentation protocol too few classes of pixels. A set that is not installed, or whose files are
// damaged, is left to the run.
void check_truth(const ProtocolSpec& protocol, const std::string& task, const std::filesystem::path& data_root);

}  // namespace sslbench
