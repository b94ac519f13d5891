// SPDX-License-Identifier: Apache-2.0
#include "suites/spec/temporary_folder.h"

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "suites/spec/error.h"

namespace sslbench {

TemporaryFolder::TemporaryFolder(const std::string& name) {
  std::string made = (std::filesystem::temp_directory_path() / (name + "-XXXXXX")).string();
  if (::mkdtemp(made.data()) == nullptr) {
    throw UserError("cannot create a temporary folder " + made + ": " + std::generic_category().message(errno) +
                    "; set TMPDIR");
  }
  path_ = made;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace sslbench
