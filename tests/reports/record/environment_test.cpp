// SPDX-License-Identifier: Apache-2.0
#include "reports/record/environment.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace sslbench {
namespace {

TEST(EnvironmentTest, NamesBuildAndMachine) {
  const nlohmann::json got = environment();
  for (const char* key : {"version", "revision", "compiler", "build_type", "cpu", "kernel", "machine_class"}) {
    EXPECT_FALSE(got.at(key).get<std::string>().empty()) << key;
  }
  EXPECT_TRUE(got.at("dirty").is_boolean());
  EXPECT_GE(got.at("cores"), 1);
  EXPECT_GT(got.at("memory_bytes"), 1 << 20);
}

TEST(EnvironmentTest, LeavesTheHostNameOut) {
  char host[256] = {};
  ASSERT_EQ(gethostname(host, sizeof host - 1), 0);
  const nlohmann::json got = environment();
  for (const auto& [key, value] : got.items()) EXPECT_NE(value, host) << key;
}

TEST(EnvironmentTest, AGpuIsNamedBeforeTheCpuThatFeedsIt) {
  EXPECT_EQ(machine_class("Some CPU", 2), "Some CPU, 2 cores");
  EXPECT_EQ(machine_class("Some CPU", 2, "Some GPU"), "Some GPU; Some CPU, 2 cores");
}

}  // namespace
}  // namespace sslbench
