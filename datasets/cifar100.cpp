// SPDX-License-Identifier: Apache-2.0
// cifar100: 60,000 colour pictures of 32x32 in a hundred classes, or twenty groups of them.
#include "datasets/format_set.h"

namespace sslbench {
namespace {

const std::vector<std::string> kClasses{
    "apple",      "aquarium_fish", "baby",         "bear",       "beaver",      "bed",         "bee",
    "beetle",     "bicycle",       "bottle",       "bowl",       "boy",         "bridge",      "bus",
    "butterfly",  "camel",         "can",          "castle",     "caterpillar", "cattle",      "chair",
    "chimpanzee", "clock",         "cloud",        "cockroach",  "couch",       "crab",        "crocodile",
    "cup",        "dinosaur",      "dolphin",      "elephant",   "flatfish",    "forest",      "fox",
    "girl",       "hamster",       "house",        "kangaroo",   "keyboard",    "lamp",        "lawn_mower",
    "leopard",    "lion",          "lizard",       "lobster",    "man",         "maple_tree",  "motorcycle",
    "mountain",   "mouse",         "mushroom",     "oak_tree",   "orange",      "orchid",      "otter",
    "palm_tree",  "pear",          "pickup_truck", "pine_tree",  "plain",       "plate",       "poppy",
    "porcupine",  "possum",        "rabbit",       "raccoon",    "ray",         "road",        "rocket",
    "rose",       "sea",           "seal",         "shark",      "shrew",       "skunk",       "skyscraper",
    "snail",      "snake",         "spider",       "squirrel",   "streetcar",   "sunflower",   "sweet_pepper",
    "table",      "tank",          "telephone",    "television", "tiger",       "tractor",     "train",
    "trout",      "tulip",         "turtle",       "wardrobe",   "whale",       "willow_tree", "wolf",
    "woman",      "worm"};

const bool registered = Registry<DatasetEntry>::add(
    format_set({.name = "cifar100",
                .summary = "60,000 colour pictures of 32x32 in a hundred classes (labels = \"coarse\": twenty)",
                .source = "https://www.cs.toronto.edu/~kriz/cifar.html (binary version)",
                .licence = "none stated",
                .tasks = {"classification"},
                .image_size = 32,
                .classes = kClasses,
                .mean = {0.50707516f, 0.48654887f, 0.44091784f},  // of the training set
                .deviation = {0.26733429f, 0.25643846f, 0.27615047f},
                .format = "cifar100_binary",
                .expected = {{Split::train, 50'000}, {Split::test, 10'000}},
                .downloads = {{"https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz", "cifar-100-binary.tar.gz",
                               "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec", 168'513'733}}},
               {choice_option("labels", "fine", {"fine", "coarse"}, "100 classes, or 20 groups of them")}));

}  // namespace
}  // namespace sslbench
