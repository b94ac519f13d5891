// SPDX-License-Identifier: Apache-2.0
// The losses of methods/distill.cpp, which explains them. Shapes: N images, D width, K rows of the queue, h w grid.
#pragma once

#include <ATen/core/Tensor.h>

namespace sslbench::distill {

// Mean over rows of 1 - cos(s, t); the teacher's rows are never differentiated. [..., D].
at::Tensor cosine_distance(const at::Tensor& s, const at::Tensor& t);

// The same of every cell of a student's map, [N, D, h, w]; a teacher's map of another grid is brought to it (bilinear).
at::Tensor patch_distance(const at::Tensor& s_NDhw, const at::Tensor& t_NDhw);

// Mean over images of KL(p_t || p_s), with p the softmax of an image's cosines to the rows of the queue (of unit
// length), and to its own teacher feature where `own_anchor`, over tau or teacher_tau.
at::Tensor similarity_divergence(const at::Tensor& s_ND, const at::Tensor& t_ND, const at::Tensor& queue_KD, double tau,
                                 double teacher_tau, bool own_anchor);

}  // namespace sslbench::distill
