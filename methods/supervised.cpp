// SPDX-License-Identifier: Apache-2.0
// supervised: cross-entropy on the labels of the pretraining set. The ceiling, from the same code and budget.
//   loss = -log softmax(W h + b)_y; of mixed images share * loss of their own label + (1 - share) * loss of the other
#include <cmath>

#include "methods/layers.h"
#include "methods/method.h"
#include "methods/parts/label_loss.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"

namespace sslbench {
namespace {

class Supervised final : public Method {
 public:
  explicit Supervised(MethodRequest request)
      : Method(std::move(request.backbone)),
        head_(backbone().width(), request.input.classes, request.generator),
        smoothing_(request.settings.real("label_smoothing")) {
    add_child("head", head_);
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    const Tensor h_ND = backbone().features(batch.views[0]);
    const FullPrecision full;
    const Tensor logits_NC = head_(promoted(h_ND));
    return {batch_cross_entropy(logits_NC, batch, smoothing_),
            {{"accuracy", label_accuracy(logits_NC, batch.labels_N)}},
            h_ND};
  }
  std::vector<NamedTensor> classifier() const override { return head_.parameters(); }

 private:
  Linear head_;
  double smoothing_;
};

const nlohmann::json kPresets = {
    {"cifar",
     {{"pretrain", {{"optimizer", "sgd"}, {"learning_rate", 0.1}, {"weight_decay", 5e-4}, {"momentum", 0.9}}},
      {"views",
       {{"area_low", 0.6},
        {"brightness", 0.2},
        {"contrast", 0.2},
        {"saturation", 0.2},
        {"hue", 0.05},
        {"gray", 0.1}}}}},
    {"imagenet",
     {{"pretrain", {{"optimizer", "sgd"}, {"learning_rate", 0.1}, {"weight_decay", 1e-4}, {"momentum", 0.9}}},
      {"views", {{"jitter", 0.0}, {"gray", 0.0}}}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "supervised",
     .summary = "cross-entropy on the labels: the ceiling",
     .paper = "",
     .views = 1,
     .uses_labels = true,
     .mixes_labels = true,
     .role = "ceiling",
     .options = {real_option("label_smoothing", 0, 0, 1, "share of the target spread over all classes")},
     .pitfalls = {"It is the ceiling at the same budget and views, not the best that labels can give."},
     .presets = kPresets,
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<Supervised>(std::move(request));
     },
     .chance_loss = [](const Settings&, const MethodInput& input) -> ChanceLoss {
       return {std::log(static_cast<double>(input.classes))};
     }});

}  // namespace
}  // namespace sslbench
