// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "datasets/data_source.h"

namespace sslbench {

// KEY=VALUE words as settings of a dataset; UserError naming the nearest option, or why a value is none.
nlohmann::json dataset_settings(const DatasetEntry& entry, const std::vector<std::string>& words);

}  // namespace sslbench
