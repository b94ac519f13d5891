// SPDX-License-Identifier: Apache-2.0
// What people hand in as a dataset: a folder or an archive from anywhere, taken in as plain files under one folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <system_error>

#include "datasets/install/published_archives.h"

namespace sslbench {

// How files are taken in, and what that may grow to; more is a UserError.
struct IntakeLimits {
  int64_t entries = 2'000'000;        // files and folders
  int64_t bytes = int64_t{64} << 30;  // unpacked
  int64_t ratio = 200;                // unpacked / packed, counted from ratio_free bytes on
  int64_t ratio_free = int64_t{64} << 20;
  bool link = false;  // symbolic links to a folder's plain files instead of copies
};

// A known set is asked for by name and counted afterwards: ImageNet-1k as Kaggle packs it holds two million
// files and 160 GB.
inline constexpr IntakeLimits kKnownSetLimits{.entries = 4'000'000, .bytes = int64_t{256} << 30};

// RunFailure(storage): "cannot write 'PATH': why".
[[noreturn]] void throw_storage(const std::filesystem::path& path, const std::error_code& error);

// Copies a folder's files into the existing, empty folder `to`. Anything but regular files and folders is a UserError;
// what systems leave there (is_litter) is not taken, here and below.
void copy_folder(const std::filesystem::path& from, const std::filesystem::path& to, const IntakeLimits& limits = {},
                 const PublishedArchives& within = {});

// Unpacks a tar (plain or compressed), zip or 7z archive into the existing, empty folder `to`. Absolute paths, "..",
// links, devices and names that occur twice are UserErrors, as is anything that is no such archive.
void unpack_archive(const std::filesystem::path& archive, const std::filesystem::path& to,
                    const IntakeLimits& limits = {}, const PublishedArchives& within = {});

}  // namespace sslbench
