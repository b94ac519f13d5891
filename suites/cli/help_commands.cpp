// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/help_commands.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>

#include "suites/cli/commands/output_place.h"
#include "suites/cli/completion.h"
#include "suites/cli/manual.h"
#include "suites/cli/parse_mistake.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

ExitCode show_help(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* command = &app;
  std::string names = app.get_name();
  for (const std::string& word : words) {
    const auto next = command->get_subcommands([&](const CLI::App* each) { return each->get_name() == word; });
    if (next.empty()) throw UserError(explain_mistake(app, words, "'" + word + "' is no command"));
    command = next.front();
    names += command->get_subcommands({}).empty() && &words.back() == &word ? "" : " " + word;
  }
  std::cout << command->help(command == &app ? "" : names);
  return ExitCode::done;
}

ExitCode write_manual(const CLI::App& app, const std::string& folder) {
  const auto pages = manual_pages(app);
  for (const auto& [name, text] : pages) write_atomically(std::filesystem::path(folder) / (name + ".1"), text);
  std::cout << pages.size() << " pages in " << folder << "; to read one: man " << folder << "/sslbench.1\n";
  return ExitCode::done;
}

}  // namespace

void add_help_commands(CLI::App& app, HelpOptions& options, const AddCommand& add) {
  CLI::App* each = add(app, "help", "the options of a command, as its --help",
                       [&app, &options] { return show_help(app, options.words); });
  each->add_option("COMMAND", options.words, "e.g. run, or data add; the whole program when left out");
  each = add(app, "completion", "a script that completes commands, options and names in a shell", [&options] {
    std::cout << completion_script(options.shell);
    return ExitCode::done;
  });
  each->add_option("SHELL", options.shell, "bash, zsh or fish")->required();
  each = add(app, "manual", "write the manual pages", [&app, &options] { return write_manual(app, options.folder); });
  each->add_option("FOLDER", options.folder, "where, e.g. ~/.local/share/man/man1")->required()->check(why_not_written);
}

}  // namespace sslbench
