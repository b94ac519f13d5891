// SPDX-License-Identifier: Apache-2.0
#include "suites/files/temporary_folder.h"

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "suites/ground/error.h"

namespace sslbench {

std::filesystem::path make_temporary_folder(const std::string& name) {
  std::error_code error;
  const std::filesystem::path below = std::filesystem::temp_directory_path(error);
  const char* set = std::getenv("TMPDIR");
  if (error) {
    throw UserError("cannot create a temporary folder: TMPDIR is '" + std::string(set == nullptr ? "/tmp" : set) +
                    "', " + error.message() + "; set it to a folder that can be written");
  }
  std::string made = (below / (name + "-XXXXXX")).string();
  if (::mkdtemp(made.data()) == nullptr) {
    throw UserError("cannot create a temporary folder " + made + ": " + std::generic_category().message(errno) +
                    "; set TMPDIR to a folder that can be written");
  }
  return made;
}

TemporaryFolder::TemporaryFolder(const std::string& name) : path_(make_temporary_folder(name)) {}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace sslbench
