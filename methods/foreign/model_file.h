// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sslbench {

// The backbone that reads a file of this name: "exported" (.pt2), "traced" (.ts), or "": it is no model from elsewhere.
inline std::string kind_of_model_file(const std::string& file) {
  if (file.ends_with(".pt2")) return "exported";
  return file.ends_with(".ts") ? "traced" : "";
}

}  // namespace sslbench
