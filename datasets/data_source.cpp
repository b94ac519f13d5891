// SPDX-License-Identifier: Apache-2.0
#include "datasets/data_source.h"

#include "datasets/format_set.h"

namespace sslbench {

nlohmann::json dataset_facts(const DatasetEntry& entry) {
  nlohmann::json out = {{"tasks", entry.tasks},     {"builtin", entry.builtin}, {"image_size", entry.image_size},
                        {"classes", entry.classes}, {"source", entry.source},   {"licence", entry.licence}};
  if (is_test_only(entry)) out["trains"] = false;
  return out;
}

}  // namespace sslbench
