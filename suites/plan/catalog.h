// SPDX-License-Identifier: Apache-2.0
// Catalog: what this build can do, as told by `sslbench-worker catalog` and kept as catalog.json beside the programs.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "suites/ground/settings.h"

namespace sslbench {

// One plugin. `facts` holds what only its kind has:
//   method:   paper (text), views (count), uses_labels, trains (false: random_init), role ("", "floor", "ceiling"),
//             presets: {"cifar": {...}, "imagenet": {...}}, each {"pretrain": {..}, "views": {..}, "<own option>": ..}
//   dataset:  tasks (subset of "classification", "detection", "segmentation"), builtin, image_size (largest side, px),
//             classes (names), source (where to get it), licence
//   protocol: version, task (what its dataset must offer), metrics (names)
//   backbone: paper
//   recipe:   source, views (values of the table `views`)
//   stage:    the two option lists "pretrain" and "views"
struct CatalogEntry {
  std::string name;
  std::string summary;  // one line
  std::vector<Option> options;
  nlohmann::json facts = nlohmann::json::object();
};

struct Catalog {
  std::string build;  // revision and dirtiness of the build that wrote it
  std::map<std::string, std::map<std::string, CatalogEntry>> kinds;  // "method" -> "simclr" -> entry

  // Throws UserError naming the nearest entry of that kind.
  const CatalogEntry& find(const std::string& kind, const std::string& name) const;
  std::vector<std::string> names(const std::string& kind) const;
};

nlohmann::json catalog_to_json(const Catalog& catalog);
Catalog catalog_from_json(const nlohmann::json& json);

}  // namespace sslbench
