// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "methods/parts/self_distillation.h"
#include "suites/ground/error.h"
#include "tests/methods/formula_batch.h"

namespace sslbench {
namespace {

TEST(DinoTest, ACollapsedStudentCostsLogK) {
  const Tensor targets_GBK = at::softmax(formula_tensor({2, 3, 16}, 1, 1, 0), -1);
  const Tensor loss = cross_entropy_of_pairs(at::zeros({5, 3, 16}), targets_GBK, 0.1);
  EXPECT_NEAR(loss.item<double>(), std::log(16), 1e-5);
}

TEST(DinoTest, EveryCropFollowsAllTargetsButItsOwn) {
  constexpr int64_t B = 3, K = 16;
  for (const auto& [V, G] : {std::pair{5, 2}, std::pair{2, 2}, std::pair{4, 3}, std::pair{3, 1}}) {
    const Tensor student_VBK = formula_tensor({V, B, K}, 1, 1, 0).set_requires_grad(true);
    const Tensor by_pair_VBK = student_VBK.detach().clone().set_requires_grad(true);
    const Tensor targets_GBK = at::softmax(formula_tensor({G, B, K}, 3, 1, 0), -1);
    Tensor sum = at::zeros({});
    for (int64_t v = 0; v < V; ++v) {
      for (int64_t g = 0; g < G; ++g) {
        if (g != v) sum = sum - (targets_GBK[g] * at::log_softmax(by_pair_VBK[v] / 0.1, -1)).sum();
      }
    }
    const Tensor want = sum / static_cast<double>(G * (V - 1) * B);
    const Tensor got = cross_entropy_of_pairs(student_VBK, targets_GBK, 0.1);
    EXPECT_TRUE(got.allclose(want, 1e-6)) << V << " crops, " << G << " global";
    got.backward();
    want.backward();
    EXPECT_TRUE(student_VBK.grad().allclose(by_pair_VBK.grad(), 1e-5, 1e-7)) << V << " crops, " << G << " global";
  }
}

TEST(DinoTest, TheCentreTakesAwayWhatAllImagesShare) {
  const Tensor teacher = formula_tensor({2, 3, 16}, 1, 1, 0), shift_K = 5 * at::eye(16)[3], center_K = at::zeros({16});
  const Tensor plain = centred_targets(teacher, center_K, 0.07);
  EXPECT_TRUE(centred_targets(teacher + shift_K, shift_K, 0.07).allclose(plain, 1e-4, 1e-6));
  update_center(center_K, teacher + shift_K, 0.9);
  EXPECT_EQ(center_K.argmax().item<int64_t>(), 3);
}

TEST(DinoTest, TheLastLayerStaysForItsEpochsAndTheCentreMoves) {
  const auto method = tiny_on_vit("dino", 2, 2, {{"freeze_last_layer", 2}});
  const Tensor last = tensor_named(method->state(), "projector.last_layer.weight_v"),
               center = tensor_named(method->state(), "center");
  for (const int64_t epoch : {0, 1, 2}) {
    const Progress progress{epoch * 4, 40, 4};
    method->loss(formula_batch(4, 2, 2), progress).total.backward();
    method->after_backward(progress);
    EXPECT_EQ(last.grad().defined(), epoch == 2);
  }
  EXPECT_GT(center.abs().max().item<double>(), 0);
  EXPECT_FALSE(tensor_named(method->state(), "projector.last_layer.weight_g").requires_grad());
}

TEST(DinoTest, NeedsTwoCrops) { EXPECT_THROW(tiny_on_vit("dino", 1), UserError); }

TEST(KoleoTest, PushesApartAndNeverPairsAPointWithItself) {
  const Tensor near = at::tensor(std::vector<float>{1, 0, 1, 0.01f, -1, 0}).view({3, 2});
  const Tensor far = at::tensor(std::vector<float>{1, 0, -0.5f, 0.87f, -0.5f, -0.87f}).view({3, 2});
  EXPECT_GT(koleo(near).loss.item<double>(), koleo(far).loss.item<double>());
  const Tensor opposite = at::tensor(std::vector<float>{1, 0, -1, 0}).view({2, 2});
  EXPECT_TRUE(koleo(opposite).neighbour_N.equal(at::tensor(std::vector<int64_t>{1, 0})));
}

}  // namespace
}  // namespace sslbench
