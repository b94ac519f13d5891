// SPDX-License-Identifier: Apache-2.0
// Archives: whatever they hold, nothing is written outside the folder and what is written is files and folders.
#include <archive.h>
#include <archive_entry.h>

#include "datasets/install/intake.h"
#include "suites/ground/error.h"
#include "tests/fuzz/target.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

void check_tree(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    require(name == "input" || name == "to", "an archive wrote outside its folder: " + name);
  }
  for (const auto& entry : fs::recursive_directory_iterator(folder / "to")) {
    const fs::file_status status = entry.symlink_status();
    require(fs::is_regular_file(status) || fs::is_directory(status), "an archive made something that is no file");
  }
}

void run_archive(std::string_view bytes) {
  const fs::path folder = fresh_folder();
  write_to(folder, "input", bytes);
  fs::create_directories(folder / "to");
  try {
    unpack_archive(folder / "input", folder / "to",
                   {.entries = 200, .bytes = 4 << 20, .ratio = 200, .ratio_free = 1 << 20});
  } catch (...) {
    check_tree(folder);
    throw;
  }
  check_tree(folder);
}

std::string archive_of(bool zip, bool gzip) {
  std::string out(1 << 16, '\0');
  size_t used = 0;
  archive* writer = archive_write_new();
  zip ? archive_write_set_format_zip(writer) : archive_write_set_format_pax_restricted(writer);
  if (gzip) archive_write_add_filter_gzip(writer);
  archive_write_open_memory(writer, out.data(), out.size(), &used);
  for (const char* name : {"a/b.txt", "c.txt"}) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, 5);
    archive_write_header(writer, entry);
    archive_write_data(writer, "hello", 5);
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
  out.resize(used);
  return out;
}

const bool registered = Registry<FuzzTarget>::add(
    {.name = "archive", .run = run_archive, .seeds = [] {
       return std::vector{archive_of(false, false), archive_of(false, true), archive_of(true, false)};
     }});

}  // namespace
}  // namespace sslbench
