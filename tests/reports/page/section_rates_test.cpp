// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/page/report_sections.h"
#include "reports/text/document.h"
#include "tests/reports/results_folder.h"

namespace sslbench {
namespace {

using testing::HasSubstr;

Measurement on_held_out(const std::string& metric, double value) {
  Measurement out = sample_measurement("simclr", 0, "linear_probe", metric, value);
  out.split = "val";
  out.n = 409;
  return out;
}

std::string rates_section(const std::vector<Measurement>& measurements) {
  ComparisonInput input;
  Record record = sample_record("simclr", 0, 0.5);
  for (const Measurement& m : measurements) record.stages.back().measurements.push_back(m);
  input.planned.push_back({"simclr", 0, record.run});
  input.records.push_back(std::move(record));
  Document document;
  add_rates(compare(std::move(input)), document);
  return markdown_of(document);
}

TEST(RatesSectionTest, TellsEveryTrialAndTheChoice) {
  Measurement diverged = on_held_out("trial_ap/0.1", std::nan(""));
  diverged.reason = "training at this rate diverged";
  const std::string text = rates_section({on_held_out("trial_ap/0.001", 0.123), on_held_out("trial_ap/0.01", 0.25),
                                          diverged, on_held_out("learning_rate", 0.01)});
  EXPECT_THAT(text, HasSubstr("| 0.01 | ap | 409 | 0.001: 12.3, 0.01: 25.0, 0.1: training at this rate diverged |"));
}

TEST(RatesSectionTest, AChosenInputIsNamedAsItsTrialIs) {
  const std::string text = rates_section(
      {on_held_out("trial_top1/cls1/0.1", 0.2), on_held_out("trial_top1/cls4+patches/0.1", 0.25),
       on_held_out("learning_rate", 0.1), on_held_out("input_blocks", 4), on_held_out("input_patches", 1)});
  EXPECT_THAT(text, HasSubstr("| cls4+patches/0.1 | top1 | 409 | cls1/0.1: 20.0, cls4+patches/0.1: 25.0 |"));
}

TEST(RatesSectionTest, ARateThatWasChosenWithoutTrialsIsNotListed) {
  EXPECT_EQ(rates_section({on_held_out("learning_rate", 0.01)}), "");
}

}  // namespace
}  // namespace sslbench
