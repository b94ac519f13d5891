// SPDX-License-Identifier: Apache-2.0
// Options are declared once, typed, with default, range and one line of help; Settings are their resolved values.
#pragma once

#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sslbench {

enum class OptionType { flag, integer, real, text, choice, reals, file, texts };

// One setting of a plugin. `choices` belongs to OptionType::choice; the inclusive range to integer, real and reals.
// The last three say what the option is to sameness (suites/plan/sameness.h).
struct Option {
  std::string name;
  OptionType type = OptionType::real;
  nlohmann::json fallback;  // the default, always of the declared type
  std::string help;
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  std::vector<std::string> choices;
  bool circumstance = false;  // says how a run is carried out, never what comes out
  nlohmann::json neutral;     // what programs did before the option existed; null: it always was there
  bool evaluated = false;     // of pretraining: evaluation reads it, too, also where nothing is trained
};

Option flag_option(std::string name, bool fallback, std::string help);
Option integer_option(std::string name, int64_t fallback, double low, double high, std::string help);
Option real_option(std::string name, double fallback, double low, double high, std::string help);
Option text_option(std::string name, std::string fallback, std::string help);
Option choice_option(std::string name, std::string fallback, std::vector<std::string> choices, std::string help);
Option reals_option(std::string name, const std::vector<double>& fallback, double low, double high, std::string help);
Option texts_option(std::string name, const std::vector<std::string>& fallback, std::string help);

// A path of a file that the plugin reads, relative to the working folder; "" = none. Its content is part of run ids.
Option file_option(std::string name, std::string help);

// The same option, declared to be a circumstance; to have come later, after programs that did as with `before`; to be
// read by evaluation. InternalError where `before` is no value of the option.
Option circumstance(Option option);
Option later(Option option, const nlohmann::json& before);
Option evaluated(Option option);

// One list of several: a plugin's own options and those of the parts that it uses.
std::vector<Option> joined(std::initializer_list<std::vector<Option>> lists);

// Returns "flag", "integer", "real", "text", "choice", "reals", "file" or "texts".
std::string_view option_type_name(OptionType type);
// The declaration as JSON (name, type, default, help, low, high, choices, circumstance, neutral, evaluated) and back;
// what is infinite, empty, false or null is left out.
nlohmann::json option_to_json(const Option& option);
Option option_from_json(const nlohmann::json& json);

// The value as it enters ids and records: 1 and 1.0 are one number where the option is real, 1 and [1] where it is
// reals, "a" and ["a"] where it is texts.
nlohmann::json canonical(const Option& option, nlohmann::json value);

// Returns the one-line reason why `value` is not acceptable for `option` ("expected a number in [0, 1], got 2"), or "".
std::string why_not(const Option& option, const nlohmann::json& value);

// Values of a fixed set of options: every option has a value (given or default), no other key exists.
class Settings {
 public:
  Settings() = default;
  // Checks `given` (a JSON object) against `options`; an unknown key or a bad value is a UserError that starts with
  // `owner` ("method 'simclr'") and names the nearest key.
  Settings(std::string owner, std::vector<Option> options, const nlohmann::json& given);

  // Typed getters; asking for an undeclared name or another type is an InternalError.
  bool flag(std::string_view name) const;
  int64_t integer(std::string_view name) const;
  double real(std::string_view name) const;
  std::string text(std::string_view name) const;  // text, choice and file
  std::vector<double> reals(std::string_view name) const;
  std::vector<std::string> texts(std::string_view name) const;

  // The resolved values as a JSON object, keys sorted.
  const nlohmann::json& values() const { return values_; }
  // Names that no getter has read so far, of this object or a copy of it: an option that is parsed must work (the
  // contract tests ask).
  std::vector<std::string> unread() const;

 private:
  const nlohmann::json& value(std::string_view name, std::initializer_list<OptionType> types) const;

  std::string owner_;
  std::vector<Option> options_;
  nlohmann::json values_ = nlohmann::json::object();
  std::shared_ptr<std::set<std::string, std::less<>>> read_ = std::make_shared<std::set<std::string, std::less<>>>();
};

}  // namespace sslbench
