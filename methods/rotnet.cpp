// SPDX-License-Identifier: Apache-2.0
// RotNet: which way is up?
// Gidaris, Singh, Komodakis: "Unsupervised Representation Learning by Predicting Image Rotations", ICLR 2018,
// arXiv:1803.07728.
//   loss(X, theta) = -1/K sum_{y=1}^K log F^y(g(X | y) | theta),  K = 4, g: a turn by (y - 1) 90 degrees   (Eq. 2)
// Shapes: N images, C channels, S side; M = 4 N.
#include "methods/rotnet.h"

#include <cmath>

#include "methods/layers.h"
#include "methods/method.h"
#include "methods/parts/label_loss.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"
#include "suites/tensors/promoted.h"

namespace sslbench::rotnet {

constexpr int64_t kTurns = 4;

std::pair<Tensor, Tensor> rotate_views(const Tensor& x_NCSS) {
  std::vector<Tensor> turned;
  for (int64_t k = 0; k < kTurns; ++k) turned.push_back(x_NCSS.rot90(k, {2, 3}));
  const Tensor k_T = at::arange(kTurns, x_NCSS.options().dtype(at::kLong));
  return {at::stack(turned, 1), k_T.unsqueeze(0).expand({x_NCSS.size(0), kTurns}).contiguous()};
}

namespace {

class RotNet final : public Method {
 public:
  explicit RotNet(MethodRequest request)
      : Method(std::move(request.backbone)), classifier_(backbone().width(), kTurns, request.generator) {
    add_child("classifier", classifier_);
  }

  Loss loss(const TrainBatch& batch, const Progress&) override {
    const auto [turned_N4CSS, k_N4] = rotate_views(batch.views[0]);
    const Tensor x_MCSS = turned_N4CSS.flatten(0, 1).contiguous(at::MemoryFormat::ChannelsLast);
    const Tensor h_MD = backbone().features(x_MCSS);
    const FullPrecision full;
    const Tensor logits_M4 = classifier_(promoted(h_MD)), k_M = k_N4.flatten();
    return {label_cross_entropy(logits_M4, k_M),
            {{"accuracy", label_accuracy(logits_M4, k_M)}},
            h_MD.view({-1, kTurns, h_MD.size(1)}).select(1, 0)};
  }

 private:
  Linear classifier_;
};

// cifar: the paper's sec. 4.1, 100 epochs with drops after 30, 60 and 80. imagenet: its AlexNet, drops after 10 and 20
// of 30 epochs. Colours stay as they are; the four turns are the augmentation.
const nlohmann::json kViews = {{"area_low", 0.6}, {"jitter", 0.0}, {"gray", 0.0}};
const nlohmann::json kPresets = {{"cifar",
                                  {{"pretrain",
                                    {{"optimizer", "sgd"},
                                     {"learning_rate", 0.1},
                                     {"momentum", 0.9},
                                     {"nesterov", true},
                                     {"weight_decay", 5e-4},
                                     {"schedule", "step"},
                                     {"milestones", {0.3, 0.6, 0.8}},
                                     {"step_factor", 0.2}}},
                                   {"views", kViews}}},
                                 {"imagenet",
                                  {{"pretrain",
                                    {{"optimizer", "sgd"},
                                     {"learning_rate", 0.01},
                                     {"momentum", 0.9},
                                     {"weight_decay", 5e-4},
                                     {"schedule", "step"},
                                     {"milestones", {0.33, 0.67}}}},
                                   {"views", kViews}}}};

const bool registered = Registry<MethodEntry>::add(
    {.name = "rotnet",
     .summary = "pretext: which of four turns by 90 degrees was done to the image",
     .paper = "arXiv:1803.07728, Eq. 2",
     .views = 1,
     .pitfalls = {"Images without an upright (microscopy, aerial, textures) give the task nothing to learn from.",
                  "Every image passes four times: a step costs as much as one of batch_size times four.",
                  "Rotation as augmentation (views.rotation) works against the labels.",
                  "The last layers specialise in the task; earlier maps often probe better."},
     .presets = kPresets,
     .make = [](MethodRequest request) -> std::unique_ptr<Method> {
       return std::make_unique<RotNet>(std::move(request));
     },
     .chance_loss = [](const Settings&, const MethodInput&) -> ChanceLoss { return {std::log(double{kTurns})}; }});

}  // namespace
}  // namespace sslbench::rotnet
