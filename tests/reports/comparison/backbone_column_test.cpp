// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/backbone_column.h"

#include <gmock/gmock.h>

#include "tests/reports/sample_record.h"

namespace sslbench {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> backbones(const std::vector<std::pair<std::string, nlohmann::json>>& rows) {
  ComparisonInput input;
  for (size_t i = 0; i < rows.size(); ++i) {
    Record record = sample_record("row" + std::to_string(i));
    record.backbone = rows[i].first;
    record.effective["backbone_settings"] = rows[i].second;
    input.planned.push_back({record.row, 0, record.run});
    input.records.push_back(std::move(record));
  }
  input.planned.push_back({"not_run", 0, "none"});
  return differing_backbones(compare(std::move(input)));
}

TEST(BackboneColumnTest, IsThereOnlyWhereRowsDifferAndNamesWhatDiffers) {
  const nlohmann::json narrow = {{"width", 16}, {"stem", "cifar"}}, wide = {{"width", 64}, {"stem", "cifar"}};
  EXPECT_THAT(backbones({{"resnet18", narrow}, {"resnet18", narrow}}), IsEmpty());
  EXPECT_THAT(backbones({{"resnet18", narrow}, {"vit_tiny", {{"patch", 4}}}}), ElementsAre("resnet18", "vit_tiny", ""));
  EXPECT_THAT(backbones({{"resnet18", narrow}, {"resnet18", wide}}),
              ElementsAre("resnet18, width 16", "resnet18, width 64", ""));
  EXPECT_THAT(backbones({{"resnet18", 3}, {"resnet18", nullptr}}), IsEmpty()) << "records of elsewhere";
}

}  // namespace
}  // namespace sslbench
