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

Ending generate(const fs::path& file) {
  return run_program({(kSource / "scripts/generate").string(), file.string()},
                     {{}, {{"SSLBENCH", program_of_build("sslbench").string()}}, {}});
}

TEST(GeneratedTableTest, ReadmeIsUpToDate) {
  const ScratchFolder folder;
  const fs::path copy = folder.path() / "README.md";
  fs::copy_file(kSource / "README.md", copy);
  const Ending end = generate(copy);
  ASSERT_EQ(end.code, 0) << end.errors;
  EXPECT_EQ(read_file(copy), read_file(kSource / "README.md")) << "run scripts/generate and commit what it changes";
  for (const char* kind : {"methods", "backbones", "datasets", "protocols"}) {
    EXPECT_THAT(read_file(copy), HasSubstr("<!-- generated: " + std::string(kind) + " -->"));
  }
}

TEST(GeneratedTableTest, FaultMatrixIsUpToDateAndHasEveryRow) {
  const ScratchFolder folder;
  const fs::path copy = folder.path() / "matrix.md", committed = kSource / "tests/faults/matrix.md";
  fs::copy_file(committed, copy);
  const Ending end = generate(copy);
  ASSERT_EQ(end.code, 0) << end.errors;
  EXPECT_EQ(read_file(copy), read_file(committed)) << "run scripts/generate and commit what it changes";
  for (int row = 1; row <= 66; ++row) {
    EXPECT_THAT(read_file(copy), HasSubstr("\n| " + std::to_string(row) + " | ")) << "row " << row;
  }
}

TEST(GeneratedTableTest, OnlyTheMarkedPartIsRewritten) {
  const ScratchFolder folder;
  const fs::path file =
      folder.write("a.md", "before\n<!-- generated: backbones -->\nold\n<!-- end generated -->\nafter\n");
  ASSERT_EQ(generate(file).code, 0);
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
    const Ending end = generate(file);
    EXPECT_EQ(end.code, 2) << end.errors;
    EXPECT_THAT(end.errors, HasSubstr("wrong.md:1: "));
    EXPECT_EQ(read_file(file), wrong);
  }
}

}  // namespace
}  // namespace sslbench
