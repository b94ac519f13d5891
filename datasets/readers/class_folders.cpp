// SPDX-License-Identifier: Apache-2.0
// Formats class_folders (a folder a class, as torchvision's ImageFolder, with or without folders train, val, test
// around them) and pictures (any folder of pictures, no labels).
#include <algorithm>

#include "datasets/format.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/file_items.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

bool has_picture(const fs::path& folder) {
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->is_regular_file() && is_picture_name(at->path())) return true;
  }
  return false;
}

bool has_picture_directly(const fs::path& folder) {
  const std::vector<std::string> files = files_in(folder);
  return std::any_of(files.begin(), files.end(), [](const std::string& name) { return is_picture_name(name); });
}

// Folder of every split: those that a folder of that name holds, else all is train.
std::map<Split, std::string> split_folders(const fs::path& folder) {
  std::map<Split, std::string> out;
  for (const std::string& name : folders_in(folder)) {
    Split split = Split::train;
    if (!split_of_word(name, split)) continue;
    if (!out.emplace(split, name).second) {
      throw_bad_data(folder / name, "is the same split as '" + out[split] + "'; keep one of them");
    }
  }
  if (!out.contains(Split::train)) return {{Split::train, ""}};
  return out;
}

std::vector<std::string> classes_in(const fs::path& folder, FaultCounts& faults) {
  std::vector<std::string> out;
  for (const std::string& name : folders_in(folder)) {
    if (has_picture(folder / name)) {
      out.push_back(name);
    } else {
      faults.add("class folders without a picture, left out", name);
    }
  }
  return out;
}

std::vector<FileItem> labelled_items(const fs::path& folder, const std::string& under,
                                     const std::vector<std::string>& classes, FaultCounts& faults) {
  std::vector<FileItem> out;
  for (const std::string& name : folders_in(folder / under)) {
    const auto found = std::find(classes.begin(), classes.end(), name);
    if (found == classes.end()) {
      if (!has_picture(folder / under / name)) continue;
      throw_bad_data(folder / under / name, "is a class that train does not have");
    }
    for (const std::string& image : pictures_below(folder / under / name, faults)) {
      out.push_back({.image = (fs::path(under) / name / image).generic_string(),
                     .label = static_cast<int32_t>(found - classes.begin())});
    }
  }
  for (const std::string& name : files_in(folder / under)) {
    if (is_picture_name(name)) faults.add("pictures outside the class folders, left out", name);
  }
  return out;
}

FolderContent read_class_folders(const FormatRequest& request) {
  const auto splits = split_folders(request.folder);
  FolderContent out{.tasks = {"classification"}};
  out.classes = classes_in(request.folder / splits.at(Split::train), out.faults);
  if (out.classes.size() < 2) {
    throw_bad_data(request.folder, "holds " + std::to_string(out.classes.size()) +
                                       " class folders with pictures; at least 2 are needed");
  }
  // Known sets name their classes otherwise than their folders (n01440764: tench), in the order of the folders.
  if (!request.classes.empty() && request.classes.size() != out.classes.size()) {
    throw_bad_data(request.folder, "holds " + std::to_string(out.classes.size()) + " class folders instead of " +
                                       std::to_string(request.classes.size()));
  }
  const ClassNames names{request.classes.empty() ? out.classes : request.classes, {}};
  for (const auto& [split, under] : splits) {
    out.present.insert(split);
    if (!request.wants(split)) continue;
    out.add(split, std::make_shared<FileItems>(request.folder,
                                               labelled_items(request.folder, under, out.classes, out.faults), names));
  }
  out.classes = names.classes;
  return out;
}

bool fits_class_folders(const fs::path& folder) {
  const std::vector<std::string> top = folders_in(folder);
  const bool split = std::any_of(top.begin(), top.end(), [](const std::string& name) {
    Split found = Split::train;
    return split_of_word(name, found) && found == Split::train;
  });
  const fs::path root = split ? folder / split_folders(folder).at(Split::train) : folder;
  if (has_picture_directly(root)) return false;
  const std::vector<std::string> classes = folders_in(root);
  return std::count_if(classes.begin(), classes.end(),
                       [&](const std::string& name) { return has_picture(root / name); }) >= 2;
}

FolderContent read_pictures(const FormatRequest& request) {
  FolderContent out;
  std::vector<FileItem> items;
  for (const std::string& image : pictures_below(request.folder, out.faults)) items.push_back({.image = image});
  if (items.empty()) throw_bad_data(request.folder, "holds no JPEG or PNG file");
  out.add(Split::train, std::make_shared<FileItems>(request.folder, std::move(items), ClassNames{}));
  return out;
}

const bool registered =
    Registry<FormatEntry>::add({.name = "class_folders",
                                .layout = "a folder of JPEG or PNG files for every class, in folders train, val, test "
                                          "or without them",
                                .rank = 80,
                                .fits = fits_class_folders,
                                .read = read_class_folders}) &&
    Registry<FormatEntry>::add({.name = "pictures",
                                .layout = "JPEG and PNG files anywhere, without labels (for pretraining)",
                                .rank = 90,
                                .fits = has_picture,
                                .read = read_pictures});

}  // namespace
}  // namespace sslbench
