// SPDX-License-Identifier: Apache-2.0
// ImageNet-1k. Russakovsky et al.: "ImageNet Large Scale Visual Recognition Challenge", IJCV 2015, arXiv:1409.0575.
// A folder a class (n01440764, ...) of train; val the same, or flat (ILSVRC2012_val_00000001.JPEG, ...) with the list
// of the development kit (ILSVRC2012_validation_ground_truth.txt: an ILSVRC2012_ID a line) or Kaggle's
// LOC_val_solution.csv (ILSVRC2012_val_00048981,n03995372 85 1 499 272). Published figures are those of val, which is
// the test split. Folders are listed; no picture is opened or asked for before it is used.
#include <algorithm>
#include <set>

#include "datasets/format_set.h"
#include "datasets/known/imagenet_wnids.h"
#include "datasets/known/set_root.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/data_text.h"
#include "datasets/readers/image_list.h"
#include "datasets/readers/listed_pictures.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

constexpr const char* kFirstClass = "n01440764";
constexpr const char* kFirstVal = "ILSVRC2012_val_00000001.JPEG";
constexpr const char* kTruth = "ILSVRC2012_validation_ground_truth.txt";
constexpr const char* kSolution = "LOC_val_solution.csv";

// Where people keep a split: as torchvision's ImageFolder, as Kaggle's archive, as the original archives unpack.
std::optional<fs::path> place_of(const fs::path& folder, const std::string& split, const char* mark) {
  return set_root(
      folder, {split, "ILSVRC/Data/CLS-LOC/" + split, "Data/CLS-LOC/" + split, "ILSVRC2012_img_" + split, ""}, mark);
}

std::vector<FileItem> class_items(const fs::path& folder, const fs::path& under) {
  const std::vector<std::string>& wnids = imagenet_wnids();
  for (const std::string& name : folders_in(folder / under)) {
    const bool wnid =
        name.size() == 9 && name[0] == 'n' && name.find_first_not_of("0123456789", 1) == std::string::npos;
    if (wnid && !std::ranges::binary_search(wnids, name)) {
      throw_bad_data(folder / under / name, "is none of the 1,000 classes of ImageNet-1k; take it out");
    }
  }
  std::vector<FileItem> out;
  for (size_t k = 0; k < wnids.size(); ++k) {
    const fs::path pictures = under / wnids[k];
    const size_t before = out.size();
    for (const std::string& name : files_in(folder / pictures)) {
      if (!is_picture_name(name)) continue;
      out.push_back({.image = (pictures / name).generic_string(), .label = static_cast<int32_t>(k)});
    }
    if (out.size() == before) throw_bad_data(folder / pictures, "holds no picture; each of the 1,000 classes has some");
  }
  return out;
}

// The pictures of a flat val that are there, and their labels.
class FlatVal {
 public:
  FlatVal(const fs::path& folder, fs::path under, FaultCounts& faults)
      : folder_(folder), under_(std::move(under)), faults_(faults) {
    for (const std::string& name : files_in(folder / under_)) there_.insert(name);
  }

  std::vector<FileItem> items() && {
    if (const auto root = set_root(folder_, {"", "ILSVRC", under_.string()}, kSolution)) {
      read_solution(folder_ / *root / kSolution);
    } else if (const auto kit =
                   set_root(folder_, {"", "ILSVRC2012_devkit_t12/data", "data", under_.string()}, kTruth)) {
      read_truth(folder_ / *kit / kTruth);
    } else {
      throw_bad_data(folder_ / under_, std::string("holds pictures without class folders, and neither ") + kTruth +
                                           " (of ILSVRC2012_devkit_t12.tar.gz) nor " + kSolution +
                                           " says what they show; put one beside train");
    }
    return std::move(out_);
  }

 private:
  void read_truth(const fs::path& list) {
    int64_t line = 0;
    for (const std::string& text : read_data_lines(list)) {
      ++line;
      const bool number = !text.empty() && text.size() < 5 && text.find_first_not_of("0123456789") == std::string::npos;
      const std::string wnid = number ? imagenet_wnid_of_id(std::stoi(text)) : "";
      if (wnid.empty()) refuse(list, line, "expected an ILSVRC2012_ID from 1 to 1000, got '" + text + "'");
      const std::string digits = std::to_string(line);
      if (digits.size() > 8) refuse(list, line, "the set has 50,000 pictures");
      add("ILSVRC2012_val_" + std::string(8 - digits.size(), '0') + digits + ".JPEG", wnid, list, line);
    }
  }

