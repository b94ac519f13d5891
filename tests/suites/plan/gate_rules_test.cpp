// SPDX-License-Identifier: Apache-2.0
#include "suites/plan/gate_rules.h"

#include <gmock/gmock.h>

#include "suites/ground/error.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;

class GateRulesTest : public testing::Test {
 protected:
  // What reading these rules from a file is refused for; "" = read.
  std::string refusal(const std::string& text) {
    const std::filesystem::path file = folder_.write("rules.toml", text);
    try {
      rules_ = read_gate_file(file);
    } catch (const UserError& error) {
      return error.what();
    }
    return "";
  }
  std::vector<GateRule> rules_;

 private:
  ScratchFolder folder_;
};

TEST_F(GateRulesTest, AFileHoldsTheTableOrItsRows) {
  const std::string row = "linear_probe.top1 = { max_drop = 0.5, unit = \"points\" }\n";
  for (const std::string& text : {"[gate]\n" + row, row}) {
    EXPECT_EQ(refusal(text), "");
    ASSERT_EQ(rules_.size(), 1u);
    EXPECT_EQ(rules_[0].row, "linear_probe");
    EXPECT_EQ(rules_[0].metric, "top1");
    EXPECT_EQ(rules_[0].max_drop, 0.5);
    EXPECT_EQ(rules_[0].unit, "points");
  }
}

TEST_F(GateRulesTest, AMistakeIsToldWithWhatToWrite) {
  EXPECT_THAT(refusal("[gates]\nlinear_probe.top1 = { max_drop = 1, unit = \"points\" }\n"),
              HasSubstr("unknown table [gates]; did you mean [gate]?"));
  EXPECT_THAT(refusal("[gate]\n\"detection.ap\" = { max_drop = 1, unit = \"points\" }\n"),
              HasSubstr("write detection.ap without quotes"));
  EXPECT_THAT(refusal("[gate]\npretrain.wall_time = { max_rise = 5, unit = \"percent\" }\n"),
              HasSubstr("write pretrain.wall_time = { max_drop = 5, unit = \"percent\" }"));
  EXPECT_THAT(refusal("[gate]\nknn.top1 = { max_rise = 5, unit = \"points\" }\n"),
              HasSubstr("write knn.top1 = { max_drop = 0.5, unit = \"points\" }"));
  EXPECT_THAT(refusal("[gate]\nknn.top1 = { max_drop = 5 }\n"), HasSubstr("both max_drop and unit"));
}

}  // namespace
}  // namespace sslbench
