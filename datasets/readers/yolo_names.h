// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace sslbench {

// Class names of a YOLO set: a name a line, or of a .yaml file the value of `names`: [a, b], a list with "- a", or a
// map with "0: a" whose numbers go from 0 without gaps. RunFailure(data) naming file and line.
std::vector<std::string> read_yolo_names(const std::filesystem::path& file);

}  // namespace sslbench
