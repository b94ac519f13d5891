// SPDX-License-Identifier: Apache-2.0
#include "suites/training/graphs/graph_option.h"

#include <gmock/gmock.h>

#include "suites/ground/error.h"
#include "suites/training/train_settings.h"

namespace sslbench {
namespace {

const at::Device kGpu("cuda:0");

TEST(GraphOptionTest, AsksForOneOnAGpuAlone) {
  EXPECT_TRUE(graph_asked("on", kGpu));
  EXPECT_TRUE(graph_asked("auto", kGpu));
  EXPECT_FALSE(graph_asked("off", kGpu));
  EXPECT_FALSE(graph_asked("auto", at::kCPU));
  EXPECT_FALSE(graph_asked("off", at::kCPU));
}

TEST(GraphOptionTest, OnWithoutAGpuIsAMistake) {
  const Settings asked("pretrain", pretrain_options(), {{"graph", "on"}});
  try {
    pretrain_settings(asked, at::kCPU);
    FAIL() << "it was taken";
  } catch (const UserError& error) {
    EXPECT_STREQ(error.what(),
                 "pretrain: graph = \"on\" needs a GPU, and this run is for cpu; use graph = \"auto\" or \"off\", or "
                 "--device cuda");
  }
}

TEST(GraphOptionTest, ProgramsBeforeItCapturedNothing) {
  EXPECT_EQ(graph_option().neutral, "off");
  EXPECT_FALSE(pretrain_settings(Settings("pretrain", pretrain_options(), nlohmann::json::object()), at::kCPU).graph);
}

}  // namespace
}  // namespace sslbench
