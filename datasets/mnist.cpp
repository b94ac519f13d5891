// SPDX-License-Identifier: Apache-2.0
// mnist and fashion_mnist: 70,000 gray pictures of 28x28 in ten classes each.
#include "datasets/format_set.h"

namespace sslbench {
namespace {

DatasetEntry gray_set(DatasetEntry entry) {
  entry.tasks = {"classification"};
  entry.image_size = 28;
  entry.format = "idx";
  entry.expected = {{Split::train, 60'000}, {Split::test, 10'000}};
  return format_set(std::move(entry));
}

std::vector<Download> files_at(const std::string& address, const std::array<const char*, 4>& sha256,
                               const std::array<int64_t, 4>& bytes) {
  constexpr std::array kNames{"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
                              "t10k-labels-idx1-ubyte.gz"};
  std::vector<Download> out;
  for (size_t i = 0; i < kNames.size(); ++i) out.push_back({address + kNames[i], kNames[i], sha256[i], bytes[i]});
  return out;
}

const bool registered = Registry<DatasetEntry>::add(
    gray_set({.name = "mnist",
              .summary = "70,000 handwritten digits of 28x28, gray",
              .source = "http://yann.lecun.com/exdb/mnist",
              .licence = "CC BY-SA 3.0",
              .classes = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"},
              .mean = {0.1307f, 0.1307f, 0.1307f},  // of the training set
              .deviation = {0.3081f, 0.3081f, 0.3081f},
              .downloads = files_at("https://storage.googleapis.com/cvdf-datasets/mnist/",
                                    {"440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                                     "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                                     "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                                     "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"},
                                    {9'912'422, 28'881, 1'648'877, 4'542})}));
const bool fashion_mnist = Registry<DatasetEntry>::add(
    gray_set({.name = "fashion_mnist",
              .summary = "70,000 pictures of clothes of 28x28, gray",
              .source = "https://github.com/zalandoresearch/fashion-mnist",
              .licence = "MIT",
              .classes = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
                          "Ankle boot"},
              .mean = {0.2860f, 0.2860f, 0.2860f},  // of the training set
              .deviation = {0.3530f, 0.3530f, 0.3530f},
              .downloads = files_at("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
                                    {"3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                                     "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                                     "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                                     "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"},
                                    {26'421'880, 29'515, 4'422'102, 5'148})}));

}  // namespace
}  // namespace sslbench
