// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "reports/record/record_samples.h"
#include "suites/metrics/effective_rank.h"
#include "suites/metrics/representation_similarity.h"
#include "suites/protocols/frozen/plain_arrays.h"
#include "tests/suites/protocols/made_up_features.h"

namespace sslbench {
namespace {

using at::Tensor;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int64_t kWidth = 32;

// Features that `of` makes of independent normal numbers.
FeatureCache::Extract made_of(const std::function<Tensor(const Tensor&)>& of) {
  return [of](const DatasetSpec&, Split split) {
    EXPECT_EQ(split, Split::test) << "of one part alone";
    at::Generator generator = at::detail::createCPUGenerator(11);
    return Features{of(at::randn({kTestMadeUp, kWidth}, generator)), even_labels(split), 1};
  };
}

StageRecord measured(const std::function<Tensor(const Tensor&)>& of, std::vector<std::string>* notes = nullptr) {
  return measured_on("representation", {made_of(of)}, notes);
}

TEST(RepresentationTest, AHealthyEncoderShowsNoSignOfACollapse) {
  std::vector<std::string> notes;
  EXPECT_EQ(value_of(measured([](const Tensor& x) { return x; }, &notes), "collapse", "test"), 0);
  // As of networks with a ReLU at their end: all positive, so that a common direction is strong.
  EXPECT_EQ(value_of(measured([](const Tensor& x) { return (x + 3).clamp_min(0); }, &notes), "collapse", "test"), 0);
  EXPECT_THAT(notes, IsEmpty());
}

TEST(RepresentationTest, APlantedCollapseIsFlaggedWithItsSign) {
  std::vector<std::string> notes;
  const StageRecord constant = measured([](const Tensor& x) { return 1 + 1e-4 * x; }, &notes);
  EXPECT_EQ(value_of(constant, "collapse", "test"), 1);
  EXPECT_THAT(notes, ElementsAre(HasSubstr("collapse: features of all images point the same way")));
  notes.clear();
  const StageRecord line = measured([](const Tensor& x) { return x.narrow(1, 0, 1).expand({-1, kWidth}); }, &notes);
  EXPECT_EQ(value_of(line, "collapse", "test"), 1);
  EXPECT_THAT(notes, ElementsAre(HasSubstr("one direction at most")));
  EXPECT_EQ(value_of(measured([](const Tensor& x) { return at::zeros_like(x); }), "collapse", "test"), 2);
  const StageRecord equal = measured([](const Tensor& x) { return at::ones_like(x); });
  EXPECT_EQ(value_of(equal, "collapse", "test"), 2);
  for (const Measurement& m : equal.measurements) {
    if (m.metric == "nesum" || m.metric == "alpha") EXPECT_TRUE(m.undefined()) << m.metric;
  }
}

TEST(RepresentationTest, RanksAreThoseOfTheMetricsAndFallWithTheSpectrum) {
  const auto flat = [](const Tensor& x) { return x; };
  const auto steep = [](const Tensor& x) { return x * at::arange(1, kWidth + 1, at::kFloat).pow(-1.5); };
  const StageRecord even = measured(flat), uneven = measured(steep);
  const Matrix h = matrix_of(made_of(flat)({}, Split::test).h_ND);
  EXPECT_NEAR(value_of(even, "rankme", "test"), effective_rank(h).rankme, 1e-6);
  EXPECT_NEAR(value_of(even, "rankme_centered", "test"), effective_rank(h).rankme_centered, 1e-6);
  EXPECT_NEAR(value_of(uneven, "alpha", "test"), 3, 0.35) << "eigenvalues fall as the square";
  EXPECT_EQ(value_of(uneven, "alpha_last_rank", "test"), kWidth);
  for (const char* metric : {"rankme", "nesum", "stable_rank", "stable_rank_centered"}) {
    EXPECT_LT(value_of(uneven, metric, "test"), value_of(even, metric, "test")) << metric;
  }
  EXPECT_LT(value_of(even, "uniformity", "test"), value_of(uneven, "uniformity", "test"));
}

Matrix kept(const StageRecord& record) {
  const KeptFeatures& of = record.features;
  return {static_cast<size_t>(of.images), static_cast<size_t>(of.dimensions), values_of(of)};
}

TEST(RepresentationTest, LikenessOfKeptFeaturesIsThatOfTheFeatures) {
  const auto plain = [](const Tensor& x) { return x; };
  const std::vector<std::function<Tensor(const Tensor&)>> others{
      [](const Tensor& x) { return 1e7 * (x + 3).clamp_min(0); },  // beyond what float16 holds
      [](const Tensor& x) { return 1e-9 * x.cumsum(0); },          // below it
      [](const Tensor& x) { return x * at::arange(1, kWidth + 1, at::kFloat).pow(-4) + 10; }};
  const StageRecord one = measured(plain);
  for (const auto& other : others) {
    const Matrix x = matrix_of(made_of(plain)({}, Split::test).h_ND),
                 y = matrix_of(made_of(other)({}, Split::test).h_ND);
    EXPECT_NEAR(unbiased_linear_cka(kept(one), kept(measured(other))), unbiased_linear_cka(x, y), 1e-3);
  }
}

TEST(RepresentationTest, FeaturesAreKeptBitForBitAndNotWhereNobodyWantsThem) {
  const auto plain = [](const Tensor& x) { return x; };
  const StageRecord first = measured(plain), second = measured(plain);
  EXPECT_EQ(first.features.images, kTestMadeUp);
  EXPECT_EQ(first.features.halves, second.features.halves);
  const StageRecord without = measured_on("representation", {made_of(plain), {{"keep_features", false}}});
  EXPECT_EQ(without.features.images, 0);
  EXPECT_EQ(value_of(without, "rankme", "test"), value_of(first, "rankme", "test"));
}

}  // namespace
}  // namespace sslbench
