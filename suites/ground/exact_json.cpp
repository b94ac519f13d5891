// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/exact_json.h"

#include <algorithm>
#include <cmath>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr double kLargestExact = 0x1p53;  // whole numbers beyond it are no longer told apart in a double
constexpr size_t kMostShown = 60;         // characters of a wrong value

[[noreturn]] void refuse(const json& value, const std::string& what, const char* expected) {
  std::string shown = value.dump(-1, ' ', false, json::error_handler_t::replace);
  if (shown.size() > kMostShown) shown = shown.substr(0, kMostShown) + "…";
  throw UserError(what + " is " + shown + "; expected " + expected);
}

std::string quoted(const char* key) { return "'" + std::string(key) + "'"; }

}  // namespace

int64_t exact_integer(const json& value, const std::string& what) {
  constexpr const char* kExpected = "a whole number";
  if (value.is_number_unsigned() && value.get<uint64_t>() > uint64_t{INT64_MAX}) refuse(value, what, kExpected);
  if (value.is_number_integer()) return value.get<int64_t>();
  if (!value.is_number()) refuse(value, what, kExpected);
  const double number = value.get<double>();
  if (number != std::floor(number) || std::abs(number) > kLargestExact) refuse(value, what, kExpected);
  return static_cast<int64_t>(number);
}

int64_t exact_integer_at(const json& object, const char* key) { return exact_integer(object.at(key), quoted(key)); }

int64_t exact_integer_within(const json& object, const char* key, int64_t low, int64_t high) {
  const int64_t value = exact_integer_at(object, key);
  if (value >= low && value <= high) return value;
  const std::string most = high == INT64_MAX ? "" : " to " + std::to_string(high);
  throw UserError(quoted(key) + " is " + std::to_string(value) + "; expected a whole number from " +
                  std::to_string(low) + most);
}

std::vector<int64_t> exact_integers_at(const json& object, const char* key) {
  const json& list = object.at(key);
  if (!list.is_array()) refuse(list, quoted(key), "a list of whole numbers");
  std::vector<int64_t> out;
  out.reserve(list.size());
  for (const json& value : list) out.push_back(exact_integer(value, "a value of " + quoted(key)));
  return out;
}

double exact_number_at(const json& object, const char* key) {
  const json& value = object.at(key);
  if (!value.is_number()) refuse(value, quoted(key), "a number");
  return value.get<double>();
}

std::array<double, 4> four_numbers_at(const json& object, const char* key) {
  const json& list = object.at(key);
  const bool four = list.is_array() && list.size() == 4 &&
                    std::all_of(list.begin(), list.end(), [](const json& value) { return value.is_number(); });
  if (!four) refuse(list, quoted(key), "exactly four numbers");
  return list.get<std::array<double, 4>>();
}

bool exact_flag_at(const json& object, const char* key, bool fallback) {
  if (!object.contains(key) || object.at(key).is_null()) return fallback;
  const json& value = object.at(key);
  if (value.is_boolean()) return value.get<bool>();
  if (!value.is_number() || (value != 0 && value != 1)) refuse(value, quoted(key), "0 or 1");
  return value == 1;
}

}  // namespace sslbench
