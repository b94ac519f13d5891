// SPDX-License-Identifier: Apache-2.0
#include "suites/training/loss_scaler.h"

#include <gmock/gmock.h>

#include <limits>
#include <set>

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/training/saving/state_hash.h"
#include "suites/training/step.h"
#include "tests/suites/training/tiny_training.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// torch.amp.GradScaler("cpu") of PyTorch 2.11 with its defaults, after step i; of kBad the gradients were infinite:
//   o.zero_grad(); s.scale((p * (inf if i in bad else 1.)).sum()).backward(); s.step(o); s.update()
//   print(i, s.get_scale(), s._get_growth_tracker())
struct OfPyTorch {
  int64_t step;
  double scale;
  int64_t good_steps;
};
const std::set<int64_t> kBad = {1, 2, 1500, 3502, 6000, 10001};
constexpr OfPyTorch kOfPyTorch[] = {
    {0, 65536, 1},     {1, 32768, 0},      {2, 16384, 0},      {3, 16384, 1},     {1499, 16384, 1497}, {1500, 8192, 0},
    {1501, 8192, 1},   {3499, 8192, 1999}, {3500, 16384, 0},   {3501, 16384, 1},  {3502, 8192, 0},     {3503, 8192, 1},
    {5502, 16384, 0},  {5503, 16384, 1},   {5999, 16384, 497}, {6000, 8192, 0},   {8000, 16384, 0},    {8001, 16384, 1},
    {10000, 32768, 0}, {10001, 16384, 0},  {10002, 16384, 1},  {12001, 32768, 0}, {12002, 32768, 1}};

TEST(LossScalerTest, FollowsGradScalerStepByStep) {
  LossScaler scaler(at::kCPU);
  const Tensor parameter = at::ones({3}).set_requires_grad(true);
  const auto* want = std::begin(kOfPyTorch);
  for (int64_t i = 0; want != std::end(kOfPyTorch); ++i) {
    parameter.mutable_grad() = Tensor();
    scaler.scaled((parameter * (kBad.contains(i) ? kInfinity : 1.0)).sum()).backward();
    scaler.update(scaler.unscale({{"p", parameter}}));
    if (i != want->step) continue;
    EXPECT_EQ(scaler.scale().item<double>(), want->scale) << i;
    EXPECT_EQ(scaler.state()[1].second.item<int64_t>(), want->good_steps) << i;
    ++want;
  }
  EXPECT_EQ(scaler.skipped().item<double>(), static_cast<double>(kBad.size()));
}

TEST(LossScalerTest, GivesBackTheGradientsOfTheLossItselfAndSeesOneThatIsNotFinite) {
  const LossScaler scaler(at::kCPU);
  const Tensor a = at::arange(6, at::kFloat).set_requires_grad(true), b = at::ones({2}).set_requires_grad(true);
  const Tensor without = at::ones({2}).set_requires_grad(true);
  const std::vector<NamedTensor> parameters = {{"a", a}, {"without", without}, {"b", b}};
  scaler.scaled((a * a).sum() + b.sum()).backward();
  EXPECT_EQ(scaler.unscale(parameters).item<double>(), 0);
  EXPECT_TRUE(at::equal(a.grad(), 2 * a.detach()));
  EXPECT_FALSE(without.grad().defined());
  for (const double value : {kInfinity, -kInfinity, std::numeric_limits<double>::quiet_NaN()}) {
    b.mutable_grad()[1] = value;
    EXPECT_EQ(scaler.unscale(parameters).item<double>(), 1) << value;
  }
}

// Ten steps in float16 (a CPU computes it, though no run may ask for it), whose loss is `slope` at step 4 times as
// steep.
struct Scaled {
  explicit Scaled(const std::string& optimizer, int64_t steep_step = -1, double slope = 1)
      : steep_step(steep_step), slope(slope) {
    settings.precision = Precision::fp16;
    settings.optimizer.name = optimizer;
    step.emplace(task, settings, at::kCPU);
  }

  StepOutcome at_step(int64_t i) {
    const auto one = [&, i](const Progress&) {
      const Tensor x = at::arange(i, i + 32, at::kFloat).sin().view({8, 4}), y = model(x);
      const Tensor loss = (y.to(at::kFloat) - x.sum(1, true)).pow(2).mean() * 1e-3;
      return Loss{i == steep_step ? loss + slope * (y.to(at::kFloat) - y.detach().to(at::kFloat)).sum() : loss, {}, y};
    };
    return (*step)({one, {}}, {i, 10, 5}, {0.05, 0.05, 1e-3});
  }

  // Of parameters and optimizer, without what the scaler keeps and the running statistics.
  std::string hash() const {
    std::vector<NamedTensor> out = model.trainable();
    for (const NamedTensor& named : step->state()) {
      if (!named.first.starts_with("loss_scaler.")) out.push_back(named);
    }
    return state_hash(out, 0);
  }

  int64_t steep_step;
  double slope;
  TinyModel model{at::detail::createCPUGenerator(7)};
  TrainSettings settings;
  TrainTask task{.module = model};
  std::optional<Step> step;
};

