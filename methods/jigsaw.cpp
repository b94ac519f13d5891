// SPDX-License-Identifier: Apache-2.0
// Jigsaw: in which order do the tiles of an image lie?
// Noroozi, Favaro: "Unsupervised Learning of Visual Representations by Solving Jigsaw Puzzles", ECCV 2016,
// arXiv:1603.09246.
//   p(S | A_1, .., A_9) over a set of permutations S, each tile through the same network ("context-free network"),
//   the features concatenated; cross entropy; the set is Algorithm 1's, far apart in Hamming distance.
// Shapes: N images, C channels, H W size, g grid, T = g g tiles, P permutations, s tile side, D features.
#include "methods/jigsaw.h"

#include <cmath>

#include "methods/method.h"
#include "methods/parts/batch_checks.h"
#include "methods/parts/label_loss.h"
#include "methods/parts/mlp_head.h"
#include "methods/patches/patch_crops.h"
#include "methods/patches/permutations.h"
#include "suites/ground/random.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"

namespace sslbench::jigsaw {

Tensor jigsaw_tiles(const Tensor& x_NCHW, const Tensor& permutations_PT, const Tensor& choice_N, int64_t g) {
  const int64_t N = x_NCHW.size(0), C = x_NCHW.size(1), h = x_NCHW.size(2) / g, w = x_NCHW.size(3) / g;
  const Tensor tiles_NTChw =
      x_NCHW.reshape({N, C, g, h, g, w}).permute({0, 2, 4, 1, 3, 5}).reshape({N, g * g, C, h, w});
  const Tensor order_NT = permutations_PT.index_select(0, choice_N);
  return tiles_NTChw.gather(1, order_NT.view({N, g * g, 1, 1, 1}).expand_as(tiles_NTChw));
}

namespace {

class Jigsaw final : public Method {
 public:
  explicit Jigsaw(MethodRequest request)
      : Method(std::move(request.backbone)),
        grid_(request.settings.integer("grid")),
        cell_(request.input.image_size / grid_),
        side_(std::max<int64_t>(1, std::llround(request.settings.real("tile_share") * static_cast<double>(cell_)))),
        normalize_(request.settings.flag("normalize_tiles")),
        seed_(request.seed),
        tile_head_(backbone().width(), request.settings.integer("tile_features"), request.generator),
        classifier_(shape(request.settings), request.generator) {
    if (cell_ < kLeastCell) {
      throw UserError("jigsaw: " + std::to_string(grid_) + " x " + std::to_string(grid_) + " tiles of an image of " +
                      std::to_string(request.input.image_size) + " px are smaller than " + std::to_string(kLeastCell) +
                      " px; lower the method's `grid` or raise views.size");
    }
    const Tensor all_QT = all_permutations(grid_ * grid_);
    const int64_t count = request.settings.integer("permutations");
    if (count > all_QT.size(0)) {
      throw UserError("jigsaw: " + std::to_string(count) + " permutations were asked for, but " +
                      std::to_string(grid_ * grid_) + " tiles have " + std::to_string(all_QT.size(0)) +
                      "; lower `permutations` or raise `grid`");
    }
    RandomStream stream(seed_, RandomUse::initial, 0, 0);
    const int64_t first = stream.below(static_cast<uint32_t>(all_QT.size(0)));
    permutations_PT_ = add_buffer("permutations", all_QT.index_select(0, permutation_set(all_QT, count, first)));
    add_child("tile_head", tile_head_);
    add_child("classifier", classifier_);
  }

  // The permutation of every image, [N], and of each of its tiles where it lies in its cell, [N T].
  std::vector<Tensor> draw(const TrainBatch& batch, int64_t) const override {
    std::vector<int64_t> choice, top, left;
    for (const int64_t sample : batch.samples) {
      RandomStream stream(seed_, RandomUse::pretext, static_cast<uint32_t>(batch.epoch), static_cast<uint32_t>(sample));
      choice.push_back(stream.below(static_cast<uint32_t>(permutations_PT_.size(0))));
      for (int64_t t = 0; t < grid_ * grid_; ++t) {
        top.push_back(stream.below(static_cast<uint32_t>(cell_ - side_ + 1)));
        left.push_back(stream.below(static_cast<uint32_t>(cell_ - side_ + 1)));
      }
    }
    return {at::tensor(choice), at::tensor(top), at::tensor(left)};
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    require_images("jigsaw", batch);
    const int64_t N = batch.views[0].size(0), T = grid_ * grid_;
    const Puzzle puzzle = puzzles(batch);
    const Tensor h_MD = backbone().features(puzzle.tiles_MCss.contiguous(at::MemoryFormat::ChannelsLast));
    const FullPrecision full;
    const Tensor e_NF = at::relu(tile_head_(promoted(h_MD))).view({N, -1});
    const Tensor logits_NP = classifier_(e_NF);
    return {label_cross_entropy(logits_NP, puzzle.choice_N),
            {{"accuracy", label_accuracy(logits_NP, puzzle.choice_N)}},
            h_MD.view({N, T, -1}).mean(1)};
  }

