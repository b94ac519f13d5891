// SPDX-License-Identifier: Apache-2.0
#include "datasets/install/unread_files.h"

#include <algorithm>
#include <fstream>
#include <set>

#include "datasets/install/mask_names.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/file_items.h"
#include "datasets/readers/image_list.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

std::string ending_of(const std::string& path) { return lower_case(fs::path(path).extension().string()); }

bool one_of(const std::string& text, const std::set<std::string>& words) { return words.contains(text); }

// Whether all pictures of a folder are PNG of gray or palette, as masks are; IHDR holds the kind.
bool holds_masks(const fs::path& folder, const std::vector<std::string>& pictures) {
  constexpr size_t kAsked = 50;
  for (size_t k = 0; k < std::min(pictures.size(), kAsked); ++k) {
    std::ifstream in(folder / pictures[k], std::ios::binary);
    std::string head(26, '\0');
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    if (!in || !head.starts_with("\x89PNG") || (head[25] != 0 && head[25] != 3)) return false;
  }
  return !pictures.empty();
}

std::vector<std::string> stems(std::vector<std::string> pictures) {
  for (std::string& picture : pictures) picture = fs::path(picture).replace_extension().generic_string();
  return pictures;
}

// Folders that speak of masks, whose pictures are called as those of another.
std::string paired_folders(const fs::path& root, const std::vector<std::string>& folders) {
  for (const std::string& b : folders) {
    const FolderName mask = read_folder_name(b);
    if (!mask.masks()) continue;
    const std::vector<std::string> masks = pictures_below(root / b);
    for (const std::string& a : folders) {
      const FolderName other = read_folder_name(a);
      if (other.masks()) continue;
      // A class may be called so, too: a car is a Ford GT.
      const bool named = mask.word == FolderWord::mask || other.word == FolderWord::image;
      const bool alike = mask.rest == other.rest || (folders.size() == 2 && mask.rest.empty());
      const std::vector<std::string> pictures = pictures_below(root / a);
      const bool sure = (named && alike) || (holds_masks(root / b, masks) && !holds_masks(root / a, pictures));
      if (sure && names_pair_up(masks, pictures)) {
        return "'" + a + "' and '" + b + "' are pictures and their masks by name";
      }
    }
  }
  return "";
}

// A folder of masks among the pictures that they are of.
std::string masks_below(const fs::path& root, const std::vector<std::string>& folders) {
  if (folders.empty()) return "";
  std::vector<std::string> pictures = files_in(root);
  std::erase_if(pictures, [](const std::string& name) { return !is_picture_name(name); });
  for (const std::string& folder : folders) {
    const FolderName name = read_folder_name(folder);
    if (pictures.empty() || !name.masks()) continue;
    const std::vector<std::string> masks = pictures_below(root / folder);
    const bool sure = (name.word == FolderWord::mask && name.rest.empty()) || holds_masks(root / folder, masks);
    if (sure && names_pair_up(masks, pictures)) return "'" + folder + "' holds masks of the pictures beside it by name";
  }
  return "";
}

