// SPDX-License-Identifier: Apache-2.0
// `sslbench data remove` and `data rename`.
#include <algorithm>
#include <system_error>

#include "datasets/install/file_manifest.h"
#include "datasets/install/installed.h"
#include "datasets/install/set_facts.h"
#include "datasets/install/staging.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/missing_set.h"
#include "suites/ground/name_rule.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// What `data add` wrote there under this very name; no joined set.
InstalledDataset installed(const std::string& name, const fs::path& root) {
  InstalledDataset set = find_dataset(name, root);
  if (!set.digest.empty() && fs::exists(set.folder / kFactsName)) return set;
  throw UserError(missing_set_text(name, root) + "; `sslbench data list` shows what is");
}

}  // namespace

InstalledDataset remove_dataset(const std::string& name, const fs::path& root) {
  const FileLock lock = lock_while_adding(name, root);
  const InstalledDataset set = installed(name, root);
  const fs::path aside = root / (".adding-" + name);  // a killed removal leaves what the next addition clears away
  std::error_code error;
  fs::remove_all(aside, error);
  fs::rename(set.folder, aside, error);
  if (error) throw_storage(set.folder, error);
  fs::remove_all(aside, error);
  if (error) throw_storage(aside, error);
  return set;
}

InstalledDataset rename_dataset(const std::string& name, const std::string& fresh, const fs::path& root) {
  if (Registry<DatasetEntry>::all().contains(name)) {
    throw UserError("dataset '" + name +
                    "' is a known set, which is found by this name; only sets of your own can be " +
                    "called otherwise");
  }
  const std::string reason = why_not_a_name(fresh);
  if (!reason.empty()) throw UserError("dataset name: " + reason);
  const FileLock lock = lock_while_adding(name, root), target = lock_while_adding(fresh, root);
  InstalledDataset set = installed(name, root);
  DatasetEntry entry = dataset_entry(name, root);
  if (Registry<DatasetEntry>::all().contains(fresh) || fs::exists(root / fresh)) {
    throw UserError("there is a dataset '" + fresh + "' already; choose another name");
  }
  entry.name = set.name = fresh;
  std::error_code error;
  fs::rename(set.folder, root / fresh, error);
  if (error) throw_storage(root / fresh, error);
  set.folder = root / fresh;
  write_atomically(set.folder / kFactsName,
                   facts_to_json(set, entry).dump(1, ' ', false, json::error_handler_t::replace) + "\n");
  return set;
}

}  // namespace sslbench
