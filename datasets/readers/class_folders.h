// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace sslbench {

// Whether folders are the labels of the pictures of a set: two classes or more, which hold most of them.
bool are_class_folders(const std::filesystem::path& folder);

}  // namespace sslbench
