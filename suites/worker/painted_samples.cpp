// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/painted_samples.h"

#include "datasets/batches/image_batches.h"
#include "suites/protocols/parts/sample_pictures.h"
#include "suites/tensors/aten.h"

namespace sslbench {

void add_painted_samples(Method& method, const ImageSet& images, int size, const Normalisation& normalisation,
                         StageContext& context) {
  const at::NoGradGuard no_grad;
  TrainBatch batch;
  batch.samples = sample_numbers(images.size(), kSampleLines);
  Items items;
  for (const int64_t i : batch.samples) items.push_back(images.item(i));
  batch.views = {whole_images(items, size, size, normalisation).to(context.device)};
  batch.labels_N = labels_of(items).to(context.device);
  method.train(false);
  const std::vector<Tensor> painted = method.paint(batch);
  if (painted.empty()) return;
  for (int64_t n = 0; n < std::ssize(items); ++n) {
    Sample sample{small_picture(batch.views[0][n], normalisation)};
    for (const Tensor& images_NCHW : painted) sample.beside.push_back(small_picture(images_NCHW[n], normalisation));
    context.record.samples.push_back(std::move(sample));
  }
}

}  // namespace sslbench