std::string why_no_classes(const fs::path& root, const std::vector<std::string>& folders) {
  static const std::set<std::string> kImages{"images",     "image",       "imgs",   "img", "img_dir",
                                             "jpegimages", "leftimg8bit", "inputs", "rgb", "camerargb"};
  static const std::set<std::string> kMasks{
      "masks",        "mask",          "labels", "label",     "annotations", "annotation",
      "ann",          "ann_dir",       "gt",     "gtfine",    "groundtruth", "ground_truth",
      "segmentation", "segmentations", "seg",    "cameraseg", "targets"};
  std::string image, mask;
  for (const std::string& folder : folders) {
    const std::string name = lower_case(folder);
    if (one_of(name, kImages) || name.ends_with("_images")) image = folder;
    if (one_of(name, kMasks) || name.ends_with("_masks") || name.ends_with("_labels")) mask = folder;
    if (name.starts_with("segmentationclass") || name.starts_with("segmentationobject")) {
      return "'" + folder + "' holds masks as Pascal VOC, CVAT and labelme name them";
    }
    if (name.starts_with("obj_") && name.ends_with("_data")) return "'" + folder + "' is of a YOLO (darknet) set";
  }
  if (!image.empty() && !mask.empty()) return "'" + image + "' and '" + mask + "' are pictures and their masks by name";
  if (const std::string pair = paired_folders(root, folders); !pair.empty()) return pair;
  constexpr size_t kMostParts = 4;
  if (folders.size() > kMostParts) return "";
  for (const std::string& a : folders) {
    const std::vector<std::string> pictures = pictures_below(root / a);
    if (holds_masks(root / a, pictures)) continue;
    for (const std::string& b : folders) {
      const std::vector<std::string> others = pictures_below(root / b);
      if (a != b && stems(pictures) == stems(others) && holds_masks(root / b, others)) {
        return "'" + b + "' holds a PNG of few values for every picture of '" + a + "': masks, not a class";
      }
    }
  }
  return "";
}

}  // namespace

std::vector<std::string> visible_files(const fs::path& folder) {
  std::vector<std::string> out;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const fs::path name = at->path().filename();
    if (name.string().starts_with('.') || is_litter(name)) {
      at.disable_recursion_pending();
    } else if (at->is_regular_file()) {
      out.push_back(at->path().lexically_relative(folder).generic_string());
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string why_masks(const fs::path& folder) {
  std::vector<fs::path> roots{folder};
  constexpr int kDeepest = 2;  // the folders of a class, in those of a split
  for (size_t begin = 0, depth = 0; depth < kDeepest; ++depth) {
    const size_t end = roots.size();
    for (; begin < end; ++begin) {
      for (const std::string& name : folders_in(roots[begin])) roots.push_back(roots[begin] / name);
    }
  }
  for (const fs::path& root : roots) {
    std::vector<std::string> folders = folders_in(root);
    std::erase_if(folders, [&](const std::string& name) { return pictures_below(root / name).empty(); });
    if (const std::string why = why_no_classes(root, folders); !why.empty()) return why;
    if (const std::string why = masks_below(root, folders); !why.empty()) return why;
  }
  return why_masks_by_name(pictures_below(folder));
}

void count_unread(const fs::path& folder, FolderContent& content) {
  if (!content.accounted) return;
  static const std::set<std::string> kPictures{".heic", ".heif", ".avif", ".jp2", ".j2k", ".jxl", ".svg", ".psd",
                                               ".ppm",  ".pgm",  ".pnm",  ".exr", ".dng", ".cr2", ".nef", ".ico"};
  static const std::set<std::string> kTexts{".txt",  ".xml", ".json", ".jsonl", ".csv",   ".tsv",
                                            ".yaml", ".yml", ".mat",  ".npy",   ".names", ".pkl"};
  std::set<std::string> used = *content.accounted;
  for (const auto& [split, source] : content.sources) {
    for (int64_t i = 0; i < source->size(); ++i) {
      for (const fs::path& file : source->files(i)) {
        used.insert(file.lexically_normal().lexically_relative(folder.lexically_normal()).generic_string());
      }
    }
  }
  const std::vector<std::string> tables = tables_of_pictures(folder);
  for (const std::string& path : visible_files(folder)) {
    if (used.contains(path)) continue;
    const std::string ending = ending_of(path);
    if (std::ranges::count(tables, path) > 0) {
      content.faults.add("tables of pictures that are not read; --format image_list reads one as their labels", path);
      continue;
    }
    content.faults.add(is_picture_name(path)       ? "pictures that the set does not use"
                       : one_of(ending, kPictures) ? "pictures of kinds that are not read; convert them to JPEG or PNG"
                       : one_of(ending, kTexts)    ? "text and annotation files that are not read"
                                                   : "other files that are not read",
                       path);
  }
}

}  // namespace sslbench
