// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/core/Device.h>

#include <string>

#include "suites/ground/settings.h"

namespace sslbench {

// The option `graph`, and whether it asks for one on a device: "auto" on every GPU, "on" nowhere else (UserError).
Option graph_option();
bool graph_asked(const std::string& name, at::Device device);

}  // namespace sslbench
