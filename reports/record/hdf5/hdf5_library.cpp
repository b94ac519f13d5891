// SPDX-License-Identifier: Apache-2.0
#include "reports/record/hdf5/hdf5_library.h"

#include <hdf5.h>

namespace sslbench {
namespace {

// No exception may pass through the library: without memory for it there is no text.
herr_t keep_innermost(unsigned, const H5E_error2_t* error, void* text) noexcept {
  auto& kept = *static_cast<std::string*>(text);
  try {
    kept = error->desc == nullptr ? "" : error->desc;
  } catch (...) {
    kept.clear();
  }
  return 0;
}

}  // namespace

void begin_hdf5() { H5dont_atexit(); }

std::string hdf5_reason() {
  std::string reason;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, keep_innermost, &reason);
  return reason;
}

}  // namespace sslbench
