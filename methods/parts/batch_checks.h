// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "datasets/batches/train_batch.h"

namespace sslbench {

// UserError unless the whole batch holds at least `images` images: fewer leave a loss or a batch norm without
// statistics.
void require_images(const std::string& method, const TrainBatch& batch, int64_t images = 2);
// The same, and unless every image has exactly two views: a method that compares pairs would ignore the others.
void require_pair(const std::string& method, const TrainBatch& batch, int64_t images = 2);
// The same, and unless every image has at least two views.
void require_views(const std::string& method, const TrainBatch& batch, int64_t images = 2);

}  // namespace sslbench
