// SPDX-License-Identifier: Apache-2.0
// Format stl10_binary (https://cs.stanford.edu/~acoates/stl10): images of 3 planes of 96 x 96 bytes, each plane column
// by column; labels 1 to 10 in files of their own; unlabelled images for pretraining.
#include "datasets/format_set.h"
#include "datasets/readers/data_file.h"
#include "datasets/readers/record_images.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

constexpr int64_t kImageBytes = 3 * 96 * 96;
constexpr RecordLayout kLayout{
    .record = kImageBytes, .side_y = 96, .side_x = 96, .order = RecordLayout::Order::column_planes};

const std::vector<std::string> kClasses{"airplane", "bird",  "car",    "cat",  "deer",
                                        "dog",      "horse", "monkey", "ship", "truck"};

std::shared_ptr<const RecordFile> open_file(const fs::path& folder, const std::string& name) {
  const fs::path file = find_record_file(folder, name);
  if (file.empty()) throw_bad_data(folder / name, "is missing");
  return std::make_shared<const RecordFile>(file);
}

void add_labelled(const FormatRequest& request, const std::string& stem, RecordImages& to) {
  const auto labels = open_file(request.folder, stem + "_y.bin");
  to.add(open_file(request.folder, stem + "_X.bin"), record_labels(*labels, 0, 1, 0, 1, kClasses.size()));
}

FolderContent read_stl10(const FormatRequest& request) {
  const std::string part = request.settings.text("part");
  FolderContent out{.classes = kClasses, .tasks = {"classification"}, .present = {Split::train, Split::test}};
  if (request.wants(Split::train)) {
    auto train = std::make_shared<RecordImages>(kLayout, kClasses);
    if (part != "unlabelled") add_labelled(request, "train", *train);
    if (part != "labelled") train->add(open_file(request.folder, "unlabeled_X.bin"), {});
    out.add(Split::train, train);
  }
  if (request.wants(Split::test)) {
    auto test = std::make_shared<RecordImages>(kLayout, kClasses);
    add_labelled(request, "test", *test);
    out.add(Split::test, test);
  }
  return out;
}

std::vector<Option> stl10_options() {
  return {choice_option("part", "labelled", {"labelled", "unlabelled", "all"},
                        "what train is: the labelled images, those without labels, or both")};
}

const bool format = Registry<FormatEntry>::add(
    {.name = "stl10_binary",
     .layout = "train_X.bin, train_y.bin, test_X.bin, test_y.bin, unlabeled_X.bin (also .gz, .xz)",
     .rank = 10,
     .options = stl10_options(),
     .fits = [](const fs::path& folder) { return !find_record_file(folder, "train_X.bin").empty(); },
     .read = read_stl10});
const bool registered = Registry<DatasetEntry>::add(
    format_set({.name = "stl10",
                .summary = "13,000 labelled photographs of 96x96 in ten classes and 100,000 without labels",
                .source = "https://cs.stanford.edu/~acoates/stl10 (binary files)",
                .licence = "none stated",
                .tasks = {"classification"},
                .image_size = 96,
                .classes = kClasses,
                .mean = kImagenetMean,
                .deviation = kImagenetDeviation,
                .format = "stl10_binary",
                .expected = {{Split::train, 5000}, {Split::test, 8000}},
                .downloads = {{"http://ai.stanford.edu/~acoates/stl10/stl10_binary.tar.gz", "stl10_binary.tar.gz",
                               "f31fd99273a1acb8609c8db427cebb1de3f71de77758cdc0e22956e1289b9866", 2'640'397'119}}},
               stl10_options()));

}  // namespace
}  // namespace sslbench
