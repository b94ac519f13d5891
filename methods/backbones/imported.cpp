// SPDX-License-Identifier: Apache-2.0
// imported: features that were computed elsewhere, in the place of a network. What is measured on features is measured
// on them exactly as on a network's own; nothing can be computed for another image.
#include "methods/backbones/stored_features.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

class Imported final : public Backbone {
 public:
  explicit Imported(const std::string& file) : features_(read_stored_features(file)) {}

  std::vector<Tensor> feature_maps(const Tensor&) const override {
    throw InternalError("imported features have no network");
  }
  std::vector<MapLevel> levels() const override { return {}; }
  int64_t width() const override { return features_.train_ND.size(1); }
  bool brings_weights() const override { return true; }
  bool takes_gradients() const override { return false; }
  const StoredFeatures* stored_features() const override { return &features_; }

 private:
  StoredFeatures features_;
};

const bool registered = Registry<BackboneEntry>::add(
    {.name = "imported",
     .summary = "no network: features of the training and test images, computed elsewhere, from a file",
     .paper = "",
     .options = {file_option("file",
                             ".npz, safetensors or HDF5 with train_features [N, D], train_labels [N], test_features, "
                             "test_labels, in the order of the dataset")},
     .make = [](const Settings& settings, at::Generator&) -> std::unique_ptr<Backbone> {
       const std::string file = settings.text("file");
       if (file.empty()) throw UserError("backbone 'imported': which features? Set file = \"FEATURES.npz\"");
       return std::make_unique<Imported>(file);
     },
     .prove = [](const Settings& settings) { read_stored_features(settings.text("file")); }});

}  // namespace
}  // namespace sslbench
