// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/completion.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "datasets/install/installed.h"
#include "suites/cli/commands/commands.h"
#include "suites/ground/error.h"
#include "suites/runner/catalog_file.h"
#include "suites/runner/programs.h"

namespace sslbench {
namespace {

constexpr const char* kKinds[] = {"method", "backbone", "dataset", "protocol", "recipe"};

std::vector<std::string> names_of(const std::string& kind) { return load_catalog().names(kind); }

std::vector<std::string> suites() {
  std::vector<std::string> out;
  for (const auto& file : known_suites()) out.push_back(file.stem().string());
  return out;
}

std::vector<std::string> datasets_here() {
  std::vector<std::string> out = names_of("dataset");
  std::ranges::move(own_datasets(default_data_root()), std::back_inserter(out));
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// "pretrain.epochs=": the keys of --set that every suite has, and those of its rows' methods and protocols.
std::vector<std::string> suite_keys() {
  std::vector<std::string> out;
  const Catalog catalog = load_catalog();
  const auto add = [&](const char* kind, const std::string& name, const std::string& prefix) {
    for (const Option& option : catalog.find(kind, name).options) out.push_back(prefix + option.name + "=");
  };
  for (const std::string stage : {"pretrain", "views"}) add("stage", stage, stage + ".");
  for (const std::string& method : names_of("method")) add("method", method, "methods." + method + ".");
  for (const std::string& protocol : names_of("protocol")) add("protocol", protocol, "protocols." + protocol + ".");
  return out;
}

// What may follow an option that takes a value.
std::vector<std::string> values_of(const std::string& command, const std::string& option) {
  if (option == "--set") return command == "data" ? std::vector<std::string>{} : suite_keys();
  if (option == "--methods") return names_of("method");
  if (option == "--dataset" || option == "--test") return datasets_here();
  if (option == "--device") return {"auto", "cpu", "cuda"};
  if (option == "--recipe") return names_of("recipe");
  if (option == "--split") return {"train", "val", "test"};
  if (option == "--to") {
    return command == "submit" ? std::vector<std::string>{"slurm", "kubernetes", "list"} : export_formats();
  }
  return {};
}

// What a command's arguments may be: `before` are those that stand already.
std::vector<std::string> arguments_of(const std::string& command, const std::vector<std::string>& before) {
  if (command == "plan" || command == "run" || command == "submit")
    return before.empty() ? suites() : decltype(before){};
  if (command == "data") return before.empty() ? datasets_here() : decltype(before){};
  if (command == "list" && before.empty()) return {"suites", "methods", "backbones", "datasets", "protocols"};
  if (command == "completion" && before.empty()) return {"bash", "zsh", "fish"};
  if (command != "describe") return {};
  if (before.empty()) return {"method", "backbone", "dataset", "protocol", "stage", "suite"};
  if (before.size() > 1) return {};
  if (before[0] == "suite") return suites();
  if (before[0] == "stage") return {"pretrain", "views"};
  return std::ranges::count(kKinds, before[0]) > 0 ? names_of(before[0]) : std::vector<std::string>{};
}

const CLI::App* subcommand_of(const CLI::App& app, const std::string& name) {
  const auto all = app.get_subcommands([&](const CLI::App* each) { return each->get_name() == name; });
  return all.empty() ? nullptr : all.front();
}

// Where a command line stands before its last word.
struct Place {
  const CLI::App* command;
  std::string name;    // of the outermost command; "" = none yet
  std::string option;  // waits for its value; "" = none does
  std::vector<std::string> arguments;
};

Place place_of(const CLI::App& app, const std::vector<std::string>& words) {
  Place place{&app, "", "", {}};
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    const std::string& word = words[i];
    if (!place.option.empty()) {
      place.option.clear();
    } else if (word.starts_with('-')) {
      const CLI::Option* option = place.command->get_option_no_throw(word);
      if (option != nullptr && option->get_items_expected_max() > 0) place.option = option->get_name(false, false);
      const size_t comma = place.option.find(',');
      if (comma != std::string::npos) place.option = place.option.substr(comma + 1);
    } else if (const CLI::App* next = subcommand_of(*place.command, word); next != nullptr) {
      if (place.name.empty()) place.name = word;
      place.command = next;
    } else {
      place.arguments.push_back(word);
    }
  }
  return place;
}

std::vector<std::string> candidates(const CLI::App& app, const std::vector<std::string>& words) {
  const Place place = place_of(app, words);
  const std::string& begun = words.back();
  if (!place.option.empty()) return values_of(place.name, place.option);
  std::vector<std::string> out;
  if (begun.starts_with('-')) {
    for (const CLI::Option* option : place.command->get_options()) {
      for (const std::string& name : option->get_lnames()) out.push_back("--" + name);
    }
    return out;
  }
  if (place.name.empty() && !place.arguments.empty()) return {};  // no command of ours
  for (const CLI::App* each : place.command->get_subcommands({})) out.push_back(each->get_name());
  if (!out.empty() && place.name != "help") return out;
  if (place.name == "help") {
    for (const CLI::App* each : app.get_subcommands({})) out.push_back(each->get_name());
    return out;
  }
  return arguments_of(place.name, place.arguments);
}

}  // namespace

std::vector<std::string> completions(const CLI::App& app, const std::vector<std::string>& words) {
  if (words.empty()) return {};
  std::vector<std::string> out;
  try {
    out = candidates(app, words);
  } catch (const std::exception&) {  // no worker, no catalog: nobody reads an error here
    return {};
  }
  // Of a list with commas the last item is begun.
  const size_t comma = words.back().rfind(',');
  const std::string before = comma == std::string::npos ? "" : words.back().substr(0, comma + 1);
  for (std::string& each : out) each = before + each;
  std::erase_if(out, [&](const std::string& each) { return !each.starts_with(words.back()); });
  std::ranges::sort(out);
  return out;
}

std::string completion_script(const std::string& shell) {
  if (shell == "bash") {
    return R"(# source <(sslbench completion bash)
_sslbench() {
  local IFS=$'\n'
  COMPREPLY=($(sslbench complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace
}
COMP_WORDBREAKS=${COMP_WORDBREAKS//=}
complete -o default -F _sslbench sslbench
)";
  }
  if (shell == "zsh") {
    return R"(#compdef sslbench
# source <(sslbench completion zsh)
_sslbench() {
  local -a found
  found=("${(@f)$(sslbench complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if (( ${#found} )) && [[ -n ${found[1]} ]]; then compadd -a found; else _files; fi
}
compdef _sslbench sslbench
)";
  }
  if (shell == "fish") {
    return R"(# sslbench completion fish | source
function __sslbench
  set -l words (commandline -opc) (commandline -ct)
  sslbench complete -- $words[2..] 2>/dev/null
end
complete -c sslbench -a '(__sslbench)'
)";
  }
  throw UserError("no completion for the shell '" + shell + "'; there is bash, zsh and fish");
}

}  // namespace sslbench
