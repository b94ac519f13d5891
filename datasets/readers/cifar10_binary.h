// SPDX-License-Identifier: Apache-2.0
// The binary version of CIFAR-10 (https://www.cs.toronto.edu/~kriz/cifar.html): records of one label byte and 3 planes
// of 32 x 32 bytes, red, green, blue; data_batch_1..5.bin and test_batch.bin, plain, .gz or .xz.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "datasets/image.h"

namespace sslbench {

inline constexpr int kCifarSide = 32;
inline constexpr size_t kCifarPixelBytes = 3 * kCifarSide * kCifarSide;

struct CifarRecord {
  uint8_t label = 0;
  std::array<uint8_t, kCifarPixelBytes> planes{};  // CHW
};

// HWC picture of a record.
Image cifar_image(const CifarRecord& record);

// Calls `take` for every record of FOLDER/<stem>.bin, .bin.gz or .bin.xz in order; returns how many there were, at
// least one. RunFailure(data) naming file, record and byte when the file is cut off, damaged or a label is above 9.
int64_t read_cifar_batch(const std::filesystem::path& folder, const std::string& stem,
                         const std::function<void(const CifarRecord&)>& take);

// The ten class names of batches.meta.txt.
std::vector<std::string> read_cifar_classes(const std::filesystem::path& folder);

}  // namespace sslbench
