// SPDX-License-Identifier: Apache-2.0
// export of measurements as people start it.
#include <algorithm>

#include "tests/suites/cli/tracked_command.h"

namespace sslbench {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

class ExportCommandTest : public TrackedCommand {};

TEST_F(ExportCommandTest, ExportsAreWhatTheirReadersExpect) {
  const std::string now = results("now", {});
  const auto exported = [&](const std::string& format) {
    CliProcess process({"export", now, "--to", format});
    EXPECT_EQ(process.code(), 0) << process.errors();
    return process.output();
  };
  const std::string csv = exported("csv");
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 1 + 6 * 2);
  EXPECT_THAT(csv, HasSubstr("suite,dataset,method,backbone,seed"));
  EXPECT_EQ(json::parse(exported("json")).at("cells").size(), 4u);
  EXPECT_THAT(exported("latex"), AllOf(HasSubstr("\\toprule"), HasSubstr("linear\\_probe.top1"), HasSubstr("\\pm")));
  const json gbench = json::parse(exported("gbench"));
  EXPECT_EQ(gbench.at("benchmarks").size(), 6u);
  EXPECT_TRUE(gbench.at("benchmarks").at(0).contains("linear_probe.top1"));
  for (const json& one : json::parse(exported("gha"))) EXPECT_GT(one.at("value").get<double>(), 0);
  EXPECT_TRUE(json::parse(exported("bmf")).contains("tracked/byol"));
  EXPECT_TRUE(exported("openmetrics").ends_with("# EOF\n"));
  const std::string mllog = exported("mllog");
  EXPECT_TRUE(mllog.starts_with(":::MLLOG {"));
  EXPECT_THAT(mllog, HasSubstr("\"eval_accuracy\""));
  CliProcess tensorboard({"export", now, "--to", "tensorboard", "-o", path("tb").string()});
  EXPECT_EQ(tensorboard.code(), 0) << tensorboard.errors();
  const std::string events = read_file(path("tb/byol-s0-0123456789ab/events.out.tfevents.0.sslbench"));
  EXPECT_THAT(events, AllOf(HasSubstr("brain.Event:2"), HasSubstr("linear_probe/test/top1")));
  CliProcess nowhere({"export", now, "--to", "tensorboard"});
  EXPECT_EQ(nowhere.code(), 2);
}

}  // namespace
}  // namespace sslbench
