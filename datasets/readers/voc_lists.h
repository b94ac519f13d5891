// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "datasets/format.h"

namespace sslbench {

// The twenty classes of the challenge in the order of its mask indices.
const std::vector<std::string>& voc_challenge_classes();

// How the challenge's lists are taken where its published figures take them otherwise than one list a split.
struct VocReading {
  bool joins_val = false;  // train is train and val
  bool by_masks = false;   // ImageSets/Segmentation alone says what the splits are, whatever is asked for
};

// What the format pascal_voc reads of a folder.
FolderContent read_voc_folder(const FormatRequest& request, const VocReading& reading);

// What the text files of one folder below ImageSets say: names of pictures by split.
struct VocLists {
  std::map<Split, std::vector<std::string>> names;
  std::vector<std::string> files;  // that were read, below the set's folder
  bool empty() const { return files.empty(); }
};

// Reads train.txt, val.txt, test.txt (or words like them); where train.txt is missing, trainval.txt less val, or
// default.txt; where all are, train is what no list names of `pictures`. A line is a name of `pictures` (without
// ending), perhaps with a flag behind it, or a path to it. None of these files: empty.
VocLists read_voc_lists(const std::filesystem::path& folder, const std::string& under,
                        const std::set<std::string>& pictures);

}  // namespace sslbench
