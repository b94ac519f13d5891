// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/command_examples.h"

#include <gmock/gmock.h>

#include <sstream>

#include "suites/cli/command_line.h"

namespace sslbench {
namespace {

TEST(CommandExamplesTest, EachIsACommandLine) {
  for (const CommandExample& each : command_examples()) {
    EXPECT_EQ(command_line_mistake(each.arguments), "") << each.arguments;
  }
  EXPECT_NE(command_line_mistake("run"), "") << "SUITE is missing";
}

TEST(CommandExamplesTest, EveryCommandHasOneOfItsOwn) {
  std::vector<std::string> with_example;
  for (const CommandExample& each : command_examples()) {
    with_example.push_back(each.command);
    if (!each.command.empty()) EXPECT_THAT(each.arguments, testing::StartsWith(each.command)) << each.arguments;
  }
  for (const std::string& command : command_names()) EXPECT_THAT(with_example, testing::Contains(command));
  for (const std::string& command : with_example) {
    if (!command.empty()) EXPECT_THAT(command_names(), testing::Contains(command));
  }
}

TEST(CommandExamplesTest, LinesStayWithinATerminal) {
  EXPECT_EQ(examples_text("nothing", 80), "");
  EXPECT_EQ(examples_text("env", 80), "Examples:\n  sslbench env --json\n");
  EXPECT_EQ(examples_text("list", 80),
            "Examples:\n  sslbench list methods\n  sslbench list datasets --json  for programs\n");
  EXPECT_THAT(examples_text("list", 40), testing::HasSubstr("--json\n      for programs\n"));
  for (const std::string& command : command_names()) {
    std::istringstream lines(examples_text(command, 80));
    for (std::string line; std::getline(lines, line);) {
      const bool a_command = line.starts_with("  sslbench ");  // whoever copies it wants one line
      EXPECT_LE(line.size(), a_command ? 120u : 80u) << line;
    }
  }
}

}  // namespace
}  // namespace sslbench
