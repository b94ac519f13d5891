// SPDX-License-Identifier: Apache-2.0
// Format pascal_voc: any set in the layout of the VOC development kit. Splits are ImageSets/Main/{train,val,test}.txt
// for boxes and ImageSets/Segmentation for masks, each for both where the other is missing; without lists all images
// are train. SegmentationClass/<id>.png, where it is there, holds indexed masks (0 background, 255 void), or what
// labelmap.txt (CVAT) or class_names.txt (labelme) say.
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "datasets/format.h"
#include "datasets/pictures/image_file.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/file_items.h"
#include "datasets/readers/mask_classes.h"
#include "datasets/readers/pascal_voc.h"
#include "datasets/readers/voc_lists.h"
#include "datasets/readers/voc_places.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

// Pictures with masks in SegmentationClass, whose numbers are checked.
class VocItems : public FileItems {
 public:
  VocItems(fs::path folder, std::vector<FileItem> items, ClassNames names, std::optional<MaskClasses> meaning)
      : FileItems(std::move(folder), std::move(items), std::move(names)), meaning_(std::move(meaning)) {}

 protected:
  Mask stored_mask(int64_t i) const override {
    if (at(i).mask.empty()) return {};
    const fs::path file = folder() / at(i).mask;
    if (meaning_) return read_class_mask(file, *meaning_);
    Mask mask = read_mask(file);
    for (const uint8_t value : mask.labels) {
      if (value != Mask::kIgnore && value >= mask_classes().size()) {
        throw_bad_data(file, "holds the value " + std::to_string(value) + "; classes are 0 to " +
                                 std::to_string(mask_classes().size() - 1));
      }
    }
    return mask;
  }

 private:
  std::optional<MaskClasses> meaning_;
};

class VocReader {
 public:
  VocReader(const FormatRequest& request, const VocReading& reading)
      : request_(request), reading_(reading), places_(find_voc_places(request.folder)) {
    if (places_.empty()) throw_bad_data(request.folder, "holds no JPEGImages/ and Annotations/*.xml");
    out_.accounted.emplace();
    out_.classes = request.classes.empty() ? find_voc_classes(request.folder, places_) : request.classes;
    if (out_.classes.empty()) refuse_without_names();
    out_.tasks = {"detection"};
    const bool recorded_without = !request.classes.empty() && request.mask_classes.empty();
    const bool masks = fs::exists(request.folder / "SegmentationClass") && !recorded_without;
    masks_ = masks && !pictures_below(request.folder / "SegmentationClass").empty() ? "SegmentationClass" : "";
    if (!masks_.empty()) find_mask_classes();
  }

  FolderContent read() {
    for (const VocPlace& place : places_) {
      std::map<std::string, std::string> images;  // name without ending -> file
      std::set<std::string> names;
      for (const std::string& name : pictures_below(request_.folder / place.images)) {
        const std::string id = fs::path(name).replace_extension().generic_string();
        images.emplace(id, (place.images / name).generic_string()), names.insert(id);
      }
      if (place.split) {
        add(*place.split, place, images, {names.begin(), names.end()}, {});
      } else {
        add_listed(place, images, names);
      }
    }
    if (!masks_.empty()) out_.tasks.push_back("segmentation");
    return std::move(out_);
  }

 private:
  using Images = std::map<std::string, std::string>;

  void find_mask_classes() {
    for (const char* name : {"labelmap.txt", "class_names.txt"}) {
      if (!has_file(request_.folder / name)) continue;
      meaning_ = read_mask_classes(request_.folder / name);
      out_.mask_classes = meaning_->names;
      return out_.account(name);
    }
    out_.mask_classes = {"background"};
    out_.mask_classes.insert(out_.mask_classes.end(), out_.classes.begin(), out_.classes.end());
  }

  static void join_val(VocLists& lists) {
    if (auto val = lists.names.extract(Split::val); !val.empty()) {
      std::ranges::copy(val.mapped(), std::back_inserter(lists.names[Split::train]));
    }
  }

  // As in the challenge, detection goes by ImageSets/Main and segmentation by ImageSets/Segmentation.
  void add_listed(const VocPlace& place, const Images& images, const std::set<std::string>& names) {
    VocLists boxes, masks;
    for (const char* under : {"ImageSets/Main", "ImageSets"}) {
      if (boxes.empty()) boxes = read_voc_lists(request_.folder, under, names);
    }
    masks = read_voc_lists(request_.folder, "ImageSets/Segmentation", names);
    if (boxes.empty() || reading_.by_masks) boxes = masks;
    for (const VocLists* lists : {&boxes, &masks}) {
      for (const std::string& file : lists->files) out_.account(file);
    }
    if (boxes.empty()) return add(Split::train, place, images, {names.begin(), names.end()}, {});
    if (reading_.joins_val) join_val(boxes), join_val(masks);
    std::map<std::string, Split> split_of;
    for (const auto& [split, listed] : boxes.names) {
      for (const std::string& id : listed) split_of.emplace(id, split);
    }
    for (const Split split : {Split::train, Split::val, Split::test}) {
      std::vector<std::string> ids = boxes.names[split], only_masks;
      for (const std::string& id : masks.names[split]) {
        if (const auto at = split_of.find(id); at == split_of.end()) {
          only_masks.push_back(id);
        } else if (at->second != split) {
          out_.faults.add("masks listed in another split than their image, not used", id);
          out_.account(fs::path(masks_) / (id + ".png"));
        }
      }
      if (!masks.empty()) masked_ = std::set<std::string>(masks.names[split].begin(), masks.names[split].end());
      if (!ids.empty() || !only_masks.empty()) add(split, place, images, std::move(ids), only_masks);
    }
  }

