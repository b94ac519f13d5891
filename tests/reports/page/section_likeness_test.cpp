// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "reports/page/report_folder.h"
#include "reports/record/record_samples.h"
#include "suites/metrics/representation_similarity.h"
#include "tests/reports/results_folder.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kHeading = "## Between the untrained network and the ceiling";

// Small numbers that differ by `seed`, as halves: 1 to 2 in steps of 1/1024.
KeptFeatures made_up(uint32_t seed) {
  KeptFeatures out{12, 3, {}};
  for (uint32_t i = 0; i < 36; ++i) {
    seed = seed * 1664525 + 1013904223;
    const uint32_t half = 0x3c00 + (seed >> 22);
    out.halves.push_back(static_cast<uint8_t>(half));
    out.halves.push_back(static_cast<uint8_t>(half >> 8));
  }
  return out;
}

Record with_features(const std::string& row, const std::string& role, int64_t seed, const KeptFeatures& features) {
  Record record = sample_record(row, seed, 0.5);
  record.facts["role"] = role;
  StageRecord stage;
  stage.name = stage.plugin = "representation";
  stage.key = std::string(64, 'd');
  stage.status = "ok";
  for (const char* metric : {"rankme", "cka_untrained"}) {
    stage.metrics.own().push_back({.name = metric, .better = Better::none, .kind = MetricKind::quantity});
    if (role == "floor" && metric == std::string("cka_untrained")) continue;
    stage.measurements.push_back(sample_measurement(row, seed, "representation", metric, 0.25));
    stage.measurements.back().direction = "none";
  }
  stage.features = features;
  record.stages.push_back(stage);
  return record;
}

double between(uint32_t a, uint32_t b) {
  const auto matrix = [](const KeptFeatures& f) {
    return Matrix{static_cast<size_t>(f.images), static_cast<size_t>(f.dimensions), values_of(f)};
  };
  return unbiased_linear_cka(matrix(made_up(a)), matrix(made_up(b)));
}

std::string report_of(const std::vector<Record>& records) {
  const ScratchFolder folder;
  write_results(folder.path(), records);
  return read_file(report_folder({folder.path()}, "").report);
}

std::string four_digits(double value) {
  char out[32];
  std::snprintf(out, sizeof out, "%.4g", value);
  return out;
}

TEST(SectionLikenessTest, EveryRowIsHeldAgainstTheCeilingOfItsSeed) {
  const std::string text =
      report_of({with_features("random_init", "floor", 0, made_up(5)), with_features("simclr", "", 0, made_up(1)),
                 with_features("supervised", "ceiling", 0, made_up(2))});
  EXPECT_THAT(text, HasSubstr(kHeading));
  EXPECT_THAT(text, HasSubstr("| `random_init` | `representation` | shapes | not measured | `supervised` | " +
                              four_digits(between(5, 2))));
  EXPECT_THAT(text, HasSubstr("| `simclr` | `representation` | shapes | 0.25"));
  EXPECT_THAT(text, HasSubstr("| `supervised` | " + four_digits(between(1, 2))));
}

TEST(SectionLikenessTest, SeedsArePairedAndSpanAnInterval) {
  const std::string text =
      report_of({with_features("simclr", "", 0, made_up(1)), with_features("simclr", "", 1, made_up(2)),
                 with_features("simclr", "", 2, made_up(7)), with_features("supervised", "ceiling", 0, made_up(1)),
                 with_features("supervised", "ceiling", 1, made_up(2))});
  EXPECT_THAT(text, HasSubstr("| `supervised` | 1")) << "each seed's own features: the same ones";
  EXPECT_THAT(text, HasSubstr("(n = 2)†"));
}

TEST(SectionLikenessTest, WithoutFeaturesOrACeilingThereIsNothing) {
  const Record row = with_features("simclr", "", 0, made_up(1));
  EXPECT_THAT(report_of({row, with_features("other", "", 0, made_up(2))}), Not(HasSubstr(kHeading)));
  EXPECT_THAT(report_of({row, with_features("supervised", "ceiling", 0, {})}), Not(HasSubstr(kHeading)));
  EXPECT_THAT(report_of({row, with_features("supervised", "ceiling", 1, made_up(2))}), Not(HasSubstr(kHeading)));
  const KeptFeatures fewer{1, 2, {0, 0x3c, 0, 0x3c}};
  EXPECT_THAT(report_of({row, with_features("supervised", "ceiling", 0, fewer)}), Not(HasSubstr(kHeading)));
}

}  // namespace
}  // namespace sslbench
