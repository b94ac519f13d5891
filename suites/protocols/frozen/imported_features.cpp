// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/frozen/imported_features.h"

#include <limits>

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

// Without decoding where the set can tell.
int64_t label_of(const ImageSet& images, int64_t i) {
  if (!images.resident()) {
    if (const std::optional<Item> known = images.annotation(i, 1, 1)) return known->label;
  }
  return images.item(i)->label;
}

[[noreturn]] void refuse(const std::string& split, const std::string& why) {
  throw RunFailure(FailureKind::data, "the imported features are not of this data set: " + why +
                                          "; export them in the order of its " + split +
                                          " images (sslbench data show), or name the set that they are of");
}

}  // namespace

Features imported_features(const StoredFeatures& stored, const ImageSet& images, Split split) {
  const bool train = split == Split::train;
  const std::string name = train ? "training" : "test";
  Features out{train ? stored.train_ND : stored.test_MD, train ? stored.train_labels_N : stored.test_labels_M,
               std::numeric_limits<double>::quiet_NaN()};
  if (out.h_ND.size(0) != images.size()) {
    refuse(name,
           std::to_string(out.h_ND.size(0)) + " rows for " + std::to_string(images.size()) + " " + name + " images");
  }
  const int64_t* labels_N = out.labels_N.const_data_ptr<int64_t>();
  for (int64_t i = 0; i < images.size(); ++i) {
    const int64_t label = label_of(images, i);
    if (labels_N[i] == label) continue;
    refuse(name, name + " image " + std::to_string(i) + ", '" + images.name(i) + "', has label " +
                     std::to_string(label) + " here and " + std::to_string(labels_N[i]) + " in the file");
  }
  return out;
}

}  // namespace sslbench
