// SPDX-License-Identifier: Apache-2.0
// Which build of the programs made something. A commit names the build of a clean tree; all builds of changed trees
// would share one name, so these carry a digest of the worker, too.
#pragma once

#include <filesystem>
#include <string>

namespace sslbench {

struct Revision {
  std::string commit;  // "" or "unknown": the build knew no repository
  bool dirty = false;  // sources differed from the commit, or were not tracked
  std::string worker;  // SHA-256 of the worker program; "" when not known

  // Made from what the commit holds: whoever checks it out has the same program.
  bool clean() const { return !dirty && !commit.empty() && commit != "unknown"; }
  // "<commit>", or "<commit>-dirty[-<12 digits of the worker's digest>]" where the commit alone does not say; a missing
  // commit is "unknown".
  std::string text() const;
};

// From such a text.
Revision revision_from(const std::string& text);

// Of this build; `worker` as above.
Revision build_revision(const std::string& worker = "");

// SHA-256 over a worker program and the CUDA plugin beside it: equal for programs that give equal results. Throws
// std::system_error when it cannot be read.
std::string worker_digest(const std::filesystem::path& worker);

// Of the worker that is running, whatever lies at its place by now.
std::string own_worker_digest();

// "<revision> <build type>": tells two builds of the programs apart, with `worker` those of changed trees, too.
std::string build_id(const std::string& worker = "");

}  // namespace sslbench
