// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/manual.h"

#include <CLI/CLI.hpp>

#include "suites/cli/command_examples.h"
#include "suites/cli/text/exit_code.h"
#include "suites/cli/text/help_form.h"
#include "suites/ground/revision.h"

namespace sslbench {
namespace {

// As roff takes it: no escapes, no request at the beginning of a line.
std::string roff(const std::string& text) {
  std::string out;
  bool fresh = true;
  for (const char c : text) {
    if (fresh && (c == '.' || c == '\'')) out += "\\&";
    out += c == '\\' ? "\\e" : c == '-' ? "\\-" : std::string(1, c);
    fresh = c == '\n';
  }
  return out;
}

std::string bold(const std::string& text) { return "\\fB" + roff(text) + "\\fR"; }
std::string placeholder(const std::string& text) { return "\\fI" + roff(text) + "\\fR"; }

// "-o, --out TEXT", "SUITE".
std::string option_head(const CLI::Option& option) {
  std::string out;
  for (const std::string& name : option.get_snames()) out += (out.empty() ? "" : ", ") + bold("-" + name);
  for (const std::string& name : option.get_lnames()) out += (out.empty() ? "" : ", ") + bold("--" + name);
  if (out.empty()) return placeholder(option.get_name());
  const std::string takes = placeholder_of(option);
  return takes.empty() ? out : out + " " + placeholder(takes);
}

std::string synopsis(const CLI::App& app, const std::string& words) {
  std::string out = bold(words);
  if (!app.get_subcommands({}).empty()) return out + " " + placeholder("COMMAND") + " ...";
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) continue;
    out +=
        option->get_required() ? " " + placeholder(option->get_name()) : " [" + placeholder(option->get_name()) + "]";
  }
  return out + " [" + placeholder("OPTIONS") + "]";
}

std::string examples(const std::string& command) {
  std::string out;
  for (const CommandExample& example : command_examples()) {
    if (example.command != command) continue;
    out += ".TP\n" + bold("sslbench " + example.arguments) + "\n" +
           (example.does.empty() ? "\\&" : roff(example.does)) + "\n";
  }
  return out.empty() ? "" : ".SH EXAMPLES\n" + out;
}

std::string page(const CLI::App& app, const std::string& command, const std::string& name) {
  const std::string words = command.empty() ? "sslbench" : "sslbench " + command;
  std::string out = ".TH \"" + name + "\" 1 \"\" \"sslbench " + kVersion + "\" \"sslbench\"\n.SH NAME\n" + roff(name) +
                    " \\- " + roff(app.get_description()) + "\n.SH SYNOPSIS\n" + synopsis(app, words) + "\n";
  std::string commands, options;
  for (const CLI::App* each : app.get_subcommands({})) {
    commands += ".TP\n" + bold(each->get_name()) + "\n" + roff(each->get_description()) + "\n";
  }
  for (const CLI::Option* option : app.get_options()) {
    options += ".TP\n" + option_head(*option) + "\n" + roff(meaning_of(*option)) + "\n";
  }
  if (!commands.empty()) out += ".SH COMMANDS\n" + commands;
  out += ".SH OPTIONS\n" + options + examples(command);
  return out + ".SH EXIT STATUS\n" + roff(exit_codes_text()) + "\n";
}

void add_pages(const CLI::App& app, const std::string& command, std::map<std::string, std::string>& out) {
  std::string name = command.empty() ? "sslbench" : "sslbench-" + command;
  for (char& c : name) c = c == ' ' ? '-' : c;
  out[name] = page(app, command, name);
  for (const CLI::App* each : app.get_subcommands({})) {
    add_pages(*each, command.empty() ? each->get_name() : command + " " + each->get_name(), out);
  }
}

}  // namespace

std::map<std::string, std::string> manual_pages(const CLI::App& app) {
  std::map<std::string, std::string> out;
  add_pages(app, "", out);
  return out;
}

}  // namespace sslbench
