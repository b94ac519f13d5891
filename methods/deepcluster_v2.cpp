// SPDX-License-Identifier: Apache-2.0
// DeepCluster v2: once an epoch a memory of all images' features is clustered; crops then predict their image's
// cluster. Caron et al.: "Unsupervised Learning of Visual Features by Contrasting Cluster Assignments", NeurIPS 2020,
// arXiv:2006.09882, appendix D; after Caron, Bojanowski, Joulin, Douze, ECCV 2018, arXiv:1807.05520.
//   min over theta of 1/N sum_n l(z_n^T C / tau, y_n), C and y from spherical k-means   (2018: Eq. 1 and 2 in turn)
// with several heads (clusterings) whose losses are averaged, explicit centroids as classifier and no reassignment of
// empty clusters. Shapes: H heads, V crops, G assigned, N images of a batch, E of the set, K clusters, D features.
#include "methods/deepcluster_v2.h"

#include <cmath>

#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "methods/parts/mlp_head.h"
#include "methods/parts/multi_crop.h"
#include "methods/parts/published_recipes.h"
#include "methods/parts/spherical_kmeans.h"
#include "suites/ground/random.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"
#include "suites/tensors/to_device.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench::deepcluster_v2 {

constexpr int64_t kIgnored = -100;  // cluster of an image that was never seen

Tensor cluster_loss(const Tensor& scores_VNK, const Tensor& clusters_N, double tau, int64_t ignored) {
  const int64_t V = scores_VNK.size(0);
  const Tensor clusters_M = clusters_N.repeat({V});
  const Tensor sum =
      at::cross_entropy_loss(scores_VNK.flatten(0, 1) / tau, clusters_M, {}, at::Reduction::Sum, ignored);
  return ratio_over_batch(sum, clusters_M.ne(ignored).sum(), 1);
}

namespace {

class DeepClusterV2 final : public Method {
 public:
  explicit DeepClusterV2(MethodRequest request)
      : Method(std::move(request.backbone)),
        projector_(head_shape(request.settings, "", backbone().width()), request.generator),
        heads_(request.settings.integer("heads")),
        iterations_(request.settings.integer("kmeans_iterations")),
        assigned_(request.input.views),
        tau_(request.settings.real("temperature")),
        one_pass_(request.settings.flag("one_pass")),
        seed_(request.seed) {
    const int64_t K = request.settings.integer("prototypes"), D = request.settings.integer("projection");
    const int64_t E = request.input.examples;
    add_child("projector", projector_);
    memory_GED_ = add_buffer("memory", at::zeros({assigned_, E, D}));
    seen_E_ = add_host_buffer("seen", at::zeros({E}, at::kBool));
    centroids_HKD_ = add_buffer("centroids", at::zeros({heads_, K, D}));
    clusters_HE_ = add_buffer("clusters", at::full({heads_, E}, kIgnored, at::kLong));
    clustered_ = add_host_buffer("clustered", at::zeros({}, at::kBool));
  }

  bool observes_first() const override { return true; }
  void observe(const TrainBatch& batch) override {
    const at::NoGradGuard no_grad;
    const std::vector<Tensor> views(batch.views.begin(), batch.views.begin() + assigned_);
    const Tensor projected = embed(views);
    const FullPrecision full;
    remember(unit_rows(promoted(projected)), batch.samples);
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    require_images("deepcluster_v2", batch);
    if (!checked_ && !clustered()) cluster(batch.epoch);
    checked_ = true;
    const int64_t N = batch.views[0].size(0), V = std::ssize(batch.views);
    const Tensor projected = embed(batch.views);
    const FullPrecision full;
    const Tensor z_MD = unit_rows(promoted(projected));
    const Tensor clusters_HN = clusters_HE_.index_select(1, index_of(batch.samples));
    Tensor total;
    for (int64_t h = 0; h < heads_; ++h) {
      const Tensor scores_VNK = at::linear(z_MD, centroids_HKD_[h]).view({V, N, -1});
      const Tensor term = cluster_loss(scores_VNK, clusters_HN[h], tau_, kIgnored) / static_cast<double>(heads_);
      total = total.defined() ? total + term : term;
    }
    const at::NoGradGuard no_grad;
    remember(z_MD.detach(), batch.samples);
    return {total, {}, z_MD.narrow(0, 0, N)};
  }

  void after_step(const Progress& progress) override {
    if (progress.step % progress.steps_per_epoch == 0 && progress.step < progress.steps) cluster(progress.epoch());
  }

 private:
  static UserError too_few(int64_t images, int64_t clusters) {
    return UserError("deepcluster_v2: " + std::to_string(images) + " images cannot start " + std::to_string(clusters) +
                     " clusters; lower the method's `prototypes`, or train on more images (a batch that drop_last "
                     "leaves out does not count)");
  }

  // As the authors, the projector sees all crops at once when views go together.
  Tensor embed(const std::vector<Tensor>& views) {
    const auto features = [&](const Tensor& x_NCHW) { return backbone().features(x_NCHW); };
    if (one_pass_) return projector_(through_views(views, true, features));
    return through_views(views, false, [&](const Tensor& x_NCHW) { return projector_(features(x_NCHW)); });
  }

  bool clustered() const { return clustered_.item<bool>(); }  // host read: lies on the CPU

  Tensor index_of(const std::vector<int64_t>& samples) const {
    return to_device(at::tensor(samples), memory_GED_.device());
  }

