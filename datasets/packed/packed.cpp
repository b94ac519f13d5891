// SPDX-License-Identifier: Apache-2.0
// Format packed: one .h5 file that `sslbench data pack` wrote (datasets/packed/packed_store.h describes it).
#include <algorithm>
#include <nlohmann/json.hpp>

#include "datasets/format.h"
#include "datasets/packed/pack_reader.h"
#include "datasets/packed/packed_store.h"
#include "datasets/pictures/image_file.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/file_items.h"
#include "suites/ground/foreign_json.h"
#include "suites/ground/printable.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

fs::path store_in(const fs::path& folder) {
  std::vector<std::string> stores;
  for (const std::string& name : files_in(folder)) {
    if (name.ends_with(".h5")) stores.push_back(name);
  }
  return stores.size() == 1 ? folder / stores.front() : fs::path();
}

class PackedItems : public DataSource {
 public:
  PackedItems(std::shared_ptr<const PackReader> store, fs::path file, Split split, ClassNames names)
      : store_(std::move(store)),
        file_(std::move(file)),
        at_("/" + std::string(split_name(split)) + "/"),
        names_(std::move(names)),
        labels_(store_->all<int32_t>(at_ + "labels")),
        heights_(store_->all<int32_t>(at_ + "height")),
        widths_(store_->all<int32_t>(at_ + "width")),
        kinds_(store_->all<uint8_t>(at_ + "image_kind")),
        images_(offsets("image_offsets", store_->length(at_ + "images"))),
        item_names_(offsets("name_offsets", store_->length(at_ + "names"))),
        masks_(offsets("mask_offsets", store_->length(at_ + "masks"))),
        boxes_(store_->all<float>(at_ + "boxes")),
        box_labels_(store_->all<int32_t>(at_ + "box_label")),
        difficult_(store_->all<uint8_t>(at_ + "box_difficult")),
        box_offsets_(offsets("box_offsets", box_labels_.size())) {
    const size_t n = labels_.size();
    if (heights_.size() != n || widths_.size() != n || kinds_.size() != n || boxes_.size() != 4 * box_labels_.size() ||
        difficult_.size() != box_labels_.size()) {
      store_->refuse(at_, "its lists are of different lengths");
    }
    check_labels();
  }

  int64_t size() const override { return static_cast<int64_t>(labels_.size()); }

  Item item(int64_t i) const override {
    const auto k = static_cast<size_t>(i);
    Item out{.image = image(k), .label = labels_.at(k), .boxes = boxes(k)};
    const std::string mask = part("masks", masks_, k);
    if (mask.empty()) return out;
    out.mask = decode_mask(mask, place("masks", k));
    const size_t classes = mask_classes().size();
    for (const uint8_t value : out.mask.labels) {
      if (value != Mask::kIgnore && value >= classes) throw_bad_data(place("masks", k), "holds an unknown class");
    }
    if (out.mask.width != out.image.width || out.mask.height != out.image.height) {
      throw_bad_data(place("masks", k), "has not the size of its image");
    }
    return out;
  }

  int32_t label(int64_t i) const override { return labels_.at(static_cast<size_t>(i)); }
  const std::vector<std::string>& classes() const override { return names_.classes; }
  const std::vector<std::string>& mask_classes() const override {
    return names_.mask_classes.empty() ? names_.classes : names_.mask_classes;
  }
  std::string name(int64_t i) const override { return part("names", item_names_, static_cast<size_t>(i)); }
  StoredImage stored_image(int64_t i) const override {
    const auto k = static_cast<size_t>(i);
    return kinds_.at(k) == 2 ? StoredImage{} : StoredImage{part("images", images_, k), kinds_[k] == 0};
  }

  bool serves(int64_t i, std::string_view task) const override {
    const auto k = static_cast<size_t>(i);
    return task != "segmentation" || masks_.at(k) < masks_.at(k + 1);
  }

  std::optional<Item> annotation(int64_t i, int32_t height, int32_t width) const override {
    const auto k = static_cast<size_t>(i);
    if (heights_.at(k) != height || widths_[k] != width) return {};
    return Item{.label = labels_[k], .boxes = boxes(k)};
  }

 private:
  std::vector<Box> boxes(size_t k) const {
    std::vector<Box> out;
    for (auto b = static_cast<size_t>(box_offsets_[k]); b < static_cast<size_t>(box_offsets_[k + 1]); ++b) {
      out.push_back(
          {boxes_[4 * b], boxes_[4 * b + 1], boxes_[4 * b + 2], boxes_[4 * b + 3], box_labels_[b], difficult_[b] != 0});
    }
    return out;
  }
  fs::path place(const char* list, size_t k) const {
    return file_.string() + at_ + list + "[" + std::to_string(k) + "]";
  }

