// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/batch_checks.h"

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/ranks/whole_batch.h"

namespace sslbench {

void require_images(const std::string& method, const TrainBatch& batch, int64_t images) {
  const int64_t N = whole_batch_size(batch.views[0].size(0));
  if (N >= images) return;
  throw UserError(method + ": a batch needs at least " + std::to_string(images) + " images, got " + std::to_string(N) +
                  "; raise pretrain.batch_size, or set pretrain.drop_last = true");
}

void require_pair(const std::string& method, const TrainBatch& batch, int64_t images) {
  require_images(method, batch, images);
  if (batch.views.size() == 2) return;
  throw UserError(method + ": compares 2 views of an image, got " + std::to_string(batch.views.size()) +
                  "; leave out views.count and views.local_count");
}

void require_views(const std::string& method, const TrainBatch& batch, int64_t images) {
  require_images(method, batch, images);
  if (batch.views.size() >= 2) return;
  throw UserError(method + ": compares views of an image with each other, got 1; set views.count to 2 or more");
}

}  // namespace sslbench
