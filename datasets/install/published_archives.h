// SPDX-License-Identifier: Apache-2.0
// The archives that a known set is published as.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace sslbench {

struct PublishedArchive {
  std::string name, md5;  // md5: as the publisher or torchvision says it; "": nobody does
};

// They are unpacked in their place where they lie in what is handed in, as the set's own instructions say.
struct PublishedArchives {
  std::vector<PublishedArchive> files;
  bool tar_a_class = false;  // any other .tar within an archive becomes a folder of its name
  bool done = false;         // what is handed in holds all that is in them, wherever it was put

  // The one of that name, or null.
  const PublishedArchive* find(const std::filesystem::path& file) const;
};

// Whether an archive's content is there, too, so that it is neither unpacked nor taken: its first file lies beside it.
bool is_unpacked(const std::filesystem::path& archive, const PublishedArchives& published);

// What the archives that were unpacked are, `from` itself or files right in it: "NAME: as published (MD5 ...)" or
// "NAME: differs from the published archive (...)". RunFailure(data) when one cannot be read.
std::vector<std::string> archive_findings(const std::filesystem::path& from, const PublishedArchives& published);

}  // namespace sslbench
