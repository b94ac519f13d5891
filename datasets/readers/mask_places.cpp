// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/mask_places.h"

#include <string>
#include <string_view>
#include <vector>

#include "datasets/readers/file_items.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

// Names of folders, in lower case, those that are meant rather first.
constexpr const char* kMaskFolders[] = {
    "masks",   "labels", "annotations", "mask",        "label",        "segmentationclass", "segmentationclasspng",
    "ann_dir", "ann",    "gt",          "groundtruth", "ground_truth", "segmentation",      "segmentations",
    "targets"};
constexpr const char* kImageFolders[] = {"images", "image", "imgs", "img", "jpegimages", "img_dir", "inputs"};

// Folders right in another whose names are one of those, in lower case.
std::vector<std::string> folders_called(const fs::path& folder, const std::string& name) {
  std::vector<std::string> out = folders_in(folder);
  std::erase_if(out, [&](const std::string& each) { return lower_case(each) != name; });
  return out;
}

class PairFinder {
 public:
  explicit PairFinder(const fs::path& folder) : folder_(folder) {}

  std::map<Split, MaskPlace> find() {
    for (const char* images : kImageFolders) {
      for (const char* masks : kMaskFolders) find_called(images, masks);
    }
    if (!out_.contains(Split::train)) find_siblings();
    return std::move(out_);
  }

 private:
  bool holds_pictures(const fs::path& under) const {
    std::error_code ignored;
    return fs::is_directory(folder_ / under, ignored) && !pictures_below(folder_ / under).empty();
  }

  void add(Split split, const fs::path& images, const fs::path& masks) {
    if (holds_pictures(images) && holds_pictures(masks)) out_.emplace(split, MaskPlace{images, masks});
  }

  void find_called(const std::string& images_name, const std::string& masks_name) {
    Split split = Split::train;
    MaskPlace whole;
    for (const std::string& images : folders_called(folder_, images_name)) {
      for (const std::string& masks : folders_called(folder_, masks_name)) {
        for (const std::string& name : folders_in(folder_ / images)) {
          if (split_of_folder(name, split)) add(split, fs::path(images) / name, fs::path(masks) / name);
        }
        if (holds_pictures(images) && holds_pictures(masks)) whole = {images, masks};
      }
    }
    for (const std::string& name : folders_in(folder_)) {
      if (!split_of_folder(name, split)) continue;
      for (const std::string& images : folders_called(folder_ / name, images_name)) {
        for (const std::string& masks : folders_called(folder_ / name, masks_name)) {
          add(split, fs::path(name) / images, fs::path(name) / masks);
        }
      }
    }
    if (out_.empty() && !whole.images.empty()) out_.emplace(Split::train, whole);
  }

  void find_siblings() {
    Split split = Split::train;
    for (const std::string& name : folders_in(folder_)) {
      const bool images = name.ends_with("_images");
      const std::string word = images ? name.substr(0, name.size() - std::string_view("_images").size()) : name;
      if (!split_of_folder(word, split)) continue;
      for (const char* ending : {"annot", "_annot", "_masks", "_mask", "_labels", "_label", "_gt"}) {
        add(split, name, word + ending);
      }
    }
  }

  const fs::path& folder_;
  std::map<Split, MaskPlace> out_;
};

}  // namespace

std::map<Split, MaskPlace> find_mask_places(const fs::path& folder) { return PairFinder(folder).find(); }

}  // namespace sslbench
