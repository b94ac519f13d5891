// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/segmentation_losses.h"

#include "datasets/image.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/promoted.h"
#include "suites/tensors/ranks/whole_batch.h"
#include "suites/tensors/resize_maps.h"

namespace sslbench {
namespace {

at::Tensor summed_cross_entropy(const at::Tensor& scores, const at::Tensor& labels, const at::Tensor& weights_K) {
  return at::cross_entropy_loss(scores, labels, weights_K, at::Reduction::Sum, Mask::kIgnore);
}

}  // namespace

at::Tensor cross_entropy_of_rows(const at::Tensor& scores_NKHW, const at::Tensor& labels_NHW,
                                 const at::Tensor& weights_K) {
  const at::Tensor rows_PK = scores_NKHW.permute({0, 2, 3, 1}).reshape({-1, scores_NKHW.size(1)});
  return summed_cross_entropy(rows_PK, labels_NHW.flatten(), weights_K);
}

at::Tensor resize_scores(const at::Tensor& scores_NKhw, int64_t height, int64_t width) {
  return resize_maps(promoted(scores_NKhw), height, width, MapResize::bilinear);
}

at::Tensor semantic_cross_entropy(const at::Tensor& scores_NKHW, const at::Tensor& labels_NHW,
                                  const at::Tensor& weights_K) {
  const at::Tensor scores = promoted(scores_NKHW);
  const at::Tensor sum = scores.is_cuda() ? cross_entropy_of_rows(scores, labels_NHW, weights_K)
                                          : summed_cross_entropy(scores, labels_NHW, weights_K);
  // Ignored pixels take a weight, too, which is dropped: to leave them out is to ask a GPU how many are left.
  const at::Tensor ignored_P = labels_NHW.flatten().eq(Mask::kIgnore);
  const at::Tensor labels_P = labels_NHW.flatten().masked_fill(ignored_P, 0);
  const at::Tensor weight = weights_K.index_select(0, labels_P).masked_fill(ignored_P, 0).sum();
  return ratio_over_batch(sum, weight, 1e-12);
}

at::Tensor dice_loss(const at::Tensor& scores_NKHW, const at::Tensor& labels_NHW, double smooth) {
  const at::Tensor valid_N1HW = labels_NHW.ne(Mask::kIgnore).unsqueeze(1);
  const at::Tensor label_N1HW = labels_NHW.unsqueeze(1).masked_fill(valid_N1HW.logical_not(), 0);
  const at::Tensor p_NKHW = at::softmax(promoted(scores_NKHW), 1) * valid_N1HW;
  const at::Tensor y_NKHW = at::zeros_like(p_NKHW).scatter(1, label_N1HW, 1.0) * valid_N1HW;
  const auto over_pixels = [](const at::Tensor& x_NKHW) { return sum_over_ranks(x_NKHW.sum({0, 2, 3})); };
  const at::Tensor dice_K =
      (2 * over_pixels(p_NKHW * y_NKHW) + smooth) / (over_pixels(p_NKHW) + over_pixels(y_NKHW) + smooth);
  return 1 - dice_K.mean();
}

}  // namespace sslbench
