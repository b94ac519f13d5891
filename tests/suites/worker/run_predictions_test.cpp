// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/run_predictions.h"

#include <gtest/gtest.h>

#include "suites/files/atomic_file.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

TEST(RunPredictionsTest, AreThoseOfThePublishedRunAndOfNoEarlierAttempt) {
  const ScratchFolder folder;
  RunSpec run;
  run.out = folder.path(), run.row = "simclr", run.id = "0123456789ab";
  const fs::path published = folder.path() / "predictions" / run.name();
  const auto predict = [&](const char* name) {
    fs::create_directories(run.work_folder() / "predictions" / "detection");
    write_atomically(run.work_folder() / "predictions" / "detection" / name, "[]");
  };
  predict("first.json");
  publish_predictions(run);
  EXPECT_TRUE(fs::exists(published / "detection" / "first.json"));
  predict("second.json");
  publish_predictions(run);
  EXPECT_TRUE(fs::exists(published / "detection" / "second.json"));
  EXPECT_FALSE(fs::exists(published / "detection" / "first.json"));
  publish_predictions(run);
  EXPECT_FALSE(fs::exists(published)) << "done again without keeping them";
}

}  // namespace
}  // namespace sslbench
