// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/autocast.h"

#include <ATen/autocast_mode.h>

#include "suites/tensors/aten.h"

namespace sslbench {

namespace {

void set(at::DeviceType device, AutocastType type) {
  at::autocast::set_autocast_enabled(device, type.has_value());
  if (type) at::autocast::set_autocast_dtype(device, *type);
}

}  // namespace

AutocastType autocast_type(at::DeviceType device) {
  if (!at::autocast::is_autocast_enabled(device)) return std::nullopt;
  return at::autocast::get_autocast_dtype(device);
}

Autocast::Autocast(at::DeviceType device, AutocastType type) : device_(device), before_(autocast_type(device)) {
  set(device, type);
  at::autocast::increment_nesting();
}

Autocast::~Autocast() {
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  set(device_, before_);
}

}  // namespace sslbench
