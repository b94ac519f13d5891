// SPDX-License-Identifier: Apache-2.0
// Format mask_pairs: pictures with a mask each, paired by lists (<split>.txt: `image mask` a line) or by name in the
// folders images/ and masks/ (or labels/, annotations/), splits inside or around them. classes.txt (see mask_classes.h)
// says what values or colours mean; without it the numbers themselves are the classes.
#include <algorithm>
#include <map>

#include "datasets/format.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/file_items.h"
#include "datasets/readers/image_file.h"
#include "datasets/readers/mask_classes.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

using Pairs = std::map<Split, std::vector<FileItem>>;

constexpr const char* kMaskFolders[] = {"masks", "labels", "annotations", "mask", "label", "SegmentationClass"};
constexpr const char* kImageFolders[] = {"images", "image", "imgs", "img"};

fs::path classes_file(const fs::path& folder) {
  for (const char* name : {"classes.txt", "classes.csv", "class_dict.csv", "labels.txt", "label_colors.txt"}) {
    if (has_file(folder / name)) return folder / name;
  }
  return {};
}

// Whether a list's first line is a pair of files that are there.
bool is_pair_list(const fs::path& folder, const fs::path& list) {
  if (!has_file(list)) return false;
  const std::vector<std::string> lines = read_data_lines(list);
  const size_t gap = lines.empty() ? std::string::npos : lines.front().find_first_of(" \t");
  return gap != std::string::npos && has_file(folder / lines.front().substr(0, gap));
}

std::map<Split, fs::path> pair_lists(const fs::path& folder) {
  std::map<Split, fs::path> out;
  for (const std::string& name : files_in(folder)) {
    Split split = Split::train;
    if (!name.ends_with(".txt") || !split_of_word(fs::path(name).stem().string(), split)) continue;
    if (is_pair_list(folder, folder / name)) out.emplace(split, folder / name);
  }
  return out;
}

// A line may hold blanks in its paths where that leaves only one way to read it.
FileItem read_pair(const fs::path& folder, const std::string& line, const fs::path& list) {
  for (size_t gap = line.find_first_of(" \t"); gap != std::string::npos; gap = line.find_first_of(" \t", gap + 1)) {
    const size_t second = line.find_first_not_of(" \t", gap);
    const fs::path image = path_under({}, line.substr(0, gap), list), mask = path_under({}, line.substr(second), list);
    if (has_file(folder / image) || line.find_first_of(" \t", second) == std::string::npos) {
      return {.image = image.generic_string(), .mask = mask.generic_string()};
    }
  }
  throw_bad_data(list, "expected `image mask` on a line, got '" + line + "'");
}

// Folder pairs: images/train + masks/train, train/images + train/masks, or images + masks (all is train).
std::map<Split, std::pair<fs::path, fs::path>> folder_pairs(const fs::path& folder) {
  std::map<Split, std::pair<fs::path, fs::path>> out;
  Split split = Split::train;
  for (const char* images : kImageFolders) {
    for (const char* masks : kMaskFolders) {
      for (const std::string& name : folders_in(folder / images)) {
        if (split_of_word(name, split) && fs::is_directory(folder / masks / name)) {
          out.emplace(split, std::pair(fs::path(images) / name, fs::path(masks) / name));
        }
      }
      for (const std::string& name : folders_in(folder)) {
        if (split_of_word(name, split) && fs::is_directory(folder / name / images) &&
            fs::is_directory(folder / name / masks)) {
          out.emplace(split, std::pair(fs::path(name) / images, fs::path(name) / masks));
        }
      }
      if (out.empty() && fs::is_directory(folder / images) && fs::is_directory(folder / masks)) {
        out.emplace(Split::train, std::pair(fs::path(images), fs::path(masks)));
      }
    }
  }
  return out;
}

// The mask of a picture: the same name, or with _mask, _label, _L or _gt behind it, as PNG; "" when there is none.
std::string mask_of(const fs::path& folder, const fs::path& masks, const std::string& image) {
  const fs::path stem = fs::path(image).replace_extension();
  for (const char* ending : {".png", "_mask.png", "_label.png", "_L.png", "_gt.png", ".PNG"}) {
    const fs::path mask = masks / (stem.string() + ending);
    if (has_file(folder / mask)) return mask.generic_string();
  }
  return "";
}

