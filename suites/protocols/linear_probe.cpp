// SPDX-License-Identifier: Apache-2.0
// linear_probe: softmax regression on frozen features. The learning rate is chosen on a held-out part of the training
// set; the classifier is then trained again on all of it and the test set is read once. Features are computed once,
// without augmentation: see SwAV, DINOv2 and MAE for protocols that augment every epoch.
#include "suites/protocols/parts/accuracy.h"
#include "suites/protocols/parts/chosen_probe.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

// Of sets so small that the last part of the images lacks a class: version 1 chose the rate on that all the same.
constexpr int64_t kByClassVersion = 2;

class LinearProbe final : public Protocol {
 public:
  explicit LinearProbe(const Settings& settings) : choice_(probe_choice(settings)) {}

  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    const ChosenProbe probe = measure_probe(subject, dataset, choice_, context);
    for (Measurement& m : context.record.measurements) m.version = probe.parts.by_class ? kByClassVersion : 0;
  }

 private:
  ProbeChoice choice_;
};

// Of all presets: features are computed once of whole images, without the random crops and flips that the published
// protocols draw every epoch, so that numbers of these names lie below published ones and never stand in one column
// with them; weights start at 0; where a grid is given, the rate is chosen on held-out training images.
std::vector<ProtocolPreset> presets() {
  const auto source = [](const std::string& text) {
    return text + "; here without augmentation, features computed once";
  };
  const nlohmann::json by_13 = {4e-5, 8e-5, 2e-4, 4e-4, 8e-4, 2e-3, 4e-3, 8e-3, 0.02, 0.04, 0.08, 0.2, 0.4};
  return {
      {"moco",
       source("facebookresearch/moco main_lincls.py: SGD, rate 30, a tenth at 60 and 80 of 100 epochs, batch 256"),
       {{"learning_rates", {30.0}},
        {"schedule", "steps"},
        {"epochs", 100},
        {"batch_size", 256},
        {"standardise", false}}},
      {"simclr",
       source("arXiv:2002.05709, B.6: Nesterov's momentum, rate 0.1 x batch / 256 = 1.6, batch 4096, 90 epochs"),
       {{"learning_rates", {1.6}}, {"nesterov", true}, {"epochs", 90}, {"batch_size", 4096}, {"standardise", false}}},
      {"mae",
       source("facebookresearch/mae main_linprobe.py: normalised features, batch 16384, 90 epochs; there LARS at 0.1 x "
              "batch / 256 after 10 epochs of warm-up, here SGD at the best of the grid"),
       {{"learning_rates", {0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0}}, {"epochs", 90}, {"batch_size", 16384}}},
      {"dino",
       source("facebookresearch/dino eval_linear.py: SGD, rate 0.001 x batch / 256 = 0.004, batch 1024, 100 epochs; "
              "there class tokens of the last 4 blocks of a ViT-S, here the backbone's own features"),
       {{"learning_rates", {0.004}}, {"epochs", 100}, {"batch_size", 1024}, {"standardise", false}}},
      {"dinov2",
       source(
           "facebookresearch/dinov2 eval/linear.py: 13 rates at once, each x batch / 256 = 4, batch 1024, 10 epochs of "
           "ImageNet; there also 1 or 4 blocks with and without mean patches, chosen on the validation set, here the "
           "backbone's own features"),
       {{"learning_rates", by_13}, {"epochs", 10}, {"batch_size", 1024}, {"standardise", false}}}};
}

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "linear_probe",
     .summary = "softmax regression on frozen, standardised features; learning rate chosen on held-out training images",
     .version = 1,
     .task = "classification",
     .metrics = joined(probe_metrics(), feature_spread_metrics()),
     .options = probe_options(),
     .presets = presets(),
     .on_features = true,
     .make = [](const Settings& settings) -> std::unique_ptr<Protocol> {
       return std::make_unique<LinearProbe>(settings);
     }});

}  // namespace
}  // namespace sslbench