  // n + 1 ascending places of which the last is the end.
  std::vector<int64_t> offsets(const char* list, uint64_t end) const {
    std::vector<int64_t> out = store_->all<int64_t>(at_ + list);
    const bool fine = out.size() == labels_.size() + 1 && out.front() == 0 && std::is_sorted(out.begin(), out.end()) &&
                      static_cast<uint64_t>(out.back()) == end;
    if (!fine) store_->refuse(at_ + list, "is no ascending list of places");
    return out;
  }

  void check_labels() const {
    const auto classes = static_cast<int32_t>(names_.classes.size());
    for (size_t k = 0; k < labels_.size(); ++k) {
      if (labels_[k] < -1 || labels_[k] >= classes) throw_bad_data(place("labels", k), "is no class");
      const bool pixels = kinds_[k] == 2;
      const int64_t bytes = int64_t{3} * heights_[k] * widths_[k];
      if (kinds_[k] > 2 || (pixels && (heights_[k] < 1 || widths_[k] < 1 || bytes != images_[k + 1] - images_[k]))) {
        throw_bad_data(place("images", k), "has not the bytes that its size says");
      }
    }
    for (size_t b = 0; b < box_labels_.size(); ++b) {
      if (box_labels_[b] < 0 || box_labels_[b] >= classes) throw_bad_data(place("box_label", b), "is no class");
    }
  }

  std::string part(const char* list, const std::vector<int64_t>& places, size_t k) const {
    const auto first = static_cast<uint64_t>(places.at(k)), end = static_cast<uint64_t>(places.at(k + 1));
    if (end - first > static_cast<uint64_t>(kMaxImageBytes)) throw_bad_data(place(list, k), "is larger than 1 GiB");
    const std::vector<uint8_t> bytes = store_->bytes(at_ + list, first, end - first);
    return {bytes.begin(), bytes.end()};
  }

  Image image(size_t k) const {
    if (kinds_.at(k) != 2) return decode_image(part("images", images_, k), place("images", k), kinds_[k] == 0);
    const auto first = static_cast<uint64_t>(images_[k]), end = static_cast<uint64_t>(images_[k + 1]);
    return {heights_[k], widths_[k], store_->bytes(at_ + "images", first, end - first)};
  }

  std::shared_ptr<const PackReader> store_;
  fs::path file_;
  std::string at_;
  ClassNames names_;
  std::vector<int32_t> labels_, heights_, widths_;
  std::vector<uint8_t> kinds_;
  std::vector<int64_t> images_, item_names_, masks_;
  std::vector<float> boxes_;
  std::vector<int32_t> box_labels_;
  std::vector<uint8_t> difficult_;
  std::vector<int64_t> box_offsets_;
};

FolderContent read_packed(const FormatRequest& request) {
  const fs::path file = store_in(request.folder);
  if (file.empty()) throw_bad_data(request.folder, "holds not exactly one .h5 file");
  const auto store = std::make_shared<const PackReader>(file);
  FolderContent out;
  try {
    const json about = parse_foreign_json(store->text("/about"));
    if (about.at("schema") != kPackedSchema)
      throw_bad_data(file, "is of the schema " + short_value(about.at("schema")));
    out.classes = about.at("classes"), out.mask_classes = about.at("mask_classes"), out.tasks = about.at("tasks");
    out.source = about.at("source"), out.licence = about.at("licence");
    out.mean = about.at("mean").get<std::array<float, 3>>();
    out.deviation = about.at("deviation").get<std::array<float, 3>>();
  } catch (const json::exception& failure) {
    throw_bad_data(file, std::string("/about: ") + failure.what());
  }
  for (const Split split : {Split::train, Split::val, Split::test}) {
    if (!store->has("/" + std::string(split_name(split)))) continue;
    out.present.insert(split);
    if (!request.wants(split)) continue;
    out.add(split, std::make_shared<PackedItems>(store, file, split, ClassNames{out.classes, out.mask_classes}));
  }
  return out;
}

const bool registered =
    Registry<FormatEntry>::add({.name = "packed",
                                .layout = "one .h5 file that `sslbench data pack` wrote",
                                .rank = 0,
                                .fits = [](const fs::path& folder) { return !store_in(folder).empty(); },
                                .probe = [](const fs::path& folder) { probe_packed_store(store_in(folder)); },
                                .read = read_packed});

}  // namespace
}  // namespace sslbench
