// SPDX-License-Identifier: Apache-2.0
// The Python that loads exported weights into the published network of the same parameters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "suites/plan/catalog.h"

namespace sslbench {

struct PythonConstructor {
  std::string library;                  // "timm" or "torchvision"
  std::string call;                     // "timm.create_model('vit_small_patch16_224', num_classes=0)"
  std::vector<std::string> statements;  // about `model`, after it
};

// Of a backbone of these settings; classes: of the classifier in the file, 0: it has none. Nothing where no published
// network has the parameters.
std::optional<PythonConstructor> python_constructor(const CatalogEntry& backbone, const nlohmann::json& settings,
                                                    int64_t classes);

// {"library":…,"call":…} and, where there are some, "statements".
std::string constructor_text(const PythonConstructor& constructor);

// A script that leaves `model` with the weights of `file`.
std::string python_loader(const PythonConstructor& constructor, const std::string& file);

}  // namespace sslbench
