// SPDX-License-Identifier: Apache-2.0
// Models from elsewhere as people meet them: the suite of docs/bring-your-model.md, on the committed files.
#include <gmock/gmock.h>

#include "suites/files/atomic_file.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::string source(const std::string& name) { return std::string(SSLBENCH_SOURCE_DIR) + "/" + name; }

// The TOML block of the page with this number.
std::string suite_of_the_page(int number) {
  const std::string page = read_file(source("docs/bring-your-model.md")), mark = "```toml\n";
  size_t start = 0;
  for (int i = 0; i <= number; ++i) start = page.find(mark, start) + mark.size();
  return page.substr(start, page.find("```", start) - start);
}

class ForeignModelTest : public ::testing::Test {
 protected:
  ForeignModelTest() {
    for (const auto& [name, file] : {std::pair("dinov2.pt2", "attention.pt2"), std::pair("dinov2.ts", "attention.ts"),
                                     std::pair("resnet18.ts", "resnet18.ts")}) {
      fs::copy_file(source("tests/methods/foreign/fixtures/") + file, suite_.folder() / name);
    }
  }
  // With rendered shapes in the place of pets, and more.
  void write(const std::string& more = "", int number = 0) {
    std::string text = suite_of_the_page(number);
    const std::string pets = "\"pets\"";
    text.replace(text.find(pets), pets.size(), "{ name = \"shapes\", size = 32, train_images = 32, test_images = 16 }");
    suite_.write("tiny.toml", text + more);
  }
  TinySuite suite_;
  const std::vector<std::string> quick_ = {"--set", "backbone.width=8",      "--set", "pretrain.epochs=1",
                                           "--set", "pretrain.batch_size=16"};
  Ending planned() const {
    std::vector<std::string> words = {"plan", "--no-calibrate", suite_.suite().string()};
    words.insert(words.end(), quick_.begin(), quick_.end());
    return suite_.sslbench(words);
  }
};

TEST_F(ForeignModelTest, TheSuiteOfThePageRuns) {
  write();
  const Ending plan = planned();
  ASSERT_EQ(plan.code, 0) << plan.errors;
  const Ending run = suite_.run(quick_);
  ASSERT_EQ(run.code, 0) << run.errors;
  EXPECT_THAT(suite_.markdown(), HasSubstr("exported, so frozen"));
  for (const char* row : {"dinov2", "simclr_on_theirs"}) EXPECT_EQ(suite_.record(row).status, "ok") << row;
}

TEST_F(ForeignModelTest, TheTeachersOfThePageTeach) {
  write("", 1);
  const Ending run = suite_.run(quick_);
  ASSERT_EQ(run.code, 0) << run.errors;
  for (const char* row : {"from_dinov2", "from_resnet"}) EXPECT_EQ(suite_.record(row).status, "ok") << row;
  EXPECT_THAT(suite_.markdown(), HasSubstr("teacher: a model from elsewhere"));
}

// Fault matrix: 74
TEST_F(ForeignModelTest, ATeacherThatLiesAboutItselfIsRefusedBeforeAnythingRuns) {
  write("", 1);
  const fs::path file = suite_.folder() / "resnet18.ts";
  const std::string bytes = read_file(file);
  write_unsynced(file, bytes.substr(0, bytes.size() / 2));
  const Ending plan = planned();
  EXPECT_EQ(plan.code, 2);
  EXPECT_THAT(plan.errors, HasSubstr("[methods.from_resnet] " + file.string() + ": "));
  fs::remove(file);
  EXPECT_THAT(planned().errors, HasSubstr("[methods.from_resnet] method 'distill': teacher: there is no file"));
}

TEST_F(ForeignModelTest, WhatCannotBeTrainedIsRefusedWithTheRowBeforeAnythingRuns) {
  write("[protocols.detection]\n");
  EXPECT_THAT(planned().errors, HasSubstr("[methods.dinov2] protocol 'detection' trains the backbone"));
  write("[protocols.detection]\ntrains = \"head\"\n");
  EXPECT_EQ(planned().code, 0);
}

// Fault matrix: 74
TEST_F(ForeignModelTest, ADamagedFileIsTheRowsMistakeAndNoCrash) {
  write();
  const fs::path file = suite_.folder() / "dinov2.pt2";
  const std::string bytes = read_file(file);
  write_unsynced(file, bytes.substr(0, bytes.size() / 2));
  const Ending plan = planned();
  EXPECT_EQ(plan.code, 2);
  EXPECT_THAT(plan.errors, HasSubstr("[methods.dinov2] " + file.string() + ": expected an exported model (.pt2)"));
}

}  // namespace
}  // namespace sslbench
