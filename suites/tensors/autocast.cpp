// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/autocast.h"

#include <ATen/autocast_mode.h>

#include "suites/tensors/aten.h"

namespace sslbench {

Autocast::Autocast(at::DeviceType device, bool enabled)
    : device_(device), before_(at::autocast::is_autocast_enabled(device)) {
  at::autocast::set_autocast_enabled(device, enabled);
  if (enabled) at::autocast::set_autocast_dtype(device, at::kBFloat16);
  at::autocast::increment_nesting();
}

Autocast::~Autocast() {
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(device_, before_);
}

}  // namespace sslbench
