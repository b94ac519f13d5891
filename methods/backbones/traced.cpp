// SPDX-License-Identifier: Apache-2.0
// traced: a TorchScript model that scripts/export-model traced. Trainable: its parameters and buffers are this
// module's, under their names in the file.
#include "methods/foreign/foreign_backbone.h"
#include "methods/foreign/traced_network.h"

namespace sslbench {
namespace {

class Traced final : public ForeignBackbone {
 public:
  explicit Traced(const std::string& file) : network_(file) {
    add_child("", network_);
    take_input_facts();
  }
  bool trains_over_ranks() const override { return !network_.normalises_batches(); }

 protected:
  const ModelFacts& facts() const override { return network_.facts(); }
  std::vector<Tensor> outputs(const Tensor& x_NCHW) const override { return network_(x_NCHW); }

 private:
  TracedNetwork network_;
};

const bool registered = Registry<BackboneEntry>::add(
    {.name = "traced",
     .summary = "any model that scripts/export-model wrote as .ts; trains on from the weights in the file",
     .paper = "",
     .options = {file_option("file", "the .ts file; it carries its normalisation and an example that it must repeat")},
     .make = [](const Settings& settings, at::Generator&) -> std::unique_ptr<Backbone> {
       return std::make_unique<Traced>(named_file("traced", settings));
     },
     .prove =
         [](const Settings& settings) {
           Traced model(named_file("traced", settings));
           model.train(false);
           model.prove();
         }});

}  // namespace
}  // namespace sslbench
