// SPDX-License-Identifier: Apache-2.0
// VICRegL: VICReg on whole images and on cells of their feature maps, paired by feature and by place.
// Bardes, Ponce, LeCun: "VICRegL: Self-Supervised Learning of Local Visual Features", NeurIPS 2022, arXiv:2210.01571.
//   L_s = sum over the gamma nearest pairs (p, NN(p)) by place of l(z_p, z'_NN(p))          (Eq. 2, 3)
//   L_d = the same, nearest by feature                                                     (Eq. 4, 5)
//   L = alpha l(z, z') + (1 - alpha) (L_s + L_d), both from view to view and back           (Eq. 6)
//   l = inv MSE + var v + cov c of VICReg, arXiv:2105.04906; v and c per slot of the list of pairs, over the batch
// Shapes: B images, H W grid, P = H W cells, M pairs kept, C features.
#include "methods/vicregl.h"

#include <ATen/ops/cdist.h>

#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "methods/parts/multi_crop.h"
#include "methods/parts/variance_covariance.h"
#include "methods/patches/grid.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"

namespace sslbench::vicregl {
namespace {

constexpr double kEps = 1e-4;  // under VICReg's root

// Cells of one side and their partners, of the whole batch, [B, M, C] each.
struct Pairs {
  Tensor own_BMC, other_BMC;
};

// The `count` cells of `own` that are nearest to their nearest cell of `other`, and those; distances [B, P, Q].
Pairs nearest_pairs(const Tensor& own_BPC, const Tensor& other_BQC, const Tensor& distance_BPQ, int64_t count,
                    MatchOrder order) {
  const auto [distance_BP, partner_BP] = distance_BPQ.min(2);
  const int64_t kept = std::min(count, own_BPC.size(1)), C = own_BPC.size(2);
  Tensor cell_BM = distance_BP.argsort(/*stable=*/true, 1).narrow(1, 0, kept);
  if (order == MatchOrder::index) cell_BM = std::get<0>(cell_BM.sort(1));
  const auto pick = [&](const Tensor& from, const Tensor& index_BM) {
    return from.gather(1, index_BM.unsqueeze(2).expand({from.size(0), kept, C}));
  };
  return {whole_batch(pick(own_BPC, cell_BM)), whole_batch(pick(other_BQC, partner_BP.gather(1, cell_BM)))};
}

// l on a list of pairs.
Tensor pair_loss(const Pairs& pairs, const Weights& weights) {
  const Tensor x_MBC = pairs.own_BMC.transpose(0, 1), y_MBC = pairs.other_BMC.transpose(0, 1);
  return weights.invariance * at::mse_loss(x_MBC, y_MBC) +
         weights.variance / 2 * (variance_hinge(x_MBC, kEps) + variance_hinge(y_MBC, kEps)) +
         weights.covariance / 2 * (covariance_penalty(x_MBC) + covariance_penalty(y_MBC));
}

// Euclidean; exact, since the choice of a pair hangs on it, where the expansion of the square is not.
Tensor distances(const Tensor& a_BPC, const Tensor& b_BQC) {
  constexpr int64_t kWithoutProducts = 2;
  return at::cdist(a_BPC.contiguous(), b_BQC.contiguous(), 2.0, kWithoutProducts);
}

}  // namespace

Tensor local_loss(const LocalView& a, const LocalView& b, const Weights& weights, const Matching& matching) {
  const Tensor a_BPC = a.map_BHWC.flatten(1, 2), b_BQC = b.map_BHWC.flatten(1, 2);
  Tensor by_feature, by_place;
  {
    const at::NoGradGuard no_grad;
    by_feature = distances(a_BPC, b_BQC);
    by_place = distances(a.place_BHW2.flatten(1, 2), b.place_BHW2.flatten(1, 2));
  }
  Tensor loss;
  for (const Tensor& distance_BPQ : {by_feature, by_place}) {
    const Pairs forth = nearest_pairs(a_BPC, b_BQC, distance_BPQ, matching.first, matching.order);
    const Pairs back = nearest_pairs(b_BQC, a_BPC, distance_BPQ.transpose(1, 2), matching.second, matching.order);
    const Tensor term = (pair_loss(forth, weights) + pair_loss(back, weights)) / 2;
    loss = loss.defined() ? loss + term : term;
  }
  return loss;
}

Tensor global_loss(const std::vector<Tensor>& z_V, int64_t anchors, const Weights& weights) {
  Tensor invariance, variance, covariance;
  const auto add = [](Tensor& sum, const Tensor& term) { sum = sum.defined() ? sum + term : term; };
  const int64_t V = std::ssize(z_V);
  for (int64_t i = 0; i < V; ++i) {
    const Tensor& z_BC = z_V[static_cast<size_t>(i)];
    add(variance, variance_hinge(z_BC, kEps));
    add(covariance, covariance_penalty(z_BC));
    for (int64_t j = 0; j < V && i < anchors; ++j) {
      if (j != i) add(invariance, at::mse_loss(z_BC, z_V[static_cast<size_t>(j)]));
    }
  }
  return weights.invariance / static_cast<double>(anchors * (V - 1)) * invariance +
         weights.variance / static_cast<double>(V) * variance +
         weights.covariance / static_cast<double>(V) * covariance;
}

namespace {

HeadShape local_shape(const Settings& settings, int64_t in) {
  HeadShape shape{.widths = {in}};
  for (int64_t i = 1; i < settings.integer("local_layers"); ++i)
    shape.widths.push_back(settings.integer("local_hidden"));
  shape.widths.push_back(settings.integer("local_projection"));
  shape.last_bias = false;
  return shape;
}

class VICRegL final : public Method {
 public:
  explicit VICRegL(MethodRequest request)
      : Method(std::move(request.backbone)),
        projector_(head_shape(request.settings, "", backbone().levels().back().channels), request.generator),
        local_projector_(local_shape(request.settings, backbone().levels().back().channels), request.generator),
        weights_{request.settings.real("inv_coeff"), request.settings.real("var_coeff"),
                 request.settings.real("cov_coeff")},
        matching_{request.settings.integer("matches1"), request.settings.integer("matches2"),
                  request.settings.text("match_order") == "index" ? MatchOrder::index : MatchOrder::distance},
        alpha_(request.settings.real("alpha")),
        anchors_(std::min<int64_t>(2, request.input.views)) {
    if (request.input.views + request.input.local_views < 2) {
      throw UserError("vicregl: needs at least two views of an image; set views.count = 2");
    }
    add_child("projector", projector_);
    add_child("local_projector", local_projector_);
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    require_images("vicregl", batch);
    std::vector<Tensor> z_V;
    std::vector<LocalView> local_V;
    for (size_t v = 0; v < batch.views.size(); ++v) {
      const Tensor map_BCHW = backbone().feature_maps(batch.views[v]).back();
      z_V.push_back(whole_batch(promoted(projector_(pooled(map_BCHW)))));
      local_V.push_back({promoted(on_cells(local_projector_, map_BCHW).permute({0, 2, 3, 1})),
                         cell_centres(batch.crops[v], map_BCHW.size(2), map_BCHW.size(3))});
    }
    const FullPrecision full;
    const Tensor global = global_loss(z_V, anchors_, weights_), local = mean_local_loss(local_V);
    return {alpha_ * global + (1 - alpha_) * local, {{"loss_global", global}, {"loss_local", local}}, z_V[0]};
  }