  void read_solution(const fs::path& list) {
    for (const CsvRow& row : read_csv(read_data_text(list, kMaxListBytes), list)) {
      if (row.fields[0] == "ImageId") continue;
      const std::vector<std::string> words = row.fields.size() == 2 ? fields_of(row.fields[1]) : fields_of("");
      if (words.empty())
        refuse(list, row.line, "expected ILSVRC2012_val_NUMBER,WNID BOX ..., got '" + row.fields[0] + "'");
      add(row.fields[0] + ".JPEG", words[0], list, row.line);
    }
  }

  void add(const std::string& name, const std::string& wnid, const fs::path& list, int64_t line) {
    const auto at = std::ranges::lower_bound(imagenet_wnids(), wnid);
    if (at == imagenet_wnids().end() || *at != wnid) {
      refuse(list, line, "the class '" + wnid + "' is none of ImageNet-1k's");
    }
    if (!listed_.insert(name).second) refuse(list, line, "names '" + name + "' a second time");
    if (!there_.contains(name)) return faults_.add("images that are named but missing", name);
    out_.push_back(
        {.image = (under_ / name).generic_string(), .label = static_cast<int32_t>(at - imagenet_wnids().begin())});
  }

  [[noreturn]] static void refuse(const fs::path& list, int64_t line, const std::string& what) {
    throw_bad_data(list, "line " + std::to_string(line) + ": " + what);
  }

  const fs::path& folder_;
  fs::path under_;
  FaultCounts& faults_;
  std::set<std::string> there_, listed_;
  std::vector<FileItem> out_;
};

std::vector<FileItem> val_items(const fs::path& folder, const fs::path& train, FaultCounts& faults) {
  if (const auto flat = place_of(folder, "val", kFirstVal)) return FlatVal(folder, *flat, faults).items();
  const auto sorted = place_of(folder, "val", kFirstClass);
  if (sorted && *sorted != train) return class_items(folder, *sorted);
  throw_bad_data(folder, std::string("holds neither val/") + kFirstClass + "/ nor val/" + kFirstVal);
}

// A person's own part of ImageNet has the same folders, and fewer.
bool fits_imagenet(const fs::path& folder) {
  const auto train = place_of(folder, "train", kFirstClass);
  const bool val = place_of(folder, "val", kFirstVal) || place_of(folder, "val", kFirstClass);
  return train && val && folders_in(folder / *train).size() >= kImagenetClasses;
}

FolderContent read_imagenet(const FormatRequest& request) {
  const fs::path& folder = request.folder;
  const auto train = place_of(folder, "train", kFirstClass);
  if (!train) throw_bad_data(folder, std::string("holds no folder train/") + kFirstClass + " of pictures");
  FolderContent out{.classes = imagenet_wnids(), .tasks = {"classification"}, .present = {Split::train, Split::val}};
  const ClassNames names{out.classes, {}};
  if (request.wants(Split::train)) {
    out.add(Split::train, std::make_shared<FileItems>(folder, class_items(folder, *train), names));
  }
  if (request.wants(Split::val)) {
    out.add(Split::val, std::make_shared<FileItems>(folder, val_items(folder, *train, out.faults), names));
  }
  return out;
}

const bool registered =
    Registry<FormatEntry>::add(
        {.name = "imagenet1k",
         .layout = "train/<wnid>/ of a thousand classes, val/<wnid>/ or val/ILSVRC2012_val_*.JPEG and their list",
         .rank = 10,
         .archives = {.files = {{"ILSVRC2012_img_train.tar", "1d675b47d978889d74fa0da5fadfb00e"},
                                {"ILSVRC2012_img_val.tar", "29b22e2961454d5413ddabcf34fc5622"},
                                {"ILSVRC2012_devkit_t12.tar.gz", "fa75699e90414af021442c21a62c3abf"}},
                      .tar_a_class = true},
         .fits = fits_imagenet,
         .read = read_imagenet}) &&
    Registry<DatasetEntry>::add(format_set({.name = "imagenet1k",
                                            .summary = "1,331,167 photographs of 1,000 classes; val is the test split",
                                            .source = "https://image-net.org/challenges/LSVRC/2012 (or Kaggle's "
                                                      "imagenet-object-localization-challenge)",
                                            .licence = "ImageNet's terms: research only",
                                            .tasks = {"classification"},
                                            .image_size = 500,
                                            .classes = imagenet_wnids(),
                                            .mean = kImagenetMean,
                                            .deviation = kImagenetDeviation,
                                            .format = "imagenet1k",
                                            .expected = {{Split::train, 1'281'167}, {Split::val, 50'000}}}));

}  // namespace
}  // namespace sslbench
