// SPDX-License-Identifier: Apache-2.0
#include "methods/patches/region_edit.h"

#include <algorithm>

#include "suites/ground/random.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/to_device.h"

namespace sslbench {
namespace {

using at::Tensor;

// Mean of each block of side `block`, at full size; a size that the block does not divide keeps its last rows and
// columns.
Tensor pixelated(const Tensor& r_CHW, int64_t block) {
  const int64_t h = r_CHW.size(1) / block, w = r_CHW.size(2) / block;
  Tensor out = r_CHW.clone();
  if (h == 0 || w == 0) return out;
  const Tensor whole = r_CHW.narrow(1, 0, h * block).narrow(2, 0, w * block);
  const Tensor means = whole.reshape({3, h, block, w, block}).mean({2, 4}, true).expand({3, h, block, w, block});
  out.narrow(1, 0, h * block).narrow(2, 0, w * block).copy_(means.reshape({3, h * block, w * block}));
  return out;
}

// 3x3 mean of the inside of the region, applied twice; its border stays.
Tensor blurred(const Tensor& r_CHW) {
  Tensor out = r_CHW.clone();
  const int64_t h = out.size(1) - 2, w = out.size(2) - 2;
  for (int pass = 0; pass < 2 && h > 0 && w > 0; ++pass) {
    Tensor sum = at::zeros({3, h, w}, r_CHW.options());
    for (int64_t dy = 0; dy < 3; ++dy) {
      for (int64_t dx = 0; dx < 3; ++dx) sum += out.narrow(1, dy, h).narrow(2, dx, w);
    }
    out.narrow(1, 1, h).narrow(2, 1, w).copy_(sum / 9);
  }
  return out;
}

Tensor noise_like(const Tensor& r_CHW, RandomStream& stream) {
  Tensor noise = at::empty(r_CHW.sizes(), at::kFloat);
  auto* out = noise.mutable_data_ptr<float>();
  for (int64_t i = 0; i < noise.numel(); ++i) out[i] = stream.uniform(-1, 1);
  return to_device(noise, r_CHW.device());
}

// One region with full strength; the caller mixes it with the original by the strength drawn.
Tensor edited(int64_t edit, const Tensor& r_CHW, RandomStream& stream) {
  switch (edit) {
    case 0: return -r_CHW;
    case 1: return r_CHW.mean(0, true).expand_as(r_CHW);
    case 2: return blurred(r_CHW);
    case 3: return r_CHW + noise_like(r_CHW, stream);
    case 4: return r_CHW.roll(1, 0);
    case 5: return r_CHW - 1;
    case 6: return r_CHW + 1;
    case 7: return r_CHW.flip(2);
    case 8: return pixelated(r_CHW, 4);
    default: return at::where(r_CHW > 0, -r_CHW, r_CHW);
  }
}

}  // namespace

EditedBatch edit_regions(const Tensor& x_NCHW, const std::vector<int64_t>& samples, int64_t epoch, uint64_t seed) {
  const at::NoGradGuard no_grad;
  const int64_t N = x_NCHW.size(0), H = x_NCHW.size(2), W = x_NCHW.size(3);
  EditedBatch out{x_NCHW.clone(), at::empty({N}, at::kLong), at::empty({N, 5}, at::kFloat)};
  for (int64_t n = 0; n < N; ++n) {
    RandomStream stream(seed, RandomUse::pretext, static_cast<uint32_t>(epoch),
                        static_cast<uint32_t>(samples[static_cast<size_t>(n)]));
    const auto edit = static_cast<int64_t>(stream.below(kRegionEdits));
    const float strength = stream.uniform(0.4f, 1);
    const auto side = [&](int64_t full) {
      return std::max<int64_t>(1, static_cast<int64_t>(stream.uniform(0.3f, 0.7f) * static_cast<float>(full)));
    };
    const int64_t h = side(H), w = side(W);
    const int64_t top = stream.below(static_cast<uint32_t>(H - h + 1)),
                  left = stream.below(static_cast<uint32_t>(W - w + 1));
    Tensor region = out.images[n].narrow(1, top, h).narrow(2, left, w);
    region.copy_(region + strength * (edited(edit, region.clone(), stream) - region));
    out.edits_N.mutable_data_ptr<int64_t>()[n] = edit;
    float* box = out.boxes_N5.mutable_data_ptr<float>() + 5 * n;
    box[0] = (static_cast<float>(left) + static_cast<float>(w) / 2) / static_cast<float>(W);
    box[1] = (static_cast<float>(top) + static_cast<float>(h) / 2) / static_cast<float>(H);
    box[2] = static_cast<float>(w) / static_cast<float>(W);
    box[3] = static_cast<float>(h) / static_cast<float>(H);
    box[4] = strength;
  }
  out.edits_N = to_device(out.edits_N, x_NCHW.device());
  out.boxes_N5 = to_device(out.boxes_N5, x_NCHW.device());
  return out;
}

}  // namespace sslbench
