// SPDX-License-Identifier: Apache-2.0
// Whether a final record lies in a run's place, and whether it came since a moment. A final record is worth more than
// whatever became of its worker afterwards, and no failure replaces it.
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <string>

namespace sslbench {

// "ok" or "collapsed" of the final record in `file`; "" when there is none or it cannot be read.
std::string final_status(const std::filesystem::path& file);

// Records are renamed into place, so a newer one is another file.
class RecordWatch {
 public:
  // Remembers what lies in `file` now.
  explicit RecordWatch(std::filesystem::path file);

  // final_status() of a record that was published since; "" when none was.
  std::string published() const;

 private:
  std::filesystem::path file_;
  std::optional<struct stat> before_;
};

}  // namespace sslbench
