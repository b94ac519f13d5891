// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <set>
#include <string>

namespace sslbench {

// Removes what writers of AtomicFile left in `folder` that were killed before they published: all of it, or the
// temporaries of targets with one of these names, whatever ending follows it ("a" stands for "a.h5", too). Only for who
// alone may write those targets.
void remove_abandoned(const std::filesystem::path& folder);
void remove_abandoned(const std::filesystem::path& folder, const std::set<std::string>& targets);

}  // namespace sslbench
