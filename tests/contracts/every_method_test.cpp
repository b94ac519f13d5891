// SPDX-License-Identifier: Apache-2.0
// What every registered method promises: a new one is tested before its author writes a test.
#include <gtest/gtest.h>

#include "datasets/batches/image_batches.h"
#include "datasets/install/installed.h"
#include "methods/backbones/vit.h"
#include "methods/method.h"
#include "methods/safetensors.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/library_threads.h"
#include "suites/training/optimizer.h"
#include "suites/training/saving/state_hash.h"
#include "tests/contracts/method_names.h"
#include "tests/methods/backbones/random_backbones.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

const ImageSet& images() {
  static const ImageSet all(open_dataset("shapes", {{"size", 32}, {"train_images", 96}}, Split::train, ""));
  return all;
}

constexpr int64_t kSteps = 40;  // planned, for schedules

// Whether methods that mask or select patches can work on it.
bool masks_patches(const std::string& backbone) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  const auto net = make_backbone(backbone, Registry<BackboneEntry>::find(backbone).tiny, generator);
  return dynamic_cast<const Vit*>(net.get()) != nullptr;
}

const nlohmann::json& small(const std::string& backbone) { return Registry<BackboneEntry>::find(backbone).tiny; }

// What the method sees with its own views at 32 px.
std::vector<ViewRecipe> recipes_of(const MethodEntry& entry) {
  const nlohmann::json preset = entry.presets.value("cifar", nlohmann::json::object());
  const Settings views("views", view_options(), preset.value("views", nlohmann::json::object()));
  return view_recipes_from(views, {entry.views, 32});
}

MethodInput input_of(const MethodEntry& entry) {
  const auto recipes = recipes_of(entry);
  MethodInput input{10, images().size(), 32};
  for (const ViewRecipe& recipe : recipes) ++(recipe.size == 32 ? input.views : input.local_views);
  input.local_size = recipes.empty() ? 0 : recipes.back().size;
  return input;
}

std::unique_ptr<Method> build(const MethodEntry& entry, uint64_t seed = 0, std::string backbone = "") {
  if (backbone.empty()) backbone = entry.needs_vit ? "vit_tiny" : "resnet18";
  auto method = make_method(entry.name, entry.tiny, {backbone, small(backbone)}, input_of(entry), seed);
  method->place(at::kCPU);
  return method;
}

TrainBatch batch_of(const MethodEntry& entry, int64_t first, int64_t count, int64_t epoch = 0) {
  std::vector<int64_t> samples;
  for (int64_t i = 0; i < count; ++i) samples.push_back((first + i) % images().size());
  return make_views(images(), samples, epoch, {recipes_of(entry), {{0.5f, 0.5f, 0.5f}, {0.25f, 0.25f, 0.25f}}, 0});
}

constexpr int64_t kStepsPerEpoch = 4;

// A method that looks at its images before the first step sees those that the test will use.
void observe(const MethodEntry& entry, Method& method, int64_t images_seen = 96) {
  const at::NoGradGuard no_grad;
  if (method.observes_first()) method.observe(batch_of(entry, 0, images_seen));
}

Loss loss_of(const MethodEntry& entry, Method& method, int64_t first, int64_t count, int64_t step = 0) {
  return method.loss(batch_of(entry, first, count, step / kStepsPerEpoch), {step, kSteps, kStepsPerEpoch});
}

// `steps` updates of Adam at 1e-3; returns the losses.
std::vector<double> train_steps(const MethodEntry& entry, Method& method, int64_t steps, int64_t batch,
                                int64_t from = 0) {
  const auto parameters = method.trainable();
  const auto optimizer = make_optimizer({"adam", 0, 0, true}, parameters);
  std::vector<double> losses;
  if (from == 0) observe(entry, method);
  for (int64_t step = from; step < from + steps; ++step) {
    for (const auto& [name, parameter] : parameters) parameter.mutable_grad() = Tensor();
    const Loss loss = loss_of(entry, method, step * batch, batch, step);
    loss.total.backward();
    method.after_backward({step, kSteps, kStepsPerEpoch});
    optimizer->step(1e-3);
    method.after_step({step + 1, kSteps, kStepsPerEpoch});
    losses.push_back(loss.total.item<double>());
  }
  return losses;
}

