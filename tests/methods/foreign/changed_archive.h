// SPDX-License-Identifier: Apache-2.0
// Copies of model archives with one file in them changed, left out or added.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <functional>
#include <stdexcept>
#include <string>

namespace sslbench {

using Change = std::function<std::string(std::string)>;

// `text` with the first `from` replaced.
inline std::string with(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

inline void write_zip_entry(archive* out, const std::string& name, const std::string& content) {
  archive_entry* entry = archive_entry_new();
  archive_entry_set_pathname(entry, name.c_str());
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, 0644);
  archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
  const bool written =
      archive_write_header(out, entry) == ARCHIVE_OK &&
      archive_write_data(out, content.data(), content.size()) == static_cast<la_ssize_t>(content.size());
  archive_entry_free(entry);
  if (!written) throw std::runtime_error("cannot write " + name);
}

// Calls `each(name, content, out)` for every file of `from`, where `out` is the archive that is written.
inline void copy_zip(const std::string& from, const std::string& to,
                     const std::function<void(const std::string&, std::string, archive*)>& each) {
  archive* in = archive_read_new();
  archive* out = archive_write_new();
  archive_read_support_format_zip(in);
  archive_write_set_format_zip(out);
  archive_write_set_options(out, "zip:compression=store");
  if (archive_read_open_filename(in, from.c_str(), 1 << 16) != ARCHIVE_OK ||
      archive_write_open_filename(out, to.c_str()) != ARCHIVE_OK) {
    throw std::runtime_error("cannot open " + from + " and " + to);
  }
  archive_entry* entry = nullptr;
  while (archive_read_next_header(in, &entry) == ARCHIVE_OK) {
    std::string content(static_cast<size_t>(archive_entry_size(entry)), '\0');
    archive_read_data(in, content.data(), content.size());
    each(archive_entry_pathname(entry), std::move(content), out);
  }
  archive_read_free(in);
  archive_write_close(out);
  archive_write_free(out);
}

// `record` is a name without the archive's root folder; no `change`: the file is left out.
inline void change_archive(const std::string& from, const std::string& to, const std::string& record,
                           const Change& change) {
  copy_zip(from, to, [&](const std::string& name, std::string content, archive* out) {
    const bool this_one = name.substr(name.find('/') + 1) == record;
    if (this_one && !change) return;
    write_zip_entry(out, name, this_one ? change(std::move(content)) : content);
  });
}

inline void add_to_archive(const std::string& from, const std::string& to, const std::string& record,
                           const std::string& added) {
  std::string root;
  copy_zip(from, to, [&](const std::string& name, std::string content, archive* out) {
    if (root.empty()) write_zip_entry(out, (root = name.substr(0, name.find('/') + 1)) + record, added);
    write_zip_entry(out, name, content);
  });
}

}  // namespace sslbench
