// SPDX-License-Identifier: Apache-2.0
#include "suites/training/pending_scalars.h"

#include <gmock/gmock.h>

#include <limits>

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;
using ::testing::Property;
using ::testing::ThrowsMessage;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

void add(PendingScalars& pending, int64_t step, double loss, double norm) {
  pending.add(step, at::full({}, loss, at::kFloat), at::full({}, norm, at::kFloat));
}

TEST(PendingScalarsTest, ReadsTheNewestStepAndForgetsWhatItRead) {
  PendingScalars pending(40);
  add(pending, 1, 0.5, 2);
  add(pending, 2, 0.1, 3);
  const auto newest = pending.read();
  ASSERT_TRUE(newest.has_value());
  EXPECT_EQ(newest->loss, static_cast<double>(0.1F));
  EXPECT_EQ(newest->gradient_norm, 3);
  EXPECT_FALSE(pending.read().has_value());
}

TEST(PendingScalarsTest, IsFullAfterItsCapacityAndNotBefore) {
  PendingScalars pending(40);
  for (size_t i = 0; i < PendingScalars::kCapacity; ++i) {
    EXPECT_FALSE(pending.full()) << i;
    add(pending, static_cast<int64_t>(i) + 1, 1, 1);
  }
  EXPECT_TRUE(pending.full());
  pending.read();
  EXPECT_FALSE(pending.full());
}

TEST(PendingScalarsTest, NamesTheFirstStepThatWasNotFiniteThoughLaterOnesAreNeither) {
  PendingScalars pending(40);
  add(pending, 5, 1, 1);
  add(pending, 6, 1, kInfinity);
  add(pending, 7, kNan, kNan);
  EXPECT_THAT([&] { pending.read(); },
              ThrowsMessage<RunFailure>(HasSubstr("gradient norm is not finite at step 6 of 40")));
  EXPECT_THAT([&] { pending.read(); }, ThrowsMessage<RunFailure>(HasSubstr("at step 6 of 40"))) << "read once more";
}

TEST(PendingScalarsTest, NamesTheLossWhereTheNormOfItsStepIsNotFiniteEither) {
  PendingScalars pending(40);
  add(pending, 6, kNan, kNan);
  EXPECT_THAT([&] { pending.read(); }, ThrowsMessage<RunFailure>(HasSubstr("loss is not finite at step 6 of 40")));
  EXPECT_THAT([&] { pending.read(); },
              ::testing::Throws<RunFailure>(Property(&RunFailure::kind, FailureKind::non_finite)));
}

TEST(PendingScalarsTest, KeepsTheValuesOfTheirStepThoughTheTensorsOfALaterOneTakeTheirPlace) {
  PendingScalars pending(40);
  at::Tensor loss = at::full({}, 0.25, at::kDouble).set_requires_grad(true);
  pending.add(1, loss * 2, at::full({}, 1, at::kFloat));
  loss.set_requires_grad(false).fill_(7);
  EXPECT_EQ(pending.read()->loss, 0.5);
}

LossScaling scaled(double overflowed, double scale) { return {at::full({}, overflowed), at::full({}, scale)}; }

TEST(PendingScalarsTest, AStepThatWasSkippedIsNoFailure) {
  PendingScalars pending(40);
  pending.add(1, at::ones({}), at::full({}, kInfinity), scaled(1, 32768));
  EXPECT_TRUE(pending.read()->skipped);
  pending.add(2, at::ones({}), at::ones({}), scaled(0, 32768));
  const auto newest = pending.read();
  EXPECT_FALSE(newest->skipped);
  EXPECT_EQ(newest->loss_scale, 32768);
  pending.add(3, at::ones({}), at::full({}, kInfinity), scaled(0, 32768));
  EXPECT_THROW(pending.read(), RunFailure) << "all gradients are finite, and their norm is not";
}

TEST(PendingScalarsTest, NamesTheStepAtWhichTheLossScaleIsUsedUp) {
  PendingScalars pending(400);
  double scale = LossScaler::kFirstScale;
  std::string why;
  int64_t step = 1;
  for (; why.empty() && step < 100; ++step) {
    scale *= LossScaler::kBackOff;
    pending.add(step, at::ones({}), at::full({}, kNan), scaled(1, scale));
    try {
      pending.read();
    } catch (const RunFailure& failure) {
      EXPECT_EQ(failure.kind(), FailureKind::non_finite);
      why = failure.what();
    }
  }
  EXPECT_THAT(why, HasSubstr("whatever the loss scale, which has halved down to nothing at step 30 of 400; try "
                             "precision = \"bf16\""));
}

}  // namespace
}  // namespace sslbench
