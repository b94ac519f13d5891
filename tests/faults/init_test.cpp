// SPDX-License-Identifier: Apache-2.0
// Pretraining that starts from weights of a file.
#include <gmock/gmock.h>

#include "suites/files/atomic_file.h"
#include "suites/ground/sha256.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

TEST(InitTest, ARowGoesOnFromWeightsAndItsRecordTellsWhatTheyWereWorth) {
  TinySuite suite;
  ASSERT_EQ(suite.run({"--only", "supervised"}).code, 0);
  const double before = measured(suite.record("supervised"), "knn", "top1").value;
  const std::string file = (suite.folder() / "start.safetensors").string();
  ASSERT_EQ(
      suite.sslbench({"export", suite.out.string(), "--to", "safetensors", "--only", "supervised", "-o", file}).code,
      0);
  suite.write("tiny.toml", std::string(kTinySuite) +
                               "[methods.on]\nmethod = \"simclr\"\nhidden = 32\nprojection = 16\n" +
                               "pretrain = { epochs = 1 }\ninit = \"" + file + "\"\n");
  const Ending end = suite.run({"--only", "on"});
  ASSERT_EQ(end.code, 0) << end.errors;
  const Record record = suite.record("on");
  EXPECT_EQ(measured(record, "knn", "top1_before").value, before);
  EXPECT_EQ(record.facts.at("started_from"), "start.safetensors");
  EXPECT_THAT(record.facts.at("notes"), Contains("pretrain: weights of start.safetensors"));
  EXPECT_THAT(record.facts.at("notes"), Contains("pretrain: weights: SHA-256 " + sha256_file(file)));
  EXPECT_THAT(suite.markdown(), HasSubstr("started from start.safetensors"));

  write_atomically(file, "changed");
  EXPECT_EQ(suite.run({"--only", "on"}).code, 2);
  EXPECT_THAT(suite.run({"--only", "on"}).errors, HasSubstr("start.safetensors"));
}

}  // namespace
}  // namespace sslbench
