// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace sslbench {

// The commit whose results are asked for: of the repository that the command is called in, which need not be sslbench's
// own. From the variables of CI services, else from git in the working folder; "" where neither knows one.
std::string commit_under_test();

// Where others find that repository: the address of git's remote `origin` in the working folder, else of its first one,
// as public_address() has it; "" where there is none.
std::string repository_under_test();

// The address of a remote (http, https, ssh, git, or HOST:PATH) without what gives access: passwords, users of the web,
// queries. "" for what leads nobody else there, such as a folder.
std::string public_address(const std::string& remote);

}  // namespace sslbench
