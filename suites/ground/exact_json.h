// SPDX-License-Identifier: Apache-2.0
// Numbers of other people's JSON, taken as they are or refused: nlohmann's own conversions cut fractions off and lists
// to size. `what` names the value in the message.
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace sslbench {

// A whole number (3, or 3.0 as pandas writes ids), else UserError.
int64_t exact_integer(const nlohmann::json& value, const std::string& what);
// The value of `key`, which must be there.
int64_t exact_integer_at(const nlohmann::json& object, const char* key);
// ... and lie within [low, high].
int64_t exact_integer_within(const nlohmann::json& object, const char* key, int64_t low, int64_t high);
std::vector<int64_t> exact_integers_at(const nlohmann::json& object, const char* key);

// A number, finite as all of JSON's are, else UserError.
double exact_number_at(const nlohmann::json& object, const char* key);
// Exactly four numbers, else UserError.
std::array<double, 4> four_numbers_at(const nlohmann::json& object, const char* key);

// True, false, 0 or 1; `fallback` where there is none or null.
bool exact_flag_at(const nlohmann::json& object, const char* key, bool fallback);

}  // namespace sslbench
