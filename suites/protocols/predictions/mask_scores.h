// SPDX-License-Identifier: Apache-2.0
// What label maps predicted for the images of a set are worth. Each image is scored at the size of its own label map.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "datasets/augment/dense_view.h"
#include "reports/record/record.h"
#include "suites/metrics/segmentation.h"
#include "suites/protocols/fine_tuning/image_part.h"
#include "suites/protocols/protocol.h"
#include "suites/training/stage_context.h"

namespace sslbench {

// Class scores [N, K, h, w] of normalised pictures [N, 3, H, W] on the context's device, on the grid of whatever gives
// them: who reads them enlarges them bilinearly.
using CellScores = std::function<at::Tensor(const at::Tensor& x_NCHW)>;

// How pictures reach the network, and how many classes its scores tell apart.
struct MaskReader {
  CellScores scores;
  DenseRecipe recipe;
  Normalisation normalisation;
  int classes = 0;
};

// Called with the place of each image, its example and its predicted label map.
using OnLabelMap = std::function<void(int64_t place, const Item& item, const Mask& found)>;

// One confusion matrix an image, one image at a time, since sizes may differ. RunFailure(non_finite) for scores that
// are not finite.
std::vector<ConfusionMatrix> mask_confusions(const MaskReader& reader, const ImagePart& images, StageContext& context,
                                             const OnLabelMap& on_map = {});
// Of all these images together; NaN without a pixel that has a class.
SegmentationScores scores_of(const std::vector<ConfusionMatrix>& per_image, int classes);

std::vector<Metric> mask_metrics();

// Reads the test images: adds scores with intervals, those by class, those of the constant answer, those without leaks,
// and pictures; keeps the label maps where `save` says so.
void measure_masks(const MaskReader& reader, Subject& subject, const DatasetSpec& dataset, bool save,
                   StageContext& context);

}  // namespace sslbench
