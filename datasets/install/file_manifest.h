// SPDX-License-Identifier: Apache-2.0
// The list of a dataset's files with their SHA-256, kept beside them so that `sha256sum -c .sslbench.sha256` checks it
// too.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace sslbench {

inline constexpr const char* kManifestName = ".sslbench.sha256";
inline constexpr const char* kFactsName = ".sslbench.json";  // digest, counts and inspection of an installed set

struct FileManifest {
  std::string text;  // "<sha256>  <path>\n" for every file, sorted by path; not the two files above
  int64_t files = 0, bytes = 0;

  std::string digest() const;
};

// Path -> bytes of every file that a manifest lists. RunFailure(data) when the folder cannot be read.
std::map<std::string, int64_t> file_sizes(const std::filesystem::path& folder);

// Reads every file below `folder`. RunFailure(data) when one cannot be read.
FileManifest make_manifest(const std::filesystem::path& folder);

// Returns what differs between two manifest texts, as one line about the first path ("x.jpg is missing"), or "".
std::string first_difference(const std::string& recorded, const std::string& found);

}  // namespace sslbench
