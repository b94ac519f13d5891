// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/dispatch/Dispatcher.h>

namespace sslbench {

// An operator of ours by its name at LibTorch's dispatcher ("sslbench::norm_act"), to be called with tensors of any
// device. Throws where no library that defines it is loaded.
template <class Signature>
auto own_operator(const char* name) {
  return c10::Dispatcher::singleton().findSchemaOrThrow(name, "").typed<Signature>();
}

}  // namespace sslbench
