// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sslbench {

// The commit whose results are asked for: of the repository that the command is called in, which need not be sslbench's
// own. From the variables of CI services, else from git in the working folder; "" where neither knows one.
std::string commit_under_test();

}  // namespace sslbench
