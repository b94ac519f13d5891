// SPDX-License-Identifier: Apache-2.0
// Backbone: images -> features. A new one is one file in methods/backbones/ that registers itself on its last line.
#pragma once

#include <ATen/core/Generator.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "datasets/augment/normalisation.h"
#include "methods/last_blocks.h"
#include "methods/module.h"
#include "methods/published_constructor.h"
#include "suites/ground/registry.h"
#include "suites/ground/settings.h"

namespace sslbench {

// One level of feature_maps(): [N, channels, ceil(H / stride), ceil(W / stride)].
struct MapLevel {
  int64_t stride = 0, channels = 0;
};

// What images a network's weights were trained on, where their file says so.
struct InputFacts {
  std::optional<Normalisation> normalisation;
  int64_t image_size = 0;  // px, square; 0: not known

  bool known() const { return normalisation || image_size > 0; }
};
// As a text of a weights file's metadata, and back: nothing known where it cannot be read.
std::string input_facts_text(const InputFacts& facts);
InputFacts input_facts_from(const std::string& text);

// Global average [N, C] of a map [N, C, H, W], float32 at least.
Tensor pooled(const Tensor& map_NCHW);

struct StoredFeatures;  // methods/backbones/stored_features.h

class Backbone : public Module {
 public:
  // x_NCHW: normalised images, any size >= the largest stride. Maps from fine to coarse, as levels() says.
  virtual std::vector<Tensor> feature_maps(const Tensor& x_NCHW) const = 0;
  virtual std::vector<MapLevel> levels() const = 0;

  // [N, width()], float32 at least: the global average of the last map, unless the network defines another pooling.
  virtual Tensor features(const Tensor& x_NCHW) const;
  virtual int64_t width() const { return levels().back().channels; }

  // Blocks that last_blocks() can read; 0: the network has no class token.
  virtual int64_t class_token_blocks() const { return 0; }
  virtual LastBlocks last_blocks(const Tensor& x_NCHW, int64_t count) const;

  // Whether it is made with trained weights (of a file that its settings name), not with random ones.
  virtual bool brings_weights() const { return false; }
  // Whether gradients reach its parameters; where not, it can only be evaluated as it is.
  virtual bool takes_gradients() const { return true; }

  // Features of the run's own images in the place of a network; null: there is a network.
  virtual const StoredFeatures* stored_features() const { return nullptr; }
  // Whether several processes that share a batch train it as one does: batch normalisation must see the whole batch.
  virtual bool trains_over_ranks() const { return true; }
  // What a reader of a run's record must know of it, a sentence each.
  virtual std::vector<std::string> notes() const { return {}; }

  const InputFacts& input_facts() const { return input_facts_; }
  void set_input_facts(const InputFacts& facts) { input_facts_ = facts; }

 private:
  InputFacts input_facts_;
};

struct BackboneEntry {
  static constexpr const char* kind() { return "backbone"; }
  std::string name;
  std::string summary;  // one line
  std::string paper;
  std::vector<Option> options;
  nlohmann::json tiny = nlohmann::json::object();  // settings for a few images of few pixels: the tests use it
  std::string head = "head";                       // the published network's name of its linear classifier
  // The same where an option "names" says whose parameter names a network has: value of the option -> name.
  std::map<std::string, std::string> heads_by_names = {};
  std::vector<PublishedConstructor> published = {};  // the first that fits the settings
  std::function<std::unique_ptr<Backbone>(const Settings&, at::Generator&)> make;
  // Where settings name a model from elsewhere: UserError unless it computes what it says it does. Called in a process
  // that may die of it, before the model is made anywhere else.
  std::function<void(const Settings&)> prove = {};
};

// Builds a registered backbone with initial weights drawn from `generator`. UserError on an unknown name or setting.
std::unique_ptr<Backbone> make_backbone(const std::string& name, const nlohmann::json& settings,
                                        at::Generator& generator);

// The published name of the linear classifier of a network of these settings.
std::string classifier_name(const std::string& backbone, const nlohmann::json& settings);

}  // namespace sslbench
