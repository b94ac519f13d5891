// SPDX-License-Identifier: Apache-2.0
// dense_knn: segmentation by a memory of labelled patches. Every patch of a test image takes the classes of the nearest
// training patches; class shares are enlarged bilinearly to the labels. Nothing is trained or chosen. Balazevic et al.,
// "Towards In-Context Scene Understanding", NeurIPS 2023, arXiv:2306.01667; which patches are kept, k = 30 and
// T = 0.02 as in vpariza/open-hummingbird-eval. Void pixels are left out (there they become class 0), and the mIoU is
// of classes as they are (there also after matching them anew).
// Shapes: B images, D features, M patches of the memory, K classes.
#include <algorithm>

#include "datasets/augment/dense_view.h"
#include "suites/ground/error.h"
#include "suites/ground/random.h"
#include "suites/metrics/dense/patch_labels.h"
#include "suites/protocols/patches/patch_map.h"
#include "suites/protocols/patches/patch_memory.h"
#include "suites/protocols/predictions/mask_scores.h"
#include "suites/protocols/predictions/saved_predictions.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench {
namespace {

constexpr int64_t kBatch = 16;         // images that the memory is filled with at a time
constexpr uint64_t kPatchesSeed = 20;  // the same patches in every run
constexpr const char* kOwner = "dense_knn";

// [B, D, g, g] as one row a patch.
Tensor rows_of(const Tensor& map_BDgg) { return map_BDgg.flatten(2).transpose(1, 2).flatten(0, 1); }

// Up to `count` patches with labels, rare classes first: as open-hummingbird chooses them, by score x uniform.
std::vector<int64_t> kept_patches(const PatchLabels& labels, size_t count, int64_t image) {
  RandomStream stream(kPatchesSeed, RandomUse::split, 0, static_cast<uint32_t>(image));
  std::vector<float> uniform;
  for (size_t p = 0; p < labels.share.rows; ++p) uniform.push_back(stream.uniform());
  std::vector<int64_t> order = rarest_patches(patch_scores(labels.share), uniform, labels.share.rows);
  std::erase_if(order, [&](int64_t p) { return !labels.kept[static_cast<size_t>(p)]; });
  if (order.size() > count) order.resize(count);
  std::ranges::sort(order);
  return order;
}

class DenseKnn final : public Protocol {
 public:
  explicit DenseKnn(const Settings& settings)
      : k_(settings.integer("k")),
        temperature_(settings.real("temperature")),
        memory_(settings.integer("memory")),
        size_(settings.integer("size")),
        stride_(settings.integer("stride")),
        save_(settings.flag("save_predictions")) {}

  void check(std::unique_ptr<Backbone> backbone) const override {
    grid_of(PatchMap(*backbone, stride_, kOwner), size_);
  }

  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    const at::NoGradGuard no_grad;
    const LoadedSplit& split = subject.data.split(dataset, Split::train, "segmentation");
    const PatchMap map(subject.backbone, stride_, kOwner);
    const PatchGrid grid = grid_of(map, size_ == 0 ? first_height(*split.images, map) : size_);
    const auto side = static_cast<int>(grid.side()), classes = static_cast<int>(split.mask_classes.size());
    const int64_t steps =
        split.images->size() + subject.data.split(dataset, Split::test, "segmentation").images->size();
    const PatchMemory memory = filled(map, grid, classes, *split.images, subject.normalisation, steps, context);
    const auto cells = static_cast<int64_t>(grid.grid);
    int64_t done = split.images->size();
    const CellScores scores = [&](const Tensor& x_NCHW) {
      context.progress(done++, steps, 0);
      const Tensor share_PK = patch_votes(memory, rows_of(map(x_NCHW)), k_, temperature_);
      return share_PK.t().reshape({1, classes, cells, cells});
    };
    measure_masks({scores, {.height = side, .width = side}, subject.normalisation, classes}, subject, dataset, save_,
                  context);
    context.record.add("memory_patches", Split::train, static_cast<double>(memory.bank.rows()), split.images->size());
    context.record.images = split.images->size();
  }

