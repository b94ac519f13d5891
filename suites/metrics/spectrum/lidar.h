// SPDX-License-Identifier: Apache-2.0
// LiDAR (Thilak et al., "LiDAR: Sensing Linear Probing Performance in Joint Embedding SSL Architectures", ICLR 2024,
// arXiv:2312.04000, eq. 1-4): the effective rank of what tells samples apart, in units of how far views of one sample
// lie apart.
#pragma once

#include "suites/metrics/matrix.h"

namespace sslbench {

struct LidarSettings {
  double delta = 1e-4;          // added to the diagonal of the covariance within samples
  double epsilon = 1e-8;        // added to every eigenvalue
  double epsilon_paper = 1e-7;  // added to every share
};

struct Lidar {
  double lidar = 0;        // exp(-sum p ln p), p = (l + epsilon) / sum(l + epsilon), as rbalestr-lab/stable-pretraining
  double lidar_paper = 0;  // p = l / sum(l) + epsilon_paper, not renormalised
  double top_eigenvalue = 0;
};

// `features` are the views of all samples, `views` rows of each after the other. Both covariances are unbiased: of the
// samples' means by samples - 1, within samples by samples x (views - 1). NaN where features are not finite, or the
// covariance within samples has no inverse. InternalError unless there are two samples and two views of each.
Lidar lidar(const Matrix& features, size_t views, const LidarSettings& settings = {});

}  // namespace sslbench