 private:
  static constexpr int64_t kLeastCell = 4;  // px

  struct Puzzle {
    Tensor tiles_MCss, choice_N;  // M = N T
  };

  static HeadShape shape(const Settings& settings) {
    const int64_t tiles = settings.integer("grid") * settings.integer("grid");
    return {.widths = {tiles * settings.integer("tile_features"), settings.integer("hidden"),
                       settings.integer("permutations")},
            .hidden_norm = HeadNorm::none};
  }

  Puzzle puzzles(const TrainBatch& batch) const {
    const at::NoGradGuard no_grad;
    const Tensor& x_NCHW = batch.views[0];
    const int64_t N = x_NCHW.size(0), T = grid_ * grid_;
    const std::vector<Tensor> own = drawn(batch);
    const Tensor &choice_N = own[0], whole = x_NCHW.narrow(2, 0, cell_ * grid_).narrow(3, 0, cell_ * grid_);
    const Tensor cells_NTCcc = jigsaw_tiles(whole, permutations_PT_, choice_N, grid_);
    Tensor tiles_MCss = crop_at(cells_NTCcc.view({N * T, x_NCHW.size(1), cell_, cell_}), own[1], own[2], side_);
    if (normalize_) {
      const Tensor deviation = tiles_MCss.std({2, 3}, /*unbiased=*/false, true);
      tiles_MCss = (tiles_MCss - tiles_MCss.mean({2, 3}, true)) / deviation.clamp_min(1e-3);
    }
    return {tiles_MCss, choice_N};
  }

  int64_t grid_, cell_, side_;
  bool normalize_;
  uint64_t seed_;
  Linear tile_head_;
  MlpHead classifier_;
  Tensor permutations_PT_;
};

// cifar: no published recipe; 3 x 3 tiles of 32 px are too small to hold a part of an object. imagenet: VISSL's
// jigsaw_8gpu_resnet50 (rate 0.1 at 256, drops after 30, 60, 90 and 100 of 105 epochs), a share of gray images as in
// the paper's sec. 4.1.
const nlohmann::json kPretrain = {
    {"optimizer", "sgd"},   {"learning_rate", 0.1}, {"learning_rate_scaling", "linear_256"}, {"momentum", 0.9},
    {"weight_decay", 1e-4}, {"schedule", "step"},   {"milestones", {0.29, 0.57, 0.86, 0.95}}};
const nlohmann::json kViews = {{"area_low", 0.6}, {"jitter", 0.0}, {"gray", 0.3}};
const nlohmann::json kPresets = {
    {"cifar", {{"grid", 2}, {"permutations", 24}, {"pretrain", kPretrain}, {"views", kViews}}},
    {"imagenet", {{"pretrain", kPretrain}, {"views", kViews}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "jigsaw",
     .summary = "pretext: which of many permutations was done to the tiles of the image",
     .paper = "arXiv:1603.09246, Algorithm 1",
     .views = 1,
     .options = {integer_option("grid", 3, 2, 3, "tiles along a side"),
                 integer_option("permutations", 1000, 2, 362880,
                                "classes: permutations, far apart in Hamming distance"),
                 real_option("tile_share", 64.0 / 75, 0.1, 1,
                             "side of a tile over that of its cell; it is cut at a random place in the cell, so that "
                             "edges do not continue from tile to tile"),
                 flag_option("normalize_tiles", true, "every tile to mean 0 and deviation 1 in each channel"),
                 integer_option("tile_features", 1024, 1, 65536, "features of a tile before they are joined (fc6)"),
                 integer_option("hidden", 4096, 1, 65536, "width of the layer before the classes (fc7)")},
     .pitfalls =
         {"Without gaps between tiles (tile_share 1), or with their colours left alone (normalize_tiles false), "
          "edges and colour casts solve the puzzle.",
          "The network sees tiles only: evaluated on whole images, its statistics are of another size.",
          "Permutations that are close in Hamming distance make the task ambiguous; many make it slow to learn."},
     .presets = kPresets,
     .tiny = {{"grid", 2}, {"permutations", 4}, {"tile_features", 32}, {"hidden", 64}},
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<Jigsaw>(std::move(request));
     },
     .chance_loss = [](const Settings& settings, const MethodInput&) -> ChanceLoss {
       return {std::log(static_cast<double>(settings.integer("permutations")))};
     }});

}  // namespace
}  // namespace sslbench::jigsaw
