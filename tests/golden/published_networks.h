// SPDX-License-Identifier: Apache-2.0
// Which of our networks the name of a case means.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "methods/backbone.h"

namespace sslbench {

struct PublishedNetwork {
  std::string backbone;  // ours
  nlohmann::json settings = nlohmann::json::object();
  int64_t classes = 1000;                                    // 0: the case has no classifier
  std::vector<std::pair<std::string, int64_t>> hidden = {};  // layers of the head before the classifier: name, width
  bool hidden_is_convolution = false;
};

// torchvision_resnet50, cifar_resnet18, lightly_resnet9, timm_vit_tiny_patch16_224, dinov2_small_reg4; UnknownOp where
// we have none.
PublishedNetwork published_network(const std::string& name);

}  // namespace sslbench
