// SPDX-License-Identifier: Apache-2.0
// sslbench data get: downloads a known dataset from its official addresses, then adds it.
#include <unistd.h>

#include <iostream>

#include "datasets/install/installed.h"
#include "reports/text/number_text.h"
#include "suites/cli/commands/commands.h"
#include "suites/cli/data/download.h"
#include "suites/cli/text/terminal_text.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

// An address under which a mirror or a test serves the same files: SSLBENCH_MIRROR/<file>.
Download at_mirror(Download from) {
  const char* mirror = std::getenv("SSLBENCH_MIRROR");
  if (mirror != nullptr && *mirror != '\0') from.url = std::string(mirror) + "/" + from.file;
  return from;
}

void fetch_all(const DatasetEntry& entry, const fs::path& folder) {
  const bool watched = ::isatty(STDERR_FILENO) != 0;
  for (const Download& each : entry.downloads) {
    const Download from = at_mirror(each);
    std::cerr << from.url << "\n";
    download(from, folder, [&](int64_t done, int64_t total) {
      if (!watched || done == 0) return;
      show_progress("  " + bytes_text(static_cast<double>(done)) +
                    (total > 0 ? " of " + bytes_text(static_cast<double>(total)) : "") + "   ");
    });
    if (watched) std::cerr << "\n";
  }
}

}  // namespace

ExitCode data_get(const DataOptions& options) {
  const fs::path root = default_data_root();
  const DatasetEntry entry = dataset_entry(options.name, root);
  if (entry.builtin) throw UserError("dataset '" + options.name + "' is built in; it needs no files");
  if (entry.downloads.empty()) {
    throw UserError("no address to download '" + options.name + "' from is known; get it from " + entry.source +
                    " and add it with `sslbench data add " + options.name + " PATH`");
  }
  if (!find_dataset(options.name, root).digest.empty()) {
    std::cerr << options.name << " is there already; `sslbench data check " << options.name << "` verifies it\n";
    return ExitCode::done;
  }
  const fs::path folder = root / (".downloads-" + options.name);
  fetch_all(entry, folder);
  DataOptions add = options;
  add.path = (entry.downloads.size() == 1 ? folder / entry.downloads.front().file : folder).string();
  const ExitCode code = data_add(add);
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  return code;
}

}  // namespace sslbench