class EveryMethodTest : public ::testing::TestWithParam<std::string> {
 protected:
  const MethodEntry& entry_ = Registry<MethodEntry>::find(GetParam());
};
class EveryTrainedMethodTest : public EveryMethodTest {};
INSTANTIATE_TEST_SUITE_P(All, EveryMethodTest, ::testing::ValuesIn(method_names(WhichMethods::all)),
                         [](const auto& info) { return info.param; });
INSTANTIATE_TEST_SUITE_P(All, EveryTrainedMethodTest, ::testing::ValuesIn(method_names(WhichMethods::trained)),
                         [](const auto& info) { return info.param; });

TEST_P(EveryTrainedMethodTest, NamesWhatGoesWrongWithIt) { EXPECT_FALSE(entry_.pitfalls.empty()); }

// What a method sees of images that have nothing to do with each other, views of one image included.
TEST_P(EveryTrainedMethodTest, LosesItsChanceValueOnNoise) {
  if (!entry_.chance_loss) GTEST_SKIP() << "declares none";
  MethodInput input = input_of(entry_);
  input.batch_size = 16;
  const ChanceLoss chance =
      entry_.chance_loss(Settings("method '" + entry_.name + "'", entry_.options, entry_.tiny), input);
  if (std::isnan(chance.value)) GTEST_SKIP() << "declares none for these settings";
  ASSERT_LT(chance.lowest, chance.value);
  const auto method = build(entry_);
  observe(entry_, *method);
  TrainBatch batch = batch_of(entry_, 0, input.batch_size);
  at::Generator noise = at::detail::createCPUGenerator(5);
  for (Tensor& view : batch.views) view.copy_(at::randn(view.sizes(), noise));
  const double loss = method->loss(batch, {0, kSteps, kStepsPerEpoch}).total.item<double>();
  const double range = chance.value - chance.lowest;
  EXPECT_GT(loss, chance.value - 0.3 * range) << "chance " << chance.value;
  EXPECT_LT(loss, chance.value + 1.2 * range) << "chance " << chance.value;
}

TEST_P(EveryTrainedMethodTest, LosesTheSameWhereverItsNumbersAreDrawn) {
  const auto here = build(entry_), ahead = build(entry_);
  observe(entry_, *here), observe(entry_, *ahead);
  constexpr int64_t kStep = kStepsPerEpoch + 1;
  TrainBatch batch = batch_of(entry_, 0, 8, 1);
  thread_by_itself([&] { ahead->draw_for(batch, kStep); }).join();
  const Tensor total = ahead->loss(batch, {kStep, kSteps, kStepsPerEpoch}).total;
  EXPECT_TRUE(total.equal(loss_of(entry_, *here, 0, 8, kStep).total));
}

TEST_P(EveryTrainedMethodTest, HasAFiniteLossOnEveryBackbone) {
  for (const auto& [backbone, chosen] : backbone_families()) {
    if (entry_.needs_vit && !masks_patches(backbone)) {
      EXPECT_THROW(build(entry_, 0, backbone), UserError) << backbone;
      continue;
    }
    const auto method = build(entry_, 0, backbone);
    observe(entry_, *method);
    EXPECT_TRUE(std::isfinite(loss_of(entry_, *method, 0, 8).total.item<double>())) << backbone;
  }
}

// Fault matrix: 50
TEST_P(EveryTrainedMethodTest, TakesBatchesOf2To17OrSaysWhyNot) {
  const auto method = build(entry_);
  observe(entry_, *method);
  for (int64_t size = 1; size <= 17; ++size) {
    try {
      EXPECT_TRUE(std::isfinite(loss_of(entry_, *method, 0, size).total.item<double>())) << size;
    } catch (const UserError& error) {
      EXPECT_NE(std::string(error.what()).find("batch"), std::string::npos) << error.what();
    }
  }
}

