// SPDX-License-Identifier: Apache-2.0
// imagenette and imagenet100: parts of ImageNet as class folders (train, val); val is the test split.
#include "datasets/format_set.h"

namespace sslbench {
namespace {

DatasetEntry photographs(DatasetEntry entry) {
  entry.licence = "ImageNet's terms: research only";
  entry.tasks = {"classification"};
  entry.mean = kImagenetMean, entry.deviation = kImagenetDeviation;
  entry.format = "class_folders";
  return format_set(std::move(entry));
}

const bool imagenette = Registry<DatasetEntry>::add(
    photographs({.name = "imagenette",
                 .summary = "13,394 photographs of ten easily told ImageNet classes, shorter side 320 px",
                 .source = "https://github.com/fastai/imagenette (imagenette2-320)",
                 .image_size = 320,
                 .classes = {"tench", "English springer", "cassette player", "chain saw", "church", "French horn",
                             "garbage truck", "gas pump", "golf ball", "parachute"},  // in the order of their wnids
                 .expected = {{Split::train, 9469}, {Split::val, 3925}},
                 // Several editions lay under this address; the size of this one is rounded up.
                 .downloads = {{"https://s3.amazonaws.com/fast-ai-imageclas/imagenette2-320.tgz", "imagenette2-320.tgz",
                                "5020a9130cea0348272823cb12d2db7e981c6f2afa3dce71ccd5b8013005c55e", 350'000'000}}}));
// Which hundred classes differs between the lists in use: an opened set names them by its folders.
const bool imagenet100 = Registry<DatasetEntry>::add(
    photographs({.name = "imagenet100",
                 .summary = "131,689 photographs of a hundred ImageNet classes, as folders of ImageNet-1k",
                 .source = "https://image-net.org (the classes of https://github.com/HobbitLong/CMC)",
                 .image_size = 500,
                 .classes = numbered_classes(100),
                 .expected = {{Split::train, 126'689}, {Split::val, 5'000}}}));

}  // namespace
}  // namespace sslbench
