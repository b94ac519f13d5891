// SPDX-License-Identifier: Apache-2.0
// What a loss needs of other ranks (ranks.h has the rule). Alone, each returns what it was given.
// Shapes: n images of this rank, N of the whole batch, V views, D features.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sslbench {

// How many images the whole batch has, of which this rank holds `own`.
int64_t whole_batch_size(int64_t own);

// Rows of the whole batch from this rank's, along `dim`, which holds images. Differentiable.
at::Tensor whole_batch(const at::Tensor& own, int64_t dim = 0);

// The same of view-major rows: [V n, ..] -> [V N, ..].
at::Tensor whole_batch_of_views(const at::Tensor& own, int64_t views);

// This rank's rows of the whole batch's, along `dim`.
at::Tensor own_rows(const at::Tensor& whole, int64_t dim = 0);

// The same of view-major rows: [V N, ..] -> [V n, ..].
at::Tensor own_rows_of_views(const at::Tensor& whole, int64_t views);

// Sum over ranks. Differentiable.
at::Tensor sum_over_ranks(const at::Tensor& own);

// The mean over the images of the whole batch, from that over this rank's. Differentiable.
at::Tensor mean_over_batch(const at::Tensor& own_mean);

// A loss that is a sum over images and gathers nothing: its share of the whole batch's sum.
at::Tensor summed_over_batch(const at::Tensor& own_sum);

// A loss that is sum / count with a count that differs between ranks (masked patches, images with a label): its share
// of the whole batch's ratio, whose count is taken as no less than `least`. The gradient reaches `own_sum` alone.
at::Tensor ratio_over_batch(const at::Tensor& own_sum, const at::Tensor& own_count, double least = 0);

}  // namespace sslbench
