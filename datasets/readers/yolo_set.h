// SPDX-License-Identifier: Apache-2.0
// What the file beside YOLO labels says of the whole set.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "datasets/data_source.h"

namespace sslbench {

struct YoloSet {
  std::vector<std::string> names;
  size_t keypoints = 0;  // of every object (`kpt_shape`), whose places stand behind its box; 0: none
  std::map<Split, std::vector<std::string>> places;  // train, val, test as written: folders or lists of pictures
};

// The file of a folder that names the classes: data.yaml (.yml, dataset.yaml) or any other YAML file with `names`,
// classes.txt, obj.names, also beside the labels; "" when there is none. RunFailure(data) when two YAML files disagree.
std::filesystem::path yolo_names_file(const std::filesystem::path& folder);

// Reads it: a name a line, or YAML as yaml.safe_load does, where `names` is a list or a map whose numbers go from 0
// without gaps. RunFailure(data) naming file and place.
YoloSet read_yolo_set(const std::filesystem::path& file);

}  // namespace sslbench
