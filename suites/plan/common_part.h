// SPDX-License-Identifier: Apache-2.0
// What several JSON objects have in common, once, and what each has besides. Nothing is lost: merged(common, rest) is
// the object again, where `common` came of it. Lists are wholes.
#pragma once

#include <nlohmann/json.hpp>

namespace sslbench {

// The keys with equal values in both; of objects in both, what these have in common.
nlohmann::json common_part(const nlohmann::json& a, const nlohmann::json& b);

// What `whole` says beyond `common`, which is a common_part() of it.
nlohmann::json without_common(const nlohmann::json& whole, const nlohmann::json& common);

// Both together; where both say something, objects are merged and else `rest` counts.
nlohmann::json merged(nlohmann::json common, const nlohmann::json& rest);

}  // namespace sslbench
