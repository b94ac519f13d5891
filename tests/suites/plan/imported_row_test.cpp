// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/imported_row.h"

#include <gmock/gmock.h>

#include "suites/ground/error.h"
#include "suites/ground/sha256.h"
#include "tests/datasets/readers/failure.h"
#include "tests/suites/files/scratch_folder.h"
#include "tests/suites/plan/small_catalog.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;

class ImportedRowTest : public ::testing::Test {
 protected:
  ImportedRowTest() {
    catalog_.kinds["method"]["checkpoint"] = small_entry("checkpoint", {}, {{"trains", false}});
    catalog_.kinds["protocol"]["knn"].facts["on_features"] = true;
    const Suite suite = read_suite(folder_.write("mine.toml", R"(# q
dataset = "shapes"
backbone = "resnet18"
seeds = [0, 1]
[methods.simclr]
[protocols.knn]
[protocols.detection]
dataset = { name = "shapes", objects = "several" }
)"),
                                   {}, catalog_);
    const auto digest = [](const std::string& name, const nlohmann::json&) { return name + "-digest"; };
    plan_ = make_plan(suite, catalog_, digest, {{}, 1, 1, "cpu", "out", "data"});
    folder_.write("theirs.npz", "one");
  }
  RunSpec imported(const std::string& row = "theirs", int64_t seed = 0) {
    return imported_run(plan_, catalog_, {row, folder_.path() / "theirs.npz", seed});
  }

  ScratchFolder folder_;
  Catalog catalog_ = small_catalog();
  Plan plan_;
};

TEST_F(ImportedRowTest, IsMeasuredByTheProtocolsOnFeaturesOfTheSuiteAndKnownByTheFilesContent) {
  const RunSpec run = imported();
  EXPECT_EQ(run.name().substr(0, 10), "theirs-s0-");
  ASSERT_EQ(run.protocols.size(), 1u);
  EXPECT_EQ(run.protocols[0].row, "knn");
  EXPECT_EQ(run.protocols[0].settings, plan_.runs[0].protocols[0].settings);
  EXPECT_EQ(run.files.at("backbone.file"), sha256_hex("one"));
  folder_.write("theirs.npz", "two");
  EXPECT_NE(imported().id, run.id);
}

TEST_F(ImportedRowTest, ANameOfTheSuiteAMissingFileAndASuiteWithoutSuchProtocolsAreRefused) {
  EXPECT_THAT(user_error([&] { imported("simclr"); }), HasSubstr("the suite has a row of that name"));
  EXPECT_THAT(user_error([&] { imported("no row"); }), HasSubstr("--row"));
  EXPECT_THAT(user_error([&] { imported_run(plan_, catalog_, {"theirs", "none.npz", 0}); }), HasSubstr("none.npz"));
  for (RunSpec& run : plan_.runs) run.protocols.erase(run.protocols.begin());
  EXPECT_THAT(user_error([&] { imported(); }), HasSubstr("no protocol of the suite measures features"));
}

TEST_F(ImportedRowTest, TakesThePlaceOfTheSameRowAndSeedAndStaysWhenTheSuiteIsPlannedAgain) {
  const Plan suite_alone = plan_;
  put_imported(imported(), plan_);
  put_imported(imported(), plan_);
  put_imported(imported("theirs", 1), plan_);
  EXPECT_EQ(plan_.runs.size(), 4u);
  Plan again = suite_alone;
  for (RunSpec& run : again.runs) run.worker = "now";
  keep_imported(plan_, again);
  ASSERT_EQ(again.runs.size(), 4u);
  EXPECT_EQ(again.runs[3].row, "theirs");
  EXPECT_EQ(again.runs[3].worker, "now");
  Plan renamed = suite_alone;
  for (RunSpec& run : renamed.runs) run.row = "theirs";
  keep_imported(plan_, renamed);
  EXPECT_EQ(renamed.runs.size(), 2u) << "the suite's own row of that name stands";
}

}  // namespace
}  // namespace sslbench
