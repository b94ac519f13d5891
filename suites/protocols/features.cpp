// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/features.h"

#include <algorithm>

#include "datasets/batches/aten.h"
#include "datasets/batches/image_batches.h"
#include "suites/training/normalize_bytes.h"
#include "suites/training/stage_context.h"
#include "suites/training/throughput.h"

namespace sslbench {
namespace {

constexpr int64_t kBatch = 256;  // images of one forward pass

}  // namespace

Features extract_features(Backbone& backbone, const ImageSet& images, int image_size,
                          const Normalisation& normalisation, at::Device device, const std::function<bool()>& stop) {
  const at::NoGradGuard no_grad;
  backbone.train(false);
  const at::Tensor mean_3 = at::tensor(std::vector<float>(normalisation.mean.begin(), normalisation.mean.end()));
  const at::Tensor deviation_3 =
      at::tensor(std::vector<float>(normalisation.deviation.begin(), normalisation.deviation.end()));
  Features out{at::empty({images.size(), backbone.width()}, at::kFloat), at::empty({images.size()}, at::kLong)};
  Throughput throughput;
  for (int64_t first = 0; first < images.size(); first += kBatch) {
    if (stop()) throw Interrupted{};
    const int64_t count = std::min(kBatch, images.size() - first);
    const Items items = take_items(images, first, count);
    const at::Tensor x_NCHW = uniform(items, image_size)
                                  ? normalize_bytes(bytes_of(items).to(device), mean_3, deviation_3)
                                  : whole_images(items, image_size, image_size, normalisation).to(device);
    out.h_ND.narrow(0, first, count).copy_(backbone.features(x_NCHW));
    out.labels_N.narrow(0, first, count).copy_(labels_of(items));
    throughput.step(count);
  }
  out.images_per_second = throughput.median();
  return out;
}

const Features& FeatureCache::get(const DatasetSpec& dataset, Split split) {
  const std::string key = split_key(dataset, split);
  const auto found = known_.find(key);
  return found != known_.end() ? found->second : known_.emplace(key, extract_(dataset, split)).first->second;
}

}  // namespace sslbench
