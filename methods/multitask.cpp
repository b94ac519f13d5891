// SPDX-License-Identifier: Apache-2.0
// Multitask: name the edit that was done to a part of the image, say where, and mark its pixels. One trunk, three
// heads:
//   loss = w_class * CE(class head, edit) + w_box * MSE(box head, (cx, cy, w, h, strength)) + w_mask * BCE(mask head,
//   m)
// m: how much of a pixel is of the edit (patches/region_edit.h); the mask head reads every map of the trunk.
// Pretext targets in the manner of Noroozi, Favaro (arXiv:1603.09246) and Gidaris et al. (arXiv:1803.07728): the labels
// are made, so none of the dataset's are seen. targets = "labels" trains class and box heads on the dataset's class and
// box, and no mask head.
// Shapes: N images; H W; D fc width.
#include "methods/multitask.h"

#include <array>

#include "methods/layers.h"
#include "methods/method.h"
#include "methods/parts/label_loss.h"
#include "methods/parts/mask_head.h"
#include "methods/patches/region_edit.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"

namespace sslbench::multitask {

std::array<Tensor, 3> multitask_loss(const Tensor& logits_NC, const Tensor& labels_N, const Tensor& boxes_N5,
                                     const Tensor& targets_N5, double class_weight, double box_weight) {
  const Tensor cross_entropy = label_cross_entropy(logits_NC, labels_N);
  const Tensor box_mse = at::mse_loss(boxes_N5, targets_N5.detach().to(boxes_N5.scalar_type()));
  return {class_weight * cross_entropy + box_weight * box_mse, cross_entropy, box_mse};
}

namespace {

RegionEditing editing_of(const Settings& settings) {
  return {settings.text("edits") == "ten" ? RegionEdits::ten : RegionEdits::turns,
          settings.text("borders") == "blended"};
}

// What the heads are to answer about x.
struct Questions {
  Tensor x, target_N, box_N5, share_N1HW;
};

class Multitask final : public Method {
 public:
  explicit Multitask(MethodRequest request)
      : Method(std::move(request.backbone)),
        from_labels_(request.settings.text("targets") == "labels"),
        seed_(request.seed),
        editing_(editing_of(request.settings)),
        class_weight_(request.settings.real("class_weight")),
        box_weight_(request.settings.real("box_weight")),
        mask_weight_(request.settings.real("mask_weight")),
        fc_(backbone().width(), request.settings.integer("embedding"), request.generator),
        class_head_(request.settings.integer("embedding"),
                    from_labels_ ? request.input.classes : count_of(editing_.edits), request.generator),
        box_head_(request.settings.integer("embedding"), 5, request.generator) {
    add_child("fc", fc_);
    add_child("class_head", class_head_);
    add_child("box_head", box_head_);
    if (from_labels_ || mask_weight_ == 0) return;
    mask_head_ = std::make_unique<MaskHead>(backbone(), request.generator);
    add_child("mask_head", *mask_head_);
  }

  // The edited images, and what was done to them.
  std::vector<Tensor> draw(const TrainBatch& batch, int64_t) const override {
    if (from_labels_) return {};
    EditedBatch edited = edit_regions(batch.views[0], batch.samples, batch.epoch, seed_, editing_);
    return {edited.images, edited.edits_N, edited.boxes_N5, edited.shares_N1HW};
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    const Questions asked = questions(batch);
    // With a mask, the heads read the mean of the last map, so that one pass serves all three.
    const std::vector<Tensor> maps = mask_head_ ? backbone().feature_maps(asked.x) : std::vector<Tensor>{};
    const Tensor h_ND = mask_head_ ? pooled(maps.back()) : backbone().features(asked.x);
    const Tensor logits_N1HW = mask_head_ ? (*mask_head_)(maps, asked.x.size(2), asked.x.size(3)) : Tensor{};
    const FullPrecision full;
    const Tensor e_ND = at::relu(fc_(promoted(h_ND)));
    const auto [total, cross_entropy, box_mse] =
        multitask_loss(class_head_(e_ND), asked.target_N, box_head_(e_ND), asked.box_N5, class_weight_, box_weight_);
    Loss out{total, {{"cross_entropy", cross_entropy}, {"box_mse", box_mse}}, h_ND};
    if (!mask_head_) return out;
    const Tensor mask_bce =
        at::binary_cross_entropy_with_logits(logits_N1HW, asked.share_N1HW.to(logits_N1HW.scalar_type()));
    out.total = total + mask_weight_ * mask_bce;
    out.terms.emplace_back("mask_bce", mask_bce);
    return out;
  }

