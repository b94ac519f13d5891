// SPDX-License-Identifier: Apache-2.0
// Tables in the documentation say what the programs say.
#include <gmock/gmock.h>

#include "suites/files/atomic_file.h"
#include "tests/faults/program.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

const fs::path kSource = SSLBENCH_SOURCE_DIR;

Ending generate(const std::vector<std::string>& words) {
  std::vector<std::string> command = {(kSource / "scripts/generate").string()};
  command.insert(command.end(), words.begin(), words.end());
  return run_program(command, {{}, {{"SSLBENCH", program_of_build("sslbench").string()}}, {}});
}

TEST(GeneratedTableTest, EveryPageIsUpToDate) {
  const Ending end = generate({"--check"});
  EXPECT_EQ(end.code, 0) << end.errors;
  for (const char* kind : {"methods", "backbones", "datasets", "protocols"}) {
    EXPECT_THAT(read_file(kSource / "docs" / (std::string(kind) + ".md")),
                HasSubstr("<!-- generated: " + std::string(kind) + " -->"));
  }
  for (const char* kind : {"overview", "result:reports/example/quickstart"}) {
    EXPECT_THAT(read_file(kSource / "README.md"), HasSubstr("<!-- generated: " + std::string(kind) + " -->"));
  }
}

TEST(GeneratedTableTest, CheckNamesWhatIsOutOfDateAndChangesNothing) {
  const ScratchFolder folder;
  const std::string old = "<!-- generated: protocols -->\nold\n<!-- end generated -->\n";
  const fs::path file = folder.write("old.md", old);
  const Ending end = generate({"--check", file.string()});
  EXPECT_EQ(end.code, 1) << end.errors;
  EXPECT_THAT(end.errors, HasSubstr("old.md is out of date; run scripts/generate"));
  EXPECT_EQ(read_file(file), old);
}

TEST(GeneratedTableTest, OverviewCountsWhatTheTablesListAndNamesEveryMethodOnce) {
  const ScratchFolder folder;
  const fs::path overview = folder.write("a.md", "<!-- generated: overview -->\n<!-- end generated -->\n");
  const fs::path table = folder.write("b.md", "<!-- generated: methods -->\n<!-- end generated -->\n");
  ASSERT_EQ(generate({overview.string(), table.string()}).code, 0);
  const std::string text = read_file(overview);
  std::istringstream lines(read_file(table));
  int methods = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::string name = line.substr(0, line.find(" |", 1));
    if (!name.starts_with("| ") || name == "| method") continue;
    ++methods;
    const std::string quoted = "`" + name.substr(2) + "`";
    const size_t first = text.find(quoted);
    EXPECT_NE(first, std::string::npos) << quoted;
    EXPECT_EQ(text.find(quoted, first + 1), std::string::npos) << quoted;
  }
  EXPECT_THAT(text, HasSubstr("| [" + std::to_string(methods) + " methods](docs/methods.md) | clustering: `"));
}

TEST(GeneratedTableTest, FaultMatrixHasEveryRow) {
  const std::string matrix = read_file(kSource / "tests/faults/matrix.md");
  for (int row = 1; row <= 66; ++row) {
    EXPECT_THAT(matrix, HasSubstr("\n| " + std::to_string(row) + " | ")) << "row " << row;
  }
}

TEST(GeneratedTableTest, OnlyTheMarkedPartIsRewritten) {
  const ScratchFolder folder;
  const fs::path file =
      folder.write("a.md", "before\n<!-- generated: backbones -->\nold\n<!-- end generated -->\nafter\n");
  ASSERT_EQ(generate({file.string()}).code, 0);
  const std::string text = read_file(file);
  EXPECT_TRUE(text.starts_with("before\n<!-- generated: backbones -->\n\n| backbone |")) << text;
  EXPECT_TRUE(text.ends_with("|\n\n<!-- end generated -->\nafter\n")) << text;
  EXPECT_THAT(text, HasSubstr("| resnet18 |"));
  EXPECT_EQ(text.find("old"), std::string::npos);
}

TEST(GeneratedTableTest, WrongMarkersAreNamedAndChangeNothing) {
  const ScratchFolder folder;
  for (const char* wrong :
       {"<!-- generated: methods -->\nno end\n", "<!-- generated: wizards -->\n<!-- end generated -->\n"}) {
    const fs::path file = folder.write("wrong.md", wrong);
    const Ending end = generate({file.string()});
    EXPECT_EQ(end.code, 2) << end.errors;
    EXPECT_THAT(end.errors, HasSubstr("wrong.md:1: "));
    EXPECT_EQ(read_file(file), wrong);
  }
}

}  // namespace
}  // namespace sslbench
