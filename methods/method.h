// SPDX-License-Identifier: Apache-2.0
// Method: everything a self-supervised method is. A new one is one file in methods/ that registers a MethodEntry on its
// last line. Shapes: N images of a batch, D features, V views.
#pragma once

#include <ATen/core/Generator.h>

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "datasets/batches/train_batch.h"
#include "methods/backbone.h"
#include "methods/module.h"
#include "methods/parameter_rule.h"
#include "suites/ground/registry.h"
#include "suites/ground/settings.h"

namespace sslbench {

struct Loss {
  Tensor total;                                       // scalar, float32, with gradient
  std::vector<std::pair<std::string, Tensor>> terms;  // pieces for the curves, detached by the loop
  Tensor embedding_ND;  // watched for collapse, this rank's rows or the whole batch's; undefined: not watched
};

// Where the training stands: all schedules are pure functions of it, so that a resumed run goes on unchanged.
struct Progress {
  int64_t step = 0, steps = 0;  // optimizer steps done and planned
  int64_t steps_per_epoch = 1;
  int64_t epoch() const { return step / steps_per_epoch; }
  int64_t epochs() const { return steps / steps_per_epoch; }
};

class Method : public Module {
 public:
  explicit Method(std::unique_ptr<Backbone> backbone) : backbone_(std::move(backbone)) {
    add_child("backbone", *backbone_);
  }
  // Draws what the loss asks of random numbers into batch.drawn, which goes to the loss's device with the batch: while
  // the batch is on the CPU, before step `step` (steps done before it), on any thread.
  void draw_for(TrainBatch& batch, int64_t step) const;
  // One batch, or this rank's share of it: what the loss asks of other images it gathers, so that every rank's loss is
  // that of the whole batch (suites/tensors/ranks/ranks.h). May run under autocast; losses switch it off and compute in
  // float32 at least. Methods that cannot work with so few images throw UserError.
  virtual Loss loss(const TrainBatch& batch, const Progress& progress) = 0;
  // Between backward and the optimizer step: gradients may be dropped (grad = undefined: the parameter stays).
  virtual void after_backward(const Progress&) {}
  // Numbers that loss() and after_backward() take from the host besides their batch: what `progress` says (a
  // temperature, whether a layer still rests), how full a queue is. A step that was captured as a graph is replayed
  // only while they are the same.
  virtual std::vector<double> host_values(const Progress&) const { return {}; }
  // After every optimizer step, `progress` counting it: momentum encoders, re-clustering.
  virtual void after_step(const Progress&) {}
  // Whether the first epoch's images pass through observe() once, without gradient, before the first step.
  virtual bool observes_first() const { return false; }
  virtual void observe(const TrainBatch&) {}
  // For the report, in evaluation mode and without gradient: what the method saw of the batch where that differs from
  // the image, and what it painted, as images [N, 3, H, W] of the views' normalisation. Empty: it paints none.
  virtual std::vector<Tensor> paint(const TrainBatch&) { return {}; }
  // How the optimizer treats the parameter of this name (as in parameters()).
  virtual ParameterRule rule(const std::string&) const { return {}; }
  Backbone& backbone() { return *backbone_; }
  // What a reader of the record must know of how the method was built, a line each: the weights that it started from.
  virtual std::vector<std::string> notes() const { return {}; }
  // Weight and bias of a linear classifier on features(), where training leaves one; else empty.
  virtual std::vector<NamedTensor> classifier() const { return {}; }

 protected:
  // What follows from the batch, which is on the CPU, and the step alone. Called by several threads at once while
  // training goes on, so it reads nothing that training changes and asks no other rank.
  virtual std::vector<Tensor> draw(const TrainBatch&, int64_t /*step*/) const { return {}; }
  // batch.drawn, or what is drawn now for a batch that was made without: a look at a few images, a test.
  std::vector<Tensor> drawn(const TrainBatch& batch, int64_t step = 0) const;

 private:
  std::unique_ptr<Backbone> backbone_;
};

// The pretraining set and the views that a method will see.
struct MethodInput {
  int64_t classes = 0, examples = 0;   // of the set
  int64_t image_size = 0;              // px, side of the square views of full size
  int64_t views = 0, local_views = 0;  // of each image: views of full size, then small ones
  int64_t local_size = 0;              // px, side of the small ones
  int64_t batch_size = 0;              // images of a step, all ranks together
};

// What a method may know of the run when it is built.
struct MethodRequest {
  const Settings& settings;
  const MethodInput& input;
  std::unique_ptr<Backbone> backbone;
  at::Generator& generator;                         // for initial weights
  std::function<std::unique_ptr<Backbone>()> twin;  // another backbone of the same settings, for a teacher
  uint64_t seed = 0;                                // root of all other randomness of the method
};

// The loss of a method whose outputs say nothing about the images.
struct ChanceLoss {
  double value = std::numeric_limits<double>::quiet_NaN();  // NaN: no closed form under these settings
  double lowest = 0;                                        // what the loss goes towards
};

struct MethodEntry {
  static constexpr const char* kind() { return "method"; }
  std::string name;
  std::string summary;  // one line
  std::string paper;
  int64_t views = 2;          // of full size, unless the table `views` says otherwise
  bool uses_labels = false;   // the report marks the row
  bool mixes_labels = false;  // reads the batch's other_labels_N and own_share_N
  bool trains = true;         // false: evaluated as initialised
  bool needs_vit = false;     // works on tokens, so only on a Vision Transformer
  std::string role;           // "floor", "ceiling" or ""
  std::vector<Option> options;
  std::vector<std::string> pitfalls = {};  // what goes wrong in practice, a sentence each
  // {"cifar": {"pretrain": {...}, "views": {...}, "<own option>": ...}, "imagenet": {...}}
  nlohmann::json presets = nlohmann::json::object();
  nlohmann::json tiny = nlohmann::json::object();  // settings for a few images of few pixels: the contract tests use it
  std::function<std::unique_ptr<Method>(MethodRequest)> make;
  // Whether the given settings use labels after all ("targets = labels"); empty: as uses_labels says.
  std::string labels_when = {};  // "<option>=<value>"
  // For batches of input.batch_size images; empty where there is no closed form.
  std::function<ChanceLoss(const Settings&, const MethodInput& input)> chance_loss = {};
};

struct BackboneChoice {
  std::string name;
  nlohmann::json settings = nlohmann::json::object();
};

// Builds a registered method on a registered backbone; both have initial weights from `seed`, and for one seed every
// method starts from the same backbone. UserError on an unknown name or setting, or a backbone that cannot serve.
// `start` is called with every backbone that is built, teachers included, to give it other weights; empty: nothing.
std::unique_ptr<Method> make_method(const std::string& name, const nlohmann::json& settings,
                                    const BackboneChoice& backbone, const MethodInput& input, uint64_t seed,
                                    const std::function<void(Backbone&)>& start = {});

}  // namespace sslbench
