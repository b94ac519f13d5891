// SPDX-License-Identifier: Apache-2.0
#include "suites/training/captured_step.h"

#include <gmock/gmock.h>

#include "suites/tensors/aten.h"
#include "suites/tensors/to_device.h"
#include "suites/training/saving/state_hash.h"
#include "tests/suites/training/graphs/recorded_graph.h"
#include "tests/suites/training/tiny_training.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kSteps = 12;

// Exact in float32, as a GPU's rates are.
StepRates rates_at(int64_t step) {
  const double rate = 0.0625 / static_cast<double>(int64_t{1} << (step % 5));
  return {rate, 0.0625, 0.015625};
}

// Losses of a training that is called operator by operator, or captured; and all of its state behind every step.
class Training {
 public:
  Training(TrainSettings settings, bool captured) : settings_(std::move(settings)) {
    task_.after_step = [this](const Progress&) { averaged_.lerp_(model_.trainable()[0].second.detach(), 0.25); };
    if (captured) {
      step_ = std::make_unique<CapturedStep>(task_, settings_, at::kCPU,
                                             std::make_unique<RecordedGraphs>([this] { return state(); }));
    } else {
      step_ = std::make_unique<Step>(task_, settings_, at::kCPU);
    }
  }

  void one(int64_t rows = 8) {
    const auto x = std::make_shared<Tensor>(at::arange(done_, done_ + 4 * rows, at::kFloat).sin().view({rows, 4}));
    const auto loss = [this, x](const Progress&) {
      if (troubles) troubles();
      const Tensor y = model_(*x);
      return Loss{(y - x->sum(1, true)).pow(2).mean(), {{"mean", y.mean()}}, y};
    };
    PreparedStep prepared{loss, {}};
    if (tells_tensors) prepared.tensors = {x.get()};
    const StepOutcome outcome = (*step_)(prepared, {done_, kSteps, 4}, rates_at(done_));
    ++done_;
    seen += state_hash(state(), done_) + " ";
    for (const Tensor& each :
         {outcome.loss.total, outcome.loss.terms[0].second, outcome.gradient_norm, outcome.loss.embedding_ND.sum()}) {
      kept_.push_back(each);  // later replays must not change it
    }
  }

  std::string outcomes() const { return seen + state_hash({{"outcomes", at::stack(kept_)}}, 0); }
  std::string note() const { return step_->note(); }
  TrainTask& task() { return task_; }

  bool tells_tensors = true;
  std::function<void()> troubles;
  std::string seen;

 private:
  std::vector<NamedTensor> state() const {
    auto out = model_.state();
    for (const NamedTensor& named : step_->state()) out.push_back(named);
    out.emplace_back("averaged", averaged_);
    return out;
  }

  TinyModel model_{at::detail::createCPUGenerator(7)};
  Tensor averaged_ = at::zeros({8, 4});
  TrainSettings settings_;
  TrainTask task_{.module = model_};
  std::unique_ptr<Step> step_;
  std::vector<Tensor> kept_;
  int64_t done_ = 0;
};

std::string outcomes_of(const TrainSettings& settings, bool captured) {
  Training training(settings, captured);
  for (int64_t i = 0; i < kSteps; ++i) training.one();
  if (captured) {
    EXPECT_EQ(training.note(), "graph: 9 of 12 steps were replayed from 1 captured graph") << settings.optimizer.name;
  }
  return training.outcomes();
}

TrainSettings settings_of(const std::string& optimizer) {
  TrainSettings out;
  out.optimizer.name = optimizer;
  return out;
}

TEST(CapturedStepTest, GivesTheBitsOfAStepThatIsCalledOperatorByOperator) {
  for (const char* name : {"sgd", "adam", "adamw", "lars"}) {
    for (const double clip_norm : {0.0, 0.1}) {
      TrainSettings settings = settings_of(name);
      settings.clip_norm = clip_norm;
      EXPECT_EQ(outcomes_of(settings, true), outcomes_of(settings, false)) << name << ", clip_norm " << clip_norm;
    }
  }
}

TEST(CapturedStepTest, GivesTheSameBitsUnderAutocastAndWithAScaledLoss) {
  for (const Precision precision : {Precision::bf16, Precision::fp16}) {
    TrainSettings settings = settings_of("adamw");
    settings.precision = precision;
    EXPECT_EQ(outcomes_of(settings, true), outcomes_of(settings, false));
  }
}

TEST(CapturedStepTest, HasAGraphForEveryShapeAndKeepsTheNewest) {
  Training captured(settings_of("adamw"), true), called(settings_of("adamw"), false);
  for (const int64_t rows : {8, 6, 4, 10, 12, 8}) {
    for (int64_t i = 0; i < 5; ++i) captured.one(rows), called.one(rows);
  }
  EXPECT_EQ(captured.outcomes(), called.outcomes());
  // Five shapes and room for four: the first is captured again, at once.
  EXPECT_EQ(captured.note(), "graph: 15 of 30 steps were replayed from 6 captured graphs");
}

