// SPDX-License-Identifier: Apache-2.0
// The thousand classes of ImageNet-1k (ILSVRC 2012), which its test sets share: class names that are WordNet numbers
// let one classifier be scored on all of them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace sslbench {

inline constexpr int kImagenetClasses = 1000;

// "n01440764", ...: sorted, the order in which every published model numbers its classes.
const std::vector<std::string>& imagenet_wnids();

// Of an ILSVRC2012_ID, 1 to 1000, which is what ILSVRC2012_validation_ground_truth.txt holds; "" of any other.
std::string imagenet_wnid_of_id(int64_t id);

}  // namespace sslbench
