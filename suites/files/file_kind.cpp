// SPDX-License-Identifier: Apache-2.0
#include "suites/files/file_kind.h"

#include <algorithm>
#include <cctype>
#include <string>

namespace sslbench {
namespace {

constexpr size_t kLookedAt = 1024;

bool is_html(std::string_view bytes) {
  const size_t begin = bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (begin == std::string_view::npos) return false;
  std::string text(bytes.substr(begin, 16));
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text.starts_with("<!doctype html") || text.starts_with("<html");
}

}  // namespace

FileKind file_kind(std::string_view bytes) {
  const std::string_view begin = bytes.substr(0, kLookedAt);
  // A pointer is shorter than 1024 bytes (git-lfs, docs/spec.md).
  if (bytes.size() < kLookedAt && begin.starts_with("version https://git-lfs.github.com/spec/")) {
    return FileKind::lfs_pointer;
  }
  if (begin.starts_with("PK\x03\x04")) {  // torch.save's first entry is NAME/data.pkl
    return begin.find("data.pkl") != std::string_view::npos ? FileKind::torch_zip : FileKind::zip;
  }
  // The opcode of a protocol, 2 to 5.
  if (begin.size() > 1 && begin[0] == '\x80' && begin[1] >= 2 && begin[1] <= 5) return FileKind::pickle;
  if (begin.starts_with("\x1F\x8B")) return FileKind::gzip;
  if (begin.starts_with("\x89HDF\r\n\x1A\n")) return FileKind::hdf5;
  if (begin.starts_with("GGUF")) return FileKind::gguf;
  return is_html(begin) ? FileKind::html : FileKind::other;
}

std::string_view describe(FileKind kind) {
  switch (kind) {
    case FileKind::lfs_pointer: return "a Git LFS pointer, not the file itself";
    case FileKind::torch_zip: return "a file of torch.save";
    case FileKind::pickle: return "a pickle of Python, as torch.save writes";
    case FileKind::zip: return "a ZIP archive";
    case FileKind::gzip: return "compressed with gzip";
    case FileKind::html: return "a web page (HTML)";
    case FileKind::hdf5: return "an HDF5 file";
    case FileKind::gguf: return "a GGUF file";
    case FileKind::other: break;
  }
  return "";
}

}  // namespace sslbench
