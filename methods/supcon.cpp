// SPDX-License-Identifier: Apache-2.0
// SupCon: all views of all images with one label are each other's positives. Sees the labels.
// Khosla, Teterwak, Wang, Sarna, Tian, Isola, Maschinot, Liu, Krishnan: "Supervised Contrastive Learning", NeurIPS
// 2020, arXiv:2004.11362; code: HobbitLong/SupContrast losses.py.
//   L_out = sum_i -1/|P(i)| sum_{p in P(i)} log( exp(z_i.z_p / tau) / sum_{a in A(i)} exp(z_i.z_a / tau) )    (Eq. 2)
//   L_in  = sum_i -log( 1/|P(i)| sum_{p in P(i)} exp(z_i.z_p / tau) / sum_{a in A(i)} exp(z_i.z_a / tau) )    (Eq. 3)
// P(i): the other views with the label of i; A(i): all views but i. Both as means over i here, as in the code.
// Shapes: N images, V views, D projection width, M = V N candidates (view-major), A anchors.
#include "methods/supcon.h"

#include <cmath>
#include <limits>

#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "methods/parts/mlp_head.h"
#include "methods/parts/multi_crop.h"
#include "methods/parts/published_recipes.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench::supcon {

Tensor sup_con(const Tensor& features_NVD, const Tensor& labels_N, const Terms& terms) {
  constexpr double kNever = -std::numeric_limits<double>::infinity();
  const int64_t N = features_NVD.size(0), V = features_NVD.size(1);
  const Tensor z_MD = unit_rows(features_NVD).transpose(0, 1).reshape({V * N, -1});
  // An image without a label (-1) is a class of its own.
  const Tensor own_N = -1 - at::arange(N, labels_N.options());
  const Tensor label_M = at::where(labels_N.lt(0), own_N, labels_N).repeat({V});
  const int64_t A = terms.first_view_only ? N : V * N;
  const Tensor self_AM = at::eye(V * N, labels_N.options().dtype(at::kBool)).narrow(0, 0, A);
  const Tensor sim_AM = at::mm(z_MD.narrow(0, 0, A), z_MD.t()) / terms.tau;
  const Tensor log_p_AM = at::log_softmax(sim_AM.masked_fill(self_AM, kNever), 1);
  const Tensor positive_AM =
      label_M.narrow(0, 0, A).unsqueeze(1).eq(label_M.unsqueeze(0)).logical_and(self_AM.logical_not());
  const Tensor negative_AM = positive_AM.logical_not(), count_A = positive_AM.sum({1});
  Tensor log_A;
  if (terms.variant == Variant::out) {
    log_A = log_p_AM.masked_fill(negative_AM, 0).sum({1}) / count_A.clamp_min(1);
  } else {
    log_A = at::logsumexp(log_p_AM.masked_fill(negative_AM, kNever), at::IntArrayRef{1});
    if (terms.variant == Variant::in) log_A = log_A - count_A.to(log_A.scalar_type()).log();
  }
  return -(terms.tau / terms.base_tau) * log_A.mean();
}

namespace {

Variant variant_of(const std::string& name) {
  return name == "out" ? Variant::out : name == "in" ? Variant::in : Variant::in_sum;
}

class SupCon final : public Method {
 public:
  explicit SupCon(MethodRequest request)
      : Method(std::move(request.backbone)),
        projector_(head_shape(request.settings, "", backbone().width()), request.generator),
        terms_{request.settings.real("temperature"), request.settings.real("base_temperature"),
               request.settings.text("contrast_mode") == "one", variant_of(request.settings.text("variant"))},
        one_pass_(request.settings.flag("one_pass")) {
    add_child("projector", projector_);
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    require_views("supcon", batch);
    const auto V = static_cast<int64_t>(batch.views.size());
    const Tensor z_MD =
        through_views(batch.views, one_pass_, [&](const Tensor& x) { return projector_(backbone().features(x)); });
    const FullPrecision full;
    const Tensor z_NVD = whole_batch(at::stack(promoted(z_MD).chunk(V), 1));
    return {sup_con(z_NVD, whole_batch(batch.labels_N), terms_), {}, z_NVD.select(1, 0)};
  }

 private:
  MlpHead projector_;
  Terms terms_;
  bool one_pass_;
};

// cifar: HobbitLong/SupContrast README (batch 1,024 at rate 0.5; loss scaled by 0.1 / 0.07). imagenet: section 4 of the
// paper has AutoAugment and LARS at batch 6,144; here SimCLR's views and rate, which its appendix starts from.
const nlohmann::json kPresets = {
    {"cifar",
     {{"base_temperature", 0.07}, {"pretrain", sgd_recipe(0.125, "linear_256", 1e-4)}, {"views", {{"area_low", 0.2}}}}},
    {"imagenet",
     {{"pretrain", lars_recipe(0.3, 1e-6)},
      {"views", {{"brightness", 0.8}, {"contrast", 0.8}, {"saturation", 0.8}, {"hue", 0.2}, {"blur", 0.5}}}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "supcon",
     .summary = "supervised contrastive: all views with one label attract each other (sees the labels)",
     .paper = "arXiv:2004.11362, Eq. 2",
     .uses_labels = true,
     .options = joined({{real_option("temperature", 0.1, 1e-3, 100, "tau of Eq. 2"),
                         real_option("base_temperature", 0.1, 1e-3, 100,
                                     "the loss is multiplied by temperature / base_temperature (SupContrast: 0.07)"),
                         choice_option("contrast_mode", "all", {"all", "one"}, "anchors: every view, or the first"),
                         choice_option("variant", "out", {"out", "in", "in_sum"},
                                       "Eq. 2; Eq. 3; Eq. 3 without 1/|P| (solo-learn's value, same gradient)"),
                         one_pass_option(true)},
                        head_options("", {.widths = {0, 2048, 128}, .hidden_norm = HeadNorm::none})}),
     .pitfalls = {"It sees the labels of the pretraining set: its row belongs beside `supervised`, not beside methods "
                  "without labels.",
                  "Images without a label are alone in their class: on an unlabelled set nothing of the labels is "
                  "left, and it is SimCLR."},
     .presets = kPresets,
     .tiny = {{"hidden", 64}, {"projection", 32}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<SupCon>(std::move(request));
     },
     .chance_loss = [](const Settings& settings, const MethodInput& input) -> ChanceLoss {
       if (settings.text("variant") == "in_sum") return {};
       const auto others = static_cast<double>(input.views * input.batch_size - 1);
       return {settings.real("temperature") / settings.real("base_temperature") * std::log(others)};
     }});

}  // namespace
}  // namespace sslbench::supcon
