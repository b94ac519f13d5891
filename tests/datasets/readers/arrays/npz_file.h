// SPDX-License-Identifier: Apache-2.0
// .npy and .npz files as NumPy writes them.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace sslbench {

// A .npy file: version 1.0, the head padded to 64 bytes.
inline std::string npy_file(const std::string& descr, const std::string& shape, const std::string& elements,
                            bool fortran = false) {
  std::string head =
      "{'descr': " + descr + ", 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape + ", }";
  while ((10 + head.size() + 1) % 64 != 0) head += ' ';
  head += '\n';
  const auto length = static_cast<uint16_t>(head.size());
  return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(length & 255) + static_cast<char>(length >> 8) + head +
         elements;
}

template <class Number>
std::string bytes_of(const std::vector<Number>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number)};
}

// A zip file with these entries, compressed as numpy.savez_compressed does.
inline void write_npz(const std::filesystem::path& file,
                      const std::vector<std::pair<std::string, std::string>>& entries) {
  archive* out = archive_write_new();
  archive_write_set_format_zip(out);
  archive_write_open_filename(out, file.c_str());
  for (const auto& [name, content] : entries) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_write_header(out, entry);
    archive_write_data(out, content.data(), content.size());
    archive_entry_free(entry);
  }
  archive_write_free(out);
}

}  // namespace sslbench
