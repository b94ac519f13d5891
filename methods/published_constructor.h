// SPDX-License-Identifier: Apache-2.0
// How timm and torchvision build the network of a backbone's parameters, as Python.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace sslbench {

// Every option of the backbone is in `when` with the value that it must have, is passed on, or is free; the others must
// have their defaults. What is free changes neither parameters nor features (drop path, initial values).
struct PublishedConstructor {
  std::string library;                                           // "timm" or "torchvision"
  std::string model;                                             // of timm.create_model, or of torchvision.models
  std::vector<std::string> arguments = {};                       // "global_pool='avg'"
  std::vector<std::pair<std::string, std::string>> passed = {};  // option, keyword; left out at the option's default
  nlohmann::json when = nlohmann::json::object();
  std::vector<std::string> free = {};
  std::vector<std::string> then = {};      // statements after it, about `model`
  std::vector<std::string> headless = {};  // the same, where the file has no classifier
  bool takes_head = true;                  // whether a file with our linear classifier fits
};

// For the catalog.
nlohmann::json to_json(const std::vector<PublishedConstructor>& constructors);

}  // namespace sslbench
