// SPDX-License-Identifier: Apache-2.0
// DINO: a student's distribution over prototypes follows that of its own momentum teacher on other crops.
// Caron, Touvron, Misra, Jegou, Mairal, Bojanowski, Joulin: "Emerging Properties in Self-Supervised Vision
// Transformers", ICCV 2021, arXiv:2104.14294.
//   min_theta_s sum_{x in {x_1^g, x_2^g}} sum_{x' in V, x' != x} H(P_t(x), P_s(x'))           (Eq. 3)
//   c <- m c + (1 - m) 1/B sum_i g_theta_t(x_i)                                              (Eq. 4)
// Lines follow facebookresearch/dino main_dino.py, DINOLoss.
// Shapes: V crops, G of them global and first, B images, D features, K outputs.
#include <cmath>

#include "methods/backbones/vit.h"
#include "methods/method.h"
#include "methods/parts/dino_head.h"
#include "methods/parts/momentum.h"
#include "methods/parts/multi_crop.h"
#include "methods/parts/self_distillation.h"
#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"

namespace sslbench::dino {
namespace {

DinoHeadShape shape_for(const Settings& settings, const Backbone& backbone) {
  return dino_head_shape(settings, backbone.width(), dynamic_cast<const Vit*>(&backbone) != nullptr);
}

class Dino final : public Method {
 public:
  explicit Dino(MethodRequest request)
      : Method(std::move(request.backbone)),
        head_(shape_for(request.settings, backbone()), request.generator),
        teacher_(request.twin()),
        teacher_head_(shape_for(request.settings, backbone()), request.generator),
        schedule_(request.settings),
        pairs_(momentum_buffers(request.settings)),
        teacher_temperature_(request.settings),
        student_temperature_(request.settings.real("student_temperature")),
        center_momentum_(request.settings.real("center_momentum")),
        frozen_epochs_(request.settings.integer("freeze_last_layer")),
        global_views_(request.input.views),
        one_pass_(request.settings.flag("one_pass")) {
    if (request.input.views + request.input.local_views < 2) {
      throw UserError("dino: one crop has no other to agree with; set views.count = 2 or views.local_count");
    }
    pairs_.follow(backbone(), *teacher_);
    pairs_.follow(head_, teacher_head_);
    center_K_ = add_buffer("center", at::zeros({request.settings.integer("prototypes")}));
    add_child("projector", head_);
    add_child("momentum_backbone", *teacher_);
    add_child("momentum_projector", teacher_head_);
  }

  Loss loss(const TrainBatch& batch, const Progress& progress) override {
    const int64_t B = batch.views[0].size(0);
    if (whole_batch_size(B) < 2) {
      throw UserError(
          "dino: a batch needs at least 2 images, or its centre cancels the only target; raise "
          "pretrain.batch_size, or set pretrain.drop_last = true");
    }
    const std::vector<Tensor> global(batch.views.begin(), batch.views.begin() + global_views_);
    const Tensor features =
        through_views(batch.views, one_pass_, [&](const Tensor& x) { return backbone().features(x); });
    const Tensor student = head_rows(head_, features, B);
    const Tensor teacher = teacher_rows(global, B);
    const FullPrecision full;
    const Tensor student_VBK = promoted(student).unflatten(0, {-1, B});
    const Tensor teacher_GBK = promoted(teacher).unflatten(0, {-1, B});
    const Tensor targets_GBK = centred_targets(teacher_GBK, center_K_, teacher_temperature_.at(progress.epoch()));
    const Tensor total = cross_entropy_of_pairs(student_VBK, targets_GBK, student_temperature_);
    update_center(center_K_, teacher_GBK, center_momentum_);
    return {total, {}, promoted(features.narrow(0, 0, B))};
  }

  void after_backward(const Progress& progress) override {
    if (progress.epoch() < frozen_epochs_) head_.drop_last_layer_gradient();
  }
  std::vector<double> host_values(const Progress& progress) const override {
    return {teacher_temperature_.at(progress.epoch()), progress.epoch() < frozen_epochs_ ? 1.0 : 0.0};
  }
  void after_step(const Progress& progress) override { pairs_.update(schedule_.at(progress)); }

