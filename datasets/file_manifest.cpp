// SPDX-License-Identifier: Apache-2.0
#include "datasets/file_manifest.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <system_error>

#include "datasets/readers/data_file.h"
#include "suites/spec/sha256.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

// The next file of a manifest and its SHA-256; false at the end.
bool next_entry(std::istream& lines, std::string& path, std::string& sum) {
  for (std::string line; std::getline(lines, line);) {
    const size_t gap = line.find("  ");
    if (gap == std::string::npos) continue;
    path = line.substr(gap + 2), sum = line.substr(0, gap);
    return true;
  }
  return false;
}

// Path -> SHA-256.
std::map<std::string, std::string> parse(const std::string& text) {
  std::map<std::string, std::string> out;
  std::istringstream lines(text);
  for (std::string path, sum; next_entry(lines, path, sum);) out.emplace(path, sum);
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

std::string changed_listing(const fs::path& folder) {
  constexpr size_t kMostListings = 64;
  constexpr uintmax_t kMostBytes = uintmax_t{32} << 20;
  static const std::set<std::string> kTexts{".txt", ".csv", ".tsv", ".json", ".yaml", ".yml", ".names"};
  std::multimap<std::ptrdiff_t, std::pair<std::string, std::string>> by_depth;  // path and sum
  std::ifstream lines(folder / kManifestName);
  for (std::string path, sum; next_entry(lines, path, sum);) {
    if (!kTexts.contains(fs::path(path).extension())) continue;
    by_depth.emplace(std::ranges::count(path, '/'), std::pair(path, sum));
    if (by_depth.size() > kMostListings) by_depth.erase(std::prev(by_depth.end()));
  }
  for (const auto& [depth, listing] : by_depth) {
    std::error_code error;
    if (fs::file_size(folder / listing.first, error) > kMostBytes || error) continue;  // its reader names a missing one
    if (sum_of(folder / listing.first) != listing.second) return listing.first + " has changed";
  }
  return "";
}

}  // namespace sslbench