 private:
  // Over all pairs of a view of full size and another view. The authors' loop keeps the last pair only
  // (facebookresearch/VICRegL issue 6), which Eq. 6 does not mean.
  Tensor mean_local_loss(const std::vector<LocalView>& local_V) const {
    Tensor sum;
    const int64_t V = std::ssize(local_V);
    for (int64_t i = 0; i < anchors_; ++i) {
      for (int64_t j = 0; j < V; ++j) {
        if (j == i) continue;
        const Tensor term =
            local_loss(local_V[static_cast<size_t>(i)], local_V[static_cast<size_t>(j)], weights_, matching_);
        sum = sum.defined() ? sum + term : term;
      }
    }
    return sum / static_cast<double>(anchors_ * (V - 1));
  }

  MlpHead projector_, local_projector_;
  Weights weights_;
  Matching matching_;
  double alpha_;
  int64_t anchors_;  // views of full size that are compared with all others
};

// cifar: no published recipe; optimizer and views of solo-learn's CIFAR VICReg. imagenet: facebookresearch/VICRegL
// README, ResNet-50.
const nlohmann::json kPresets = {{"cifar",
                                  {{"hidden", 2048},
                                   {"projection", 2048},
                                   {"pretrain",
                                    {{"optimizer", "lars"},
                                     {"learning_rate", 0.3},
                                     {"learning_rate_scaling", "linear_256"},
                                     {"lars_trust", 0.02},
                                     {"lars_clip", true},
                                     {"weight_decay", 1e-4},
                                     {"decay_norms_and_biases", false},
                                     {"warmup_epochs", 10}}},
                                   {"views", {{"area_low", 0.2}, {"saturation", 0.2}, {"solarize", 0.1}}}}},
                                 {"imagenet",
                                  {{"pretrain",
                                    {{"optimizer", "lars"},
                                     {"learning_rate", 0.3},
                                     {"learning_rate_scaling", "linear_256"},
                                     {"norms_and_biases", "exactly_1d"},
                                     {"decay_norms_and_biases", false},
                                     {"weight_decay", 1e-6},
                                     {"warmup_epochs", 10}}},
                                   {"views", {{"saturation", 0.2}, {"blur", {1.0, 0.1}}, {"solarize", {0.0, 0.2}}}}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "vicregl",
     .summary = "redundancy reduction: VICReg on images and on cells paired by feature and by place",
     .paper = "arXiv:2210.01571, Eq. 2-6",
     .options = joined(
         {{real_option("alpha", 0.75, 0, 1, "weight of the global term in Eq. 6"),
           real_option("inv_coeff", 25, 0, 1e6, "weight of the invariance term"),
           real_option("var_coeff", 25, 0, 1e6, "weight of the variance term"),
           real_option("cov_coeff", 1, 0, 1e6, "weight of the covariance term"),
           integer_option("matches1", 20, 1, 1e6, "gamma: pairs kept from the first view, at most all its cells"),
           integer_option("matches2", 4, 1, 1e6, "pairs kept from the second view, at most all its cells"),
           choice_option("match_order", "index", {"index", "distance"},
                         "of kept pairs: by cell (authors) or nearest first (lightly); variance and covariance are "
                         "taken per place in that list"),
           integer_option("local_layers", 3, 1, 16, "linear layers of the local projector"),
           integer_option("local_hidden", 512, 1, 65536, "width of its hidden layers"),
           integer_option("local_projection", 512, 1, 65536, "width of the local projection")},
          head_options("", {.widths = {0, 8192, 8192, 8192}, .last_bias = false})}),
     .pitfalls = {"The authors' code keeps only the last pair of views in its local term; here all count.",
                  "Variance and covariance are per place in the list of pairs, so match_order changes the loss.",
                  "Diverges without LARS at the published learning rate.",
                  "The global branch reads the mean of the last map; on a Vision Transformer set pooling = \"mean\"."},
     .presets = kPresets,
     .tiny = {{"hidden", 64}, {"projection", 32}, {"local_hidden", 32}, {"local_projection", 32}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<VICRegL>(std::move(request));
     }});

}  // namespace
}  // namespace sslbench::vicregl
