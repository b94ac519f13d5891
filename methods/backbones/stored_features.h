// SPDX-License-Identifier: Apache-2.0
// Features of a data set that were computed before, as a file keeps them. Shapes: N training and M test images, D
// width.
#pragma once

#include <string>

#include "methods/backbone.h"

namespace sslbench {

struct StoredFeatures {
  Tensor train_ND, test_MD;              // float32, on the CPU, finite
  Tensor train_labels_N, test_labels_M;  // int64
};

// Reads .npz, safetensors or HDF5 with the arrays train_features [N, D], train_labels [N], test_features [M, D] and
// test_labels [M]: floats of any width, integers of any width. UserError naming the file and what is wrong with it.
StoredFeatures read_stored_features(const std::string& file);

}  // namespace sslbench