class PairItems : public FileItems {
 public:
  PairItems(fs::path folder, std::vector<FileItem> items, std::vector<std::string> masks, MaskClasses classes)
      : FileItems(std::move(folder), std::move(items), {classes.names, {}}),
        masks_(std::move(masks)),
        classes_(std::move(classes)) {}

 protected:
  void complete(int64_t i, Item& item) const override {
    item.mask = read_class_mask(folder() / masks_.at(static_cast<size_t>(i)), classes_);
  }

 private:
  std::vector<std::string> masks_;
  MaskClasses classes_;
};

Pairs find_pairs(const FormatRequest& request, FaultCounts& faults) {
  const fs::path& folder = request.folder;
  Pairs out;
  const auto lists = pair_lists(folder);
  for (const auto& [split, list] : lists) {
    for (const std::string& line : read_data_lines(list)) out[split].push_back(read_pair(folder, line, list));
  }
  if (!lists.empty()) return out;
  for (const auto& [split, places] : folder_pairs(folder)) {
    for (const std::string& name : pictures_below(folder / places.first, faults)) {
      out[split].push_back(
          {.image = (places.first / name).generic_string(), .mask = mask_of(folder, places.second, name)});
    }
  }
  return out;
}

// Leaves out pairs of which a part is missing.
void drop_missing(const fs::path& folder, std::vector<FileItem>& items, FaultCounts& faults) {
  std::erase_if(items, [&](const FileItem& item) {
    const bool image = has_file(folder / item.image);
    const bool mask = !item.mask.empty() && has_file(folder / item.mask);
    if (!image) faults.add("images that are named but missing", item.image);
    if (image && !mask) faults.add("images without mask, left out", item.image);
    return !image || !mask;
  });
}

MaskClasses find_classes(const FormatRequest& request, const Pairs& pairs) {
  if (const fs::path file = classes_file(request.folder); !file.empty()) return read_mask_classes(file);
  if (!request.classes.empty()) return numbered_mask_classes(static_cast<int>(request.classes.size()) - 1);
  int most = 0;
  for (const auto& [split, items] : pairs) {
    for (const FileItem& item : items) {
      for (const uint8_t value : read_mask(request.folder / item.mask).labels) {
        if (value != Mask::kIgnore) most = std::max<int>(most, value);
      }
    }
  }
  return numbered_mask_classes(most);
}

FolderContent read_mask_pairs(const FormatRequest& request) {
  FolderContent out{.tasks = {"segmentation"}};
  Pairs pairs = find_pairs(request, out.faults);
  for (auto& [split, items] : pairs) drop_missing(request.folder, items, out.faults);
  const MaskClasses classes = find_classes(request, pairs);
  out.classes = classes.names;
  for (auto& [split, items] : pairs) {
    out.present.insert(split);
    if (!request.wants(split)) continue;
    std::vector<std::string> masks;
    for (FileItem& item : items) masks.push_back(std::exchange(item.mask, ""));
    out.add(split, std::make_shared<PairItems>(request.folder, std::move(items), std::move(masks), classes));
  }
  if (!out.present.contains(Split::train)) throw_bad_data(request.folder, "has no pairs of train");
  return out;
}

bool has_masks(const fs::path& folder) {
  if (!pair_lists(folder).empty()) return true;
  for (const auto& [split, places] : folder_pairs(folder)) {
    const std::vector<std::string> names = files_in(folder / places.second);
    if (std::any_of(names.begin(), names.end(), [](const std::string& name) { return is_picture_name(name); })) {
      return true;
    }
  }
  return false;
}

const bool registered = Registry<FormatEntry>::add(
    {.name = "mask_pairs",
     .layout = "images/ and masks/ with equal names, or <split>.txt of `image mask`; perhaps classes.txt",
     .rank = 50,
     .fits = has_masks,
     .read = read_mask_pairs});

}  // namespace
}  // namespace sslbench
