// SPDX-License-Identifier: Apache-2.0
// Protocol: what a pretrained backbone is measured by. A new one is one file in suites/protocols/ that registers a
// ProtocolEntry on its last line.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "methods/backbone.h"
#include "suites/plan/run_spec.h"
#include "suites/protocols/features.h"
#include "suites/protocols/image_sets.h"
#include "suites/training/stage_context.h"

namespace sslbench {

// What is measured, and on what. A protocol never changes the backbone: whoever fine-tunes trains a copy.
struct Subject {
  Backbone& backbone;                               // evaluation mode, frozen
  std::function<std::unique_ptr<Backbone>()> copy;  // an own, trainable copy on the same device
  Normalisation normalisation;                      // of the pretraining set: used for every other set, too
  ImageSets& data;
  FeatureCache& features;
};

class Protocol {
 public:
  virtual ~Protocol() = default;
  // Before anything runs: UserError when the settings do not fit a backbone like this one, which it may consume.
  virtual void check(std::unique_ptr<Backbone>) const {}
  // Adds measurements, replicates, curves and samples to context.record. Test data are read once, after every choice.
  virtual void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) = 0;
};

struct ProtocolEntry {
  static constexpr const char* kind() { return "protocol"; }
  std::string name;
  std::string summary;  // one line
  int64_t version = 1;  // changes whenever what is measured changes
  std::string task;     // what the dataset must offer: classification, detection or segmentation
  std::vector<std::string> metrics;
  std::vector<Option> options;
  std::function<std::unique_ptr<Protocol>(const Settings&)> make;
};

// Appends a value; the worker adds whose it is (suite, method, dataset, ...). `why_undefined` says what it means when
// the value is NaN by nature ("no box of this class in the test images") and is recorded then; any other value that is
// not finite is RunFailure(non_finite).
void add_measurement(StageRecord& record, std::string metric, std::string split, double value, std::string unit,
                     std::string direction, int64_t n, const std::string& why_undefined = "");

// Appends what tells a collapse of the features: effective_rank and feature_spread of the training images.
void add_feature_spread(StageRecord& record, const FeatureSpread& spread, int64_t n);

}  // namespace sslbench
