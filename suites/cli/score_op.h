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

#include "suites/metrics/matrix.h"
#include "suites/spec/registry.h"

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

  const NumberTensor& at(const std::string& name) const;
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

struct ScoreEntry {
  static constexpr const char* kind() { return "score"; }
  std::string name;
  std::string summary;  // one line
  // Settings and the `input` of one case to its `expected`; null where the operation reads tensors.
  std::function<nlohmann::json(const nlohmann::json& settings, const nlohmann::json& input)> on_json;
  std::function<NumberTensors(const ScoreInputs&)> on_tensors;
  bool whole_case = false;  // a case has no `input`: it is the input itself
};

// The number, or null where it is undefined.
nlohmann::json number_or_null(double value);
nlohmann::json numbers_or_null(const std::vector<double>& values);

// A number or an integer of `input` within [low, high], else a UserError that names the key.
double number_at(const nlohmann::json& input, const char* name, double low, double high);
int64_t integer_at(const nlohmann::json& input, const char* name, int64_t low, int64_t high);
// At least `least` finite numbers.
std::vector<double> numbers_at(const nlohmann::json& input, const char* name, size_t least);

}  // namespace sslbench
