// SPDX-License-Identifier: Apache-2.0
#include "datasets/readers/data_file.h"

#include <algorithm>
#include <fstream>
#include <system_error>

#include "datasets/install/content_check.h"
#include "suites/files/atomic_file.h"
#include "suites/files/file_kind.h"

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
    std::string out = read_file(file);
    expect_content(file, out);
    if (file_kind(out) == FileKind::lfs_pointer) {
      throw_bad_data(file, "is a Git LFS pointer, not the file itself; run `git lfs pull` where it comes from");
    }
    return out;
  } catch (const std::system_error& failure) {
    throw_bad_data(file, std::string("cannot be read: ") + failure.code().message());
  }
}

bool is_lfs_pointer(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string begin(1024, '\0');
  in.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  return file_kind(std::string_view(begin).substr(0, static_cast<size_t>(in.gcount()))) == FileKind::lfs_pointer;
}

bool is_litter(const fs::path& name) {
  const std::string text = name.string();
  return text == ".DS_Store" || text.starts_with("._") || text == "Thumbs.db" || text == "desktop.ini" ||
         text == "__MACOSX";
}

bool has_file(const fs::path& file) {
  std::error_code ignored;
  return fs::is_regular_file(file, ignored);
}

std::string listed_path(const fs::path& folder, const std::string& written) {
  if (written.find('\\') == std::string::npos || has_file(folder / written)) return written;
  std::string meant = written;
  std::replace(meant.begin(), meant.end(), '\\', '/');
  meant = fs::path(meant).lexically_normal().relative_path().generic_string();
  return has_file(folder / meant) ? meant : written;
}

fs::path path_under(const fs::path& folder, const std::string& relative, const fs::path& listed_in) {
  const fs::path path(relative);
  if (relative.empty() || path.is_absolute() || std::find(path.begin(), path.end(), "..") != path.end()) {
    throw_bad_data(listed_in, "the path '" + relative + "' leaves the dataset's folder");
  }
  return folder / path;
}

}  // namespace sslbench