TEST(LossScalerTest, AStepWhoseGradientsOverflowChangesNothingButTheScale) {
  for (const char* optimizer : {"sgd", "adam", "adamw", "lars"}) {
    Scaled training(optimizer, 4, 10);  // 65536 x 10 is more than float16 holds
    for (int64_t i = 0; i < 4; ++i) EXPECT_EQ(training.at_step(i).scaling->overflowed.item<double>(), 0) << optimizer;
    const std::string before = training.hash();
    const StepOutcome skipped = training.at_step(4);
    EXPECT_EQ(training.hash(), before) << optimizer;
    EXPECT_EQ(skipped.scaling->overflowed.item<double>(), 1) << optimizer;
    EXPECT_EQ(skipped.scaling->scale.item<double>(), 32768) << optimizer;
    EXPECT_TRUE(std::isfinite(skipped.loss.total.item<double>())) << "the loss itself is not scaled";
    EXPECT_EQ(training.at_step(5).scaling->overflowed.item<double>(), 0) << optimizer;
    EXPECT_NE(training.hash(), before) << optimizer;
    EXPECT_EQ(training.step->scaler()->skipped().item<double>(), 1) << optimizer;
  }
}

TEST(LossScalerTest, ASkippedStepIsNoneForWhatComesAfterIt) {
  for (const char* optimizer : {"sgd", "adam", "adamw", "lars"}) {
    Scaled with(optimizer, 4, 10), without(optimizer);
    for (int64_t i = 0; i < 10; ++i) {
      with.at_step(i);
      if (i != 4) without.at_step(i);
    }
    EXPECT_EQ(with.hash(), without.hash()) << optimizer << ": the scale is a power of two, so no bit hangs on it";
  }
}

TEST(LossScalerTest, SmallGradientsThatFloat16LosesSurvive) {
  const auto moved = [](bool scales) {
    const Tensor w = at::ones({4, 1}).set_requires_grad(true), x = at::ones({1, 4});
    const LossScaler scaler(at::kCPU);
    Tensor loss;
    {
      const Autocast half(at::kCPU, at::kHalf);
      loss = at::mm(x, w).to(at::kFloat).sum() * 1e-9;
    }
    (scales ? scaler.scaled(loss) : loss).backward();
    return w.grad().abs().max().item<double>() > 0;
  };
  EXPECT_TRUE(moved(true));
  EXPECT_FALSE(moved(false));
}

struct ScaledTraining : TinyTraining {
  ScaledTraining() { settings.precision = Precision::fp16; }
};

// Fault matrix: 34
TEST(LossScalerTest, ATrainingGoesOnOverASkippedStepAndItsRecordSaysSo) {
  const ScratchFolder folder;
  ScaledTraining training;
  training.steep_at = 30;
  const TrainOutcome outcome = training.run(folder.path());
  const auto& curves = training.record.curves;
  const std::vector<double>& scales = curves.at("loss_scale").value;
  ASSERT_EQ(scales.size(), 40);
  EXPECT_EQ(scales[30], scales[29] / 2) << "after step 31";
  EXPECT_EQ(scales[29], scales[28]);
  EXPECT_EQ(outcome.loss_scale, scales.back());
  EXPECT_EQ(outcome.loss_scale, LossScaler::kFirstScale * std::pow(0.5, outcome.skipped_steps));
  EXPECT_EQ(curves.at("loss").value.size(), 40);
  EXPECT_EQ(static_cast<double>(curves.at("gradient_norm").step.size()), 40 - outcome.skipped_steps);
  EXPECT_THAT(curves.at("gradient_norm").step, Not(::testing::Contains(31)));
  const ScratchFolder other;
  TinyTraining plain;
  EXPECT_EQ(plain.run(other.path()).skipped_steps, -1);
  EXPECT_FALSE(plain.record.curves.contains("loss_scale"));
}

TEST(LossScalerTest, AResumeGoesOnWithTheSameHashes) {
  const auto hashes = [](const StageRecord& record) {
    std::vector<std::string> out;
    for (const StateHash& hash : record.hashes) out.push_back(hash.state);
    return out;
  };
  const ScratchFolder whole;
  ScaledTraining straight;
  straight.steep_at = 12;
  straight.run(whole.path());
  for (const int64_t stop : {1, 12, 13, 14, 40}) {
    const ScratchFolder folder;
    ScaledTraining before, after;
    before.steep_at = after.steep_at = 12;
    before.stop_after = stop;
    EXPECT_THROW(before.run(folder.path()), Interrupted);
    const TrainOutcome outcome = after.run(folder.path());
    EXPECT_EQ(hashes(after.record), hashes(straight.record)) << stop;
    EXPECT_EQ(outcome.loss_scale, straight.record.curves.at("loss_scale").value.back()) << stop;
  }
  ScaledTraining other;
  const ScratchFolder folder;
  other.run(folder.path());
  EXPECT_NE(hashes(other.record), hashes(straight.record)) << "the scale is part of the state";
}

// Fault matrix: 34
TEST(LossScalerTest, ALossThatIsNotFiniteStillEndsTheTraining) {
  const ScratchFolder folder;
  ScaledTraining training;
  training.poison_at = 12;
  try {
    training.run(folder.path());
    FAIL();
  } catch (const RunFailure& failure) {
    EXPECT_EQ(failure.kind(), FailureKind::non_finite);
    EXPECT_THAT(failure.what(), HasSubstr("loss is not finite at step 13 of 40; try precision = \"bf16\""));
  }
}

}  // namespace
}  // namespace sslbench
