// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "suites/files/temporary_folder.h"

namespace sslbench {

inline constexpr const char* kChecksums = "SHA256SUMS";  // of a bundle: lines as `sha256sum` prints and checks them

// A results folder as it was named: itself, or an archive of `sslbench bundle`, unpacked below the temporary folder as
// long as this lives. UserError when it is neither.
class ResultsPlace {
 public:
  explicit ResultsPlace(const std::filesystem::path& named);

  const std::filesystem::path& folder() const { return folder_; }
  bool archive() const { return temporary_ != nullptr; }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<TemporaryFolder> temporary_;
};

// What a folder's list of checksums contradicts, one line a file; nothing when the folder has no list.
std::vector<std::string> checksum_mistakes(const std::filesystem::path& folder);

// UserError when a bundle, packed or unpacked, is not what was bundled. `named`: as the person calls it.
void expect_as_bundled(const ResultsPlace& place, const std::string& named);

}  // namespace sslbench
