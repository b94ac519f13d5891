// SPDX-License-Identifier: Apache-2.0
// MedMNIST v2, its 2-D sets of one label an image. Yang et al.: "MedMNIST v2", Scientific Data 2023, arXiv:2110.14795.
// <name>.npz with {train,val,test}_images [N, 28, 28] or [N, 28, 28, 3] (or 64, 128, 224 px) and {...}_labels [N, 1].
#include <algorithm>
#include <cstring>

#include "datasets/format_set.h"
#include "datasets/readers/arrays/stored_array.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/file_items.h"
#include "datasets/readers/record_images.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

constexpr int64_t kMostSide = 1 << 12;

fs::path npz_in(const fs::path& folder) {
  fs::path out;
  for (const std::string& name : files_in(folder)) {
    if (!name.ends_with(".npz")) continue;
    if (!out.empty()) throw_bad_data(folder / name, "lies beside " + out.filename().string() + "; keep one of them");
    out = folder / name;
  }
  return out;
}

RecordLayout layout_of(const fs::path& file, const std::string& name, const StoredArray& images) {
  const std::vector<int64_t>& shape = images.shape;
  const bool gray = shape.size() == 3, colour = shape.size() == 4 && shape[3] == 3;
  if (images.dtype != "U8" || !(gray || colour) || shape[1] < 1 || shape[2] < 1 || shape[1] > kMostSide ||
      shape[2] > kMostSide) {
    throw_bad_data(file, name + ": expected uint8 [N, H, W] or [N, H, W, 3]");
  }
  return {.record = shape[1] * shape[2] * (gray ? 1 : 3),
          .side_y = static_cast<int32_t>(shape[1]),
          .side_x = static_cast<int32_t>(shape[2]),
          .order = gray ? RecordLayout::Order::gray : RecordLayout::Order::interleaved};
}

std::vector<int32_t> labels_of(const fs::path& file, const std::string& name, const StoredArray& labels,
                               size_t classes) {
  const bool column = labels.shape.size() == 1 || (labels.shape.size() == 2 && labels.shape[1] == 1);
  const bool wide = labels.dtype == "I64";
  if (!column || (!wide && labels.dtype != "U8")) {
    throw_bad_data(file, name + ": expected one integer an image; several labels an image are not read (ChestMNIST)");
  }
  std::vector<int32_t> out;
  for (int64_t i = 0; i < labels.numel(); ++i) {
    int64_t value = static_cast<uint8_t>(labels.bytes[static_cast<size_t>(wide ? 0 : i)]);
    if (wide) std::memcpy(&value, &labels.bytes[8 * static_cast<size_t>(i)], 8);
    if (value < 0 || value >= static_cast<int64_t>(classes)) {
      throw_bad_data(file, name + ": image " + std::to_string(i) + " has label " + std::to_string(value) + " of " +
                               std::to_string(classes) + " classes");
    }
    out.push_back(static_cast<int32_t>(value));
  }
  return out;
}

FolderContent read_med_mnist(const FormatRequest& request) {
  const fs::path file = npz_in(request.folder);
  if (request.classes.empty()) throw_bad_data(file, "which MedMNIST set? Add it by its name: sslbench list datasets");
  FolderContent out{
      .classes = request.classes, .tasks = {"classification"}, .present = {Split::train, Split::val, Split::test}};
  for (const Split split : {Split::train, Split::val, Split::test}) {
    if (!request.wants(split)) continue;
    const std::string images = std::string(split_name(split)) + "_images",
                      labels = std::string(split_name(split)) + "_labels";
    try {
      const StoredArrays arrays = read_arrays(file, {images, labels});
      if (arrays.size() != 2) throw_bad_data(file, "lacks " + (arrays.contains(images) ? labels : images));
      auto items = std::make_shared<RecordImages>(layout_of(file, images, arrays.at(images)), out.classes);
      items->add(std::make_shared<const RecordFile>(file, arrays.at(images).bytes),
                 labels_of(file, labels, arrays.at(labels), out.classes.size()));
      out.add(split, items);
    } catch (const BadArrays& bad) {
      throw_bad_data(file, bad.what());
    }
  }
  return out;
}

