// SPDX-License-Identifier: Apache-2.0
// Format coco: *.json annotation files as COCO's in the folder, in annotations/ or in folders of splits, and the
// pictures.
#include <algorithm>
#include <cctype>
#include <fstream>
#include <map>
#include <set>

#include "datasets/format.h"
#include "datasets/readers/coco/coco_json.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/file_items.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

constexpr size_t kMostMaskClasses = 254;

struct CocoSplit {
  Split split = Split::train;
  fs::path json;     // below the folder
  std::string word;  // "train2017" of instances_train2017.json
};

// The split that a file's name speaks of: instances_train2017.json, train.json, valid/_annotations.coco.json.
bool split_of_path(const fs::path& json, Split& split, std::string& word) {
  for (const std::string& part : {json.stem().string(), json.parent_path().filename().string()}) {
    for (size_t start = 0; start < part.size();) {
      const size_t end = std::min(part.find_first_of("_-. ", start), part.size());
      word = part.substr(start, end - start);
      std::string letters = word;
      while (!letters.empty() && std::isdigit(static_cast<unsigned char>(letters.back())) != 0) letters.pop_back();
      if (split_of_word(letters, split)) return true;
      start = end + 1;
    }
  }
  word.clear();
  return false;
}

// A JSON whose beginning or end names the lists of an annotation file with boxes: captions and keypoints are others.
bool is_annotation_file(const fs::path& file) {
  const std::string name = file.filename().string();
  if (!name.ends_with(".json") || name.starts_with('.')) return false;
  for (const char* other : {"captions", "person_keypoints", "panoptic", "image_info", "stuff_"}) {
    if (name.find(other) != std::string::npos) return false;
  }
  std::ifstream in(file, std::ios::binary);
  std::string piece(1 << 16, '\0');
  in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
  piece.resize(static_cast<size_t>(in.gcount()));
  // Label Studio's notes of a YOLO set have categories alone.
  const bool more = piece.size() == (1 << 16);
  return piece.find("\"images\"") != std::string::npos || piece.find("\"annotations\"") != std::string::npos ||
         (more && (piece.find("\"categories\"") != std::string::npos || piece.find("\"info\"") != std::string::npos));
}

std::vector<CocoSplit> find_splits(const fs::path& folder) {
  std::vector<fs::path> folders{"", "annotations"};
  for (const std::string& name : folders_in(folder)) {
    Split ignored = Split::train;
    if (split_of_word(name, ignored)) folders.emplace_back(name);
  }
  std::vector<CocoSplit> out;
  for (const fs::path& under : folders) {
    for (const std::string& name : files_in(folder / under)) {
      if (!is_annotation_file(folder / under / name)) continue;
      CocoSplit split{.json = under / name};
      split_of_path(split.json, split.split, split.word);
      out.push_back(std::move(split));
    }
  }
  return out;
}

// Finds the pictures that the file of a split names.
class PictureFinder {
 public:
  PictureFinder(const fs::path& folder, const CocoSplit& split) : folder_(folder), split_(split) {
    const std::string name(split_name(split.split));
    places_ = {fs::path("images") / split.word,
               split.word,
               fs::path("images") / name,
               name,
               split.json.parent_path(),
               "images",
               ""};
    constexpr size_t kMostFolders = 16;
    const std::vector<std::string> others = folders_in(folder);
    if (others.size() <= kMostFolders) places_.insert(places_.end(), others.begin(), others.end());
  }

  // Below the set's folder, whether it is there or not.
  fs::path in(const fs::path& place, const std::string& file_name) const {
    return path_under(place, listed_path(folder_ / place, file_name), folder_ / split_.json);
  }

  // The size of a picture that lies in any of the places.
  std::optional<PictureSize> size(const std::string& file_name) const {
    for (const fs::path& place : places_) {
      const fs::path file = folder_ / in(place, file_name);
      if (!has_file(file)) continue;
      try {
        return picture_size(read_image_bytes(file), file, /*as_meant=*/false);
      } catch (const RunFailure&) {
        return {};  // told when it is decoded
      }
    }
    return {};
  }

  // The first place that has the first picture of the list that exists anywhere.
  fs::path place(const CocoFile& file) const {
    for (size_t i = 0; i < std::min<size_t>(file.images.size(), 1000); ++i) {
      for (const fs::path& place : places_) {
        if (has_file(folder_ / in(place, file.images[i].file_name))) return place;
      }
    }
    throw_bad_data(folder_ / split_.json, "names pictures of which none is in the folder (first: '" +
                                              (file.images.empty() ? "" : file.images.front().file_name) + "')");
  }

