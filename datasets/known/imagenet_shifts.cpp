// SPDX-License-Identifier: Apache-2.0
// Test sets of classifiers that were trained on ImageNet-1k; none has anything to train on.
//   ImageNetV2. Recht et al., 2019, arXiv:1902.10811: ten pictures a class drawn anew, folders 0 to 999, where k is the
//     k-th WordNet number of the thousand in order (the archive of one of three ways of drawing; the usual one is
//     imagenetv2-matched-frequency-format-val).
//   ImageNet-R. Hendrycks et al., 2021, arXiv:2006.16241: art, cartoons, ... of 200 classes, folders <wnid>,
//   README.txt. ImageNet-A. Hendrycks et al., 2021, arXiv:1907.07174: photographs that a ResNet-50 gets wrong, of 200
//   classes. ImageNet-Sketch. Wang et al., 2019, arXiv:1905.13549: sketch/<wnid>.
// Classes are called by their WordNet numbers, as imagenet1k's: a classifier of that is scored on these by name.
#include <algorithm>

#include "datasets/format_set.h"
#include "datasets/known/imagenet_wnids.h"
#include "datasets/known/set_root.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/file_items.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

// The WordNet number of a class folder, "" when it is none.
std::string wnid_of(const std::string& folder) {
  const std::vector<std::string>& wnids = imagenet_wnids();
  if (std::ranges::binary_search(wnids, folder)) return folder;
  const bool number = !folder.empty() && folder.size() <= 3 &&
                      folder.find_first_not_of("0123456789") == std::string::npos &&
                      (folder.size() == 1 || folder[0] != '0');
  return number ? wnids[static_cast<size_t>(std::stoi(folder))] : "";
}

// Folders by their classes, in the order of the thousand.
std::map<std::string, std::string> class_folders(const fs::path& root) {
  std::map<std::string, std::string> out;
  for (const std::string& name : folders_in(root)) {
    const std::string wnid = wnid_of(name);
    if (wnid.empty()) {
      throw_bad_data(root / name,
                     "is no class of ImageNet-1k: expected a WordNet number such as n01440764, or 0 to 999");
    }
    if (!out.emplace(wnid, name).second) {
      throw_bad_data(root / name, "is the class of '" + out[wnid] + "', too; keep one of them");
    }
  }
  return out;
}

FolderContent read_shift(const FormatRequest& request) {
  const fs::path root = set_root(request.folder, {"sketch"}, "").value_or("");
  const auto folders = class_folders(request.folder / root);
  if (folders.size() < 2 || (!request.classes.empty() && request.classes.size() != folders.size())) {
    throw_bad_data(request.folder,
                   "holds " + std::to_string(folders.size()) + " class folders instead of " +
                       (request.classes.empty() ? "2 or more" : std::to_string(request.classes.size())));
  }
  FolderContent out{.tasks = {"classification"}, .present = {Split::test}};
  for (const auto& [wnid, name] : folders) out.classes.push_back(wnid);
  if (!request.wants(Split::test)) return out;
  std::vector<FileItem> items;
  int32_t label = 0;
  for (const auto& [wnid, name] : folders) {
    for (const std::string& picture : files_in(request.folder / root / name)) {
      if (!is_picture_name(picture)) continue;
      items.push_back({.image = (root / name / picture).generic_string(), .label = label});
    }
    ++label;
  }
  out.add(Split::test, std::make_shared<FileItems>(request.folder, std::move(items), ClassNames{out.classes, {}}));
  return out;
}

bool add_set(const char* name, const char* summary, const char* source, const char* licence, int classes,
             int64_t pictures) {
  return Registry<DatasetEntry>::add(
      format_set({.name = name,
                  .summary = summary,
                  .source = source,
                  .licence = licence,
                  .tasks = {"classification"},
                  .image_size = 500,
                  .classes = classes == kImagenetClasses ? imagenet_wnids() : numbered_classes(classes),
                  .mean = kImagenetMean,
                  .deviation = kImagenetDeviation,
                  .format = "imagenet_shift",
                  .expected = {{Split::test, pictures}}}));
}

// Behind class_folders: a person's own folders of such names are a set to train on.
const bool registered =
    Registry<FormatEntry>::add(
        {.name = "imagenet_shift",
         .layout = "a folder of pictures for each of some classes of ImageNet-1k, all of them test",
         .rank = 95,
         .fits =
             [](const fs::path& folder) {
               const std::vector<std::string> names = folders_in(folder);
               return names.size() > 1 &&
                      std::ranges::none_of(names, [](const std::string& name) { return wnid_of(name).empty(); });
             },
         .read = read_shift}) &&
    add_set("imagenet_v2", "10,000 photographs of ImageNet-1k's classes, drawn anew; test only",
            "https://github.com/modestyachts/ImageNetV2 (imagenetv2-matched-frequency.tar.gz)", "MIT", kImagenetClasses,
            10'000) &&
    add_set("imagenet_r", "30,000 renditions (art, toys, ...) of 200 classes of ImageNet-1k; test only",
            "https://github.com/hendrycks/imagenet-r (imagenet-r.tar)", "MIT; the pictures are their owners'", 200,
            30'000) &&
    add_set("imagenet_a", "7,500 photographs of 200 classes of ImageNet-1k that a ResNet-50 gets wrong; test only",
            "https://github.com/hendrycks/natural-adv-examples (imagenet-a.tar)", "MIT; the pictures are their owners'",
            200, 7'500) &&
    add_set("imagenet_sketch", "50,889 sketches of ImageNet-1k's classes; test only",
            "https://github.com/HaohanWang/ImageNet-Sketch", "MIT; the pictures are their owners'", kImagenetClasses,
            50'889);

}  // namespace
}  // namespace sslbench
