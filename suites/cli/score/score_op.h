// SPDX-License-Identifier: Apache-2.0
// Operations of `sslbench score`: from a file's inputs to numbers. A new one registers a ScoreEntry on its file's last
// line; the command and the golden checks pick it up.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "reports/text/json_text.h"
#include "suites/ground/registry.h"
#include "suites/metrics/matrix.h"

namespace sslbench {

// A tensor of any stored type as numbers; float32, integers up to 2^53 and bools survive exactly.
struct NumberTensor {
  std::vector<int64_t> shape;
  std::vector<double> values;
  bool integer = false;
};

NumberTensor scalar_tensor(double value);
NumberTensor vector_tensor(std::vector<double> values);
NumberTensor integer_tensor(std::vector<int64_t> shape, const std::vector<int64_t>& values);

using NumberTensors = std::map<std::string, NumberTensor>;

// Inputs of a tensor operation by name, without "in."; whatever is missing or has the wrong shape is a UserError.
class ScoreInputs {
 public:
  explicit ScoreInputs(NumberTensors tensors, nlohmann::json settings)
      : tensors_(std::move(tensors)), settings_(std::move(settings)) {}

  bool has(const std::string& name) const { return tensors_.contains(name); }
  const NumberTensor& at(const std::string& name) const;
  // Of so many dimensions, finite, not empty.
  const NumberTensor& numbers(const std::string& name, size_t dimensions) const;
  // Likewise, of integers.
  std::vector<int64_t> integers(const std::string& name, size_t dimensions) const;
  // [rows, columns], finite, at least one of each.
  Matrix matrix(const std::string& name) const;
  std::vector<float> floats(const std::string& name) const;
  // One label for each of `rows`, from 0 to classes - 1.
  std::vector<int64_t> labels(const std::string& name, size_t rows, int64_t classes) const;
  const nlohmann::json& settings() const { return settings_; }
  // A number of the settings within [low, high].
  double setting(const char* name, double fallback, double low, double high) const;
  int64_t integer_setting(const char* name, int64_t fallback, int64_t low, int64_t high) const;

 private:
  NumberTensors tensors_;
  nlohmann::json settings_;
};

// A setting that an operation reads; or, with `values`, one that says what the operation always does: other values are
// refused, as they would change nothing.
struct ScoreSetting {
  std::string name;
  std::vector<nlohmann::json> values = {};
};

struct ScoreEntry {
  static constexpr const char* kind() { return "score"; }
  std::string name;
  std::string summary;  // one line
  // Settings and the `input` of one case to its `expected`; null where the operation reads tensors.
  std::function<nlohmann::json(const nlohmann::json& settings, const nlohmann::json& input)> on_json;
  std::function<NumberTensors(const ScoreInputs&)> on_tensors;
  std::vector<ScoreSetting> settings = {};   // all that a file may hold
  std::vector<std::string> input_keys = {};  // all that `input` may hold; empty: whatever it likes
  bool whole_case = false;                   // a case has no `input`: it is the input itself
};

// UserError, which names the setting and what is known, where a file holds one that the operation does not know.
// Callers of on_json and on_tensors ask this first, and the second for every `input`.
void check_settings(const ScoreEntry& op, const nlohmann::json& settings);
void check_input_keys(const ScoreEntry& op, const nlohmann::json& input);

// What the content of an input file scores. UserError without the file's name when it is none.
nlohmann::json score_bytes(const ScoreEntry& op, const std::string& bytes);

// Registers an operation on JSON that has no settings, and whose `input` holds these keys.
bool add_statistic(std::string name, std::string summary, decltype(ScoreEntry::on_json) on_json,
                   std::vector<std::string> input_keys);

// The numbers, null where one is undefined.
nlohmann::json numbers_or_null(const std::vector<double>& values);

// A number or an integer of `input` within [low, high], else a UserError that names the key.
double number_at(const nlohmann::json& input, const char* name, double low, double high);
int64_t integer_at(const nlohmann::json& input, const char* name, int64_t low, int64_t high);
// At least `least` finite numbers.
std::vector<double> numbers_at(const nlohmann::json& input, const char* name, size_t least);
// Lists of one or more numbers, all as long.
std::vector<std::vector<double>> number_rows_at(const nlohmann::json& input, const char* name);

// A list that is not empty.
const nlohmann::json& list_at(const nlohmann::json& input, const char* name);
// One or more places below `size`; `name` is what the list is called.
using Places = std::vector<size_t>;
Places places_in(const nlohmann::json& list, const char* name, size_t size);

}  // namespace sslbench
