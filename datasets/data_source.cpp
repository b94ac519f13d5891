// SPDX-License-Identifier: Apache-2.0
#include "datasets/data_source.h"

namespace sslbench {

std::string_view split_name(Split split) {
  switch (split) {
    case Split::train: return "train";
    case Split::val: return "val";
    case Split::test: return "test";
  }
  throw InternalError("internal error: split without a name");
}

nlohmann::json dataset_facts(const DatasetEntry& entry) {
  return {{"tasks", entry.tasks},     {"builtin", entry.builtin}, {"image_size", entry.image_size},
          {"classes", entry.classes}, {"source", entry.source},   {"licence", entry.licence}};
}

}  // namespace sslbench
