// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;

// Fault matrix: 34
TEST(NonFiniteLossTest, EndsTheRunAndNamesTheStep) {
  const TinySuite suite;
  const Ending end = suite.run({"--set", "methods.supervised.pretrain.learning_rate=1000", "--set",
                                "methods.supervised.pretrain.optimizer=sgd", "--only", "s*"});
  EXPECT_EQ(end.code, 3) << end.errors;
  const Record record = suite.record("supervised");
  EXPECT_EQ(record.status, "failed(non_finite)");
  EXPECT_THAT(record.failure, AllOf(ContainsRegex("at step [0-9]+ of 40"), HasSubstr("learning rate")));
  EXPECT_THAT(suite.markdown(), HasSubstr("failed(non_finite)"));
  EXPECT_EQ(suite.record("simclr").status, "ok");
}

}  // namespace
}  // namespace sslbench
