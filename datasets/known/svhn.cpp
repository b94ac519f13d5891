// SPDX-License-Identifier: Apache-2.0
// SVHN, cropped digits. Netzer et al.: "Reading Digits in Natural Images with Unsupervised Feature Learning", 2011.
// train_32x32.mat, test_32x32.mat, extra_32x32.mat with X [32, 32, 3, N] and y [N, 1]; label 10 is the digit 0.
#include "datasets/format_set.h"
#include "datasets/readers/arrays/mat_file.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/record_images.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

const std::vector<std::string> kDigits{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};

void add_file(const fs::path& file, RecordImages& to) {
  try {
    const StoredArrays arrays = read_mat_file(file, {"X", "y"});
    if (arrays.size() != 2) throw BadArrays("lacks X or y");
    const StoredArray& images = arrays.at("X");
    if (images.dtype != "U8" || images.shape.size() != 4 || images.shape[1] != 3 || images.shape[2] != 32 ||
        images.shape[3] != 32) {
      throw BadArrays("X: expected uint8 [32, 32, 3, N]");
    }
    std::vector<int32_t> labels = integers_of("y", arrays.at("y"));
    for (size_t i = 0; i < labels.size(); ++i) {
      if (labels[i] < 1 || labels[i] > 10) {
        throw BadArrays("y: image " + std::to_string(i) + " has label " + std::to_string(labels[i]) +
                        "; labels are 1 to 10");
      }
      labels[i] %= 10;
    }
    to.add(std::make_shared<const RecordFile>(file, images.bytes), std::move(labels));
  } catch (const BadArrays& bad) {
    throw_bad_data(file, bad.what());
  }
}

FolderContent read_svhn(const FormatRequest& request) {
  constexpr RecordLayout kLayout{
      .record = 3 * 32 * 32, .side_y = 32, .side_x = 32, .order = RecordLayout::Order::column_planes};
  FolderContent out{.classes = kDigits, .tasks = {"classification"}, .present = {Split::train, Split::test}};
  for (const Split split : {Split::train, Split::test}) {
    if (!request.wants(split)) continue;
    auto images = std::make_shared<RecordImages>(kLayout, kDigits);
    add_file(request.folder / (split == Split::train ? "train_32x32.mat" : "test_32x32.mat"), *images);
    if (split == Split::train && request.settings.text("extra") == "joined") {
      add_file(request.folder / "extra_32x32.mat", *images);
    }
    out.add(split, images);
  }
  return out;
}

std::vector<Option> svhn_options() {
  return {
      choice_option("extra", "left_out", {"left_out", "joined"}, "the 531,131 easier images: part of train or not")};
}

const bool registered =
    Registry<FormatEntry>::add({.name = "svhn_mat",
                                .layout = "train_32x32.mat, test_32x32.mat, perhaps extra_32x32.mat",
                                .rank = 10,
                                .options = svhn_options(),
                                .fits = [](const fs::path& folder) { return fs::exists(folder / "train_32x32.mat"); },
                                .read = read_svhn}) &&
    Registry<DatasetEntry>::add(format_set({.name = "svhn",
                                            .summary = "99,289 house numbers' digits of 32x32",
                                            .source = "http://ufldl.stanford.edu/housenumbers/ (cropped digits)",
                                            .licence = "non-commercial",
                                            .tasks = {"classification"},
                                            .image_size = 32,
                                            .classes = kDigits,
                                            .mean = {0.4377f, 0.4438f, 0.4728f},  // of the training set
                                            .deviation = {0.1980f, 0.2010f, 0.1970f},
                                            .format = "svhn_mat",
                                            .expected = {{Split::train, 73'257}, {Split::test, 26'032}}},
                                           svhn_options()));

}  // namespace
}  // namespace sslbench
