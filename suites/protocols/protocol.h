// SPDX-License-Identifier: Apache-2.0
// Protocol: what a pretrained backbone is measured by. A new one is one file in suites/protocols/ that registers a
// ProtocolEntry on its last line.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "datasets/leaks/leaked_images.h"
#include "methods/backbone.h"
#include "suites/plan/run_spec.h"
#include "suites/protocols/parts/features.h"
#include "suites/protocols/parts/image_sets.h"
#include "suites/training/stage_context.h"

namespace sslbench {

// What is measured, and on what. A protocol never changes the backbone: whoever fine-tunes trains a copy.
struct Subject {
  Backbone& backbone;                               // evaluation mode, frozen
  std::function<std::unique_ptr<Backbone>()> copy;  // an own, trainable copy on the same device
  Normalisation normalisation;                      // of the pretraining set: used for every other set, too
  ImageSets& data;
  FeatureCache& features;
  // Of images that are no split of a set, or of another network on top of this one; never shared.
  std::function<Features(Backbone&, const ImageSet&)> extract;
  FeatureCache* before = nullptr;  // of the weights of a file that training started from; null: it started from none
  // The network as pretraining found it, frozen; empty: nothing was trained.
  std::function<Backbone&()> untrained = {};
  // Test images of a set that pretraining has seen; asked for by the protocol "leaks" of the run, else empty.
  std::function<const LeakedImages&(const DatasetSpec&)> leaked = {};
};

class Protocol {
 public:
  virtual ~Protocol() = default;
  // Before anything runs: UserError when the settings do not fit a backbone like this one, which it may consume.
  virtual void check(std::unique_ptr<Backbone>) const {}
  // Adds measurements, replicates, curves and samples to context.record. Test data are read once, after every choice.
  virtual void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) = 0;
};

// Values that somebody published for options: `preset = "dino"` in a row stands for them.
struct ProtocolPreset {
  std::string name;
  std::string source;  // where they are published, and what here differs from that; one line
  nlohmann::json values;
};

struct ProtocolEntry {
  static constexpr const char* kind() { return "protocol"; }
  std::string name;
  std::string summary;          // one line
  int64_t version = 1;          // changes whenever what is measured changes
  std::string task;             // what the dataset must offer: classification, detection or segmentation
  std::vector<Metric> metrics;  // all that it measures; the first is what it is known by
  std::vector<Option> options;
  std::vector<ProtocolPreset> presets;
  bool on_features = false;  // needs nothing of a backbone but features of the data set
  std::function<std::unique_ptr<Protocol>(const Settings&)> make;
};

// What tells a collapse of the features, of the training images.
std::vector<Metric> feature_spread_metrics();
void add_feature_spread(StageRecord& record, const FeatureSpread& spread, int64_t n);

// One list of declarations.
std::vector<Metric> joined(std::vector<Metric> first, const std::vector<Metric>& second);

}  // namespace sslbench
