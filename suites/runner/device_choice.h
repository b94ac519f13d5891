// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sslbench {

// "cpu" or "cuda:<i>" for `--device auto|cpu|cuda[:i]`; auto takes cuda:0 where the plugin, the driver and a GPU are
// there. UserError in one line when a GPU that was asked for cannot be used.
std::string choose_device(const std::string& asked);

}  // namespace sslbench
