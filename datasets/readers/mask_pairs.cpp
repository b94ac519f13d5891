// SPDX-License-Identifier: Apache-2.0
// Format mask_pairs: pictures with a mask each, paired by lists (<split>.txt: `image mask` a line) or by name in the
// folders images/ and masks/ (or labels/, annotations/), splits inside or around them; JPEGImages/ and
// SegmentationClass/ as CVAT and labelme export them. classes.txt, labelmap.txt or class_names.txt (see mask_classes.h)
// says what values or colours mean; without one the numbers themselves are the classes.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "datasets/format.h"
#include "datasets/pictures/image_file.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/data_text.h"
#include "datasets/readers/mask_places.h"
#include "datasets/readers/masked_items.h"
#include "datasets/readers/voc_lists.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

using Pairs = std::map<Split, std::vector<FileItem>>;

fs::path classes_file(const fs::path& folder) {
  for (const char* name : {"classes.txt", "classes.csv", "class_dict.csv", "labels.txt", "label_colors.txt",
                           "labelmap.txt", "class_names.txt"}) {
    if (has_file(folder / name)) return folder / name;
  }
  return {};
}

// Whether a list's first line is a pair of files that are there.
bool is_pair_list(const fs::path& folder, const fs::path& list) {
  if (!has_file(list)) return false;
  const std::vector<std::string> lines = read_data_lines(list);
  const size_t gap = lines.empty() ? std::string::npos : lines.front().find_first_of(" \t");
  return gap != std::string::npos && has_file(folder / listed_path(folder, lines.front().substr(0, gap)));
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
    const fs::path image = path_under({}, listed_path(folder, line.substr(0, gap)), list),
                   mask = path_under({}, listed_path(folder, trimmed(line.substr(second))), list);
    if (has_file(folder / image) || line.find_first_of(" \t", second) == std::string::npos) {
      return {.image = image.generic_string(), .mask = mask.generic_string()};
    }
  }
  throw_bad_data(list, "expected `image mask` on a line, got '" + line + "'");
}

// The mask of a picture: the same name, or with _mask, _segmentation, _L, ... behind it, as PNG; "" when there is none.
std::string mask_of(const fs::path& folder, const fs::path& masks, const std::string& image) {
  const fs::path stem = fs::path(image).replace_extension();
  for (const char* ending : {".png", "_mask.png", "_label.png", "_L.png", "_gt.png", ".PNG", "_labels.png",
                             "_segmentation.png", "_seg.png", "_groundtruth.png", "_annotation.png"}) {
    const fs::path mask = masks / (stem.string() + ending);
    if (has_file(folder / mask)) return mask.generic_string();
  }
  return "";
}

// JPEGImages and SegmentationClass of CVAT and labelme may have the challenge's lists.
bool split_by_lists(const fs::path& folder, const MaskPlace& place, std::vector<FileItem>& items, FolderContent& out,
                    Pairs& pairs) {
  std::map<std::string, size_t> by_name;
  std::set<std::string> names;
  for (size_t k = 0; k < items.size(); ++k) {
    const fs::path name = fs::path(items[k].image).lexically_relative(place.images).replace_extension();
    by_name.emplace(name.generic_string(), k), names.insert(name.generic_string());
  }
  const VocLists lists = read_voc_lists(folder, "ImageSets/Segmentation", names);
  if (lists.empty()) return false;
  for (const std::string& file : lists.files) out.account(file);
  for (const auto& [split, listed] : lists.names) {
    for (const std::string& name : listed) {
      if (const auto at = by_name.find(name); at != by_name.end()) {
        pairs[split].push_back(items[at->second]);
      } else {
        out.faults.add("images that are named but missing", name);
      }
    }
  }
  return true;
}

Pairs find_pairs(const FormatRequest& request, FolderContent& found) {
  const fs::path& folder = request.folder;
  Pairs out;
  const auto lists = pair_lists(folder);
  for (const auto& [split, list] : lists) {
    found.account(list.lexically_relative(folder));
    for (const std::string& line : read_data_lines(list)) out[split].push_back(read_pair(folder, line, list));
  }
  if (!lists.empty()) return out;
  const auto places = find_mask_places(folder);
  for (const auto& [split, place] : places) {
    std::vector<FileItem> items;
    for (const std::string& name : pictures_below(folder / place.images)) {
      items.push_back({.image = (place.images / name).generic_string(), .mask = mask_of(folder, place.masks, name)});
    }
    if (places.size() == 1 && split_by_lists(folder, place, items, found, out)) return out;
    out[split] = std::move(items);
  }
  return out;
}

