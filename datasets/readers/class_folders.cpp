// SPDX-License-Identifier: Apache-2.0
// Formats class_folders (a folder a class, as torchvision's ImageFolder, with or without folders train, val, test
// around them) and pictures (any folder of pictures, no labels).
#include "datasets/readers/class_folders.h"

#include <algorithm>

#include "datasets/format.h"
#include "datasets/install/unread_files.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/data_text.h"
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

std::vector<std::string> pictures_right_in(const fs::path& folder) {
  std::vector<std::string> out = files_in(folder);
  std::erase_if(out, [](const std::string& name) { return !is_picture_name(name); });
  return out;
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

std::vector<std::string> class_folders_in(const fs::path& folder) {
  std::vector<std::string> out = folders_in(folder);
  std::erase_if(out, [&](const std::string& name) { return !has_picture(folder / name); });
  return out;
}

std::vector<FileItem> labelled_items(const fs::path& folder, const std::string& under,
                                     const std::vector<std::string>& classes) {
  std::vector<FileItem> out;
  for (const std::string& name : class_folders_in(folder / under)) {
    const auto found = std::find(classes.begin(), classes.end(), name);
    if (found == classes.end()) {
      throw_bad_data(folder / under / name,
                     "is a class that train does not have; a split without labels has its pictures right in its "
                     "folder, and is left out");
    }
    for (const std::string& image : pictures_below(folder / under / name)) {
      out.push_back({.image = (fs::path(under) / name / image).generic_string(),
                     .label = static_cast<int32_t>(found - classes.begin())});
    }
  }
  return out;
}

void count_loose(const fs::path& folder, const std::string& under, const std::string& kind, FolderContent& out) {
  for (const std::string& name : pictures_right_in(folder / under)) {
    out.faults.add(kind, name);
    out.account(fs::path(under) / name);
  }
}

FolderContent read_class_folders(const FormatRequest& request) {
  const auto splits = split_folders(request.folder);
  FolderContent out{.tasks = {"classification"}, .accounted = std::set<std::string>{}};
  const fs::path train = request.folder / splits.at(Split::train);
  out.classes = class_folders_in(train);
  for (const std::string& name : folders_in(train)) {
    const bool used = std::binary_search(out.classes.begin(), out.classes.end(), name);
    if (!used) out.faults.add("class folders without a picture, left out", name);
  }
  if (out.classes.size() < 2) {
    throw_bad_data(request.folder, "holds " + std::to_string(out.classes.size()) +
                                       " class folders with pictures; at least 2 are needed");
  }
  // Known sets name their classes otherwise than their folders (n01440764: tench), in the order of the folders.
  if (!request.classes.empty() && request.classes.size() != out.classes.size()) {
    throw_bad_data(request.folder, "holds " + std::to_string(out.classes.size()) + " class folders instead of " +
                                       std::to_string(request.classes.size()));
  }
  ClassNames names{request.classes, {}};
  if (names.classes.empty()) std::ranges::transform(out.classes, std::back_inserter(names.classes), tidy_name);
  for (const auto& [split, under] : splits) {
    if (split != Split::train && class_folders_in(request.folder / under).empty()) {
      count_loose(request.folder, under,
                  "pictures of " + under + "/ without a class folder: the split has no labels and is left out", out);
      continue;
    }
    out.present.insert(split);
    if (!request.wants(split)) continue;
    out.add(split,
            std::make_shared<FileItems>(request.folder, labelled_items(request.folder, under, out.classes), names));
    count_loose(request.folder, under, "pictures outside the class folders, left out", out);
  }
  out.classes = names.classes;
  return out;
}

}  // namespace

bool are_class_folders(const fs::path& folder) {
  const std::vector<std::string> top = folders_in(folder);
  const bool split = std::any_of(top.begin(), top.end(), [](const std::string& name) {
    Split found = Split::train;
    return split_of_word(name, found) && found == Split::train;
  });
  const fs::path root = split ? folder / split_folders(folder).at(Split::train) : folder;
  const std::vector<std::string> classes = class_folders_in(root);
  if (classes.size() < 2 || !why_masks(folder).empty() || holds_boxes(folder)) return false;
  // A few pictures beside the folders are strays; where they are more than those inside, the folders are no classes.
  const size_t loose = pictures_right_in(root).size();
  size_t inside = 0;
  for (size_t k = 0; k < classes.size() && inside < loose; ++k) inside += pictures_below(root / classes[k]).size();
  return inside >= loose;
}

namespace {

FolderContent read_pictures(const FormatRequest& request) {
  FolderContent out{.accounted = std::set<std::string>{}};
  std::vector<FileItem> items;
  for (const std::string& image : pictures_below(request.folder)) items.push_back({.image = image});
  if (items.empty()) throw_bad_data(request.folder, "holds no picture");
  const std::vector<std::string> folders = class_folders_in(request.folder);
  for (size_t k = 0; folders.size() > 1 && k < folders.size(); ++k) {
    out.faults.add("folders whose names are not taken as labels", folders[k]);
  }
  out.add(Split::train, std::make_shared<FileItems>(request.folder, std::move(items), ClassNames{}));
  return out;
}

const bool registered =
    Registry<FormatEntry>::add({.name = "class_folders",
                                .layout = "a folder of pictures for every class, in folders train, val, test or "
                                          "without them",
                                .rank = 80,
                                .fits = are_class_folders,
                                .read = read_class_folders}) &&
    Registry<FormatEntry>::add({.name = "pictures",
                                .layout = "pictures anywhere, without labels (for pretraining)",
                                .rank = 90,
                                .labels = false,
                                .fits = has_picture,
                                .read = read_pictures});

}  // namespace
}  // namespace sslbench
