// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/command_examples.h"

#include <gmock/gmock.h>

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
  EXPECT_EQ(examples_text("nothing"), "");
  EXPECT_EQ(examples_text("env"), "Examples:\n  sslbench env --json\n");
  for (const std::string& command : command_names()) {
    const std::string text = examples_text(command);
    for (size_t from = 0; from < text.size(); from = text.find('\n', from) + 1) {
      EXPECT_LE(text.find('\n', from) - from, 120u) << text;
    }
  }
}

}  // namespace
}  // namespace sslbench
