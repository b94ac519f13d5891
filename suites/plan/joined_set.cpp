// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/joined_set.h"

#include <algorithm>

#include "suites/ground/joined_name.h"

namespace sslbench {

using nlohmann::json;

CatalogEntry dataset_in(const Catalog& catalog, const std::string& name) {
  if (!is_joined(name)) return catalog.find("dataset", name);
  bool classified = true, builtin = true;
  int size = 0;
  for (const std::string& part : joined_parts(name)) {
    const json& facts = catalog.find("dataset", part).facts;
    const json tasks = facts.value("tasks", json::array());
    classified = classified && std::find(tasks.begin(), tasks.end(), "classification") != tasks.end();
    builtin = builtin && facts.value("builtin", false);
    size = std::max(size, facts.value("image_size", 0));
  }
  return {
      .name = name,
      .summary = "several sets, joined",
      .facts = {
          {"tasks", classified ? json{"classification"} : json::array()}, {"builtin", builtin}, {"image_size", size}}};
}

}  // namespace sslbench