  std::vector<Tensor> paint(const TrainBatch& batch) override {
    if (!mask_head_) return {};
    const Tensor x = questions(batch).x;
    const Tensor share_N1HW = (*mask_head_)(backbone().feature_maps(x), x.size(2), x.size(3)).sigmoid();
    return {x, x * share_N1HW.to(x.scalar_type())};
  }

 private:
  Questions questions(const TrainBatch& batch) const {
    if (!from_labels_) {
      const std::vector<Tensor> edited = drawn(batch);
      return {edited[0], edited[1], edited[2], edited[3]};
    }
    if (batch.boxes_N5.defined()) return {batch.views[0], batch.labels_N, batch.boxes_N5, {}};
    throw UserError("multitask: targets = \"labels\" needs a dataset with boxes; use targets = \"pretext\"");
  }

  bool from_labels_;
  uint64_t seed_;
  RegionEditing editing_;
  double class_weight_, box_weight_, mask_weight_;
  Linear fc_, class_head_, box_head_;
  std::unique_ptr<MaskHead> mask_head_;  // absent where nothing asks for it
};

const nlohmann::json kViews = {{"area_low", 0.6}, {"jitter", 0.0}, {"gray", 0.0}};
const nlohmann::json kPretrain = {{"optimizer", "adam"}, {"learning_rate", 1e-3}, {"weight_decay", 0.0}};
const nlohmann::json kPresets = {{"cifar", {{"pretrain", kPretrain}, {"views", kViews}}},
                                 {"imagenet", {{"pretrain", kPretrain}, {"views", kViews}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "multitask",
     .summary = "pretext: which edit was done to a part of the image, where, and to which pixels (CE + box MSE + mask)",
     .paper = "after arXiv:1803.07728",
     .views = 1,
     .options = {choice_option("targets", "pretext", {"pretext", "labels"},
                               "pretext: class and box of the edit, no labels seen; labels: the dataset's"),
                 real_option("class_weight", 1, 0, 1e6, "weight of the cross-entropy"),
                 real_option("box_weight", 5, 0, 1e6, "weight of the box's squared error"),
                 integer_option("embedding", 128, 1, 65536, "width D of the shared fully connected layer"),
                 later(real_option("mask_weight", 1, 0, 1e6,
                                   "weight of the mask's cross-entropy, a mean over pixels (targets = pretext)"),
                       0),
                 later(choice_option("edits", "turns", {"ten", "turns"},
                                     "ten: invert, gray, blur, noise, rotate channels, darken, lighten, mirror, "
                                     "pixelate, solarize; turns: the box turned by 90, 180 or 270 degrees"),
                       "ten"),
                 later(choice_option("borders", "blended", {"hard", "blended"},
                                     "whether an edit begins at once or fades in over a quarter of the box"),
                       "hard")},
     .pitfalls = {"edits = \"ten\" leave traces (lost detail, colours) that tell them apart without any content.",
                  "borders = \"hard\": the edit is found by its seam.",
                  "targets = \"labels\" sees the labels: it is no self-supervised row then, and is marked so."},
     .presets = kPresets,
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<Multitask>(std::move(request));
     },
     .labels_when = "targets=labels"});

}  // namespace
}  // namespace sslbench::multitask
