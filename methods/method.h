// SPDX-License-Identifier: Apache-2.0
// Method: everything a self-supervised method is. A new one is one file in methods/ that registers a MethodEntry on its
// last line. Shapes: N images of a batch, D features, V views.
#pragma once

#include <ATen/core/Generator.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "datasets/batches/train_batch.h"
#include "methods/backbone.h"
#include "methods/module.h"
#include "suites/spec/registry.h"
#include "suites/spec/settings.h"

namespace sslbench {

struct Loss {
  Tensor total;                                       // scalar, float32, with gradient
  std::vector<std::pair<std::string, Tensor>> terms;  // pieces for the curves, detached by the loop
  Tensor embedding_ND;                                // watched for collapse; undefined: not watched
};

struct Progress {
  int64_t step = 0, steps = 0;  // optimizer steps done and planned
};

class Method : public Module {
 public:
  explicit Method(std::unique_ptr<Backbone> backbone) : backbone_(std::move(backbone)) {
    add_child("backbone", *backbone_);
  }
  // One batch. May run under autocast; losses switch it off and compute in float32. Methods that cannot work with so
  // few images throw UserError.
  virtual Loss loss(const TrainBatch& batch) = 0;
  // After every optimizer step: momentum encoders, queues, schedules.
  virtual void after_step(const Progress&) {}
  Backbone& backbone() { return *backbone_; }

 private:
  std::unique_ptr<Backbone> backbone_;
};

// What a method may know of the run when it is built.
struct MethodRequest {
  const Settings& settings;
  std::unique_ptr<Backbone> backbone;
  at::Generator& generator;  // for initial weights
  uint64_t seed = 0;         // root of all other randomness of the method
  int64_t classes = 0;       // of the pretraining set
  int64_t image_size = 0;    // px, side of the square views
};

struct MethodEntry {
  static constexpr const char* kind() { return "method"; }
  std::string name;
  std::string summary;  // one line
  std::string paper;
  int64_t views = 2;
  bool uses_labels = false;  // the report marks the row
  bool trains = true;        // false: evaluated as initialised
  std::string role;          // "floor", "ceiling" or ""
  std::vector<Option> options;
  // {"cifar": {"pretrain": {...}, "views": {...}, "<own option>": ...}, "imagenet": {...}}
  nlohmann::json presets = nlohmann::json::object();
  std::function<std::unique_ptr<Method>(MethodRequest)> make;
  // Whether the given settings use labels after all ("targets = labels"); empty: as uses_labels says.
  std::string labels_when;  // "<option>=<value>"
};

}  // namespace sslbench
