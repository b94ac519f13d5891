// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/cost_book.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "suites/files/atomic_file.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

class CostBookTest : public testing::Test {
 protected:
  CostBookTest() { ::setenv("XDG_CACHE_HOME", folder_.path().c_str(), 1); }
  ~CostBookTest() override { ::unsetenv("XDG_CACHE_HOME"); }
  ScratchFolder folder_;
};

TEST_F(CostBookTest, KeepsWhatWasMeasuredOverWhatWasForetold) {
  keep_costs("here", {{"a", {.seconds = 10, .records = 2}}, {"b", {.seconds = 5}}});
  keep_costs("here",
             {{"a", {.seconds = 99}}, {"b", {.seconds = 6, .process_bytes = 7, .disk_bytes = 8, .records = 1}}});
  const CostBook book = read_cost_book("here");
  EXPECT_DOUBLE_EQ(book.at("a").seconds, 10);
  EXPECT_DOUBLE_EQ(book.at("b").seconds, 6);
  EXPECT_EQ(book.at("b").process_bytes, 7);
  EXPECT_EQ(book.at("b").disk_bytes, 8);
  EXPECT_TRUE(read_cost_book("elsewhere").empty());
}

TEST_F(CostBookTest, WhatOnlyACalibrationTellsStaysBesideWhatWasMeasured) {
  keep_costs("here", {{"a", {.seconds = 5, .batch = {100, 10}}}});
  keep_costs("here", {{"a", {.seconds = 10, .records = 2}}});
  const CostBook book = read_cost_book("here");
  EXPECT_DOUBLE_EQ(book.at("a").seconds, 10);
  EXPECT_EQ(book.at("a").batch.bytes, 100);
  EXPECT_EQ(book.at("a").batch.image_bytes, 10);
}

TEST_F(CostBookTest, ADamagedFileIsAnEmptyBookAndIsWrittenAnew) {
  keep_costs("here", {{"a", {.seconds = 10}}});
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder_.path())) {
    if (file.is_regular_file()) write_atomically(file.path(), R"({"schema": "sslbench.costs/2", "stages": {"a": 1}})");
  }
  EXPECT_TRUE(read_cost_book("here").empty());
  keep_costs("here", {{"b", {.seconds = 1}}});
  EXPECT_EQ(read_cost_book("here").size(), 1u);
}

}  // namespace
}  // namespace sslbench
