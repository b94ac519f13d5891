// SPDX-License-Identifier: Apache-2.0
// Published views by name, chosen by `views = { recipe = "byol" }`; one file each in recipes/.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "suites/ground/registry.h"

namespace sslbench {

inline constexpr const char* kNoRecipe = "none";

struct RecipeEntry {
  static constexpr const char* kind() { return "recipe"; }
  std::string name;
  std::string summary;    // one line
  std::string source;     // paper and code
  nlohmann::json values;  // of the table `views`; what is left out has its default
  bool dense = false;     // boxes and masks follow the picture (dense_view.h)
};

}  // namespace sslbench