TEST(CapturedStepTest, IsCapturedAnewWhereTheHostDecidesOtherwise) {
  Training captured(settings_of("sgd"), true), called(settings_of("sgd"), false);
  for (Training* each : {&captured, &called}) {
    TrainTask& task = each->task();
    task.host_values = [](const Progress& progress) { return std::vector<double>{progress.step < 6 ? 1.0 : 0.0}; };
    task.after_backward = [&task](const Progress& progress) {
      if (progress.step < 6) task.module.trainable()[0].second.mutable_grad() = Tensor();
    };
    for (int64_t i = 0; i < kSteps; ++i) each->one();
  }
  EXPECT_EQ(captured.outcomes(), called.outcomes());
  EXPECT_EQ(captured.note(), "graph: 6 of 12 steps were replayed from 2 captured graphs");
}

TEST(CapturedStepTest, GivesUpOnShapesThatChangeTooOften) {
  Training captured(settings_of("sgd"), true);
  for (int64_t i = 0; i <= CapturedStep::kMostMisses; ++i) captured.one(2 + i);
  EXPECT_THAT(captured.note(), HasSubstr("operator by operator (the shapes of its batches, or what the host decides, "
                                         "change too often: 100 kinds in 101 steps)"));
}

// Runs `trouble` in every step and expects the bits of Step, and the reason in the note.
void expect_reason(const TrainSettings& settings, const std::string& why, const std::function<void()>& trouble = {},
                   bool tells_tensors = true) {
  Training captured(settings, true), called(settings, false);
  for (Training* each : {&captured, &called}) {
    each->troubles = trouble;
    each->tells_tensors = tells_tensors;
    for (int64_t i = 0; i < 6; ++i) each->one();
  }
  EXPECT_EQ(captured.outcomes(), called.outcomes()) << why;
  EXPECT_EQ(captured.note(), "graph: steps were called operator by operator (" + why + ")");
}

TEST(CapturedStepTest, SaysWhyASettingKeepsItFromBeingCaptured) {
  expect_reason(settings_of("lamb"), "the host counts the steps of lamb");
  TrainSettings settings = settings_of("sgd");
  settings.optimizer.dampening = 0.5;
  expect_reason(settings, "the host looks for first gradients where there is dampening");
  settings = settings_of("lars");
  settings.optimizer.lars_clip = true;
  expect_reason(settings, "this kind of lars takes the learning rate as a number");
  settings = settings_of("adamw");
  settings.weight_decay_end = 0.4;
  expect_reason(settings, "optimizers take a weight decay that changes (weight_decay_end) as a number");
  settings = settings_of("adamw");
  settings.accumulate = 2;
  expect_reason(settings, "a batch comes in parts (accumulate)");
  settings = settings_of("adamw");
  settings.recompute = true;
  expect_reason(settings, "activations are computed again in the backward pass (recompute)");
}

TEST(CapturedStepTest, SaysWhatOfItsLossKeepsItFromBeingCaptured) {
  expect_reason(settings_of("sgd"), "what its loss reads of a batch is not known", {}, /*tells_tensors=*/false);
  expect_reason(settings_of("sgd"), "a tensor that the host makes goes to the device within the step",
                [] { to_device(at::ones({2}), at::kCPU); });
  expect_reason(settings_of("sgd"), "the device objects", [] {
    if (Capture::current() != nullptr) TORCH_CHECK(false, "the device objects");
  });
}

TEST(CapturedStepTest, EndsWithAStepThatBreaks) {
  Training captured(settings_of("sgd"), true);
  captured.troubles = [] {
    if (Capture::current() != nullptr) throw std::runtime_error("it broke");
  };
  for (int64_t i = 0; i < CapturedStep::kWarmUp; ++i) captured.one();
  EXPECT_THROW(captured.one(), std::runtime_error);
  EXPECT_EQ(Capture::current(), nullptr);
}

// The test of the tests: what the host decided by itself is frozen, which the comparison sees.
TEST(CapturedStepTest, DiffersWhereAHostValueIsHidden) {
  Training captured(settings_of("sgd"), true), called(settings_of("sgd"), false);
  for (Training* each : {&captured, &called}) {
    TrainTask& task = each->task();
    task.after_backward = [&task](const Progress& progress) {
      const at::NoGradGuard no_grad;
      task.module.trainable()[0].second.grad().mul_(1 + static_cast<double>(progress.step));
    };
    for (int64_t i = 0; i < 6; ++i) each->one();
  }
  EXPECT_NE(captured.outcomes(), called.outcomes());
}

}  // namespace
}  // namespace sslbench