  // Of the whole batch.
  void remember(const Tensor& z_MD, const std::vector<int64_t>& samples) {
    const Tensor samples_N = whole_batch(at::tensor(samples)), index_N = to_device(samples_N, z_MD.device());
    const Tensor assigned_MD = z_MD.narrow(0, 0, assigned_ * std::ssize(samples));
    const Tensor z_GND = whole_batch_of_views(assigned_MD, assigned_).unflatten(0, {assigned_, -1});
    for (int64_t g = 0; g < assigned_; ++g) memory_GED_[g].index_copy_(0, index_N, z_GND[g]);
    seen_E_.index_fill_(0, samples_N, 1);
  }

  // `count` different numbers below `of`, by the first steps of Fisher and Yates's shuffle.
  Tensor draw_rows(int64_t count, int64_t of, int64_t epoch, int64_t head) const {
    std::vector<int64_t> order(static_cast<size_t>(of));
    for (int64_t i = 0; i < of; ++i) order[static_cast<size_t>(i)] = i;
    RandomStream stream(seed_, RandomUse::pretext, static_cast<uint32_t>(epoch), static_cast<uint32_t>(head));
    for (int64_t i = 0; i < count; ++i) {
      const int64_t j = i + stream.below(static_cast<uint32_t>(of - i));
      std::swap(order[static_cast<size_t>(i)], order[static_cast<size_t>(j)]);
    }
    order.resize(static_cast<size_t>(count));
    return to_device(at::tensor(order), memory_GED_.device());
  }

  // New centroids and clusters of all images seen, for the epoch that begins.
  void cluster(int64_t epoch) {
    const at::NoGradGuard no_grad;
    const FullPrecision full;
    const Tensor numbers_S = seen_E_.nonzero().squeeze(1);  // host read: lies on the CPU
    const Tensor seen_S = to_device(numbers_S, memory_GED_.device());
    const int64_t S = seen_S.size(0), K = centroids_HKD_.size(1);
    if (S < K) throw too_few(S, K);
    for (int64_t h = 0; h < heads_; ++h) {
      const Tensor z_SD = memory_GED_[h % assigned_].index_select(0, seen_S);
      const SphericalClusters found = spherical_kmeans(z_SD, draw_rows(K, S, epoch, h), iterations_);
      centroids_HKD_[h].copy_(found.centroids_KD);
      clusters_HE_[h].index_copy_(0, seen_S, found.assignments_N);
    }
    clustered_.fill_(true);
  }

  MlpHead projector_;
  int64_t heads_, iterations_, assigned_;
  double tau_;
  bool one_pass_;
  uint64_t seed_;
  // memory: the latest feature of every image, one a crop that is assigned.
  Tensor memory_GED_, seen_E_, centroids_HKD_, clusters_HE_, clustered_;
  bool checked_ = false;  // whether clustered_ was looked at since construction
};

// cifar: solo-learn scripts/pretrain/cifar/deepclusterv2.yaml. imagenet: facebookresearch/swav
// scripts/deepclusterv2_400ep_pretrain.sh, its rate of 4.8 at batch 4096.
const nlohmann::json kColours = {
    {"brightness", 0.8}, {"contrast", 0.8}, {"saturation", 0.8}, {"hue", 0.2}, {"blur", 0.5}};
const nlohmann::json kPresets = {{"cifar",
                                  {{"pretrain",
                                    {{"optimizer", "lars"},
                                     {"learning_rate", 0.6},
                                     {"learning_rate_scaling", "linear_256"},
                                     {"final_learning_rate", 6e-4},
                                     {"lars_trust", 0.02},
                                     {"lars_clip", true},
                                     {"weight_decay", 1e-6},
                                     {"decay_norms_and_biases", false},
                                     {"warmup_epochs", 11}}},
                                   {"views", kColours}}},
                                 {"imagenet",
                                  {{"pretrain",
                                    {{"optimizer", "lars"},
                                     {"learning_rate", 0.3},
                                     {"learning_rate_scaling", "linear_256"},
                                     {"final_learning_rate", 4.8e-3},
                                     {"weight_decay", 1e-6},
                                     {"lars_adapts_norms_and_biases", true},
                                     {"warmup_epochs", 10}}},
                                   {"views", swav_multi_crop()}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "deepcluster_v2",
     .summary = "clustering: crops predict their image's cluster of the last epoch's features (spherical k-means)",
     .paper = "arXiv:2006.09882, appendix D",
     .options = joined({{integer_option("prototypes", 3000, 2, 1 << 20, "K: clusters of each head"),
                         integer_option("heads", 3, 1, 64, "clusterings that are predicted at once"),
                         integer_option("kmeans_iterations", 10, 1, 1000, "of spherical k-means, once an epoch"),
                         real_option("temperature", 0.1, 1e-3, 100, "tau"), one_pass_option(true)},
                        head_options("", {.widths = {0, 2048, 128}})}),
     .pitfalls = {"The memory holds a feature of every image: views x images x projection x 4 bytes on the device.",
                  "The first epoch's images pass through the network once before the first step; a set with fewer "
                  "images than `prototypes` cannot be clustered.",
                  "Clusters are of the epoch before: with few long epochs they are stale most of the time."},
     .presets = kPresets,
     .tiny = {{"prototypes", 16}, {"heads", 2}, {"kmeans_iterations", 2}, {"hidden", 64}, {"projection", 32}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<DeepClusterV2>(std::move(request));
     },
     .chance_loss = [](const Settings& settings, const MethodInput&) -> ChanceLoss {
       return {std::log(static_cast<double>(settings.integer("prototypes")))};
     }});

}  // namespace
}  // namespace sslbench::deepcluster_v2
