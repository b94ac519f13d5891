// SPDX-License-Identifier: Apache-2.0
// What is finished is taken over, and what must not matter does not.
#include <gmock/gmock.h>

#include "suites/files/atomic_file.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
namespace fs = std::filesystem;

constexpr const char* kMoreProtocols = "[protocols.knn_of_five]\nprotocol = \"knn\"\nk = 5\n";

TEST(ReuseTest, ProtocolAddedToAFinishedSuiteDoesNotPretrainAgain) {
  const TinySuite suite;
  ASSERT_EQ(suite.run({"--only", "simclr"}).code, 0);
  const fs::path first = suite.record_file("simclr");
  const Record before = suite.record("simclr");
  suite.write("tiny.toml", std::string(kTinySuite) + kMoreProtocols);
  const Ending end = suite.run({"--only", "simclr"});
  EXPECT_EQ(end.code, 0) << end.errors;

  fs::path second;
  for (const auto& entry : fs::directory_iterator(suite.out / "runs")) {
    if (entry.path().extension() == ".h5" && entry.path() != first) second = entry.path();
  }
  ASSERT_FALSE(second.empty()) << "another set of protocols is another run";
  fs::remove(first);  // so that record() finds the second one
  const Record after = suite.record("simclr");
  ASSERT_EQ(after.stages.size(), 4u);
  for (const size_t taken : {0, 1, 2}) {
    EXPECT_THAT(after.stages[taken].taken_from, HasSubstr(before.run)) << after.stages[taken].name;
    EXPECT_EQ(after.stages[taken].wall_seconds, before.stages[taken].wall_seconds);
  }
  EXPECT_THAT(after.stages[3].taken_from, IsEmpty());
  EXPECT_EQ(after.stages[3].name, "knn_of_five");
  EXPECT_EQ(state_hashes(after), state_hashes(before));
  EXPECT_THAT(suite.markdown(), HasSubstr(before.run))
      << "the report says where stages come from, or what is superseded";
}

TEST(ReuseTest, AgainRepeatsWhatIsDoneBitForBit) {
  const TinySuite suite;
  ASSERT_EQ(suite.run({"--only", "s*"}).code, 0);
  const Record before = suite.record("simclr");
  const std::string untouched = read_file(suite.record_file("supervised"));
  EXPECT_THAT(suite.run({"--only", "s*"}).errors, HasSubstr("2 of 2 runs are done already"));
  ASSERT_EQ(suite.run({"--only", "simclr", "--again"}).code, 0);
  const Record after = suite.record("simclr");
  EXPECT_NE(after.stages[0].wall_seconds, before.stages[0].wall_seconds) << "was not repeated";
  EXPECT_THAT(after.stages[0].taken_from, IsEmpty());
  EXPECT_EQ(state_hashes(after), state_hashes(before));
  EXPECT_EQ(read_file(suite.record_file("supervised")), untouched);
}

// Fault matrix: 62
TEST(ReuseTest, WorkersThatPrepareBatchesDoNotChangeTheState) {
  TinySuite suite;
  ASSERT_EQ(suite.run({"--only", "simclr", "--set", "pretrain.data_workers=0"}).code, 0);
  const Record without = suite.record("simclr");
  suite.out = suite.folder() / "with";
  ASSERT_EQ(suite.run({"--only", "simclr", "--set", "pretrain.data_workers=2"}).code, 0);
  const Record with = suite.record("simclr");
  ASSERT_EQ(state_hashes(without).size(), 80u);
  EXPECT_EQ(state_hashes(with), state_hashes(without));
  EXPECT_EQ(with.effective.at("pretrain").at("data_workers"), 2);
  suite.out = suite.folder() / "decoded_while_training";
  ASSERT_EQ(
      suite.run({"--only", "simclr", "--set", "pretrain.data_workers=4", "--set", "pretrain.resident_budget=1e-9"})
          .code,
      0);
  EXPECT_EQ(state_hashes(suite.record("simclr")), state_hashes(without));
}

TEST(ReuseTest, JobsAtTheSameTimeDoNotChangeTheReport) {
  TinySuite suite;
  ASSERT_EQ(suite.run().code, 0);
  const nlohmann::json one = suite.report();
  suite.out = suite.folder() / "three";
  ASSERT_EQ(suite.run({"--jobs", "3"}).code, 0);
  EXPECT_EQ(differences(one, suite.report()), "[]");
}

}  // namespace
}  // namespace sslbench
