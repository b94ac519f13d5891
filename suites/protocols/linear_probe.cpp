// SPDX-License-Identifier: Apache-2.0
// linear_probe: softmax regression on frozen features. The learning rate is chosen on a held-out part of the training
// set; the classifier is then trained again on all of it and the test set is read once. Features are computed once,
// without augmentation; linear_probe_augmented draws a crop of every image in every epoch, as the published ones do.
#include "suites/protocols/frozen/probe_inputs.h"
#include "suites/protocols/frozen/published_probes.h"
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
  explicit LinearProbe(const Settings& settings)
      : choice_(probe_choice(settings)), input_names_(settings.texts("inputs")) {}

  void check(std::unique_ptr<Backbone> backbone) const override { inputs_of(*backbone); }

  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    ProbeInputs inputs = inputs_of(subject.backbone);
    const ChosenProbe probe = inputs.only_features() ? measure_probe(subject, dataset, choice_, context)
                                                     : measure_inputs(inputs, subject, dataset, context);
    for (Measurement& m : context.record.measurements) m.version = probe.parts.by_class ? kByClassVersion : 0;
  }

 private:
  ProbeInputs inputs_of(const Backbone& backbone) const { return {backbone, input_names_, "linear_probe"}; }

  // The best input at its best rate.
  ChosenProbe measure_inputs(ProbeInputs& inputs, Subject& subject, const DatasetSpec& dataset,
                             StageContext& context) const {
    const at::NoGradGuard no_grad;
    const LoadedSplit& split = subject.data.split(dataset, Split::train);
    const Features train = on(context.device, subject.extract(inputs, *split.images));
    std::vector<SeenFeatures> seen;
    for (const ProbeInput& input : inputs.all()) {
      seen.push_back({input.name, {columns_of(train.h_ND, input).contiguous(), train.labels_N}});
    }
    ChosenProbe probe = choose_and_train(seen, std::ssize(split.classes), choice_, context);
    const ProbeInput& input = inputs.all()[probe.input];
    add_input(context.record, input, std::ssize(probe.parts.out));
    const ImageSet& test_images = *subject.data.split(dataset, Split::test).images;
    const Features test = on(context.device, subject.extract(inputs, test_images));
    ask_probe(probe, train, {columns_of(test.h_ND, input), test.labels_N}, spread_of(seen[probe.input].of.h_ND),
              subject, dataset, context);
    return probe;
  }

  ProbeChoice choice_;
  std::vector<std::string> input_names_;
};

std::vector<Option> options() {
  std::vector<Option> out = probe_options();
  out.push_back(later(probe_inputs_option(), std::vector<std::string>{"features"}));
  return out;
}

// Of all presets: features are computed once of whole images, without the random crops and flips that the published
// protocols draw every epoch (linear_probe_augmented draws them), so that numbers of these names lie below published
// ones and never stand in one column with them; weights start at 0; where there is a choice, it is made on held-out
// training images.
std::vector<ProtocolPreset> presets() {
  std::vector<ProtocolPreset> out = published_linear_probes();
  out.push_back({"mae",
                 "facebookresearch/mae main_linprobe.py: normalised features, batch 16384, 90 epochs; there LARS at "
                 "0.1 x batch / "
                 "256 after 10 epochs of warm-up, here SGD at the best of the grid",
                 {{"learning_rates", {0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0}}, {"epochs", 90}, {"batch_size", 16384}}});
  for (ProtocolPreset& preset : out) preset.source += "; here without augmentation, features computed once";
  return out;
}

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "linear_probe",
     .summary = "softmax regression on frozen, standardised features; learning rate chosen on held-out training images",
     .version = 1,
     .task = "classification",
     .metrics = joined(joined(probe_metrics(), probe_input_metrics()), feature_spread_metrics()),
     .options = options(),
     .presets = presets(),
     .on_features = true,
     .make = [](const Settings& settings) -> std::unique_ptr<Protocol> {
       return std::make_unique<LinearProbe>(settings);
     }});

}  // namespace
}  // namespace sslbench
