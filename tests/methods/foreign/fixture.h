// SPDX-License-Identifier: Apache-2.0
// The committed models from elsewhere (fixtures/make writes them), and damaged copies of them.
#pragma once

#include <filesystem>
#include <string>

#include "methods/backbone.h"
#include "suites/files/atomic_file.h"

namespace sslbench {

inline std::string fixture(const std::string& name) {
  return std::string(SSLBENCH_SOURCE_DIR) + "/tests/methods/foreign/fixtures/" + name;
}

// "traced" or "exported", by the file's name.
inline std::string kind_of(const std::string& file) { return file.ends_with(".ts") ? "traced" : "exported"; }

inline std::unique_ptr<Backbone> foreign_backbone(const std::string& name) {
  at::Generator unused;
  const std::string file = fixture(name);
  return make_backbone(kind_of(file), {{"file", file}}, unused);
}

// What a file from elsewhere must pass before it is used; throws as the entry's `prove` does.
inline void prove(const std::string& file) {
  const BackboneEntry& entry = Registry<BackboneEntry>::find(kind_of(file));
  entry.prove(Settings("backbone", entry.options, {{"file", file}}));
}

// What proving says against the file; "" when nothing.
inline std::string refusal(const std::string& file) {
  try {
    prove(file);
    return "";
  } catch (const UserError& error) {
    return error.what();
  }
}

}  // namespace sslbench
