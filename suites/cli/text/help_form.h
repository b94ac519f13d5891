// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/App.hpp>
#include <CLI/FormatterFwd.hpp>
#include <string>

namespace sslbench {

// What an option takes, as help and manual name it: "N", "{bbox,segm}", "TEXT"; "" for a flag.
std::string placeholder_of(const CLI::Option& option);

// What an option is for, with the range of its number and the option that it excludes.
std::string meaning_of(const CLI::Option& option);

// How `--help` is laid out: names at the left, what they mean beside them, in lines of at most `width` columns.
class HelpForm : public CLI::Formatter {
 public:
  explicit HelpForm(size_t width);

  std::string make_description(const CLI::App* app) const override;
  std::string make_subcommand(const CLI::App* sub) const override;
  std::string make_option(const CLI::Option* option, bool is_positional) const override;

 private:
  std::string entry(const std::string& name, const std::string& meaning) const;

  size_t width_;
};

// The width of the terminal at standard output within what reads well; 80 where it is a file or a pipe.
size_t help_width();

}  // namespace sslbench
