// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/run_leaks.h"

#include <gmock/gmock.h>

#include "suites/files/atomic_file.h"
#include "suites/training/stage_context.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

class RunLeaksTest : public ::testing::Test {
 protected:
  RunLeaksTest() {
    spec_.dataset = shapes(40, 8);
    spec_.out = scratch_.path();
    fs::create_directories(spec_.out / "work");
  }
  static DatasetSpec shapes(int train, int test) {
    return {"shapes", {{"size", 32}, {"train_images", train}, {"test_images", test}}, ""};
  }
  std::vector<fs::path> answers() const {
    std::vector<fs::path> out;
    for (const auto& entry : fs::directory_iterator(spec_.out / "work")) out.push_back(entry.path());
    return out;
  }
  // How often the search was under way, of a run that begins anew.
  int64_t looks(const DatasetSpec& test_set) {
    int64_t count = 0;
    RunLeaks leaks(spec_, data_, {.between = [&] { ++count; }});
    EXPECT_EQ(leaks.of(test_set).pretraining, data_.split(spec_.dataset, Split::train).images.get());
    return count;
  }
  ScratchFolder scratch_;
  RunSpec spec_;
  ImageSets data_{""};
};

TEST_F(RunLeaksTest, AreSearchedForOnceAFolder) {
  EXPECT_GT(looks(spec_.dataset), 0);
  EXPECT_EQ(looks(spec_.dataset), 0);
  EXPECT_EQ(answers().size(), 1u);
  EXPECT_GT(looks(shapes(40, 9)), 0) << "another test set";
  EXPECT_EQ(answers().size(), 2u);
}

TEST_F(RunLeaksTest, TellsHowFarTheSearchIsAndThatWhatFollowsIsOfTheStage) {
  std::vector<std::pair<int64_t, int64_t>> told;
  const auto progress = [&](int64_t done, int64_t total) { told.emplace_back(done, total); };
  const DatasetSpec test_set = shapes(40, 9);
  spec_.dataset = shapes(1500, 8);
  RunLeaks(spec_, data_, {.threads = 2, .progress = progress}).of(test_set);
  EXPECT_THAT(told, ::testing::ElementsAre(std::pair(1024, 1500), std::pair(1500, 1500), std::pair(0, 0)));
}

TEST_F(RunLeaksTest, ADamagedAnswerIsSearchedForAgain) {
  looks(spec_.dataset);
  const fs::path file = answers().at(0);
  const std::string whole = read_file(file);
  std::string elsewhere = whole;
  elsewhere.replace(elsewhere.find("\"pairs\":["), 9, "\"pairs\":[[7000,1,0.9],");
  for (const std::string& damaged : {std::string(), std::string("[1]"), whole.substr(0, whole.size() / 2), elsewhere,
                                     std::string(R"({"pairs":[["a",2]]})")}) {
    write_atomically(file, damaged);
    EXPECT_GT(looks(spec_.dataset), 0) << damaged;
    EXPECT_EQ(read_file(file), whole);
  }
}

TEST_F(RunLeaksTest, WhatStopsTheRunStopsTheSearch) {
  RunLeaks leaks(spec_, data_, {.between = [] { throw Interrupted{}; }});
  EXPECT_THROW(leaks.of(spec_.dataset), Interrupted);
  EXPECT_TRUE(answers().empty());
}

}  // namespace
}  // namespace sslbench
