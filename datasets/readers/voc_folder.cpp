// SPDX-License-Identifier: Apache-2.0
// Format pascal_voc: any set in the layout of the VOC development kit. Splits are ImageSets/Main/{train,val,test}.txt,
// or ImageSets/Segmentation where Main is missing; without lists all images are train. SegmentationClass/<id>.png,
// where it is there, holds indexed masks (0 background, 255 void).
#include <algorithm>
#include <map>
#include <set>

#include <pugixml.hpp>

#include "datasets/format.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/file_items.h"
#include "datasets/readers/image_file.h"
#include "datasets/readers/pascal_voc.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

// The twenty classes of the challenge in the order of its mask indices.
const std::vector<std::string> kVocClasses{
    "aeroplane",   "bicycle", "bird",  "boat",      "bottle", "bus",         "car",   "cat",  "chair", "cow",
    "diningtable", "dog",     "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor"};

std::string list_folder(const fs::path& folder) {
  for (const char* name : {"ImageSets/Main", "ImageSets/Segmentation", "ImageSets"}) {
    for (const char* list : {"train.txt", "trainval.txt"}) {
      if (has_file(folder / name / list)) return name;
    }
  }
  return "";
}

// Image name (without ending) -> file below the folder.
std::map<std::string, std::string> images_by_id(const fs::path& folder) {
  std::map<std::string, std::string> out;
  for (const std::string& name : files_in(folder / "JPEGImages")) {
    if (is_picture_name(name)) out.emplace(fs::path(name).stem().string(), "JPEGImages/" + name);
  }
  return out;
}

std::map<Split, std::vector<std::string>> read_lists(const fs::path& folder,
                                                     const std::map<std::string, std::string>& images) {
  std::map<Split, std::vector<std::string>> out;
  const std::string lists = list_folder(folder);
  if (lists.empty()) {
    for (const auto& [id, file] : images) out[Split::train].push_back(id);
    return out;
  }
  for (const auto& [split, name] :
       {std::pair(Split::train, "train.txt"), std::pair(Split::val, "val.txt"), std::pair(Split::test, "test.txt")}) {
    const fs::path file = folder / lists / name;
    if (!has_file(file)) continue;
    for (std::string id : read_data_lines(file)) {
      // "<name> <-1|0|1>" in lists of one class; names themselves may hold blanks.
      const size_t gap = id.find_last_of(" \t");
      if (gap != std::string::npos && !images.contains(id)) id.resize(id.find_last_not_of(" \t", gap) + 1);
      if (id.find('/') != std::string::npos) throw_bad_data(file, "the image name '" + id + "' holds a '/'");
      out[split].push_back(id);
    }
  }
  if (out.empty()) {
    for (const std::string& id : read_data_lines(folder / lists / "trainval.txt")) out[Split::train].push_back(id);
  }
  return out;
}

// Names of the objects in all annotations; the challenge's own order when they are its classes.
std::vector<std::string> find_classes(const fs::path& folder) {
  std::set<std::string> names;
  for (const std::string& name : files_in(folder / "Annotations")) {
    if (!name.ends_with(".xml")) continue;
    for (const std::string& object : voc_object_names(folder / "Annotations" / name)) names.insert(object);
  }
  const bool challenge = std::all_of(names.begin(), names.end(), [](const std::string& name) {
    return std::find(kVocClasses.begin(), kVocClasses.end(), name) != kVocClasses.end();
  });
  if (challenge && (names.size() > 10 || fs::exists(folder / "SegmentationClass"))) return kVocClasses;
  return {names.begin(), names.end()};
}

class VocReader {
 public:
  explicit VocReader(const FormatRequest& request)
      : request_(request),
        images_(images_by_id(request.folder)),
        masked_(fs::exists(request.folder / "SegmentationClass")) {
    out_.classes = request.classes.empty() ? find_classes(request.folder) : request.classes;
    if (out_.classes.empty()) throw_bad_data(request.folder / "Annotations", "name no object");
    out_.tasks = {"detection"};
    if (masked_) {
      out_.mask_classes = {"background"};
      out_.mask_classes.insert(out_.mask_classes.end(), out_.classes.begin(), out_.classes.end());
    }
  }

  FolderContent read() {
    for (const auto& [split, ids] : read_lists(request_.folder, images_)) {
      out_.present.insert(split);
      if (!request_.wants(split)) continue;
      std::vector<FileItem> items;
      std::set<std::string> seen;
      for (const std::string& id : ids) {
        if (!seen.insert(id).second) {
          out_.faults.add("images that a list names twice", id);
        } else {
          add(id, items);
        }
      }
      out_.add(split, std::make_shared<FileItems>(request_.folder, std::move(items),
                                                  ClassNames{out_.classes, out_.mask_classes}));
    }
    if (masked_) out_.tasks.push_back("segmentation");
    return std::move(out_);
  }

 private:
  void add(const std::string& id, std::vector<FileItem>& items) {
    const auto image = images_.find(id);
    if (image == images_.end()) return out_.faults.add("images that are named but missing", id);
    FileItem item{.image = image->second};
    const fs::path file = request_.folder / "Annotations" / (id + ".xml");
    if (has_file(file)) {
      VocAnnotation annotation = read_voc_annotation(file, out_.classes);
      for (int64_t k = 0; k < annotation.empty; ++k) out_.faults.add("zero-area boxes left out", id + ".xml");
      if (annotation.boxes.empty()) out_.faults.add("annotations without a box", id + ".xml");
      item.boxes = std::move(annotation.boxes);
      item.height = annotation.height, item.width = annotation.width;
    } else {
      out_.faults.add("images without annotation", id);
    }
    if (masked_) {
      item.mask = "SegmentationClass/" + id + ".png";
      if (!has_file(request_.folder / item.mask)) {
        item.mask.clear();
        out_.faults.add("images without mask", id);
        return;  // the split is then of those with masks, as in the challenge
      }
    }
    items.push_back(std::move(item));
  }

  const FormatRequest& request_;
  std::map<std::string, std::string> images_;
  bool masked_;
  FolderContent out_;
};

const bool registered = Registry<FormatEntry>::add(
    {.name = "pascal_voc",
     .layout = "JPEGImages/, Annotations/*.xml, perhaps ImageSets/Main/{train,val,test}.txt and SegmentationClass/",
     .rank = 20,
     .fits =
         [](const fs::path& folder) {
           return fs::is_directory(folder / "JPEGImages") && fs::is_directory(folder / "Annotations");
         },
     .read = [](const FormatRequest& request) { return VocReader(request).read(); }});

}  // namespace
}  // namespace sslbench
