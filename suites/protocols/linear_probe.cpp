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

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "linear_probe",
     .summary = "softmax regression on frozen, standardised features; learning rate chosen on held-out training images",
     .version = 1,
     .task = "classification",
     .metrics = joined(probe_metrics(), feature_spread_metrics()),
     .options = probe_options(),
     .on_features = true,
     .make = [](const Settings& settings) -> std::unique_ptr<Protocol> {
       return std::make_unique<LinearProbe>(settings);
     }});

}  // namespace
}  // namespace sslbench
