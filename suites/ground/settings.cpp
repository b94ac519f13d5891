// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/settings.h"

#include <algorithm>
#include <cmath>

#include "suites/ground/error.h"
#include "suites/ground/near_miss.h"
#include "suites/ground/printable.h"

namespace sslbench {
namespace {

using nlohmann::json;

constexpr std::pair<OptionType, std::string_view> kTypeNames[] = {
    {OptionType::flag, "flag"}, {OptionType::integer, "integer"}, {OptionType::real, "real"},
    {OptionType::text, "text"}, {OptionType::choice, "choice"},   {OptionType::reals, "reals"},
    {OptionType::file, "file"}, {OptionType::texts, "texts"},
};

Option numeric(OptionType type, std::string name, json fallback, double low, double high, std::string help) {
  Option option{std::move(name), type, std::move(fallback), std::move(help), low, high, {}};
  const std::string reason = why_not(option, option.fallback);
  require(reason.empty(), "default of option '" + option.name + "': " + reason);
  return option;
}

std::string range_text(const Option& option) {
  const auto bound = [](double value) {
    std::string text = json(value).dump();
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    return text;
  };
  const bool below = std::isfinite(option.low), above = std::isfinite(option.high);
  if (below && above) return " in [" + bound(option.low) + ", " + bound(option.high) + "]";
  if (below) return " >= " + bound(option.low);
  if (above) return " <= " + bound(option.high);
  return "";
}

bool in_range(const Option& option, const json& value) {
  const double number = value.get<double>();
  return std::isfinite(number) && number >= option.low && number <= option.high;
}

bool acceptable(const Option& option, const json& value) {
  switch (option.type) {
    case OptionType::flag: return value.is_boolean();
    case OptionType::integer: return value.is_number_integer() && in_range(option, value);
    case OptionType::real: return value.is_number() && in_range(option, value);
    case OptionType::text:
    case OptionType::file: return value.is_string();
    case OptionType::choice:
      return value.is_string() &&
             std::find(option.choices.begin(), option.choices.end(), value.get<std::string>()) != option.choices.end();
    case OptionType::reals:
      if (value.is_number()) return in_range(option, value);
      return value.is_array() && !value.empty() && std::all_of(value.begin(), value.end(), [&](const json& element) {
               return element.is_number() && in_range(option, element);
             });
    case OptionType::texts:
      return value.is_string() || (value.is_array() && std::all_of(value.begin(), value.end(), [](const json& element) {
                                     return element.is_string();
                                   }));
  }
  return false;
}

std::string expectation(const Option& option) {
  switch (option.type) {
    case OptionType::flag: return "true or false";
    case OptionType::integer: return "an integer" + range_text(option);
    case OptionType::real: return "a number" + range_text(option);
    case OptionType::text: return "a string";
    case OptionType::file: return "the path of a file";
    case OptionType::texts: return "a string or a list of strings";
    case OptionType::reals: return "a number or a list of numbers, each" + range_text(option);
    case OptionType::choice: break;
  }
  std::string out = "one of";
  for (const std::string& choice : option.choices) out += " \"" + choice + "\"";
  return out;
}

}  // namespace

Option flag_option(std::string name, bool fallback, std::string help) {
  return {std::move(name), OptionType::flag, fallback, std::move(help)};
}
Option integer_option(std::string name, int64_t fallback, double low, double high, std::string help) {
  return numeric(OptionType::integer, std::move(name), fallback, low, high, std::move(help));
}
Option real_option(std::string name, double fallback, double low, double high, std::string help) {
  return numeric(OptionType::real, std::move(name), fallback, low, high, std::move(help));
}
Option text_option(std::string name, std::string fallback, std::string help) {
  return {std::move(name), OptionType::text, std::move(fallback), std::move(help)};
}
Option choice_option(std::string name, std::string fallback, std::vector<std::string> choices, std::string help) {
  Option option{std::move(name), OptionType::choice, std::move(fallback), std::move(help)};
  option.choices = std::move(choices);
  require(why_not(option, option.fallback).empty(), "default of option '" + option.name + "' is not a choice");
  return option;
}
Option reals_option(std::string name, const std::vector<double>& fallback, double low, double high, std::string help) {
  return numeric(OptionType::reals, std::move(name), fallback, low, high, std::move(help));
}
Option texts_option(std::string name, const std::vector<std::string>& fallback, std::string help) {
  return {std::move(name), OptionType::texts, fallback, std::move(help)};
}

Option file_option(std::string name, std::string help) {
  return {std::move(name), OptionType::file, "", std::move(help)};
}

Option circumstance(Option option) {
  option.circumstance = true;
  return option;
}

Option later(Option option, const json& before) {
  const std::string reason = why_not(option, before);
  require(reason.empty(), "neutral value of option '" + option.name + "': " + reason);
  option.neutral = canonical(option, before);
  return option;
}

Option evaluated(Option option) {
  option.evaluated = true;
  return option;
}

std::vector<Option> joined(std::initializer_list<std::vector<Option>> lists) {
  std::vector<Option> out;
  for (const std::vector<Option>& list : lists) out.insert(out.end(), list.begin(), list.end());
  return out;
}

std::string_view option_type_name(OptionType type) {
  for (const auto& [known, name] : kTypeNames) {
    if (known == type) return name;
  }
  throw InternalError("internal error: option type without a name");
}

json option_to_json(const Option& option) {
  json out = {{"name", option.name},
              {"type", option_type_name(option.type)},
              {"default", option.fallback},
              {"help", option.help}};
  if (std::isfinite(option.low)) out["low"] = option.low;
  if (std::isfinite(option.high)) out["high"] = option.high;
  if (!option.choices.empty()) out["choices"] = option.choices;
  if (option.circumstance) out["circumstance"] = true;
  if (!option.neutral.is_null()) out["neutral"] = option.neutral;
  if (option.evaluated) out["evaluated"] = true;
  return out;
}

Option option_from_json(const json& from) {
  Option option;
  option.name = from.at("name");
  option.fallback = from.at("default");
  option.help = from.at("help");
  for (const auto& [type, name] : kTypeNames) {
    if (name == from.at("type").get<std::string>()) option.type = type;
  }
  option.low = from.value("low", option.low);
  option.high = from.value("high", option.high);
  option.choices = from.value("choices", option.choices);
  option.circumstance = from.value("circumstance", false);
  option.neutral = from.value("neutral", json());
  option.evaluated = from.value("evaluated", false);
  return option;
}

json canonical(const Option& option, json value) {
  if (option.type == OptionType::real) return value.get<double>();
  if (option.type == OptionType::texts && value.is_string()) return json::array({value});
  if (option.type != OptionType::reals) return value;
  return value.is_number() ? std::vector<double>{value.get<double>()} : value.get<std::vector<double>>();
}

std::string why_not(const Option& option, const json& value) {
  return acceptable(option, value) ? "" : "expected " + expectation(option) + ", got " + short_value(value);
}

Settings::Settings(std::string owner, std::vector<Option> options, const json& given)
    : owner_(std::move(owner)), options_(std::move(options)) {
  std::vector<std::string> names;
  for (const Option& option : options_) {
    names.push_back(option.name);
    values_[option.name] = option.fallback;
  }
  for (const auto& item : given.items()) {
    const std::string& key = item.key();
    const json& value = item.value();
    const auto option =
        std::find_if(options_.begin(), options_.end(), [&](const Option& known) { return known.name == key; });
    if (option == options_.end()) {
      throw UserError(owner_ + ": unknown key '" + key + "'" + did_you_mean(key, names));
    }
    const std::string reason = why_not(*option, value);
    if (!reason.empty()) throw UserError(owner_ + ": " + key + ": " + reason);
    values_[key] = value;
  }
}

const json& Settings::value(std::string_view name, std::initializer_list<OptionType> types) const {
  for (const Option& option : options_) {
    if (option.name != name) continue;
    require(std::find(types.begin(), types.end(), option.type) != types.end(),
            owner_ + ": option '" + option.name + "' read as another type");
    read_->insert(option.name);
    return values_.at(option.name);
  }
  throw InternalError("internal error: " + owner_ + ": option '" + std::string(name) + "' was never declared");
}

bool Settings::flag(std::string_view name) const { return value(name, {OptionType::flag}).get<bool>(); }
int64_t Settings::integer(std::string_view name) const { return value(name, {OptionType::integer}).get<int64_t>(); }
double Settings::real(std::string_view name) const { return value(name, {OptionType::real}).get<double>(); }
std::string Settings::text(std::string_view name) const {
  return value(name, {OptionType::text, OptionType::choice, OptionType::file}).get<std::string>();
}
std::vector<double> Settings::reals(std::string_view name) const {
  const json& given = value(name, {OptionType::reals});
  return given.is_number() ? std::vector<double>{given.get<double>()} : given.get<std::vector<double>>();
}
std::vector<std::string> Settings::texts(std::string_view name) const {
  const json& given = value(name, {OptionType::texts});
  return given.is_string() ? std::vector<std::string>{given.get<std::string>()} : given.get<std::vector<std::string>>();
}

std::vector<std::string> Settings::unread() const {
  std::vector<std::string> out;
  for (const Option& option : options_) {
    if (!read_->contains(option.name)) out.push_back(option.name);
  }
  return out;
}

}  // namespace sslbench
