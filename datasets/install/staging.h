// SPDX-License-Identifier: Apache-2.0
// A set on its way in: read from a copy beside its place, and moved there whole.
#pragma once

#include <filesystem>
#include <string>

#include "datasets/install/intake.h"
#include "suites/files/file_lock.h"

namespace sslbench {

// Held while a set of this name is added below `root`, which is made. UserError naming who else adds it.
FileLock lock_while_adding(const std::string& name, const std::filesystem::path& root);

// A fresh folder, removed unless its content was moved away. RunFailure(storage) where it cannot be made.
class Staging {
 public:
  explicit Staging(std::filesystem::path folder);
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  // Copies a folder or a packed store, or unpacks an archive. UserError as copy_folder and unpack_archive.
  void take_in(const std::filesystem::path& from, const IntakeLimits& limits, const PublishedArchives& within) const;
  // The folder itself, or the only folder in it when there is nothing else (archives often wrap all in one).
  std::filesystem::path content() const;

 private:
  std::filesystem::path folder_;
};

// Moves a finished folder to its place, which is free; on disk when this returns. RunFailure(storage).
void publish(const std::filesystem::path& content, const std::filesystem::path& target);

}  // namespace sslbench
