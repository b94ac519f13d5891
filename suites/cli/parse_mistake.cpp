// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/parse_mistake.h"

#include <algorithm>

#include "datasets/readers/data_text.h"
#include "suites/ground/near_miss.h"
#include "suites/ground/printable.h"

namespace sslbench {
namespace {

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> out;
  for (const CLI::App* each : app.get_subcommands({})) out.push_back(each->get_name());
  return out;
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> out;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) out.push_back("--" + name);
    for (const std::string& name : option->get_snames()) out.push_back("-" + name);
  }
  return out;
}

const CLI::App* command_named(const CLI::App& app, const std::string& name) {
  for (const CLI::App* each : app.get_subcommands({})) {
    if (each->get_name() == name) return each;
  }
  return nullptr;
}

// "" when every word that looks like an option is one of `app`.
std::string unknown_option(const CLI::App& app, const std::vector<std::string>& words, size_t from) {
  const std::vector<std::string> known = option_names(app);
  for (size_t i = from; i < words.size() && words[i] != "--"; ++i) {
    const std::string name = words[i].substr(0, words[i].find('='));
    if (name.size() < 2 || name[0] != '-' || name == "--help" || name == "-h") continue;
    if (std::find(known.begin(), known.end(), name) == known.end() && name.starts_with("--")) {
      return "unknown option '" + name + "'" + did_you_mean(name, known);
    }
  }
  return "";
}

}  // namespace

std::string explain_mistake(const CLI::App& app, const std::vector<std::string>& words, const std::string& refusal) {
  const CLI::App* at = &app;
  std::string path = "sslbench";
  size_t next = 0;
  while (next < words.size() && !at->get_subcommands({}).empty() && words[next][0] != '-') {
    const CLI::App* inner = command_named(*at, words[next]);
    if (inner == nullptr) {
      const auto names = command_names(*at);
      std::string all;
      for (const std::string& name : names) all += " " + name;
      return "unknown command '" + words[next] + "'" + did_you_mean(words[next], names) + "; commands of `" + path +
             "`:" + all;
    }
    at = inner;
    path += " " + words[next++];
  }
  const std::string option = unknown_option(*at, words, next);
  return (option.empty() ? refusal : option) + "; see `" + path + " --help`";
}

std::string argument_mistake(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    if (first_not_utf8(argv[i]) == std::string::npos) continue;
    return "argument " + std::to_string(i) + ", '" + printable(argv[i]) + "', is not UTF-8; rename what it names";
  }
  return "";
}

}  // namespace sslbench
