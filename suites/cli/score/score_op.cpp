// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/score/score_op.h"

#include <algorithm>
#include <cmath>

#include "suites/ground/error.h"
#include "suites/ground/exact_json.h"
#include "suites/ground/near_miss.h"
#include "suites/ground/printable.h"

namespace sslbench {
namespace {

std::string shape_text(const std::vector<int64_t>& shape) {
  std::string out;
  for (const int64_t side : shape) out += (out.empty() ? "" : ", ") + std::to_string(side);
  return "[" + out + "]";
}

std::string range_text(double low, double high) {
  return "from " + nlohmann::json(low).dump() + " to " + nlohmann::json(high).dump();
}

const nlohmann::json& value_at(const nlohmann::json& input, const char* name) {
  if (!input.is_object() || !input.contains(name)) throw UserError("the input has no '" + std::string(name) + "'");
  return input.at(name);
}

void refuse_unknown_key(const nlohmann::json& object, const std::string& what, const std::vector<std::string>& known) {
  for (const auto& item : object.items()) {
    if (std::find(known.begin(), known.end(), item.key()) != known.end()) continue;
    std::string list;
    for (const std::string& name : known) list += (list.empty() ? "; known: " : ", ") + name;
    throw UserError("unknown " + what + " '" + item.key() + "'" + did_you_mean(item.key(), known) +
                    (list.empty() ? "; this operation has none" : list));
  }
}

}  // namespace

void check_settings(const ScoreEntry& op, const nlohmann::json& settings) {
  if (!settings.is_object()) throw UserError("'settings' is " + short_value(settings) + "; expected an object");
  std::vector<std::string> names;
  for (const ScoreSetting& setting : op.settings) names.push_back(setting.name);
  refuse_unknown_key(settings, "setting", names);
  for (const auto& [name, values] : op.settings) {
    if (values.empty() || !settings.contains(name)) continue;
    const nlohmann::json& given = settings.at(name);
    if (std::find(values.begin(), values.end(), given) != values.end()) continue;
    std::string list;
    for (const nlohmann::json& value : values) list += (list.empty() ? "" : " or ") + value.dump();
    throw UserError("setting '" + name + "' is " + short_value(given) + "; this operation knows " + list);
  }
}

void check_input_keys(const ScoreEntry& op, const nlohmann::json& input) {
  if (!op.input_keys.empty() && input.is_object()) refuse_unknown_key(input, "key of 'input'", op.input_keys);
}

bool add_statistic(std::string name, std::string summary, decltype(ScoreEntry::on_json) on_json,
                   std::vector<std::string> input_keys) {
  return Registry<ScoreEntry>::add(
      {std::move(name), std::move(summary), std::move(on_json), {}, {}, std::move(input_keys)});
}

NumberTensor scalar_tensor(double value) { return {{}, {value}}; }

NumberTensor vector_tensor(std::vector<double> values) {
  const auto size = static_cast<int64_t>(values.size());
  return {{size}, std::move(values)};
}

NumberTensor integer_tensor(std::vector<int64_t> shape, const std::vector<int64_t>& values) {
  return {std::move(shape), {values.begin(), values.end()}, true};
}

const NumberTensor& ScoreInputs::at(const std::string& name) const {
  const auto found = tensors_.find(name);
  if (found != tensors_.end()) return found->second;
  std::string have;
  for (const auto& [other, tensor] : tensors_) have += (have.empty() ? "in." : ", in.") + other;
  throw UserError("the tensor in." + name + " is missing; the file has " + (have.empty() ? "no input" : have));
}

const NumberTensor& ScoreInputs::numbers(const std::string& name, size_t dimensions) const {
  const NumberTensor& tensor = at(name);
  if (tensor.shape.size() != dimensions || tensor.values.empty()) {
    const std::string expected =
        dimensions == 2 ? "[rows, columns]" : std::to_string(dimensions) + " dimensions, none of them empty";
    throw UserError("in." + name + " has the shape " + shape_text(tensor.shape) + "; expected " + expected);
  }
  const size_t row = dimensions == 0 ? 1 : tensor.values.size() / static_cast<size_t>(tensor.shape[0]);
  for (size_t i = 0; i < tensor.values.size(); ++i) {
    if (!std::isfinite(tensor.values[i])) {
      throw UserError("in." + name + " holds a value that is not finite in row " + std::to_string(i / row));
    }
  }
  return tensor;
}

std::vector<int64_t> ScoreInputs::integers(const std::string& name, size_t dimensions) const {
  const NumberTensor& tensor = numbers(name, dimensions);
  if (!tensor.integer) throw UserError("in." + name + " holds fractions; expected integers");
  return {tensor.values.begin(), tensor.values.end()};
}

Matrix ScoreInputs::matrix(const std::string& name) const {
  const NumberTensor& tensor = numbers(name, 2);
  return {static_cast<size_t>(tensor.shape[0]), static_cast<size_t>(tensor.shape[1]), tensor.values};
}

std::vector<float> ScoreInputs::floats(const std::string& name) const {
  const Matrix m = matrix(name);
  return {m.values.begin(), m.values.end()};
}

std::vector<int64_t> ScoreInputs::labels(const std::string& name, size_t rows, int64_t classes) const {
  const NumberTensor& tensor = at(name);
  if (!tensor.integer || tensor.shape.size() != 1 || tensor.values.size() != rows) {
    throw UserError("in." + name + " has the shape " + shape_text(tensor.shape) + "; expected " + std::to_string(rows) +
                    " integers, one a row");
  }
  std::vector<int64_t> out;
  for (const double value : tensor.values) {
    if (value < 0 || value >= static_cast<double>(classes)) {
      throw UserError("in." + name + " holds " + std::to_string(static_cast<int64_t>(value)) + "; expected 0 to " +
                      std::to_string(classes - 1));
    }
    out.push_back(static_cast<int64_t>(value));
  }
  return out;
}

double ScoreInputs::setting(const char* name, double fallback, double low, double high) const {
  return settings_.contains(name) ? number_at(settings_, name, low, high) : fallback;
}

int64_t ScoreInputs::integer_setting(const char* name, int64_t fallback, int64_t low, int64_t high) const {
  return settings_.contains(name) ? integer_at(settings_, name, low, high) : fallback;
}

nlohmann::json numbers_or_null(const std::vector<double>& values) {
  nlohmann::json out = nlohmann::json::array();
  for (const double value : values) out.push_back(number_or_null(value));
  return out;
}

double number_at(const nlohmann::json& input, const char* name, double low, double high) {
  const nlohmann::json& value = value_at(input, name);
  if (!value.is_number() || value.get<double>() < low || value.get<double>() > high) {
    throw UserError("'" + std::string(name) + "' is " + short_value(value) + "; expected a number " +
                    range_text(low, high));
  }
  return value;
}

int64_t integer_at(const nlohmann::json& input, const char* name, int64_t low, int64_t high) {
  const nlohmann::json& value = value_at(input, name);
  const int64_t number = exact_integer(value, "'" + std::string(name) + "'");
  if (number < low || number > high) {
    throw UserError("'" + std::string(name) + "' is " + short_value(value) + "; expected an integer " +
                    range_text(static_cast<double>(low), static_cast<double>(high)));
  }
  return number;
}

std::vector<double> numbers_at(const nlohmann::json& input, const char* name, size_t least) {
  const nlohmann::json& list = value_at(input, name);
  if (!list.is_array() || list.size() < least ||
      !std::all_of(list.begin(), list.end(), [](const nlohmann::json& v) { return v.is_number(); })) {
    throw UserError("'" + std::string(name) + "': expected a list of at least " + std::to_string(least) +
                    " numbers, got " + short_value(list));
  }
  return list.get<std::vector<double>>();
}

std::vector<std::vector<double>> number_rows_at(const nlohmann::json& input, const char* name) {
  std::vector<std::vector<double>> out;
  for (const nlohmann::json& row : list_at(input, name)) {
    out.push_back(numbers_at({{name, row}}, name, 1));
    if (out.back().size() == out.front().size()) continue;
    throw UserError("'" + std::string(name) + "' has rows of " + std::to_string(out.front().size()) + " and " +
                    std::to_string(out.back().size()) + " numbers; expected as many in every row");
  }
  return out;
}

const nlohmann::json& list_at(const nlohmann::json& input, const char* name) {
  if (!input.contains(name) || !input.at(name).is_array() || input.at(name).empty()) {
    throw UserError("'" + std::string(name) + "': expected a list");
  }
  return input.at(name);
}

Places places_in(const nlohmann::json& list, const char* name, size_t size) {
  const bool numbers =
      list.is_array() && !list.empty() && std::all_of(list.begin(), list.end(), [&](const nlohmann::json& place) {
        return place.is_number_unsigned() && place.get<size_t>() < size;
      });
  if (!numbers) {
    throw UserError("'" + std::string(name) + "' holds " + short_value(list) + "; expected places from 0 to " +
                    std::to_string(size - 1));
  }
  return list.get<Places>();
}

}  // namespace sslbench
