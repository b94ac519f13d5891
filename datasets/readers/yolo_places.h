// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <vector>

#include "datasets/readers/yolo_set.h"

namespace sslbench {

// Pictures and label files of one split, below the set's folder; the same folder where they lie side by side.
struct YoloPlace {
  std::filesystem::path images, labels;
};

// images/train + labels/train, train/images + train/labels, images + labels (all is train); or side by side in
// obj_train_data (darknet), train or the folder itself; else where `set` says. RunFailure(data) when two folders claim
// a split.
std::map<Split, YoloPlace> find_yolo_places(const std::filesystem::path& folder, const YoloSet& set);

// Whether any of them holds a text file: pictures there may be masks.
bool has_label_files(const std::filesystem::path& folder, const std::map<Split, YoloPlace>& places);

// Whether a file's first line is numbers, as many as a box needs.
bool is_yolo_label(const std::filesystem::path& file);

}  // namespace sslbench
