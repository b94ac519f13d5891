// SPDX-License-Identifier: Apache-2.0
// checkpoint: a backbone that was trained elsewhere (or exported by `sslbench export`), evaluated like a run of ours.
// Names and shapes are torchvision's and timm's; a classification head in the file is left out.
#include <algorithm>
#include <map>
#include <set>

#include "methods/method.h"
#include "methods/safetensors.h"
#include "methods/weight_check.h"
#include "suites/tensors/aten.h"

namespace sslbench::checkpoint {
namespace {

// First parts of the names of heads: torchvision's fc and classifier, timm's head, lightly's linear.
const char* const kHeads[] = {"fc", "head", "linear", "classifier"};

bool belongs_to_head(const std::string& name) {
  return std::any_of(std::begin(kHeads), std::end(kHeads),
                     [&](const std::string& head) { return name.starts_with(head + "."); });
}

[[noreturn]] void refuse(const std::string& file, const std::string& why) {
  throw UserError("checkpoint: " + file + ": " + why);
}

// "a, b, c and 12 more".
std::string some(const std::set<std::string>& names) {
  std::string out;
  size_t shown = 0;
  for (const std::string& name : names) {
    if (shown == 3) return out + " and " + std::to_string(names.size() - shown) + " more";
    out += (out.empty() ? "" : ", ") + name;
    ++shown;
  }
  return out;
}

class Weights {
 public:
  Weights(const std::string& file, const std::string& prefix) : file_(file), prefix_(prefix) {
    try {
      for (const auto& [name, tensor] : read_safetensors(file).tensors) {
        if (name.starts_with(prefix)) tensors_[name.substr(prefix.size())] = tensor;
      }
    } catch (const RunFailure& failure) {
      throw UserError(std::string("checkpoint: ") + failure.what());
    }
    if (tensors_.empty()) refuse(file, "no tensor whose name begins with '" + prefix + "'");
  }

  // Copies what `backbone` needs; every tensor that is left over must belong to a head.
  void load_into(const Backbone& backbone) {
    const at::NoGradGuard no_grad;
    std::set<std::string> missing;
    for (const auto& [name, to] : backbone.state()) {
      const auto from = tensors_.find(name);
      if (from != tensors_.end()) {
        copy(name, from->second, to);
        tensors_.erase(from);
      } else if (!name.ends_with("num_batches_tracked")) {
        missing.insert(name);
      }
    }
    if (!missing.empty()) {
      refuse(file_, "lacks " + some(missing) + "; check `backbone` and its settings, or set `prefix`");
    }
    std::set<std::string> extra;
    for (const auto& [name, tensor] : tensors_) {
      if (!belongs_to_head(name)) extra.insert(name);
    }
    if (!extra.empty())
      refuse(file_, "holds " + some(extra) + ", which the backbone does not have; check its settings");
  }

 private:
  void copy(const std::string& name, const Tensor& from, const Tensor& to) const {
    if (from.sizes() != to.sizes()) {
      refuse(file_, name + " is " + c10::str(from.sizes()) + ", and the backbone's " + c10::str(to.sizes()) +
                        "; check the backbone's settings (width, patch_size, image_size, ...)");
    }
    to.copy_(from);
    // After the copy, since a number that float64 holds may be too large for the backbone's float32.
    const std::string unusable = unusable_weight({{prefix_ + name, to}});
    if (unusable.empty()) return;
    refuse(file_, unusable +
                      "; nothing can be measured with such weights: take an earlier checkpoint, or find out why "
                      "the training that wrote it diverged");
  }

  std::string file_, prefix_;
  std::map<std::string, Tensor> tensors_;
};

class Checkpoint final : public Method {
 public:
  explicit Checkpoint(MethodRequest request) : Method(std::move(request.backbone)) {
    const std::string file = request.settings.text("weights"), prefix = request.settings.text("prefix");
    if (file.empty() && backbone().brings_weights()) return;
    if (file.empty()) {
      throw UserError("checkpoint: which weights? Set weights = \"FILE.safetensors\" in the row, or with --set");
    }
    Weights(file, prefix).load_into(backbone());
  }
  Loss loss(const TrainBatch&, const Progress&) override {
    throw InternalError("checkpoint has no loss: it does not train");
  }
};

const bool registered = Registry<MethodEntry>::add(
    {.name = "checkpoint",
     .summary = "weights from a safetensors file with torchvision's or timm's names, evaluated as they are",
     .paper = "",
     .views = 0,
     .trains = false,
     .options = {file_option("weights", "safetensors file of the backbone, with or without its head"),
                 text_option("prefix", "", "what stands before the backbone's names in the file (\"backbone.\")")},
     .pitfalls =
         {"images are normalised with the pretraining set's statistics: where the weights were trained with others, "
          "give the row views = { normalisation = \"imagenet\" } or a dataset that has them",
          "a file in torch's .pt format holds code: convert it with safetensors.torch.save_file first"},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<Checkpoint>(std::move(request));
     }});

}  // namespace
}  // namespace sslbench::checkpoint
