// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sslbench {

// "<git revision>[-dirty]" of this build.
std::string build_revision();

// "<revision>[-dirty] <build type>": tells two builds of the programs apart.
std::string build_id();

}  // namespace sslbench
