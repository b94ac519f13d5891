// SPDX-License-Identifier: Apache-2.0
#include "methods/distill.h"

#include <gmock/gmock.h>

#include "methods/safetensors.h"
#include "suites/ground/error.h"
#include "suites/training/optimizer.h"
#include "tests/methods/foreign/fixture.h"
#include "tests/methods/small_method.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::StartsWith;

double cosine(const float* a, const float* b, int64_t size) {
  double ab = 0, aa = 0, bb = 0;
  for (int64_t i = 0; i < size; ++i) ab += a[i] * b[i], aa += a[i] * a[i], bb += b[i] * b[i];
  return ab / std::sqrt(aa * bb);
}

// The divergence of one image by loops in float64; `own` < 0: without an anchor of its own.
double divergence(const std::vector<double>& student, const std::vector<double>& teacher, double tau,
                  double teacher_tau) {
  const auto softmax = [](const std::vector<double>& cos, double temperature) {
    std::vector<double> p;
    double sum = 0;
    for (const double each : cos) p.push_back(std::exp(each / temperature)), sum += p.back();
    for (double& each : p) each /= sum;
    return p;
  };
  const auto p = softmax(teacher, teacher_tau), q = softmax(student, tau);
  double out = 0;
  for (size_t j = 0; j < p.size(); ++j) out += p[j] * std::log(p[j] / q[j]);
  return out;
}

TEST(DistillTest, SimilarityDivergenceIsSeedsOnAnchorsOfTheQueueAndItsOwn) {
  constexpr int64_t N = 3, D = 5, K = 4;
  const Tensor s = noise({N, D}, 1), t = noise({N, D}, 2), queue = noise({K, D}, 3);
  const Tensor unit = queue / queue.norm(2, {1}, true);
  for (const bool own_anchor : {true, false}) {
    double want = 0;
    for (int64_t i = 0; i < N; ++i) {
      const float *si = s.const_data_ptr<float>() + i * D, *ti = t.const_data_ptr<float>() + i * D;
      std::vector<double> student, teacher;
      if (own_anchor) student.push_back(cosine(si, ti, D)), teacher.push_back(1);
      for (int64_t k = 0; k < K; ++k) {
        const float* d = queue.const_data_ptr<float>() + k * D;
        student.push_back(cosine(si, d, D)), teacher.push_back(cosine(ti, d, D));
      }
      want += divergence(student, teacher, 0.3, 0.1) / N;
    }
    EXPECT_NEAR(distill::similarity_divergence(s, t, unit, 0.3, 0.1, own_anchor).item<double>(), want, 1e-5);
  }
}

TEST(DistillTest, CosineDistanceIsThatOfEveryRowAndOfEveryCell) {
  constexpr int64_t N = 2, D = 3, side = 2;
  const Tensor s = noise({N, D, side, side}, 1), t = noise({N, D, side, side}, 2);
  double want = 0;
  for (int64_t n = 0; n < N; ++n) {
    for (int64_t cell = 0; cell < side * side; ++cell) {
      std::vector<float> a, b;
      for (int64_t d = 0; d < D; ++d) {
        a.push_back(s[n][d][cell / side][cell % side].item<float>());
        b.push_back(t[n][d][cell / side][cell % side].item<float>());
      }
      want += (1 - cosine(a.data(), b.data(), D)) / (N * side * side);
    }
  }
  EXPECT_NEAR(distill::patch_distance(s, t).item<double>(), want, 1e-6);
  const Tensor rows = s.permute({0, 2, 3, 1}).reshape({-1, D}), theirs = t.permute({0, 2, 3, 1}).reshape({-1, D});
  EXPECT_NEAR(distill::cosine_distance(rows, theirs).item<double>(), want, 1e-6);
  EXPECT_NEAR(distill::cosine_distance(2 * rows, rows).item<double>(), 0, 1e-6) << "lengths do not matter";
}

TEST(DistillTest, ATeachersMapOfAnotherGridIsBroughtToTheStudents) {
  const Tensor t = at::arange(4, at::kFloat).reshape({1, 1, 2, 2}) + 1;
  const Tensor map = at::cat({t, at::ones_like(t)}, 1);
  // Bilinear from 2 x 2 to one cell: the mean.
  const Tensor s = at::tensor({2.5f, 1.f}).reshape({1, 2, 1, 1});
  EXPECT_NEAR(distill::patch_distance(s, map).item<double>(), 0, 1e-6);
  EXPECT_TRUE(std::isfinite(distill::patch_distance(noise({1, 2, 3, 5}, 1), map).item<double>()));
}

TEST(DistillTest, NoLossReachesTheTeacher) {
  const Tensor s = noise({3, 4}, 1).requires_grad_(true), t = noise({3, 4}, 2).requires_grad_(true);
  const Tensor queue = noise({6, 4}, 3).requires_grad_(true);
  (distill::cosine_distance(s, t) + distill::similarity_divergence(s, t, queue, 0.2, 0.01, true)).backward();
  EXPECT_TRUE(s.grad().defined());
  EXPECT_FALSE(t.grad().defined() || queue.grad().defined());
}

class DistillFromFileTest : public ::testing::Test {
 protected:
  // A teacher of these settings' own weights, as a file.
  std::string teacher(const std::string& backbone, uint64_t seed = 9) {
    at::Generator generator = at::detail::createCPUGenerator(seed);
    const auto net = make_backbone(backbone, Registry<BackboneEntry>::find(backbone).tiny, generator);
    const std::string file = folder_.path() / (backbone + ".safetensors");
    write_safetensors({net->state_dict(), {}}, file);
    return file;
  }
  static std::string refusal(const nlohmann::json& settings, const std::string& backbone = "resnet18") {
    nlohmann::json all = {{"without_file", "refuse"}};
    if (!settings.is_null()) all.update(settings);
    try {
      small_method("distill", all, backbone);
    } catch (const UserError& error) {
      return error.what();
    }
    return "taken";
  }
  ScratchFolder folder_;
};

