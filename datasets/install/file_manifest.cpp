// SPDX-License-Identifier: Apache-2.0
#include "datasets/install/file_manifest.h"

#include <map>
#include <sstream>
#include <system_error>

#include "datasets/readers/data_file.h"
#include "suites/ground/sha256.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

// Path -> SHA-256.
std::map<std::string, std::string> parse(const std::string& text) {
  std::map<std::string, std::string> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const size_t gap = line.find("  ");
    if (gap != std::string::npos) out.emplace(line.substr(gap + 2), line.substr(0, gap));
  }
  return out;
}

// RunFailure(data) when it cannot be read.
std::string sum_of(const fs::path& file) {
  try {
    return sha256_file(file);
  } catch (const std::system_error& failure) {
    throw_bad_data(file, std::string("cannot be read: ") + failure.code().message());
  }
}

}  // namespace

std::string FileManifest::digest() const { return sha256_hex(text); }

std::map<std::string, int64_t> file_sizes(const fs::path& folder) {
  std::map<std::string, int64_t> out;
  fs::path at = folder;
  try {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
      at = entry.path();
      if (!entry.is_regular_file()) continue;
      const std::string path = at.lexically_relative(folder).generic_string();
      if (path != kManifestName && path != kFactsName) out.emplace(path, static_cast<int64_t>(entry.file_size()));
    }
  } catch (const std::system_error& failure) {
    throw_bad_data(at, std::string("cannot be read: ") + failure.code().message());
  }
  return out;
}

FileManifest make_manifest(const fs::path& folder) {
  FileManifest out;
  for (const auto& [path, bytes] : file_sizes(folder)) {
    out.text += sum_of(folder / path) + "  " + path + "\n";
    out.bytes += bytes;
    ++out.files;
  }
  return out;
}

std::string first_difference(const std::string& recorded, const std::string& found) {
  const auto before = parse(recorded), now = parse(found);
  for (const auto& [path, sum] : before) {
    const auto same = now.find(path);
    if (same == now.end()) return path + " is missing";
    if (same->second != sum) return path + " has changed";
  }
  for (const auto& [path, sum] : now) {
    if (!before.contains(path) && !is_litter(fs::path(path).filename()))
      return path + " was not there when the set was added";
  }
  return "";
}

}  // namespace sslbench
