// SPDX-License-Identifier: Apache-2.0
// Relative patch location: in which of eight directions does the second patch lie from the first?
// Doersch, Gupta, Efros: "Unsupervised Visual Representation Learning by Context Prediction", ICCV 2015,
// arXiv:1505.05192.
//   p(direction | X = (patch_centre, patch_neighbour)), cross entropy over 8 classes; late fusion (Fig. 3): one network
//   for both patches, features joined after fc6. Against shortcuts (sec. 3.1): a gap between patches, jitter of each,
//   and all colour channels but one replaced by noise of a hundredth of its deviation.
// Shapes: N images, C channels, p patch side, D features, K neighbours of each centre.
#include "methods/relative_patch.h"

#include <array>
#include <cmath>

#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "methods/parts/label_loss.h"
#include "methods/parts/mlp_head.h"
#include "methods/patches/patch_crops.h"
#include "methods/patches/pixel_noise.h"
#include "suites/ground/random.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"

namespace sslbench::relative_patch {

Geometry geometry(int64_t image_size, double gap_share, double jitter_share) {
  // 3 patches, 2 gaps and the jitter at both ends fill the image.
  Geometry out;
  out.patch = static_cast<int64_t>(static_cast<double>(image_size) / (3 + 2 * gap_share + 2 * jitter_share));
  out.gap = std::llround(gap_share * static_cast<double>(out.patch));
  out.jitter = std::llround(jitter_share * static_cast<double>(out.patch));
  while (out.patch > 1 && out.extent() > image_size) --out.patch;
  return out;
}

Placement place_patches(const Geometry& geometry, int64_t image_size, RandomStream& stream) {
  const int64_t step = geometry.patch + geometry.gap, slack = image_size - geometry.extent();
  const auto below = [&](int64_t n) { return static_cast<int64_t>(stream.below(static_cast<uint32_t>(n))); };
  const int64_t y0 = below(slack + 1), x0 = below(slack + 1);
  const auto corner = [&](int64_t cell) {
    const int64_t top = y0 + cell / 3 * step + below(2 * geometry.jitter + 1);
    return Corner{top, x0 + cell % 3 * step + below(2 * geometry.jitter + 1)};
  };
  Placement out;
  out.centre = corner(kCentre);
  for (int64_t d = 0; d < kDirections; ++d) out.neighbours[static_cast<size_t>(d)] = corner(d < kCentre ? d : d + 1);
  return out;
}

namespace {

class RelativePatch final : public Method {
 public:
  explicit RelativePatch(MethodRequest request)
      : Method(std::move(request.backbone)),
        geometry_(geometry(request.input.image_size, request.settings.real("gap"), request.settings.real("jitter"))),
        neighbours_(request.settings.integer("neighbours")),
        drop_colours_(request.settings.flag("drop_colours")),
        seed_(request.seed),
        patch_head_(backbone().width(), request.settings.integer("patch_features"), request.generator),
        classifier_({.widths = {2 * request.settings.integer("patch_features"), request.settings.integer("hidden"),
                                kDirections},
                     .hidden_norm = HeadNorm::none},
                    request.generator) {
    if (geometry_.patch < kLeastPatch) {
      throw UserError("relative_patch: patches of an image of " + std::to_string(request.input.image_size) +
                      " px would be " + std::to_string(geometry_.patch) + " px; lower `gap` or raise views.size");
    }
    add_child("patch_head", patch_head_);
    add_child("classifier", classifier_);
  }

