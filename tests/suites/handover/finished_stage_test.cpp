// SPDX-License-Identifier: Apache-2.0
#include "suites/handover/finished_stage.h"

#include <gmock/gmock.h>

#include <fstream>

#include "reports/record/record_store.h"
#include "suites/handover/work_files.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FinishedStageTest : public ::testing::Test {
 protected:
  FinishedStageTest() {
    run_.row = run_.method = "simclr";
    run_.out = scratch_.path();
  }
  StageRecord stage(const std::string& row, const std::string& key) const {
    StageRecord out;
    out.name = row;
    out.plugin = "knn";
    out.key = key;
    out.status = "ok";
    return out;
  }

  ScratchFolder scratch_;
  RunSpec run_;
};

TEST_F(FinishedStageTest, WhatIsWrittenComesBackWithItsNotesAndItsBuild) {
  write_finished_stage(run_, {stage("knn", "k1"), {"two images left out"}, run_.name()},
                       {{"revision", "feedbeef"}, {"dirty", true}});
  const FinishedStage read = read_finished_stage(fragment_file(run_, "knn"), "k1").value();
  EXPECT_EQ(read.stage.name, "knn");
  EXPECT_EQ(read.stage.revision, "feedbeef-dirty");
  EXPECT_THAT(read.notes, ElementsAre("two images left out"));
  EXPECT_EQ(read.run, run_.name());
}

TEST_F(FinishedStageTest, AnotherKeyAnotherRowOrAnUnfinishedOneIsNotTaken) {
  write_finished_stage(run_, {stage("knn", "k1"), {}, run_.name()}, {});
  EXPECT_FALSE(read_finished_stage(fragment_file(run_, "knn"), "k2").has_value());
  EXPECT_FALSE(read_finished_stage(fragment_file(run_, "knn"), "k1", "knn again").has_value());
  EXPECT_TRUE(read_finished_stage(fragment_file(run_, "knn"), "k1", "knn").has_value());
  StageRecord failed = stage("knn", "k1");
  failed.status = "failed(oom)";
  write_finished_stage(run_, {failed, {}, run_.name()}, {});
  EXPECT_FALSE(read_finished_stage(fragment_file(run_, "knn"), "k1").has_value());
}

TEST_F(FinishedStageTest, AFileThatIsMissingOrTornHoldsNone) {
  EXPECT_FALSE(read_finished_stage(fragment_file(run_, "knn"), "k1").has_value());
  std::filesystem::create_directories(run_.work_folder());
  std::ofstream(fragment_file(run_, "knn")) << "torn";
  EXPECT_FALSE(read_finished_stage(fragment_file(run_, "knn"), "k1").has_value());
}

TEST_F(FinishedStageTest, NotesOfAStrangeShapeAreNone) {
  Record record;
  record.stages = {stage("knn", "k1")};
  for (const nlohmann::json& strange : {nlohmann::json{"two"}, {{"knn", "two"}}, {{"knn", {1, 2}}}}) {
    record.facts = {{kStageNotes, strange}};
    write_record(record, fragment_file(run_, "knn"));
    EXPECT_THAT(read_finished_stage(fragment_file(run_, "knn"), "k1")->notes, IsEmpty()) << strange;
  }
}

}  // namespace
}  // namespace sslbench
