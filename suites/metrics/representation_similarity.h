// SPDX-License-Identifier: Apache-2.0
// How two views, or two representations, of the same images relate. Rows are images.
#pragma once

#include "suites/metrics/matrix.h"

namespace sslbench {

// Wang and Isola: "Understanding Contrastive Representation Learning through Alignment and Uniformity on the
// Hypersphere", ICML 2020, arXiv:2005.10242, alpha = t = 2, on rows of unit length.
struct AlignmentUniformity {
  double alignment = 0;   // mean |x - y|^2
  double uniformity = 0;  // ln of the mean over i < j of exp(-2 |x_i - x_j|^2); NaN below two rows
};
AlignmentUniformity alignment_uniformity(const Matrix& x, const Matrix& y);

// Kornblith, Norouzi, Lee, Hinton: "Similarity of Neural Network Representations Revisited", ICML 2019,
// arXiv:1905.00414: |Yc'Xc|_F^2 / (|Xc'Xc|_F |Yc'Yc|_F) with centred columns.
double linear_cka(const Matrix& x, const Matrix& y);

// The same ratio of HSIC_1 (Song, Smola, Gretton, Bedo, Borgwardt, JMLR 2012, eq. 5; Nguyen, Raghu, Kornblith,
// arXiv:2010.15327, eq. 3) of uncentred Gram matrices without their diagonal; may be negative. NaN below four rows.
double unbiased_linear_cka(const Matrix& x, const Matrix& y);

}  // namespace sslbench
