// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/published_recipes.h"

namespace sslbench {

using nlohmann::json;

json sgd_recipe(double learning_rate, const std::string& scaling, double weight_decay) {
  return {{"optimizer", "sgd"},
          {"momentum", 0.9},
          {"learning_rate", learning_rate},
          {"learning_rate_scaling", scaling},
          {"weight_decay", weight_decay}};
}

json lars_recipe(double learning_rate, double weight_decay) {
  return {{"optimizer", "lars"},
          {"momentum", 0.9},
          {"learning_rate", learning_rate},
          {"learning_rate_scaling", "linear_256"},
          {"weight_decay", weight_decay},
          {"decay_norms_and_biases", false},
          {"warmup_epochs", 10.0}};
}

json solo_learn_lars(double learning_rate, double weight_decay) {
  json out = lars_recipe(learning_rate, weight_decay);
  out["lars_trust"] = 0.02;
  out["lars_clip"] = true;
  out["warmup_epochs"] = 2.0;
  return out;
}

json solo_learn_pair() { return {{"saturation", 0.2}, {"solarize", {0.0, 0.2}}}; }

}  // namespace sslbench
