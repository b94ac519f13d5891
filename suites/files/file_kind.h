// SPDX-License-Identifier: Apache-2.0
// What a file is by its first bytes, where it is often given for another.
#pragma once

#include <string_view>

namespace sslbench {

enum class FileKind { other, lfs_pointer, torch_zip, pickle, zip, gzip, html, hdf5, gguf };

// `bytes`: the beginning of a file, 1 KiB or more where it is longer.
FileKind file_kind(std::string_view bytes);

// "a Git LFS pointer, not the file itself"; "" for other.
std::string_view describe(FileKind kind);

}  // namespace sslbench
