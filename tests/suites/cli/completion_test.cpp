// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/completion.h"

#include <gmock/gmock.h>

#include "suites/cli/command_line.h"
#include "tests/suites/cli/cli_process.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;

std::string offered(std::vector<std::string> words) {
  words.insert(words.begin(), {"complete", "--"});
  CliProcess process(words);
  EXPECT_EQ(process.code(), 0) << process.errors();
  return process.output();
}

TEST(CompletionTest, OffersCommandsThenTheirParts) {
  EXPECT_EQ(offered({"re"}), "report\n");
  EXPECT_EQ(offered({"history", ""}), "accept\nlist\nrecord\nseed\ntrend\n");
  EXPECT_EQ(offered({"describe", "me"}), "method\n");
  EXPECT_EQ(offered({"help", "ver"}), "verify\n");
}

TEST(CompletionTest, OffersTheOptionsOfTheCommand) {
  EXPECT_EQ(offered({"status", "--"}), "--help\n--json\n--watch\n");
  EXPECT_EQ(offered({"run", "quickstart", "--st"}), "--stall-timeout\n");
  EXPECT_EQ(offered({"run", "quickstart", "--device", "c"}), "cpu\ncuda\n");
  EXPECT_EQ(offered({"submit", "quickstart", "--to", "sl"}), "slurm\n");
}

TEST(CompletionTest, LeavesFilesToTheShell) {
  EXPECT_EQ(offered({"report", ""}), "");
  EXPECT_EQ(offered({"run", "quickstart", "-o", ""}), "");
  EXPECT_EQ(offered({"nothing", "--of", "this", ""}), "");
  EXPECT_EQ(offered({}), "");
}

TEST(CompletionTest, ScriptsAreThereForThreeShells) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    CliProcess process({"completion", shell});
    EXPECT_EQ(process.code(), 0);
    EXPECT_THAT(process.output(), HasSubstr("sslbench complete --"));
  }
  CliProcess other({"completion", "csh"});
  EXPECT_EQ(other.code(), 2);
  EXPECT_THAT(other.errors(), HasSubstr("bash, zsh and fish"));
}

TEST(HelpCommandTest, SaysWhatTheOptionSays) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{"run"}, {"data", "add"}}) {
    std::vector<std::string> help{"help"}, option = words;
    help.insert(help.end(), words.begin(), words.end());
    option.emplace_back("--help");
    CliProcess asked(help), flagged(option);
    EXPECT_EQ(asked.output(), flagged.output());
    EXPECT_THAT(asked.output(), HasSubstr("Usage"));
  }
  CliProcess unknown({"help", "rnu"});
  EXPECT_EQ(unknown.code(), 2);
  EXPECT_THAT(unknown.errors(), HasSubstr("did you mean 'run'?"));
}

TEST(ManualTest, HasAPageForEveryCommand) {
  const ScratchFolder folder;
  CliProcess process({"manual", folder.path().string()});
  EXPECT_EQ(process.code(), 0) << process.errors();
  for (const std::string& command : command_names()) {
    std::string name = "sslbench-" + command + ".1";
    for (char& c : name) c = c == ' ' ? '-' : c;
    EXPECT_THAT(read_file(folder.path() / name), HasSubstr(".SH SYNOPSIS")) << command;
  }
  const std::string run = read_file(folder.path() / "sslbench-run.1");
  EXPECT_THAT(run, HasSubstr("\\fB\\-\\-seeds\\fR"));
  EXPECT_THAT(run, HasSubstr(".SH EXAMPLES"));
}

}  // namespace
}  // namespace sslbench
