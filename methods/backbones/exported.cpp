// SPDX-License-Identifier: Apache-2.0
// exported: a torch.export package that scripts/export-model wrote, evaluated as it is. No gradient comes back through
// LibTorch's runtime for such files, and it has no other device than the processor.
#include "methods/foreign/exported_network.h"
#include "methods/foreign/foreign_backbone.h"

namespace sslbench {
namespace {

class Exported final : public ForeignBackbone {
 public:
  explicit Exported(const std::string& file) : network_(file) { take_input_facts(); }
  bool takes_gradients() const override { return false; }
  std::vector<std::string> notes() const override {
    std::vector<std::string> out = ForeignBackbone::notes();
    out.emplace_back("exported, so frozen; it runs on the processor, whatever the device of the run");
    return out;
  }

 protected:
  const ModelFacts& facts() const override { return network_.facts(); }
  std::vector<Tensor> outputs(const Tensor& x_NCHW) const override { return network_(x_NCHW); }

 private:
  ExportedNetwork network_;
};

const bool registered = Registry<BackboneEntry>::add(
    {.name = "exported",
     .summary = "any model that scripts/export-model wrote as .pt2; frozen, evaluated with method = \"checkpoint\"",
     .paper = "",
     .options = {file_option("file", "the .pt2 file; it carries its normalisation and an example that it must repeat")},
     .make = [](const Settings& settings, at::Generator&) -> std::unique_ptr<Backbone> {
       return std::make_unique<Exported>(named_file("exported", settings));
     },
     .prove = [](const Settings& settings) { Exported(named_file("exported", settings)).prove(); }});

}  // namespace
}  // namespace sslbench
