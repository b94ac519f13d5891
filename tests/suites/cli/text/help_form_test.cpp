// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/text/help_form.h"

#include <gmock/gmock.h>

#include <CLI/CLI.hpp>
#include <sstream>

#include "suites/ground/terminal/terminal_line.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class HelpFormTest : public testing::Test {
 protected:
  HelpFormTest() {
    app_.add_option("FILE", text_, "what to read")->required();
    CLI::Option* jobs = app_.add_option("--jobs", number_, "how many at a time, of which some wait until others end")
                            ->check(CLI::Range(1, 1024));
    app_.add_option("--format", text_, "how")->check(CLI::IsMember({"a", "b"}))->required();
    app_.add_option("--seed", number_, "of chance")->check(CLI::NonNegativeNumber);
    app_.add_flag("--all", all_, "everything")->excludes(jobs);
  }
  std::string help(size_t width) {
    app_.formatter(std::make_shared<HelpForm>(width));
    return app_.help();
  }

  CLI::App app_{"Does what a program of this kind does when somebody asks it to, and then says so.", "it"};
  std::string text_;
  int number_ = 0;
  bool all_ = false;
};

TEST_F(HelpFormTest, EveryLineFits) {
  for (const size_t width : {40, 60, 80, 120}) {
    std::istringstream lines(help(width));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(columns_of(line), width) << line;
  }
}

TEST_F(HelpFormTest, AnOptionSaysWhatItTakesAndWithinWhichBounds) {
  const std::string text = help(120);
  EXPECT_THAT(text, AllOf(HasSubstr("  --jobs N "), HasSubstr("until others end; 1 to 1024"),
                          HasSubstr("  --format {a,b} REQUIRED "), HasSubstr("of chance; 0 or more\n"),
                          HasSubstr("everything; not with --jobs\n"), HasSubstr("  FILE ")));
  EXPECT_THAT(text, AllOf(Not(HasSubstr("INT")), Not(HasSubstr("TEXT")), Not(HasSubstr("--all N"))));
}

}  // namespace
}  // namespace sslbench
