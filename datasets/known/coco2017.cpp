// SPDX-License-Identifier: Apache-2.0
// COCO 2017. Lin et al.: "Microsoft COCO: Common Objects in Context", ECCV 2014, arXiv:1405.0312.
// annotations/instances_{train,val}2017.json, train2017/, val2017/, read by the format coco; captions, keypoints and
// pictures without annotations are not read. The annotations of test are not published: val is the test split, as in
// published figures. Masks are the 80 things painted over background, not COCO-Stuff.
#include "datasets/format_set.h"

namespace sslbench {
namespace {

const std::vector<std::string> kThings{
    "person",         "bicycle",    "car",           "motorcycle",    "airplane",     "bus",           "train",
    "truck",          "boat",       "traffic light", "fire hydrant",  "stop sign",    "parking meter", "bench",
    "bird",           "cat",        "dog",           "horse",         "sheep",        "cow",           "elephant",
    "bear",           "zebra",      "giraffe",       "backpack",      "umbrella",     "handbag",       "tie",
    "suitcase",       "frisbee",    "skis",          "snowboard",     "sports ball",  "kite",          "baseball bat",
    "baseball glove", "skateboard", "surfboard",     "tennis racket", "bottle",       "wine glass",    "cup",
    "fork",           "knife",      "spoon",         "bowl",          "banana",       "apple",         "sandwich",
    "orange",         "broccoli",   "carrot",        "hot dog",       "pizza",        "donut",         "cake",
    "chair",          "couch",      "potted plant",  "bed",           "dining table", "toilet",        "tv",
    "laptop",         "mouse",      "remote",        "keyboard",      "cell phone",   "microwave",     "oven",
    "toaster",        "sink",       "refrigerator",  "book",          "clock",        "vase",          "scissors",
    "teddy bear",     "hair drier", "toothbrush"};

std::vector<std::string> with_background(std::vector<std::string> names) {
  names.insert(names.begin(), "background");
  return names;
}

const bool registered = Registry<DatasetEntry>::add(
    format_set({.name = "coco2017",
                .summary = "123,287 everyday scenes with boxes and masks of 80 things; val is the test split",
                .source = "https://cocodataset.org (train2017.zip, val2017.zip, annotations_trainval2017.zip)",
                .licence = "annotations CC BY 4.0; the pictures are their owners'",
                .tasks = {"detection", "segmentation"},
                .image_size = 640,
                .classes = kThings,
                .mean = kImagenetMean,
                .deviation = kImagenetDeviation,
                .format = "coco",
                .expected = {{Split::train, 118'287}, {Split::val, 5'000}},
                .mask_classes = with_background(kThings)}));

}  // namespace
}  // namespace sslbench
