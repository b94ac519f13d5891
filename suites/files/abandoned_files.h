// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace sslbench {

// Removes what writers of AtomicFile left in `folder` that were killed before they published: temporaries of the
// targets whose names begin with `target` (empty: of all). Only for who alone may write those targets.
void remove_abandoned(const std::filesystem::path& folder, const std::string& target = "");

}  // namespace sslbench
