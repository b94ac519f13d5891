// SPDX-License-Identifier: Apache-2.0
#include "suites/files/cache_folder.h"

#include <cstdlib>

namespace sslbench {

namespace fs = std::filesystem;

std::optional<fs::path> cache_folder() {
  if (const char* xdg = std::getenv("XDG_CACHE_HOME"); xdg != nullptr && *xdg != '\0')
    return fs::path(xdg) / "sslbench";
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
    return fs::path(home) / ".cache" / "sslbench";
  }
  return std::nullopt;
}

}  // namespace sslbench
