// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/patches/patch_tokens.h"

#include <algorithm>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

constexpr int64_t kBatch = 64;  // images that go through the network together

std::vector<int64_t> numbers_from(int64_t first, int64_t count) {
  std::vector<int64_t> out;
  for (int64_t i = first; i < first + count; ++i) out.push_back(i);
  return out;
}

}  // namespace

PatchTokens::PatchTokens(const PatchMap& map, const ImageSet& images, const DenseRecipe& size,
                         const Normalisation& normalisation, StageContext& context, int64_t kept_bytes)
    : map_(map), images_(images), size_(size), normalisation_(normalisation), device_(context.device) {
  const int64_t N = images.size();
  labels_N_ = at::empty({N}, at::kLong);
  for (int64_t i = 0; i < N; ++i) {
    if (i % kBatch == 0 && context.stop_requested()) throw Interrupted{};
    labels_N_.mutable_data_ptr<int64_t>()[i] = images.item(i)->label;
  }
  const at::Tensor first_1TD = computed({0});
  if (N * static_cast<int64_t>(first_1TD.nbytes()) > kept_bytes) return;
  kept_NTD_ = at::empty({N, first_1TD.size(1), first_1TD.size(2)}, first_1TD.options());
  for (int64_t first = 0; first < N; first += kBatch) {
    if (context.stop_requested()) throw Interrupted{};
    const int64_t count = std::min(kBatch, N - first);
    kept_NTD_.narrow(0, first, count).copy_(computed(numbers_from(first, count)));
  }
}

at::Tensor PatchTokens::computed(const std::vector<int64_t>& numbers) const {
  Items items;
  for (const int64_t number : numbers) items.push_back(images_.item(number));
  const at::Tensor x_NCHW = whole_images(items, size_.height, size_.width, normalisation_).to(device_);
  return map_(x_NCHW).flatten(2).transpose(1, 2).contiguous();
}

at::Tensor PatchTokens::tokens(const std::vector<int64_t>& numbers) const {
  if (!kept_NTD_.defined()) return computed(numbers);
  return kept_NTD_.index_select(0, at::tensor(numbers, at::kLong).to(device_));
}

at::Tensor PatchTokens::labels(const std::vector<int64_t>& numbers) const {
  return labels_N_.index_select(0, at::tensor(numbers, at::kLong)).to(device_);
}

}  // namespace sslbench
