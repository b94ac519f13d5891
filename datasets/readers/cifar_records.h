// SPDX-License-Identifier: Apache-2.0
// The binary versions of CIFAR-10 and CIFAR-100 (https://www.cs.toronto.edu/~kriz/cifar.html): records of one label
// byte, or a coarse and a fine one, and 3 planes of 32 x 32 bytes, red, green, blue.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "datasets/readers/record_images.h"

namespace sslbench {

inline constexpr int32_t kCifarSide = 32;

// The label bytes at the beginning of a record, and which of them is the label.
struct CifarLabels {
  int64_t bytes = 1, at = 0;
};

// The records of FOLDER/<name> (or with .gz or .xz behind it) of all `names`, one file after the other.
// RunFailure(data) naming file, record and byte when a file is missing, empty, cut off, damaged or a label is none of
// the classes.
std::shared_ptr<RecordImages> read_cifar_records(const std::filesystem::path& folder,
                                                 const std::vector<std::string>& names,
                                                 const std::vector<std::string>& classes, CifarLabels labels = {});

// The ten class names of batches.meta.txt.
std::vector<std::string> read_cifar_classes(const std::filesystem::path& folder);

}  // namespace sslbench
