// SPDX-License-Identifier: Apache-2.0
// Food-101. Bossard, Guillaumin, Van Gool: "Food-101 - Mining Discriminative Components with Random Forests", ECCV
// 2014. images/<class>/<number>.jpg; meta/classes.txt, meta/train.txt, meta/test.txt ("apple_pie/1005649").
#include "datasets/format_set.h"
#include "datasets/readers/data_text.h"
#include "datasets/readers/listed_pictures.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

FolderContent read_food101(const FormatRequest& request) {
  const fs::path classes = request.folder / "meta" / "classes.txt";
  const ReadLine read_line = class_and_file("NUMBER", ".jpg");
  ListedPictures out(request, read_data_lines(classes), classes);
  out.add(Split::train, {"meta/train.txt"}, read_line);
  out.add(Split::test, {"meta/test.txt"}, read_line);
  return std::move(out).content();
}

const bool registered =
    Registry<FormatEntry>::add({.name = "food101",
                                .layout = "images/<class>/, meta/classes.txt, meta/train.txt, meta/test.txt",
                                .rank = 10,
                                .archives = {.files = {{"food-101.tar.gz", "85eeb15f3717b99a5da872d97d918f87"}}},
                                .fits =
                                    [](const fs::path& folder) {
                                      return fs::exists(folder / "meta" / "classes.txt") &&
                                             fs::exists(folder / "meta" / "train.txt");
                                    },
                                .read = read_food101}) &&
    Registry<DatasetEntry>::add(format_set({.name = "food101",
                                            .summary = "101,000 photographs of 101 dishes; the training part has noise",
                                            .source = "https://data.vision.ee.ethz.ch/cvl/datasets_extra/food-101/",
                                            .licence = "research only; the pictures are their owners'",
                                            .tasks = {"classification"},
                                            .image_size = 512,
                                            .classes = numbered_classes(101),
                                            .mean = kImagenetMean,
                                            .deviation = kImagenetDeviation,
                                            .format = "food101",
                                            .expected = {{Split::train, 75'750}, {Split::test, 25'250}}}));

}  // namespace
}  // namespace sslbench
