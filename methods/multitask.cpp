// SPDX-License-Identifier: Apache-2.0
// Multitask: name the edit that was done to a part of the image, and say where. One trunk, two heads:
//   loss = w_class * CE(class head, edit) + w_box * MSE(box head, (cx, cy, w, h, strength))
// Pretext targets in the manner of Noroozi, Favaro (arXiv:1603.09246) and Gidaris et al. (arXiv:1803.07728): the labels
// are made, so none of the dataset's are seen. targets = "labels" trains the same heads on the dataset's class and box.
// Shapes: N images; D fc width.
#include "methods/multitask.h"

#include <array>

#include "methods/layers.h"
#include "methods/method.h"
#include "methods/parts/label_loss.h"
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

class Multitask final : public Method {
 public:
  explicit Multitask(MethodRequest request)
      : Method(std::move(request.backbone)),
        from_labels_(request.settings.text("targets") == "labels"),
        seed_(request.seed),
        class_weight_(request.settings.real("class_weight")),
        box_weight_(request.settings.real("box_weight")),
        fc_(backbone().width(), request.settings.integer("embedding"), request.generator),
        class_head_(request.settings.integer("embedding"), from_labels_ ? request.input.classes : kRegionEdits,
                    request.generator),
        box_head_(request.settings.integer("embedding"), 5, request.generator) {
    add_child("fc", fc_);
    add_child("class_head", class_head_);
    add_child("box_head", box_head_);
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    Tensor x = batch.views[0], target_N = batch.labels_N, box_N5 = batch.boxes_N5;
    if (!from_labels_) {
      EditedBatch edited = edit_regions(x, batch.samples, batch.epoch, seed_);
      x = edited.images, target_N = edited.edits_N, box_N5 = edited.boxes_N5;
    } else if (!box_N5.defined()) {
      throw UserError("multitask: targets = \"labels\" needs a dataset with boxes; use targets = \"pretext\"");
    }
    const Tensor h_ND = backbone().features(x);
    const FullPrecision full;
    const Tensor e_ND = at::relu(fc_(promoted(h_ND)));
    const auto [total, cross_entropy, box_mse] =
        multitask_loss(class_head_(e_ND), target_N, box_head_(e_ND), box_N5, class_weight_, box_weight_);
    return {total, {{"cross_entropy", cross_entropy}, {"box_mse", box_mse}}, h_ND};
  }

 private:
  bool from_labels_;
  uint64_t seed_;
  double class_weight_, box_weight_;
  Linear fc_, class_head_, box_head_;
};

const nlohmann::json kViews = {{"area_low", 0.6}, {"jitter", 0.0}, {"gray", 0.0}};
const nlohmann::json kPretrain = {{"optimizer", "adam"}, {"learning_rate", 1e-3}, {"weight_decay", 0.0}};
const nlohmann::json kPresets = {{"cifar", {{"pretrain", kPretrain}, {"views", kViews}}},
                                 {"imagenet", {{"pretrain", kPretrain}, {"views", kViews}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "multitask",
     .summary = "pretext: which of ten edits was done to a part of the image, and where (CE + box MSE)",
     .paper = "after arXiv:1803.07728",
     .views = 1,
     .options = {choice_option("targets", "pretext", {"pretext", "labels"},
                               "pretext: class and box of the edit, no labels seen; labels: the dataset's"),
                 real_option("class_weight", 1, 0, 1e6, "weight of the cross-entropy"),
                 real_option("box_weight", 5, 0, 1e6, "weight of the box's squared error"),
                 integer_option("embedding", 128, 1, 65536, "width D of the shared fully connected layer")},
     .pitfalls = {"The edits leave traces (seams, lost detail) that tell them apart without any content.",
                  "targets = \"labels\" sees the labels: it is no self-supervised row then, and is marked so."},
     .presets = kPresets,
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<Multitask>(std::move(request));
     },
     .labels_when = "targets=labels"});

}  // namespace
}  // namespace sslbench::multitask
