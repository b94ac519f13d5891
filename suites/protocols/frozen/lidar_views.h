// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "suites/metrics/spectrum/lidar.h"
#include "suites/protocols/protocol.h"

namespace sslbench {

struct LidarViews {
  int64_t images = 0, views = 0;  // evenly spaced images, views of each
};

// LiDAR of the network's features of random views of `images`, the same views in every run: crops, flips, colours and
// greys with the probabilities of SimCLR, whatever a method was trained with, so that rows are asked the same.
Lidar lidar_of_views(Subject& subject, const ImageSet& images, const LidarViews& how);

}  // namespace sslbench