// Leaves out pairs of which a part is missing.
void drop_missing(const fs::path& folder, std::vector<FileItem>& items, FolderContent& out) {
  std::erase_if(items, [&](const FileItem& item) {
    const bool image = has_file(folder / item.image);
    const bool mask = !item.mask.empty() && has_file(folder / item.mask);
    if (!image) out.faults.add("images that are named but missing", item.image);
    if (image && !mask) out.faults.add("images without mask, left out", item.image), out.account(item.image);
    return !image || !mask;
  });
}

// Numbers that stand apart so far are shades drawn for the eye: 0 and 128, say.
void refuse_shades(const fs::path& folder, const std::set<uint8_t>& values) {
  constexpr size_t kSpread = 20;
  if (values.empty() || *values.rbegin() < 2 * values.size() + kSpread) return;
  std::string list;
  for (const uint8_t value : values) list += (list.empty() ? "" : ", ") + std::to_string(value);
  throw_bad_data(folder, "its masks hold the values " + list +
                             " alone, which look like shades and not like numbers of classes; say in classes.txt what "
                             "they are: a line `128 road` for each");
}

MaskClasses find_classes(const FormatRequest& request, const Pairs& pairs) {
  if (const fs::path file = classes_file(request.folder); !file.empty()) return read_mask_classes(file);
  if (!request.classes.empty()) return numbered_mask_classes(static_cast<int>(request.classes.size()) - 1);
  std::array<bool, 256> seen{};
  for (const auto& [split, items] : pairs) {
    for (const FileItem& item : items) {
      for (const uint8_t value : read_mask(request.folder / item.mask).labels) seen[value] = true;
    }
  }
  std::set<uint8_t> values;
  for (int value = 0; value < Mask::kIgnore; ++value) {
    if (seen[static_cast<size_t>(value)]) values.insert(static_cast<uint8_t>(value));
  }
  refuse_shades(request.folder, values);
  return numbered_mask_classes(values.empty() ? 0 : *values.rbegin());
}

FolderContent read_mask_pairs(const FormatRequest& request) {
  FolderContent out{.tasks = {"segmentation"}, .accounted = std::set<std::string>{}};
  Pairs pairs = find_pairs(request, out);
  for (auto& [split, items] : pairs) drop_missing(request.folder, items, out);
  std::erase_if(pairs, [](const auto& split) { return split.second.empty(); });
  if (!pairs.contains(Split::train)) {
    const std::vector<std::string> why = out.faults.lines();
    throw_bad_data(request.folder, "has no picture of train with a mask, which is a PNG of the same name" +
                                       (why.empty() ? "" : " (" + why.front() + ")"));
  }
  const MaskClasses classes = find_classes(request, pairs);
  if (const fs::path file = classes_file(request.folder); !file.empty()) out.account(file.filename());
  out.classes = classes.names;
  for (auto& [split, items] : pairs) {
    out.present.insert(split);
    if (!request.wants(split)) continue;
    out.add(split, std::make_shared<MaskedItems>(request.folder, std::move(items), classes));
  }
  return out;
}

bool has_masks(const fs::path& folder) {
  if (!pair_lists(folder).empty()) return true;
  const auto places = find_mask_places(folder);
  return std::any_of(places.begin(), places.end(),
                     [&](const auto& place) { return !pictures_below(folder / place.second.masks).empty(); });
}

const bool registered = Registry<FormatEntry>::add(
    {.name = "mask_pairs",
     .layout =
         "images/ and masks/ (JPEGImages/ and SegmentationClass/) with equal names, or <split>.txt of `image mask`; "
         "perhaps classes.txt or labelmap.txt",
     .rank = 50,
     .fits = has_masks,
     .read = read_mask_pairs});

}  // namespace
}  // namespace sslbench