 private:
  // The head sees all crops at once, or one after the other: it matters to its batch norm.
  Tensor head_rows(const DinoHead& head, const Tensor& features, int64_t B) const {
    return through_views(features.split(B), one_pass_, [&](const Tensor& rows) { return head(rows); });
  }

  Tensor teacher_rows(const std::vector<Tensor>& global, int64_t B) const {
    const at::NoGradGuard no_grad;
    return head_rows(teacher_head_,
                     through_views(global, one_pass_, [&](const Tensor& x) { return teacher_->features(x); }), B);
  }

  DinoHead head_;
  std::unique_ptr<Backbone> teacher_;
  DinoHead teacher_head_;
  MomentumSchedule schedule_;
  MomentumPairs pairs_;
  TeacherTemperature teacher_temperature_;
  double student_temperature_, center_momentum_;
  int64_t frozen_epochs_, global_views_;
  bool one_pass_;
  Tensor center_K_;
};

nlohmann::json presets() {
  // solo-learn scripts/pretrain/cifar/dino.yaml: ResNet-18, two crops, no warm-up of the teacher's temperature.
  const nlohmann::json lars = {{"optimizer", "lars"},
                               {"learning_rate", 0.3},
                               {"learning_rate_scaling", "linear_256"},
                               {"weight_decay", 1e-6},
                               {"lars_trust", 0.02},
                               {"lars_clip", true},
                               {"norms_and_biases", "exactly_1d"},
                               {"decay_norms_and_biases", false},
                               {"warmup_epochs", 10}};
  // facebookresearch/dino main_dino.py and README, ViT-S/16.
  const nlohmann::json adamw = {
      {"optimizer", "adamw"},      {"learning_rate", 5e-4},       {"learning_rate_scaling", "linear_256"},
      {"weight_decay", 0.04},      {"weight_decay_end", 0.4},     {"decay_norms_and_biases", false},
      {"clip_norm", 3.0},          {"clipping", "per_parameter"}, {"warmup_epochs", 10},
      {"schedule", "cosine_dino"}, {"final_learning_rate", 1e-6}};
  const nlohmann::json asymmetric = {{"saturation", 0.2}, {"solarize", {0.0, 0.2}}};
  const nlohmann::json multi_crop = {
      {"area_low", 0.4},  {"saturation", 0.2}, {"blur", {1.0, 0.1, 0.5}}, {"solarize", {0.0, 0.2, 0.0}},
      {"local_count", 8}, {"local_size", 96},  {"local_area_low", 0.05},  {"local_area_high", 0.4}};
  return {{"cifar",
           {{"prototypes", 4096},
            {"teacher_temperature", 0.07},
            {"warmup_teacher_epochs", 0},
            {"momentum", 0.9995},
            {"pretrain", lars},
            {"views", asymmetric}}},
          {"imagenet", {{"pretrain", adamw}, {"views", multi_crop}}}};
}

const bool registered = Registry<MethodEntry>::add(
    {.name = "dino",
     .summary = "self-distillation: crops predict a momentum teacher's centred, sharpened outputs on other crops",
     .paper = "arXiv:2104.14294, Eq. 3",
     .options = joined({{real_option("student_temperature", 0.1, 1e-3, 10, "of the student's softmax"),
                         real_option("center_momentum", 0.9, 0, 1, "m of Eq. 4"), one_pass_option(true)},
                        TeacherTemperature::options(0.04, 0.07, 30),
                        dino_head_options(65536),
                        momentum_options(0.996, 1, "dino")}),
     .pitfalls = {"A loss that stays at ln K (8.32 for 4096 prototypes) has collapsed to the uniform distribution: "
                  "lower teacher_temperature or lengthen its warm-up.",
                  "bf16 or large rates without clip_norm = 3 diverge on Vision Transformers.",
                  "Prototypes cost memory with every crop: 65536 are for ImageNet, 2048 to 4096 do for CIFAR."},
     .presets = presets(),
     .tiny = {{"prototypes", 16}, {"hidden", 64}, {"bottleneck", 32}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<Dino>(std::move(request));
     },
     .chance_loss = [](const Settings& settings, const MethodInput&) -> ChanceLoss {
       return {std::log(static_cast<double>(settings.integer("prototypes")))};
     }});

}  // namespace
}  // namespace sslbench::dino
