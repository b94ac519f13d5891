// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/data_file.h"

#include <algorithm>
#include <sstream>
#include <system_error>

#include "suites/spec/atomic_file.h"

namespace sslbench {
namespace fs = std::filesystem;

void throw_bad_data(const fs::path& file, const std::string& what) {
  throw RunFailure(FailureKind::data, file.string() + ": " + what);
}

std::string read_data_file(const fs::path& file, int64_t max_bytes) {
  std::error_code error;
  const auto bytes = fs::file_size(file, error);
  if (error) throw_bad_data(file, "cannot be read: " + error.message());
  if (bytes > static_cast<uintmax_t>(max_bytes)) {
    throw_bad_data(file, std::to_string(bytes) + " bytes, more than the " + std::to_string(max_bytes) +
                             " that a file of this kind may have");
  }
  try {
    return read_file(file);
  } catch (const std::system_error& failure) {
    throw_bad_data(file, std::string("cannot be read: ") + failure.code().message());
  }
}

bool has_file(const fs::path& file) {
  std::error_code ignored;
  return fs::is_regular_file(file, ignored);
}

std::vector<std::string> read_data_lines(const fs::path& file) {
  std::istringstream text(read_data_file(file, int64_t{64} << 20));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) {
    const auto first = line.find_first_not_of(" \t\r");
    if (first == std::string::npos) continue;
    lines.push_back(line.substr(first, line.find_last_not_of(" \t\r") - first + 1));
  }
  return lines;
}

fs::path path_under(const fs::path& folder, const std::string& relative, const fs::path& listed_in) {
  const fs::path path(relative);
  if (relative.empty() || path.is_absolute() || std::find(path.begin(), path.end(), "..") != path.end()) {
    throw_bad_data(listed_in, "the path '" + relative + "' leaves the dataset's folder");
  }
  return folder / path;
}

}  // namespace sslbench
