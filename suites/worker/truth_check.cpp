// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/truth_check.h"

#include <algorithm>
#include <map>
#include <set>

#include "datasets/install/installed.h"
#include "suites/protocols/parts/image_sets.h"

namespace sslbench {
namespace {

bool has_box(const DataSource& source) {
  for (int64_t i = 0; i < source.size(); ++i) {
    const Item item = source.item(i);
    if (std::any_of(item.boxes.begin(), item.boxes.end(), [](const Box& box) { return !box.difficult; })) return true;
  }
  return false;
}

bool has_classes(const DataSource& source, size_t least) {
  std::set<uint8_t> found;
  for (int64_t i = 0; i < source.size() && found.size() < least; ++i) {
    for (const uint8_t label : source.item(i).mask.labels) {
      if (label != Mask::kIgnore) found.insert(label);
    }
  }
  return found.size() >= least;
}

}  // namespace

std::string fault_of_truth(const DataSource& images, Split split, const std::string& task) {
  if (task == "detection" && !has_box(images)) {
    return "hold no box to find; annotate some, or measure detection on another dataset";
  }
  if (task != "segmentation") return "";
  if (images.mask_classes().size() < 2 || (split == Split::train && !has_classes(images, 2))) {
    return "have masks of one class only, which everything predicts; 255 is void: write the classes of binary masks as "
           "0 "
           "and 1, or measure segmentation on another dataset";
  }
  if (!has_classes(images, 1)) return "have masks without a class; measure segmentation on another dataset";
  return "";
}

namespace {

// What is wrong with one split of a set, or "".
std::string fault_of(const DatasetSpec& set, Split split, const std::string& task,
                     const std::filesystem::path& data_root) {
  try {
    const auto source = open_dataset(set.name, set.settings, split, data_root);
    const std::string fault = fault_of_truth(*source, split, task);
    if (!fault.empty())
      return "the " + std::string(split_name(split)) + " images of dataset '" + set.name + "' " + fault;
  } catch (const RunFailure&) {  // a damaged file: the run says which, as failed(data)
  }
  return "";
}

}  // namespace

void check_truth(const ProtocolSpec& protocol, const std::string& task, const std::filesystem::path& data_root) {
  static std::map<std::string, std::string> known;  // rows share their sets
  const DatasetSpec& set = protocol.dataset;
  if (task == "classification" || dataset_entry(set.name, data_root).builtin) return;
  if (find_dataset(set.name, data_root).digest.empty()) return;
  for (const Split split : {Split::train, Split::test}) {
    const std::string key = task + split_key(set, split);
    auto found = known.find(key);
    if (found == known.end()) found = known.emplace(key, fault_of(set, split, task, data_root)).first;
    if (!found->second.empty()) throw UserError("[protocols." + protocol.row + "] " + found->second);
  }
}

}  // namespace sslbench