 private:
  static int64_t first_height(const ImageSet& images, const PatchMap& map) {
    const int64_t stride = map.level().stride;
    return std::max(stride, images.item(0)->image.height / stride * stride);
  }

  // UserError where the map's cells would not be patches of whole pixels.
  static PatchGrid grid_of(const PatchMap& map, int64_t size) {
    const int64_t stride = map.level().stride;
    if (size % stride != 0) {
      throw UserError("dense_knn: size = " + std::to_string(size) + " is no multiple of the map's stride, " +
                      std::to_string(stride) + "; name " + std::to_string((size / stride + 1) * stride) +
                      ", or another stride");
    }
    return {static_cast<size_t>(size / stride), static_cast<size_t>(stride)};
  }

  PatchMemory filled(const PatchMap& map, const PatchGrid& grid, int classes, const ImageSet& images,
                     const Normalisation& normalisation, int64_t steps, StageContext& context) const {
    const auto side = static_cast<int>(grid.side());
    const auto each = static_cast<size_t>(std::max<int64_t>(1, memory_ / images.size()));
    std::vector<Tensor> rows, labels;
    for (int64_t first = 0; first < images.size(); first += kBatch) {
      if (!rows.empty() && context.seen_enough(images.size())) return rehearsed(rows, labels, images.size(), first);
      if (context.stop_requested()) throw Interrupted{};
      const Items items = take_items(images, first, std::min(kBatch, images.size() - first));
      const Tensor x = whole_images(items, side, side, normalisation).to(context.device);
      const auto map_of = map(x).unbind(0);
      for (size_t n = 0; n < items.size(); ++n) {
        const Mask mask = resize_mask(items[n]->mask, side, side, /*flip=*/false);
        const PatchLabels of = patch_labels(mask.labels, grid, classes, VoidPixels::exclude);
        const std::vector<int64_t> kept = kept_patches(of, each, first + static_cast<int64_t>(n));
        if (kept.empty()) continue;
        const Tensor index = at::tensor(kept, at::kLong);
        rows.push_back(unit_rows(rows_of(map_of[n].unsqueeze(0)).index_select(0, index.to(context.device))));
        labels.push_back(at::tensor(of.share.values, at::kFloat).view({-1, classes}).index_select(0, index));
      }
      context.progress(std::min(first + kBatch, images.size()), steps, 0);
    }
    if (rows.empty()) throw RunFailure(FailureKind::data, "dense_knn: no pixel of the training masks has a class");
    return {at::cat(rows), at::cat(labels)};
  }

  // The patches of the first `seen` images as often as makes all images' number.
  static PatchMemory rehearsed(const std::vector<Tensor>& rows, const std::vector<Tensor>& labels, int64_t images,
                               int64_t seen) {
    const int64_t times = (images + seen - 1) / seen;
    return {at::cat(rows).repeat({times, 1}), at::cat(labels).repeat({times, 1})};
  }

  int64_t k_;
  double temperature_;
  int64_t memory_, size_, stride_;
  bool save_;
};

std::vector<Metric> metrics() {
  return joined(mask_metrics(), {{.name = "memory_patches",
                                  .better = Better::none,
                                  .kind = MetricKind::quantity,
                                  .definition = "training patches that are asked for their classes"}});
}

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "dense_knn",
     .summary =
         "classes of the nearest training patches of the frozen backbone (Hummingbird); nothing is trained; mIoU",
     .version = 1,
     .task = "segmentation",
     .metrics = metrics(),
     .options = {integer_option("k", 30, 1, 1e6, "patches that vote (all, when the memory is smaller)"),
                 real_option("temperature", 0.02, 1e-4, 1e3, "T of the weight softmax(cos / T)"),
                 integer_option("memory", 100'000, 1, 1e8, "patches kept at most, the same number of every image"),
                 integer_option("size", 0, 0, 8192,
                                "px, side of the square that images are resized to: a multiple of the stride; 0 = the "
                                "first image's height"),
                 patch_stride_option(), save_predictions_option()},
     .make = [](const Settings& settings) -> std::unique_ptr<Protocol> {
       return std::make_unique<DenseKnn>(settings);
     }});

}  // namespace
}  // namespace sslbench
