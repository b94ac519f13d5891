// SPDX-License-Identifier: Apache-2.0
// What a record says it was measured under. Settings come from files: what is absent or of another type is null.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "reports/record.h"

namespace sslbench {

// The settings that count, flat ("pretrain.epochs": 6): of pretraining, and of a protocol's own. All settings do where
// the reader of the record did not fill in Record::counting.
nlohmann::json counted_pretraining(const Record& record);
nlohmann::json counted_protocol(const Record& record, const std::string& protocol);

// Digests of the data pretrained on and measured on; null where the record does not say.
nlohmann::json pretraining_data(const Record& record);
nlohmann::json protocol_data(const Record& record, const std::string& protocol);

}  // namespace sslbench