  // Where patches lie, and where colours are dropped the noise in their place, [R, N, C, p, p].
  std::vector<Tensor> draw(const TrainBatch& batch, int64_t) const override {
    std::vector<Tensor> out{places(batch)}, noise;
    const int64_t N = std::ssize(batch.samples), C = batch.views[0].size(1), p = geometry_.patch;
    for (int64_t r = 0; drop_colours_ && r <= neighbours_; ++r) {
      noise.push_back(normal_pixels({N, C, p, p}, batch.samples, {seed_, batch.epoch, view_of(r) + 16}));
    }
    if (drop_colours_) out.push_back(at::stack(noise));
    return out;
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    require_images("relative_patch", batch);
    const int64_t N = batch.views[0].size(0), K = neighbours_;
    const Patches patches = cut(batch);
    const Tensor h_MD = backbone().features(patches.all_MCpp.contiguous(at::MemoryFormat::ChannelsLast));
    const FullPrecision full;
    const Tensor e_MF = at::relu(patch_head_(promoted(h_MD)));
    const Tensor centre_PF = e_MF.narrow(0, 0, N).repeat({K, 1});
    const Tensor logits_P8 = classifier_(at::cat({centre_PF, e_MF.narrow(0, N, K * N)}, 1));
    return {label_cross_entropy(logits_P8, patches.direction_P),
            {{"accuracy", label_accuracy(logits_P8, patches.direction_P)}},
            h_MD.narrow(0, 0, N)};
  }

 private:
  static constexpr int64_t kLeastPatch = 4;  // px

  // M = (1 + K) N patches: all centres, then all first neighbours, ..; P = K N directions.
  struct Patches {
    Tensor all_MCpp, direction_P;
  };

  Patches cut(const TrainBatch& batch) const {
    const at::NoGradGuard no_grad;
    const Tensor& x_NCHW = batch.views[0];
    const std::vector<Tensor> own = drawn(batch);
    const Tensor& draws_RFN = own[0];
    std::vector<Tensor> patches;
    for (int64_t r = 0; r <= neighbours_; ++r) {
      const std::vector<Tensor> draw = draws_RFN[r].unbind();
      const Tensor patch_NCpp = crop_at(x_NCHW, draw[kTop], draw[kLeft], geometry_.patch);
      patches.push_back(drop_colours_ ? without_colours(patch_NCpp, draw[kChannel], own[1][r]) : patch_NCpp);
    }
    return {at::cat(patches), draws_RFN.narrow(0, 1, neighbours_).select(1, kDirection).flatten()};
  }

  // What is drawn for the R = 1 + K patches of every image. The centre has no direction; a channel is drawn where
  // colours are dropped.
  enum Field { kTop, kLeft, kDirection, kChannel, kFields };
  Tensor places(const TrainBatch& batch) const {
    const int64_t R = neighbours_ + 1, N = std::ssize(batch.samples);
    Tensor out_RFN = at::zeros({R, kFields, N}, at::kLong);
    auto* values = out_RFN.mutable_data_ptr<int64_t>();
    for (int64_t n = 0; n < N; ++n) {
      const auto put = [&](int64_t r, Field field, int64_t value) { values[(r * kFields + field) * N + n] = value; };
      RandomStream stream = stream_of(batch, n, 0);
      const Placement where = place_patches(geometry_, batch.views[0].size(2), stream);
      std::array<int64_t, kDirections> order{0, 1, 2, 3, 4, 5, 6, 7};
      put(0, kTop, where.centre.top), put(0, kLeft, where.centre.left);
      for (int64_t r = 1; r < R; ++r) {
        int64_t& next = order[static_cast<size_t>(r - 1)];
        std::swap(next, order[static_cast<size_t>(r - 1 + stream.below(static_cast<uint32_t>(kDirections - r + 1)))]);
        const Corner& corner = where.neighbours[static_cast<size_t>(next)];
        put(r, kTop, corner.top), put(r, kLeft, corner.left), put(r, kDirection, next);
      }
      for (int64_t r = 0; drop_colours_ && r < R; ++r) {
        put(r, kChannel, stream_of(batch, n, view_of(r)).below(static_cast<uint32_t>(batch.views[0].size(1))));
      }
    }
    return out_RFN;
  }