 private:
  const fs::path& folder_;
  const CocoSplit& split_;
  std::vector<fs::path> places_;
};

class CocoItems : public FileItems {
 public:
  CocoItems(fs::path folder, std::vector<FileItem> items, ClassNames names, std::vector<CocoImage> images)
      : FileItems(std::move(folder), std::move(items), std::move(names)), images_(std::move(images)) {}

  bool serves(int64_t, std::string_view) const override { return true; }

 protected:
  // pycocotools and torchvision's CocoDetection take pictures as PIL opens them.
  bool turns_when_unsure() const override { return false; }
  void complete(int64_t i, Item& item) const override {
    if (mask_classes().size() == classes().size()) return;
    if (!paint_regions(images_.at(static_cast<size_t>(i)), item.mask)) {
      throw_bad_data(file(i), "its segmentation does not fit the picture");
    }
  }

 private:
  std::vector<CocoImage> images_;
};

// All splits' files must speak of the same classes.
void join_classes(const CocoFile& file, const fs::path& json, FolderContent& out) {
  if (out.classes.empty()) out.classes = file.classes;
  if (out.classes != file.classes)
    throw_bad_data(json, "has other categories than the first annotation file or the set");
}

void add_split(const FormatRequest& request, const CocoSplit& split, CocoFile file, FolderContent& out) {
  const PictureFinder finder(request.folder, split);
  const fs::path place = finder.place(file);
  std::vector<FileItem> items;
  std::vector<CocoImage> images;
  std::set<std::string> seen;
  for (CocoImage& image : file.images) {
    const fs::path path = finder.in(place, image.file_name);
    if (!seen.insert(path.generic_string()).second) {
      out.faults.add("images that are named twice, the first counts", image.file_name);
    } else if (!has_file(request.folder / path)) {
      out.faults.add("images that are named but missing", image.file_name);
    } else {
      items.push_back(
          {.image = path.generic_string(), .boxes = image.boxes, .height = image.height, .width = image.width});
      images.push_back(std::move(image));
    }
  }
  out.add(split.split, std::make_shared<CocoItems>(request.folder, std::move(items),
                                                   ClassNames{out.classes, out.mask_classes}, std::move(images)));
}

// Masks are learnt from train; without any there, those of other splits are of no use.
void find_mask_classes(const FormatRequest& request, const std::map<Split, CocoFile>& files, FolderContent& out) {
  const auto train = files.find(Split::train);
  const bool masks =
      request.classes.empty() ? train != files.end() && train->second.has_regions : !request.mask_classes.empty();
  if (!masks || out.classes.size() > kMostMaskClasses || !out.mask_classes.empty()) return;
  out.mask_classes = {"background"};
  out.mask_classes.insert(out.mask_classes.end(), out.classes.begin(), out.classes.end());
}

FolderContent read_coco(const FormatRequest& request) {
  FolderContent out{.classes = request.classes, .mask_classes = request.mask_classes, .tasks = {"detection"}};
  std::vector<CocoSplit> splits = find_splits(request.folder);
  if (splits.empty()) throw_bad_data(request.folder, "holds no COCO annotation file");
  if (splits.size() == 1) splits.front().split = Split::train;
  for (const CocoSplit& split : splits) {
    if (!out.present.insert(split.split).second) {
      throw_bad_data(request.folder / split.json,
                     "is a second annotation file of " + std::string(split_name(split.split)) + "; keep one of them");
    }
  }
  std::map<Split, CocoFile> files;
  for (const CocoSplit& split : splits) {
    out.account(split.json);
    if (!request.wants(split.split)) continue;
    const PictureFinder finder(request.folder, split);
    const auto size = [&](const std::string& file_name) { return finder.size(file_name); };
    CocoFile file = read_coco_json(request.folder / split.json, out.faults, size);
    join_classes(file, request.folder / split.json, out);
    files.emplace(split.split, std::move(file));
  }
  find_mask_classes(request, files, out);
  for (const CocoSplit& split : splits) {
    if (request.wants(split.split)) add_split(request, split, std::move(files.at(split.split)), out);
  }
  if (!out.mask_classes.empty()) out.tasks.push_back("segmentation");
  return out;
}

const bool registered = Registry<FormatEntry>::add(
    {.name = "coco",
     .layout = "annotations/instances_<split>.json (or <split>.json, or "
               "<split>/_annotations.coco.json) and the pictures",
     .rank = 30,
     .archives = {.files = {{"train2017.zip", ""}, {"val2017.zip", ""}, {"annotations_trainval2017.zip", ""}}},
     .fits = [](const fs::path& folder) { return !find_splits(folder).empty(); },
     .read = read_coco});

}  // namespace
}  // namespace sslbench