  // `only_masks`: pictures of segmentation alone.
  void add(Split split, const VocPlace& place, const Images& images, std::vector<std::string> ids,
           const std::vector<std::string>& only_masks) {
    const size_t for_boxes = ids.size();
    ids.insert(ids.end(), only_masks.begin(), only_masks.end());
    const bool there = std::any_of(ids.begin(), ids.end(), [&](const std::string& id) { return images.contains(id); });
    if (!there && split != Split::train) {
      return out_.faults.add("splits of which no image is there, left out", std::string(split_name(split)));
    }
    if (!out_.present.insert(split).second) {
      throw_bad_data(request_.folder / place.images, "is a second folder of " + std::string(split_name(split)));
    }
    if (!request_.wants(split)) return;
    std::vector<FileItem> items;
    std::set<std::string> seen;
    for (size_t k = 0; k < ids.size(); ++k) {
      if (!seen.insert(ids[k]).second) {
        out_.faults.add("images that a list names twice", ids[k]);
      } else if (const auto image = images.find(ids[k]); image == images.end()) {
        out_.faults.add("images that are named but missing", ids[k]);
      } else {
        items.push_back(item_of(ids[k], image->second, place));
        items.back().for_detection = k < for_boxes;
      }
    }
    out_.add(split, std::make_shared<VocItems>(request_.folder, std::move(items),
                                               ClassNames{out_.classes, out_.mask_classes}, meaning_));
  }

  FileItem item_of(const std::string& id, const std::string& image, const VocPlace& place) {
    FileItem item{.image = image};
    const fs::path annotated = place.annotations / (id + ".xml"), file = request_.folder / annotated;
    if (has_file(file)) {
      out_.account(annotated);
      read_boxes(file, item);
    } else {
      out_.faults.add("images without annotation", id);
    }
    const std::string mask = masks_ + "/" + id + ".png";
    const bool listed = !masked_ || masked_->contains(id);
    if (!masks_.empty() && listed && has_file(request_.folder / mask)) item.mask = mask;
    if (!masks_.empty() && listed && item.mask.empty()) out_.faults.add("images without mask", id);
    return item;
  }

  void read_boxes(const fs::path& file, FileItem& item) {
    const std::string name = file.filename().string();
    VocAnnotation annotation;
    try {
      annotation = read_voc_annotation(file, out_.classes, request_.folder / item.image);
    } catch (const RunFailure& failure) {
      // A picture that cannot be read says no size; it is told, and left out, when it is decoded.
      if (!std::string_view(failure.what()).starts_with((request_.folder / item.image).string() + ":")) throw;
      return;
    }
    for (int64_t k = 0; k < annotation.empty; ++k) out_.faults.add("zero-area boxes left out", name);
    for (int64_t k = 0; k < annotation.unnamed; ++k) out_.faults.add("objects without a name, left out", name);
    if (annotation.measured) out_.faults.add("annotations without a size, which is taken from the picture", name);
    if (annotation.boxes.empty()) out_.faults.add("annotations without a box", name);
    item.boxes = std::move(annotation.boxes);
    item.height = annotation.height, item.width = annotation.width;
  }

  [[noreturn]] void refuse_without_names() {
    for (const VocPlace& place : places_) {
      for (const fs::path& file : voc_annotations_below(request_.folder / place.annotations)) {
        const VocAnnotation annotation = read_voc_annotation(file, {});
        out_.faults.add(
            annotation.unnamed > 0 ? "annotations whose objects have no <name>" : "annotations without an object",
            file.lexically_relative(request_.folder).generic_string());
      }
    }
    throw_bad_data(request_.folder / places_.front().annotations, "name no object" + out_.faults.cause());
  }

  const FormatRequest& request_;
  const VocReading& reading_;
  std::vector<VocPlace> places_;
  std::string masks_;
  std::optional<MaskClasses> meaning_;
  std::optional<std::set<std::string>> masked_;  // pictures that the list of segmentation names
  FolderContent out_;
};

bool fits_voc(const fs::path& folder) {
  const std::vector<VocPlace> places = find_voc_places(folder);
  if (places.empty()) return false;
  const std::vector<std::string> folders = folders_in(folder);
  const bool masks = std::any_of(folders.begin(), folders.end(),
                                 [](const std::string& name) { return name.starts_with("SegmentationClass"); });
  // CVAT and labelme may leave Annotations empty beside masks.
  return !masks || !voc_annotations_below(folder / places.front().annotations).empty();
}

}  // namespace

FolderContent read_voc_folder(const FormatRequest& request, const VocReading& reading) {
  return VocReader(request, reading).read();
}

namespace {

const bool registered = Registry<FormatEntry>::add(
    {.name = "pascal_voc",
     .layout = "JPEGImages/, Annotations/*.xml, perhaps ImageSets/Main/{train,val,test}.txt and SegmentationClass/; or "
               "pictures and *.xml side by side",
     .rank = 20,
     .fits = fits_voc,
     .read = [](const FormatRequest& request) { return read_voc_folder(request, {}); }});

}  // namespace
}  // namespace sslbench
