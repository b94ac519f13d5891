// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/missing_set.h"

#include "suites/ground/error.h"

namespace sslbench {

std::string missing_set_text(const std::string& name, const std::filesystem::path& root) {
  return "dataset '" + name + "' is not installed" + (root.empty() ? "" : " in '" + root.string() + "'");
}

void refuse_missing_set(const std::string& name, const std::string& source, const std::filesystem::path& root) {
  throw UserError(missing_set_text(name, root) + "; add it with: sslbench data add " + name + " PATH" +
                  (source.empty() ? "" : "\n  where to get it: " + source));
}

}  // namespace sslbench
