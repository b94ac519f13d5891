// SPDX-License-Identifier: Apache-2.0
// Traced models train as our own do.
#include "methods/foreign/traced_network.h"

#include <gmock/gmock.h>

#include "methods/method.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/training/optimizer.h"
#include "tests/golden/formula.h"
#include "tests/methods/foreign/fixture.h"
#include "tests/methods/small_method.h"

namespace sslbench {
namespace {

std::unique_ptr<Method> method_on(const std::string& name, const BackboneChoice& backbone) {
  const MethodEntry& entry = Registry<MethodEntry>::find(name);
  const MethodInput input{.classes = 10, .examples = 96, .image_size = 32, .views = entry.views};
  auto method = make_method(name, entry.tiny, backbone, input, 3);
  method->place(at::kCPU);
  method->train(true);
  return method;
}

BackboneChoice traced(const std::string& name) { return {"traced", {{"file", fixture(name)}}}; }
const BackboneChoice kOurs{"resnet18", {{"width", 8}, {"stem", "cifar"}}};

double step(Method& method, Optimizer& optimizer, int64_t number) {
  TrainBatch batch = noise_batch(8);
  for (size_t v = 0; v < batch.views.size(); ++v) {
    batch.views[v] =
        formula_image(8, 16, 16, 2 * number + static_cast<int64_t>(v), 1).contiguous(at::MemoryFormat::ChannelsLast);
  }
  for (const auto& [name, parameter] : method.trainable()) parameter.mutable_grad() = Tensor();
  method.begin_step({5, number / 4, batch.samples});
  const Loss loss = method.loss(batch, {number, 40, 4});
  loss.total.backward();
  optimizer.step(1e-2);
  method.after_step({number + 1, 40, 4});
  return loss.total.item<double>();
}

double largest_difference(const std::vector<NamedTensor>& some, const std::vector<NamedTensor>& others) {
  double out = 0;
  for (const auto& [name, tensor] : others) {
    out = std::max(out, (tensor_named(some, name).to(at::kDouble) - tensor.to(at::kDouble)).abs().max().item<double>());
  }
  return out;
}

TEST(TracedNetworkTest, NamesAndTheirOrderAreThoseOfTheNetworkInTheFile) {
  const auto theirs = method_on("simclr", traced("resnet18.ts")), ours = method_on("simclr", kOurs);
  const auto a = theirs->backbone().state_dict(), b = ours->backbone().state_dict();
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].first, b[i].first);
}

// With torchvision's ResNet-18 traced by Python, and our own from the same weights.
TEST(TracedNetworkTest, SimClrTrainsATracedResNetStepByStepAsOurs) {
  const auto theirs = method_on("simclr", traced("resnet18.ts")), ours = method_on("simclr", kOurs);
  ASSERT_EQ(copy_tensors(theirs->state_dict(), ours->state_dict()), "");
  const auto theirs_moves = make_optimizer({"sgd", 1e-4, 0.9, true}, theirs->trainable());
  const auto ours_moves = make_optimizer({"sgd", 1e-4, 0.9, true}, ours->trainable());
  for (int64_t i = 0; i < 20; ++i) {
    EXPECT_NEAR(step(*theirs, *theirs_moves, i), step(*ours, *ours_moves, i), 1e-5) << "step " << i;
    EXPECT_LT(largest_difference(theirs->state(), ours->state()), 1e-5) << "step " << i;
  }
}

TEST(TracedNetworkTest, AGradientReachesEveryParameterAtAnyBatchSize) {
  for (const char* file : {"resnet18.ts", "attention.ts"}) {
    const auto backbone = foreign_backbone(file);
    const Tensor h_ND = backbone->features(formula_image(5, 32, 32, 0, 1));
    (h_ND * formula_tensor(h_ND.sizes(), 998, 1, 0)).sum().backward();
    EXPECT_FALSE(backbone->trainable().empty());
    for (const auto& [name, tensor] : backbone->trainable()) {
      ASSERT_TRUE(tensor.grad().defined()) << file << ": " << name;
      EXPECT_GT(tensor.grad().abs().max().item<double>(), 0) << file << ": " << name;
    }
  }
}

TEST(TracedNetworkTest, TrainingMovesTheStatisticsOfBatchNormAndEvaluationDoesNot) {
  const auto backbone = foreign_backbone("resnet18.ts");
  const Tensor x = formula_image(4, 32, 32, 0, 1), mean = tensor_named(backbone->buffers(), "bn1.running_mean");
  EXPECT_EQ(mean.abs().max().item<double>(), 0) << "as it was before it was traced";
  backbone->train(false);
  const Tensor before = backbone->features(x);
  EXPECT_TRUE(at::equal(before, backbone->features(x)));
  EXPECT_EQ(mean.abs().max().item<double>(), 0);
  backbone->train(true);
  EXPECT_FALSE(at::equal(before, backbone->features(x)));
  EXPECT_GT(mean.abs().max().item<double>(), 0);
  EXPECT_EQ(tensor_named(backbone->buffers(), "bn1.num_batches_tracked").item<int64_t>(), 1);
}

TEST(TracedNetworkTest, DropoutDrawsWhatTheStepSays) {
  const auto backbone = foreign_backbone("attention.ts");
  const Tensor x = formula_image(4, 32, 32, 0, 1);
  const auto drawn = [&](int64_t epoch) {
    backbone->begin_step({1, epoch, {0, 1, 2, 3}});
    return backbone->features(x).detach();
  };
  const Tensor first = drawn(0);
  EXPECT_FALSE(at::equal(first, drawn(1)));
  EXPECT_TRUE(at::equal(first, drawn(0)));
}

TEST(TracedNetworkTest, ATeacherIsACopyThatFollows) {
  const auto method = method_on("moco_v3", traced("resnet18.ts"));
  const auto optimizer = make_optimizer({"sgd", 0, 0.9, true}, method->trainable());
  const Tensor student = tensor_named(method->state(), "backbone.conv1.weight"),
               teacher = tensor_named(method->state(), "momentum_backbone.conv1.weight");
  ASSERT_TRUE(teacher.defined());
  EXPECT_TRUE(at::equal(student, teacher));
  EXPECT_FALSE(teacher.requires_grad());
  step(*method, *optimizer, 0);
  EXPECT_FALSE(at::equal(student, teacher));
}

TEST(TracedNetworkTest, HalfPrecisionComputesInsideAndGivesFullFeatures) {
  for (const char* file : {"resnet18.ts", "attention.ts"}) {
    const auto backbone = foreign_backbone(file);
    const Tensor x = formula_image(4, 32, 32, 0, 1);
    backbone->train(false);
    const Tensor full = backbone->features(x);
    const Autocast half(at::kCPU, at::kBFloat16);
    const Tensor features = backbone->features(x);
    EXPECT_EQ(features.scalar_type(), at::kFloat) << file;
    EXPECT_FALSE(at::equal(full, features)) << file;
    EXPECT_LT((full - features).abs().max().item<double>(), 0.05 * full.abs().max().item<double>()) << file;
  }
}

}  // namespace
}  // namespace sslbench
