// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/trained_part.h"

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

// No child of it is registered, so that train(), place() and checkpoints leave the network alone.
class Frozen final : public Backbone {
 public:
  explicit Frozen(std::unique_ptr<Backbone> network) : network_(std::move(network)) {
    network_->freeze();
    network_->train(false);
  }
  std::vector<Tensor> feature_maps(const Tensor& x_NCHW) const override {
    const at::NoGradGuard no_grad;
    return network_->feature_maps(x_NCHW);
  }
  std::vector<MapLevel> levels() const override { return network_->levels(); }
  int64_t width() const override { return network_->width(); }

 private:
  std::unique_ptr<Backbone> network_;
};

}  // namespace

Option trained_part_option() {
  return later(choice_option("trains", "all", {"all", "head"},
                             "what learns: the whole network, or the head alone on maps of the frozen backbone"),
               "all");
}

std::unique_ptr<Backbone> trained_part(std::unique_ptr<Backbone> backbone, const Settings& settings,
                                       const std::string& protocol) {
  if (settings.text("trains") == "head") return std::make_unique<Frozen>(std::move(backbone));
  if (backbone->takes_gradients()) return backbone;
  throw UserError("protocol '" + protocol +
                  "' trains the backbone, which takes no gradients; set trains = \"head\" in the protocol's table, for "
                  "all rows, or leave it out of this suite");
}

}  // namespace sslbench
