// SPDX-License-Identifier: Apache-2.0
// Pieces of presets that several methods' published recipes share: tables `pretrain` and `views`. Functions, since
// plugins ask while statics are still being initialised.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "datasets/augment/published_views.h"

namespace sslbench {

// SGD with momentum 0.9 and a cosine; the rate is scaled as pretrain.learning_rate_scaling says.
nlohmann::json sgd_recipe(double learning_rate, const std::string& scaling, double weight_decay);

// LARS for batches of thousands: 10 epochs of warm-up, trust 0.001, norms and biases neither decayed nor adapted; the
// rate is that of 256 images (BYOL, MoCo v3, Barlow Twins, VICReg).
nlohmann::json lars_recipe(double learning_rate, double weight_decay);

// LARS as in solo-learn, scripts/pretrain/cifar: trust 0.02 with clipping, the rate that of 256 images. Its warm-up of
// 10 of 1,000 epochs is 2 here: runs are an order shorter.
nlohmann::json solo_learn_lars(double learning_rate, double weight_decay);

// solo-learn's asymmetric pair for CIFAR: weaker saturation, no blur, the second view solarized in one of five.
nlohmann::json solo_learn_pair();

}  // namespace sslbench