struct MedSet {
  const char *name, *what;
  std::vector<std::string> classes;
  int64_t train, val, test;
};

bool add_set(const MedSet& set) {
  return Registry<DatasetEntry>::add(
      format_set({.name = set.name,
                  .summary = std::string("MedMNIST: ") + set.what,
                  .source = "https://medmnist.com (" + std::string(set.name) + ".npz)",
                  .licence = std::string(set.name) == "dermamnist" ? "CC BY-NC 4.0" : "CC BY 4.0",
                  .tasks = {"classification"},
                  .image_size = 28,
                  .classes = set.classes,
                  .mean = {0.5f, 0.5f, 0.5f},  // as MedMNIST's own experiments
                  .deviation = {0.5f, 0.5f, 0.5f},
                  .format = "med_mnist",
                  .expected = {{Split::train, set.train}, {Split::val, set.val}, {Split::test, set.test}}}));
}

const std::vector<std::string> kOrgans{"bladder",     "femur-left",   "femur-right", "heart",
                                       "kidney-left", "kidney-right", "liver",       "lung-left",
                                       "lung-right",  "pancreas",     "spleen"};

const bool format = Registry<FormatEntry>::add({.name = "med_mnist",
                                                .layout = "one .npz with train_images, train_labels, val_..., test_...",
                                                .rank = 10,
                                                .fits = [](const fs::path& folder) { return !npz_in(folder).empty(); },
                                                .read = read_med_mnist});
const bool path = add_set({"pathmnist",
                           "107,180 patches of colon tissue in nine classes",
                           {"adipose", "background", "debris", "lymphocytes", "mucus", "smooth muscle",
                            "normal colon mucosa", "cancer-associated stroma", "colorectal adenocarcinoma epithelium"},
                           89'996,
                           10'004,
                           7'180});
const bool derma = add_set({"dermamnist",
                            "10,015 pictures of skin in seven classes",
                            {"actinic keratoses", "basal cell carcinoma", "benign keratosis-like lesions",
                             "dermatofibroma", "melanoma", "melanocytic nevi", "vascular lesions"},
                            7'007,
                            1'003,
                            2'005});
const bool oct = add_set({"octmnist",
                          "109,309 retinal OCT pictures in four classes",
                          {"choroidal neovascularization", "diabetic macular edema", "drusen", "normal"},
                          97'477,
                          10'832,
                          1'000});
const bool pneumonia =
    add_set({"pneumoniamnist", "5,856 chest X-rays, pneumonia or not", {"normal", "pneumonia"}, 4'708, 524, 624});
const bool retina = add_set({"retinamnist",
                             "1,600 pictures of the retina in five grades of retinopathy",
                             {"0", "1", "2", "3", "4"},
                             1'080,
                             120,
                             400});
const bool breast = add_set(
    {"breastmnist", "780 breast ultrasound pictures, malignant or not", {"malignant", "normal, benign"}, 546, 78, 156});
const bool blood = add_set({"bloodmnist",
                            "17,092 blood cells in eight classes",
                            {"basophil", "eosinophil", "erythroblast", "immature granulocytes", "lymphocyte",
                             "monocyte", "neutrophil", "platelet"},
                            11'959,
                            1'712,
                            3'421});
const bool tissue = add_set(
    {"tissuemnist",
     "236,386 kidney cortex cells in eight classes",
     {"Collecting Duct, Connecting Tubule", "Distal Convoluted Tubule", "Glomerular endothelial cells",
      "Interstitial endothelial cells", "Leukocytes", "Podocytes", "Proximal Tubule Segments", "Thick Ascending Limb"},
     165'466,
     23'640,
     47'280});
const bool organ_a =
    add_set({"organamnist", "58,830 axial slices of abdominal CT in eleven organs", kOrgans, 34'561, 6'491, 17'778});
const bool organ_c =
    add_set({"organcmnist", "23,583 coronal slices of abdominal CT in eleven organs", kOrgans, 12'975, 2'392, 8'216});
const bool organ_s =
    add_set({"organsmnist", "25,211 sagittal slices of abdominal CT in eleven organs", kOrgans, 13'932, 2'452, 8'827});

}  // namespace
}  // namespace sslbench