TEST_F(DistillFromFileTest, AStudentThatIsItsTeacherHasNothingToLearn) {
  for (const char* backbone : {"resnet18", "vit_tiny"}) {
    const std::string file = teacher(backbone);
    const auto method = small_method(
        "distill", {{"teacher", file}, {"predictor", "none"}, {"temperature", 0.1}, {"teacher_temperature", 0.1}},
        backbone);
    copy_tensors(read_safetensors(file).tensors, method->backbone().state_dict());
    method->backbone().train(false);
    EXPECT_NEAR(method->loss(noise_batch(4, 1), {}).total.item<double>(), 0, 1e-4) << backbone;
  }
}

TEST_F(DistillFromFileTest, TheTeacherIsNoStateAndStaysAsItIs) {
  const auto method = small_method(
      "distill", {{"teacher", teacher("vit_tiny")},
                  {"teacher_backbone", "vit_tiny"},
                  {"teacher_settings", {"dim = 16", "depth=2", "heads = 2", "patch_size = 4", "image_size = 32"}}});
  for (const auto& [name, tensor] : method->state()) EXPECT_THAT(name, ::testing::Not(StartsWith("teacher"))) << name;
  const auto before = method->constants();
  ASSERT_FALSE(before.empty());
  std::vector<Tensor> copies;
  for (const auto& [name, tensor] : before) {
    EXPECT_FALSE(tensor.requires_grad()) << name;
    copies.push_back(tensor.clone());
  }
  method->train(true);
  method->loss(noise_batch(4, 1), {}).total.backward();
  for (size_t i = 0; i < copies.size(); ++i) {
    EXPECT_FALSE(before[i].second.grad().defined()) << before[i].first;
    EXPECT_TRUE(before[i].second.equal(copies[i])) << before[i].first << ": statistics moved, or weights did";
  }
}

TEST_F(DistillFromFileTest, EachLossFallsByItself) {
  const std::string file = teacher("resnet18");
  for (const char* only : {"cosine", "patch", "kl"}) {
    nlohmann::json settings = {{"teacher", file}, {"cosine", 0}, {"patch", 0}, {"kl", 0}};
    settings[only] = 1;
    const auto method = small_method("distill", settings);
    const auto optimizer = make_optimizer({"adam", 0, 0, true}, method->trainable());
    std::vector<double> losses;
    for (int step = 0; step < 20; ++step) {
      for (const auto& [name, parameter] : method->trainable()) parameter.mutable_grad() = Tensor();
      const Loss loss = method->loss(noise_batch(16, 1), {});
      ASSERT_EQ(loss.terms.size(), 1u);
      loss.total.backward();
      method->after_backward({});
      optimizer->step(1e-3);
      losses.push_back(loss.total.item<double>());
    }
    EXPECT_LT(losses.back(), 0.9 * losses[4]) << only;  // by then the queue holds what the teacher says
  }
}

TEST_F(DistillFromFileTest, ModelsFromElsewhereTeachAndBringTheirNormalisation) {
  for (const char* name : {"attention.pt2", "attention.ts", "resnet18.ts"}) {
    const auto method = small_method("distill", {{"teacher", fixture(name)}});
    EXPECT_TRUE(std::isfinite(method->loss(noise_batch(4, 1), {}).total.item<double>())) << name;
    EXPECT_TRUE(method->backbone().input_facts().normalisation) << name;
    EXPECT_EQ(method->backbone().input_facts().image_size, 0) << "the student's own views say how large";
    EXPECT_THAT(method->notes(), Contains(StartsWith("teacher: a model from elsewhere"))) << name;
  }
}

TEST_F(DistillFromFileTest, AMissingOrUselessTeacherIsOneClearError) {
  const std::string file = teacher("resnet18");
  EXPECT_THAT(refusal({}), HasSubstr("teacher: which one? Set teacher = \"FILE\""));
  EXPECT_THAT(refusal({{"teacher", "nowhere.safetensors"}}), HasSubstr("nowhere.safetensors"));
  EXPECT_THAT(refusal({{"teacher", file}}, "vit_tiny"), HasSubstr("resnet18.safetensors"));
  const std::string text = folder_.write("notes.pth", "no weights").string();
  EXPECT_THAT(refusal({{"teacher", text}}), HasSubstr("notes.pth"));
  EXPECT_THAT(refusal({{"teacher", file}, {"teacher_settings", {"width = 8"}}}), HasSubstr("name it"));
  EXPECT_THAT(refusal({{"teacher", file}, {"teacher_backbone", "resnet18"}, {"teacher_settings", {"width"}}}),
              HasSubstr("expected texts like"));
  EXPECT_THAT(refusal({{"teacher", file}, {"teacher_backbone", "traced"}}), HasSubstr("is read from a file"));
  EXPECT_THAT(refusal({{"teacher", fixture("resnet18.ts")}, {"teacher_backbone", "resnet18"}}),
              HasSubstr("brings its own network"));
  EXPECT_THAT(refusal({{"teacher", file}, {"cosine", 0}, {"patch", 0}, {"kl", 0}}), HasSubstr("there is no loss"));
  EXPECT_THAT(refusal({{"teacher", file}, {"predictor", "none"}}, "convnet"), HasSubstr("resnet18.safetensors"));
  EXPECT_THAT(refusal({{"teacher", fixture("attention.ts")}, {"predictor", "none"}}),
              HasSubstr("set predictor = \"mlp\""));
}

}  // namespace
}  // namespace sslbench
