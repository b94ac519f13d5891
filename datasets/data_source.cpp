// SPDX-License-Identifier: Apache-2.0
#include "datasets/data_source.h"

namespace sslbench {

nlohmann::json dataset_facts(const DatasetEntry& entry) {
  return {{"tasks", entry.tasks},     {"builtin", entry.builtin}, {"image_size", entry.image_size},
          {"classes", entry.classes}, {"source", entry.source},   {"licence", entry.licence}};
}

}  // namespace sslbench
