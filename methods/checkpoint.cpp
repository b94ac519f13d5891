// SPDX-License-Identifier: Apache-2.0
// checkpoint: a backbone that was trained elsewhere (or exported by `sslbench export`), evaluated like a run of ours.
#include "methods/method.h"
#include "methods/weights/load_weights.h"

namespace sslbench::checkpoint {
namespace {

class Checkpoint final : public Method {
 public:
  explicit Checkpoint(MethodRequest request) : Method(std::move(request.backbone)) {
    const WeightSource source = weight_source(request.settings, "weights", "");
    if (source.file.empty() && backbone().brings_weights()) return;
    if (source.file.empty()) {
      throw UserError("checkpoint: which weights? Set weights = \"FILE\" in the row, or with --set");
    }
    try {
      notes_ = load_weights(backbone(), source);
    } catch (const UserError& error) {
      throw UserError(std::string("checkpoint: ") + error.what());
    }
  }
  Loss loss(const TrainBatch&, const Progress&) override {
    throw InternalError("checkpoint has no loss: it does not train");
  }
  std::vector<std::string> notes() const override { return notes_; }

 private:
  std::vector<std::string> notes_;
};

const bool registered = Registry<MethodEntry>::add(
    {.name = "checkpoint",
     .summary = "weights of a safetensors file or one of torch.save, in any known naming, evaluated as they are",
     .paper = "",
     .views = 0,
     .trains = false,
     .options = weight_options("weights", "", "safetensors file, or .pth, .pt, .bin of torch.save; heads are left out"),
     .pitfalls =
         {"where the file does not say how its images were normalised, the pretraining set's statistics are used; "
          "weights of other statistics need views = { normalisation = \"imagenet\" } in their row",
          "a file that holds student and teacher, or an average beside the network: say which with take"},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<Checkpoint>(std::move(request));
     }});

}  // namespace
}  // namespace sslbench::checkpoint
