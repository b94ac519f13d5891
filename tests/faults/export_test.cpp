// SPDX-License-Identifier: Apache-2.0
// `export` and the method `checkpoint` are each other's inverse.
#include <gmock/gmock.h>

#include "suites/files/atomic_file.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

double knn_top1(const Record& record) {
  const Measurement& out = measured(record, "knn", "top1");
  EXPECT_EQ(out.split, "test");
  return out.value;
}

TEST(ExportTest, ExportedWeightsEvaluateToTheSameKnnAccuracy) {
  TinySuite suite;
  ASSERT_EQ(suite.run({"--only", "simclr"}).code, 0);
  const double before = knn_top1(suite.record("simclr"));
  const fs::path file = suite.folder() / "weights" / "simclr.safetensors";
  const Ending end =
      suite.sslbench({"export", suite.out.string(), "--to", "safetensors", "--only", "simclr", "-o", file.string()});
  ASSERT_EQ(end.code, 0) << end.errors;
  EXPECT_EQ(end.output, file.string() + "\n");
  EXPECT_THAT(end.errors, HasSubstr("neither timm nor torchvision has a network of convnet"));

  suite.write("tiny.toml", std::string(kTinySuite) + "[methods.ours]\nmethod = \"checkpoint\"\nweights = \"" +
                               file.string() + "\"\n");
  const Ending again = suite.run({"--only", "ours"});
  ASSERT_EQ(again.code, 0) << again.errors;
  EXPECT_EQ(knn_top1(suite.record("ours")), before);
}

TEST(ExportTest, TheFileSaysHowItsNetworkIsBuiltAndTheCommandHowItIsLoaded) {
  TinySuite suite;
  suite.write("tiny.toml", std::string(kTinySuite) +
                               "[methods.theirs]\nmethod = \"random_init\"\n"
                               "backbone = { name = \"mobilenet_v3_small\" }\n");
  ASSERT_EQ(suite.run({"--only", "theirs"}).code, 0);
  const std::string file = (suite.folder() / "theirs.safetensors").string();
  const Ending end =
      suite.sslbench({"export", suite.out.string(), "--to", "safetensors", "--only", "theirs", "-o", file});
  ASSERT_EQ(end.code, 0) << end.errors;
  EXPECT_THAT(end.errors, AllOf(HasSubstr("model = torchvision.models.mobilenet_v3_small()\n"),
                                HasSubstr("model.load_state_dict(load_file(\"" + file + "\"), strict=True)")));
  EXPECT_THAT(read_file(file), HasSubstr("torchvision.models.mobilenet_v3_small()"));
}

TEST(ExportTest, OnlyARowWithLabelsHasAHeadToExport) {
  const TinySuite suite;
  ASSERT_EQ(suite.run({"--only", "s*"}).code, 0);
  const auto exported = [&](const std::string& row, const std::string& to, bool with_head) {
    std::vector<std::string> words = {"export", suite.out.string(), "--to", "safetensors", "--only", row, "-o", to};
    if (with_head) words.push_back("--with-head");
    return suite.sslbench(words);
  };
  const std::string with = (suite.folder() / "with.safetensors").string();
  const std::string without = (suite.folder() / "without.safetensors").string();
  ASSERT_EQ(exported("supervised", with, true).code, 0);
  ASSERT_EQ(exported("supervised", without, false).code, 0);
  EXPECT_THAT(read_file(with), HasSubstr("\"head.weight\""));
  EXPECT_EQ(read_file(without).find("\"head.weight\""), std::string::npos);
  const Ending refused = exported("simclr", with, true);
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.errors, HasSubstr("no classification head"));
}

// Fault matrix: 23
TEST(CheckpointTest, WrongWeightsAreToldBeforeAnythingRuns) {
  TinySuite suite;
  const auto refused = [&](const std::string& row) {
    suite.write("tiny.toml", std::string(kTinySuite) + "[methods.theirs]\nmethod = \"checkpoint\"\n" + row);
    const Ending end = suite.run({"--only", "theirs"});
    EXPECT_EQ(end.code, 2) << end.errors;
    return end.errors;
  };
  EXPECT_THAT(refused(""), HasSubstr("weights"));
  EXPECT_THAT(refused("weights = \"nowhere.safetensors\"\n"), HasSubstr("there is no file 'nowhere.safetensors'"));
  suite.write("torn.safetensors", "not weights");
  EXPECT_THAT(refused("weights = \"torn.safetensors\"\n"),
              AllOf(HasSubstr("torn.safetensors"), HasSubstr("not a valid safetensors file")));
}

}  // namespace
}  // namespace sslbench