  static uint32_t view_of(int64_t r) { return static_cast<uint32_t>(r + 1); }

  RandomStream stream_of(const TrainBatch& batch, int64_t n, uint32_t view) const {
    return RandomStream(seed_, RandomUse::pretext, static_cast<uint32_t>(batch.epoch),
                        static_cast<uint32_t>(batch.samples[static_cast<size_t>(n)]), view);
  }

  // Keeps one channel of every patch.
  static Tensor without_colours(const Tensor& x_NCpp, const Tensor& channel_N, const Tensor& normal_NCpp) {
    const Tensor channel_N111 = channel_N.view({-1, 1, 1, 1});
    const Tensor kept_N1pp = x_NCpp.gather(1, channel_N111.expand({x_NCpp.size(0), 1, x_NCpp.size(2), x_NCpp.size(3)}));
    const Tensor noise_NCpp = normal_NCpp * (kept_N1pp.std({1, 2, 3}, /*unbiased=*/false, true) / 100);
    const Tensor own_C = at::arange(x_NCpp.size(1), channel_N111.options()).view({1, -1, 1, 1});
    return at::where(own_C.eq(channel_N111), x_NCpp, noise_NCpp);
  }

  Geometry geometry_;
  int64_t neighbours_;  // K
  bool drop_colours_;
  uint64_t seed_;
  Linear patch_head_;
  MlpHead classifier_;
};

// imagenet: mmselfsup's relative-loc_resnet50 (rate 0.2 at batch 512, drops after 30 and 60 of 70 epochs). cifar: no
// published recipe; a narrow gap, so that patches of 32 px images hold anything.
const nlohmann::json kPretrain = {{"optimizer", "sgd"},
                                  {"learning_rate", 0.1},
                                  {"learning_rate_scaling", "linear_256"},
                                  {"momentum", 0.9},
                                  {"weight_decay", 1e-4},
                                  {"schedule", "step"},
                                  {"milestones", {0.43, 0.86}},
                                  {"warmup_epochs", 5}};
const nlohmann::json kViews = {{"area_low", 0.6}, {"jitter", 0.0}, {"gray", 0.0}, {"flip", 0.0}};
const nlohmann::json kPresets = {{"cifar", {{"gap", 0.2}, {"pretrain", kPretrain}, {"views", kViews}}},
                                 {"imagenet", {{"pretrain", kPretrain}, {"views", kViews}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "relative_patch",
     .summary = "pretext: in which of eight directions the second patch of an image lies from the first",
     .paper = "arXiv:1505.05192",
     .views = 1,
     .options = {real_option("gap", 0.5, 0, 4, "between patches, in patch sides (the paper: about half)"),
                 real_option("jitter", 7.0 / 96, 0, 1, "of each patch to every side, in patch sides"),
                 integer_option("neighbours", 8, 1, 8,
                                "of the eight around a centre patch that are asked for in one step (mmselfsup: all)"),
                 flag_option("drop_colours", true,
                             "all channels of a patch but one become noise: chromatic aberration tells the place"),
                 integer_option("patch_features", 512, 1, 65536, "features of a patch before they are joined (fc6)"),
                 integer_option("hidden", 4096, 1, 65536, "width of the layer before the classes (fc7)")},
     .pitfalls = {"Patches are about a quarter of the image's side: below 64 px they hold little.",
                  "Without gap and jitter the network matches edges; with colours it reads the lens's aberration.",
                  "The network sees patches only: evaluated on whole images, its statistics are of another size."},
     .presets = kPresets,
     .tiny = {{"gap", 0.0}, {"jitter", 0.0}, {"drop_colours", false}, {"patch_features", 32}, {"hidden", 64}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<RelativePatch>(std::move(request));
     },
     .chance_loss = [](const Settings&, const MethodInput&) -> ChanceLoss { return {std::log(double{kDirections})}; }});

}  // namespace
}  // namespace sslbench::relative_patch
