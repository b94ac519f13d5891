// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/page/report_sections.h"
#include "reports/text/document.h"
#include "tests/reports/results_folder.h"

namespace sslbench {
namespace {

using testing::HasSubstr;

constexpr double kMiB = 1 << 20;

std::string memory_section(const std::vector<std::pair<std::string, double>>& sources) {
  ComparisonInput input;
  Record record = sample_record("simclr", 0, 0.5);
  StageRecord& pretrain = record.stages.front();
  pretrain.peak_process_bytes = 100 * (1 << 20), pretrain.peak_tensor_bytes = 60 * (1 << 20);
  for (const auto& [metric, mebibytes] : sources) {
    Measurement m = sample_measurement("simclr", 0, "pretrain", metric, mebibytes * kMiB);
    m.split = "train", m.unit = "B", m.direction = "lower";
    pretrain.measurements.push_back(m);
  }
  input.planned.push_back({"simclr", 0, record.run});
  input.records.push_back(std::move(record));
  Document document;
  add_memory(compare(std::move(input)), document);
  return markdown_of(document);
}

TEST(MemorySectionTest, WhatTheSourcesLeaveOfTheProcessIsTheRest) {
  EXPECT_THAT(memory_section({{"memory_kept", 8}, {"memory_gradients", 4}, {"memory_batch", 48}, {"memory_images", 5}}),
              HasSubstr("| 8.0 MiB | 4.0 MiB | 48.0 MiB | 5.0 MiB | 35.0 MiB |"));
}

TEST(MemorySectionTest, SaysNothingOfRecordsThatDoNotTell) { EXPECT_EQ(memory_section({}), ""); }

}  // namespace
}  // namespace sslbench