TEST_P(EveryTrainedMethodTest, GivesEveryTrainableParameterAGradientAndTeachersNone) {
  const auto method = build(entry_);
  observe(entry_, *method);
  loss_of(entry_, *method, 0, 16).total.backward();
  for (const auto& [name, parameter] : method->parameters()) {
    ASSERT_EQ(parameter.grad().defined(), parameter.requires_grad()) << name;
    EXPECT_TRUE(!parameter.requires_grad() || parameter.grad().isfinite().all().item<bool>()) << name;
  }
}

TEST_P(EveryTrainedMethodTest, LearnsSomethingIn30Steps) {
  const auto method = build(entry_);
  const auto losses = train_steps(entry_, *method, 30, 32);
  const auto mean = [](auto from, auto to) { return std::accumulate(from, to, 0.0) / static_cast<double>(to - from); };
  const double before = mean(losses.begin(), losses.begin() + 5), after = mean(losses.end() - 5, losses.end());
  RecordProperty("before", std::to_string(before));
  RecordProperty("after", std::to_string(after));
  EXPECT_LT(after, before);
}

TEST_P(EveryTrainedMethodTest, RepeatsBitForBitFromASeed) {
  const auto first = build(entry_, 5), second = build(entry_, 5);
  train_steps(entry_, *first, 3, 16);
  train_steps(entry_, *second, 3, 16);
  EXPECT_EQ(state_hash(first->state(), 3), state_hash(second->state(), 3));
}

// Queues, centres, prototypes, teachers and schedules are all in the state, or follow from the step.
TEST_P(EveryTrainedMethodTest, GoesOnFromItsStateAloneInMidEpoch) {
  const auto first = build(entry_, 5), second = build(entry_, 5);
  train_steps(entry_, *first, 6, 16);
  ASSERT_EQ(copy_tensors(first->state(), second->state()), "");
  train_steps(entry_, *first, 3, 16, 6);
  train_steps(entry_, *second, 3, 16, 6);
  EXPECT_EQ(state_hash(first->state(), 9), state_hash(second->state(), 9));
}

TEST_P(EveryTrainedMethodTest, StaysFiniteInBf16) {
  const auto method = build(entry_);
  const Autocast autocast(at::kCPU, at::kBFloat16);
  observe(entry_, *method);
  const Loss loss = loss_of(entry_, *method, 0, 16);
  EXPECT_EQ(loss.total.scalar_type(), at::kFloat);
  EXPECT_TRUE(std::isfinite(loss.total.item<double>()));
}

TEST_P(EveryTrainedMethodTest, PaintsImagesLikeItsViewsOrNoneAndKeepsItsState) {
  const at::NoGradGuard no_grad;
  const auto method = build(entry_);
  method->train(false);
  const std::string before = state_hash(method->state(), 0);
  const TrainBatch batch = batch_of(entry_, 0, 3);
  for (const Tensor& image_NCHW : method->paint(batch)) {
    EXPECT_EQ(image_NCHW.sizes(), batch.views[0].sizes());
    EXPECT_TRUE(image_NCHW.isfinite().all().item<bool>());
  }
  EXPECT_EQ(state_hash(method->state(), 0), before);
}

TEST_P(EveryMethodTest, ReadsEverySettingItDeclares) {
  at::Generator generator = at::detail::createCPUGenerator(0);
  const std::string backbone = entry_.needs_vit ? "vit_tiny" : "resnet18";
  const auto trunk = [&] { return make_backbone(backbone, small(backbone), generator); };
  const ScratchFolder scratch;
  const std::string weights = scratch.path() / "weights.safetensors";
  nlohmann::json given = entry_.tiny;
  for (const Option& option : entry_.options) {
    if (option.type != OptionType::file) continue;
    write_safetensors({trunk()->state(), {}}, weights);
    given[option.name] = weights;
  }
  const Settings settings("method", entry_.options, given);
  const MethodInput input = input_of(entry_);
  entry_.make({settings, input, trunk(), generator, trunk, 0});
  EXPECT_TRUE(settings.unread().empty()) << "'" << settings.unread().front() << "' is declared and ignored";
  for (const Option& option : entry_.options) EXPECT_FALSE(option.help.empty()) << option.name;
  EXPECT_FALSE(entry_.summary.empty());
}

}  // namespace
}  // namespace sslbench
