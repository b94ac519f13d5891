// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/progress/expected_times.h"

#include <gtest/gtest.h>

#include "tests/suites/runner/fake_worker.h"

namespace sslbench {
namespace {

class ExpectedTimesTest : public testing::Test {
 protected:
  static RunProgress at(const std::string& stage, int64_t step, std::vector<std::string> done = {}) {
    RunProgress out;
    out.stage = stage, out.step = step, out.steps = 100;
    out.stages = {"pretrain", "knn"};
    out.stages_done = std::move(done);
    return out;
  }
  RunSpec run_ = small_run("simclr", "out");
  ExpectedTimes known_{{{run_.name(), {{"pretrain", 80}, {"knn", 20}}}}};
};

TEST_F(ExpectedTimesTest, ARunThatHasNotBegunTakesItsStages) {
  EXPECT_DOUBLE_EQ(known_.whole(run_).value(), 100);
  EXPECT_FALSE(ExpectedTimes().whole(run_).has_value());
  run_.reuse["pretrain"] = "record";
  EXPECT_DOUBLE_EQ(known_.whole(run_).value(), 20) << "what is taken over costs nothing";
}

TEST_F(ExpectedTimesTest, StagesCountByTheirCostAndNotAlike) {
  EXPECT_DOUBLE_EQ(known_.left(run_, 40, at("pretrain", 50)).value(), 60);
  EXPECT_DOUBLE_EQ(known_.left(run_, 90, at("knn", 50, {"pretrain"})).value(), 10);
}

TEST_F(ExpectedTimesTest, ItsOwnSpeedCorrectsWhatWasExpected) {
  EXPECT_DOUBLE_EQ(known_.left(run_, 80, at("pretrain", 50)).value(), 120) << "twice as slow as expected";
  EXPECT_DOUBLE_EQ(known_.left(run_, 8, at("pretrain", 5)).value(), 96) << "too early to tell";
}

TEST_F(ExpectedTimesTest, ARunThatEndedTellsOfItsRowAndItsProtocolsOfAll) {
  ExpectedTimes times;
  const RunSpec byol = small_run("byol", "out");
  times.learn(run_, {{"pretrain", 80}, {"knn", 20}});
  EXPECT_DOUBLE_EQ(times.whole(small_run("simclr", "out", 1)).value(), 100);
  EXPECT_FALSE(times.whole(byol).has_value());
  EXPECT_DOUBLE_EQ(times.left(byol, 10, at("pretrain", 10)).value(), 90 + 20) << "its pretraining by its own speed";
}

TEST_F(ExpectedTimesTest, AStageThatNobodyKnowsIsNotGuessed) {
  EXPECT_FALSE(ExpectedTimes().left(run_, 10, at("pretrain", 50)).has_value()) << "kNN may take a second or an hour";
  EXPECT_FALSE(ExpectedTimes().left(run_, 10, at("pretrain", 0)).has_value());
  RunSpec alone = run_;
  alone.protocols.clear();
  RunProgress only = at("pretrain", 50);
  only.stages = {"pretrain"};
  EXPECT_DOUBLE_EQ(ExpectedTimes().left(alone, 10, only).value(), 10) << "its own speed tells";
}

}  // namespace
}  // namespace sslbench
