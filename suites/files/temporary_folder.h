// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace sslbench {

// A new folder under TMPDIR that stays. `name` tells a person who finds it whose it is. UserError when it cannot be
// made.
std::filesystem::path make_temporary_folder(const std::string& name);

// Such a folder, removed with all that is in it.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& name = "sslbench");
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace sslbench
