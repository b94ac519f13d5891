// SPDX-License-Identifier: Apache-2.0
// What a record says it was measured under. Settings come from files: what is absent or of another type is null.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "reports/record/record.h"

namespace sslbench {

// The settings that count, flat ("pretrain.epochs": 6): of pretraining, and of a protocol's own. All settings do where
// the reader of the record did not fill in Record::counting.
nlohmann::json counted_pretraining(const Record& record);
nlohmann::json counted_protocol(const Record& record, const std::string& protocol);

// Digests of the data pretrained on and measured on; null where the record does not say.
nlohmann::json pretraining_data(const Record& record);
nlohmann::json protocol_data(const Record& record, const std::string& protocol);
// The preset that a protocol's settings start from, "" for none; nothing where the record knows no such protocol.
std::optional<std::string> protocol_preset(const Record& record, const std::string& protocol);

// The digest that history of schema 1 kept of a cell's settings, all of them but these: pretrain.checkpoint_seconds,
// hash_every, data_workers and resident_budget, and decode and on_corrupt at their defaults. It keeps such a history
// comparable as long as no option is added.
std::string config_of_history_1(const Record& record, const std::string& protocol);

}  // namespace sslbench
