// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "suites/spec/atomic_file.h"
#include "tests/suites/cli/cli_process.h"
#include "tests/suites/spec/scratch_folder.h"

namespace sslbench {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string golden(const std::string& name) { return SSLBENCH_SOURCE_DIR "/tests/golden/metrics/" + name; }

json scored(const std::vector<std::string>& words) {
  CliProcess process(words);
  EXPECT_EQ(process.code(), 0) << process.errors();
  return json::parse(process.output());
}

// One line on stderr, nothing on stdout, exit 2.
std::string refused(std::vector<std::string> words) {
  words.insert(words.begin(), "score");
  CliProcess process(words);
  EXPECT_EQ(process.code(), 2);
  EXPECT_THAT(process.output(), IsEmpty());
  const std::string said = process.errors();
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
  return said;
}

TEST(ScoreCommandTest, DetectionPrintsTheNumbersOfPycocotools) {
  for (const auto& [name, iou] : {std::pair("random_0", "bbox"), std::pair("segm_2", "segm")}) {
    const std::string folder = golden(std::string("coco_ap/") + name);
    const json expected = json::parse(read_file(folder + "/expected.json"));
    const json got = scored(
        {"score", "detection", "--truth", folder + "/gt.json", "--predictions", folder + "/dt.json", "--iou", iou});
    for (const auto& [key, value] : expected.at("stats").items()) {
      EXPECT_NEAR(got.at("stats").at(key).get<double>(), value.get<double>(), 1e-9) << key;
    }
    EXPECT_EQ(got.at("per_category").size(), expected.at("per_category").size());
  }
}

TEST(ScoreCommandTest, CasesGiveAListAndTensorsTheirNames) {
  const json holm = scored({"score", "holm", "--input", golden("holm.json")});
  const json cases = json::parse(read_file(golden("holm.json"))).at("cases");
  ASSERT_EQ(holm.size(), cases.size());
  EXPECT_EQ(holm.at(0).at("reject"), cases.at(0).at("expected").at("reject"));
  const json topk = scored({"score", "topk", "--input", golden("topk__s1.safetensors")});
  EXPECT_EQ(topk.at("out.prediction").size(), 40u);
  EXPECT_TRUE(topk.at("out.top1").is_number());
  const json ignored = scored({"score", "segmentation", "--input", golden("miou__all_ignored.json")});
  EXPECT_TRUE(ignored.at("miou").is_null());
}

TEST(ScoreCommandTest, BadInputIsOneClearLine) {
  const ScratchFolder folder;
  EXPECT_THAT(refused({"hom", "--input", "x"}), HasSubstr("did you mean 'holm'?"));
  EXPECT_THAT(refused({"holm"}), HasSubstr("--input holm.json"));
  EXPECT_THAT(refused({"detection", "--input", "x"}), HasSubstr("--truth gt.json"));
  EXPECT_THAT(refused({"holm", "--input", "/absent.json"}), HasSubstr("/absent.json"));
  EXPECT_THAT(refused({"holm", "--input", folder.write("a.json", "{\"input\": {\"p\": [\"x\"], \"alpha\": 0.05}}")}),
              HasSubstr("'p': expected a list"));
  EXPECT_THAT(refused({"holm", "--input", folder.write("b.json", "{\"cases\": [{}]}")}), HasSubstr("cases[0]"));
  EXPECT_THAT(refused({"topk", "--input", folder.write("c.safetensors", "xx")}), HasSubstr("shorter than its header"));
  EXPECT_THAT(refused({"topk", "--input", golden("holm.json")}), HasSubstr(".safetensors"));
  EXPECT_THAT(refused({"ece", "--input", golden("topk__s1.safetensors")}), HasSubstr("in.probabilities is missing"));
  const std::string truth = folder.write("gt.json", "{\"images\": [{\"id\": 1}], \"categories\": [{\"id\": 1}]}");
  EXPECT_THAT(refused({"detection", "--truth", truth, "--predictions", folder.write("dt.json", "[{\"image_id\": 1}]")}),
              HasSubstr("[0]: key 'category_id' not found"));
  EXPECT_THAT(refused({"detection", "--truth", truth, "--predictions", truth}), HasSubstr("is no list"));
  EXPECT_THAT(refused({"detection", "--truth", truth, "--predictions", truth, "--max-dets", "1,2"}),
              HasSubstr("--max-dets"));
}

}  // namespace
}  // namespace sslbench
