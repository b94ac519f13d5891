// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/until_done.h"

#include <c10/core/Event.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <memory>

namespace sslbench {

std::function<void()> until_done(c10::Device device) {
  if (device.is_cpu()) return [] {};
  const c10::impl::VirtualGuardImpl streams(device.type());
  const auto done = std::make_shared<c10::Event>(device.type());
  done->record(streams.getStream(device));
  return [done] { done->synchronize(); };
}

}  // namespace sslbench
