// SPDX-License-Identifier: Apache-2.0
// Describable Textures. Cimpoi et al.: "Describing Textures in the Wild", CVPR 2014, arXiv:1311.3618.
// images/<class>/<class>_<number>.jpg; labels/{train,val,test}<partition>.txt ("banded/banded_0002.jpg"). Published
// figures train on train and val of partition 1.
#include "datasets/format_set.h"
#include "datasets/readers/listed_pictures.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

FolderContent read_dtd(const FormatRequest& request) {
  const std::string partition = std::to_string(request.settings.integer("partition"));
  const std::string train = "labels/train" + partition + ".txt", val = "labels/val" + partition + ".txt";
  const ReadLine read_line = class_and_file("FILE", "");
  ListedPictures out(request, folders_in(request.folder / "images"), request.folder / "images");
  out.add_train_and_val(train, val, read_line);
  out.add(Split::test, {"labels/test" + partition + ".txt"}, read_line);
  return std::move(out).content();
}

std::vector<Option> dtd_options() {
  return {integer_option("partition", 1, 1, 10, "which of the ten published splits"), val_option()};
}

const bool registered =
    Registry<FormatEntry>::add({.name = "dtd",
                                .layout = "images/<class>/, labels/train1.txt, labels/val1.txt, labels/test1.txt, ...",
                                .rank = 10,
                                .options = dtd_options(),
                                .archives = {.files = {{"dtd-r1.0.1.tar.gz", "fff73e5086ae6bdbea199a49dfb8a4c1"}}},
                                .fits =
                                    [](const fs::path& folder) {
                                      return fs::exists(folder / "labels" / "train1.txt") &&
                                             fs::exists(folder / "labels" / "val1.txt");
                                    },
                                .read = read_dtd}) &&
    Registry<DatasetEntry>::add(format_set({.name = "dtd",
                                            .summary = "5,640 photographs of 47 textures, ten published splits",
                                            .source = "https://www.robots.ox.ac.uk/~vgg/data/dtd/",
                                            .licence = "research only",
                                            .tasks = {"classification"},
                                            .image_size = 640,
                                            .classes = numbered_classes(47),
                                            .mean = kImagenetMean,
                                            .deviation = kImagenetDeviation,
                                            .format = "dtd",
                                            .expected = {{Split::train, 3'760}, {Split::test, 1'880}}},
                                           dtd_options()));

}  // namespace
}  // namespace sslbench
