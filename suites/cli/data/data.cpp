// SPDX-License-Identifier: Apache-2.0
// sslbench data add|list|check|remove|rename|pack|split
#include <unistd.h>

#include <iostream>

#include "datasets/install/few_shot.h"
#include "datasets/install/installed.h"
#include "datasets/packed/packed_store.h"
#include "reports/text/number_text.h"
#include "suites/cli/commands/commands.h"
#include "suites/cli/data/dataset_settings.h"
#include "suites/cli/text/catalog_text.h"
#include "suites/cli/text/terminal_text.h"
#include "suites/cli/text/text_table.h"
#include "suites/ground/terminal/terminal_line.h"

namespace sslbench {
namespace {

using nlohmann::json;

json as_json(const InstalledDataset& set) {
  return {{"name", set.name},
          {"digest", set.digest},
          {"folder", set.folder.string()},
          {"bytes", set.bytes},
          {"files", set.files},
          {"format", set.format},
          {"images", set.images},
          {"findings", set.inspection.findings},
          {"faults", set.inspection.faults}};
}

void print(const InstalledDataset& set, const char* what, bool as_json_text) {
  if (as_json_text) {
    json out = as_json(set);
    out["schema"] = "sslbench.data/1";
    std::cout << out.dump(1, ' ', false, json::error_handler_t::replace) << "\n";
    return;
  }
  std::cout << set.name << " " << what << ": " << set.files << " files, " << bytes_text(static_cast<double>(set.bytes))
            << " in " << set.folder.string() << "\n";
  for (const std::string& finding : set.inspection.findings) std::cout << "  " << finding << "\n";
  for (const std::string& fault : set.inspection.faults) std::cout << "  left out: " << fault << "\n";
  std::cout << "  digest " << set.digest << "\n";
}

}  // namespace

ExitCode data_add(const DataOptions& options) {
  const AddOptions how{.format = options.format, .accept_copies = options.accept_copies, .link = options.link};
  print(add_dataset(options.name, options.path, default_data_root(), how), "added", options.json);
  return ExitCode::done;
}

ExitCode data_check(const DataOptions& options) {
  print(check_dataset(options.name, default_data_root()), "is whole", options.json);
  return ExitCode::done;
}

ExitCode data_remove(const DataOptions& options) {
  print(remove_dataset(options.name, default_data_root()), "removed", options.json);
  return ExitCode::done;
}

ExitCode data_rename(const DataOptions& options) {
  print(rename_dataset(options.name, options.fresh_name, default_data_root()), ("renamed from " + options.name).c_str(),
        options.json);
  return ExitCode::done;
}

ExitCode data_list(const DataOptions& options) {
  const auto root = default_data_root();
  TextTable table({"dataset", "tasks", "state", "size", "source"});
  json all = {{"schema", "sslbench.data/1"}, {"data_root", root.string()}, {"datasets", json::array()}};
  std::vector<std::string> names = Registry<DatasetEntry>::names();
  for (const std::string& own : own_datasets(root)) names.push_back(own);
  for (const std::string& name : names) {
    const DatasetEntry entry = dataset_entry(name, root);
    const InstalledDataset set = entry.builtin ? InstalledDataset{name} : find_dataset(name, root);
    const std::string state = entry.builtin ? "built in" : set.digest.empty() ? "not added" : "added";
    table.add({name, value_text(entry.tasks), state, set.bytes > 0 ? bytes_text(static_cast<double>(set.bytes)) : "",
               entry.source});
    json each = as_json(set);
    each["state"] = state;
    all["datasets"].push_back(each);
  }
  if (options.json) {
    std::cout << all.dump(1, ' ', false, json::error_handler_t::replace) << "\n";
  } else {
    std::cout << table.plain(width_at(STDOUT_FILENO)) << "data root: " << root.string() << "\n";
  }
  return ExitCode::done;
}

ExitCode data_split(const DataOptions& options) {
  print(split_few_shot(options.name, options.rule, default_data_root()), "added", options.json);
  return ExitCode::done;
}

ExitCode data_pack(const DataOptions& options) {
  if (!options.out.ends_with(".h5"))
    throw UserError("'" + options.out + "' does not end in .h5; `data add` goes by that");
  const auto root = default_data_root();
  const bool watched = ::isatty(STDERR_FILENO) != 0;
  const auto progress = [&](int64_t done, int64_t total) {
    if (watched && (done % 500 == 0 || done == total))
      show_progress(std::to_string(done) + " of " + std::to_string(total) + " images");
  };
  const json settings = dataset_settings(dataset_entry(options.name, root), options.sets);
  const PackedStore packed = pack_dataset(options.name, settings, root, options.out, progress);
  if (watched) std::cerr << "\n";
  if (options.json) {
    std::cout << json{{"schema", "sslbench.data/1"}, {"name", options.name},  {"file", options.out},
                      {"images", packed.images},     {"bytes", packed.bytes}, {"sha256", packed.sha256}}
                     .dump(1)
              << "\n";
  } else {
    std::cout << options.name << " packed: " << packed.images << " images, "
              << bytes_text(static_cast<double>(packed.bytes)) << " in " << options.out << "\n  sha256 "
              << packed.sha256 << "\n";
  }
  return ExitCode::done;
}

}  // namespace sslbench
