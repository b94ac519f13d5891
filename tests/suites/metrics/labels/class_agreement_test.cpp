// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/labels/class_agreement.h"

#include <gtest/gtest.h>

#include <cmath>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

using Classes = std::vector<int64_t>;

TEST(ClassAgreementTest, EveryClassCountsTheSame) {
  const ClassAgreement got = class_agreement(Classes{0, 0, 0, 0, 1}, Classes{0, 0, 0, 0, 0}, 3);
  EXPECT_EQ(got.per_class.size(), 3u);
  EXPECT_EQ(got.per_class[0], 1);
  EXPECT_EQ(got.per_class[1], 0);
  EXPECT_TRUE(std::isnan(got.per_class[2]));
  EXPECT_EQ(got.mean_per_class, 0.5);
  EXPECT_EQ(got.accuracy, 0.8);
  EXPECT_NEAR(got.macro_f1, (8.0 / 9 + 0) / 2, 1e-15);
  EXPECT_EQ(got.kappa, 0);
}

TEST(ClassAgreementTest, AClassThatIsOnlyPredictedLowersF1Alone) {
  const ClassAgreement with = class_agreement(Classes{0, 0, 1, 1}, Classes{0, 0, 1, 2}, 3);
  EXPECT_EQ(with.mean_per_class, 0.75);
  EXPECT_NEAR(with.macro_f1, (1 + 2.0 / 3 + 0) / 3, 1e-15);
}

TEST(ClassAgreementTest, ChanceThatIsCertainLeavesKappaUndefined) {
  EXPECT_TRUE(std::isnan(class_agreement(Classes{1, 1}, Classes{1, 1}, 2).kappa));
  EXPECT_EQ(class_agreement(Classes{0, 1}, Classes{0, 1}, 2).kappa, 1);
}

TEST(ClassAgreementTest, WithoutItemsNothingIsDefined) {
  const ClassAgreement got = class_agreement({}, {}, 2);
  for (const double value : {got.mean_per_class, got.accuracy, got.macro_f1, got.kappa}) EXPECT_TRUE(std::isnan(value));
}

TEST(ClassAgreementTest, AClassOutsideIsAnInternalError) {
  EXPECT_THROW(class_agreement(Classes{2}, Classes{0}, 2), InternalError);
  EXPECT_THROW(class_agreement(Classes{0}, Classes{-1}, 2), InternalError);
}

}  // namespace
}  // namespace sslbench
