// SPDX-License-Identifier: Apache-2.0
// Flowers-102. Nilsback and Zisserman: "Automated Flower Classification over a Large Number of Classes", ICVGIP 2008.
// jpg/image_00001.jpg .. image_08189.jpg; imagelabels.mat (labels, 1 to 102), setid.mat (trnid, valid, tstid: numbers
// of pictures). Published figures train on train and val, ten pictures a class each; the measure is the mean over
// classes.
#include <cstdio>

#include "datasets/format_set.h"
#include "datasets/readers/arrays/mat_file.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/listed_pictures.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

constexpr int kClasses = 102;

std::map<std::string, std::vector<int32_t>> numbers_in(const fs::path& file, const std::vector<std::string>& names) {
  std::map<std::string, std::vector<int32_t>> out;
  try {
    const StoredArrays arrays = read_mat_file(file, names);
    for (const std::string& name : names) {
      if (!arrays.contains(name)) throw BadArrays("lacks '" + name + "'");
      out[name] = integers_of(name, arrays.at(name));
    }
  } catch (const BadArrays& bad) {
    throw_bad_data(file, bad.what());
  }
  return out;
}

// A picture's place below the folder.
std::string image_of(int32_t number) {
  char name[32];
  std::snprintf(name, sizeof name, "jpg/image_%05d.jpg", number);
  return name;
}

void add_split(const FormatRequest& request, Split split, const std::vector<int32_t>& numbers,
               const std::vector<int32_t>& labels, FolderContent& out) {
  std::vector<FileItem> items;
  for (const int32_t number : numbers) {
    if (number < 1 || static_cast<size_t>(number) > labels.size()) {
      throw_bad_data(request.folder / "setid.mat",
                     "names picture " + std::to_string(number) + " of " + std::to_string(labels.size()));
    }
    const int32_t label = labels[static_cast<size_t>(number - 1)];
    if (label < 1 || label > kClasses) {
      throw_bad_data(request.folder / "imagelabels.mat", "gives picture " + std::to_string(number) + " the label " +
                                                             std::to_string(label) + "; labels are 1 to 102");
    }
    if (has_file(request.folder / image_of(number))) {
      items.push_back({.image = image_of(number), .label = label - 1});
    } else {
      out.faults.add("images that are named but missing", image_of(number));
    }
  }
  out.add(split, std::make_shared<FileItems>(request.folder, std::move(items), ClassNames{out.classes, {}}));
}

FolderContent read_flowers(const FormatRequest& request) {
  const auto labels = numbers_in(request.folder / "imagelabels.mat", {"labels"}).at("labels");
  auto sets = numbers_in(request.folder / "setid.mat", {"trnid", "valid", "tstid"});
  FolderContent out{.classes = numbered_classes(kClasses), .tasks = {"classification"}};
  const bool apart = request.settings.text("val") == "apart";
  if (!apart) sets["trnid"].insert(sets["trnid"].end(), sets["valid"].begin(), sets["valid"].end());
  out.present = {Split::train, Split::test};
  if (apart) out.present.insert(Split::val);
  const std::pair<Split, const char*> parts[] = {
      {Split::train, "trnid"}, {Split::val, "valid"}, {Split::test, "tstid"}};
  for (const auto& [split, name] : parts) {
    if (out.present.contains(split) && request.wants(split)) add_split(request, split, sets.at(name), labels, out);
  }
  return out;
}

const bool registered =
    Registry<FormatEntry>::add({.name = "flowers102",
                                .layout = "jpg/image_00001.jpg, ..., imagelabels.mat, setid.mat",
                                .rank = 10,
                                .options = {val_option()},
                                .archives = {.files = {{"102flowers.tgz", "52808999861908f626f3c1f4e79d11fa"}}},
                                .fits =
                                    [](const fs::path& folder) {
                                      return fs::exists(folder / "imagelabels.mat") && fs::exists(folder / "setid.mat");
                                    },
                                .read = read_flowers}) &&
    Registry<DatasetEntry>::add(format_set({.name = "flowers102",
                                            .summary = "8,189 photographs of 102 kinds of flowers",
                                            .source = "https://www.robots.ox.ac.uk/~vgg/data/flowers/102/",
                                            .licence = "none stated",
                                            .tasks = {"classification"},
                                            .image_size = 800,
                                            .classes = numbered_classes(kClasses),
                                            .mean = kImagenetMean,
                                            .deviation = kImagenetDeviation,
                                            .format = "flowers102",
                                            .expected = {{Split::train, 2'040}, {Split::test, 6'149}}},
                                           {val_option()}));

}  // namespace
}  // namespace sslbench
