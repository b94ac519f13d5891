// SPDX-License-Identifier: Apache-2.0
#include "methods/patches/region_edit.h"

#include <algorithm>

#include "suites/ground/random.h"
#include "suites/tensors/aten.h"

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
  return noise;
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

struct Box {
  int64_t top, left, height, width;
};

// Sides of 0.3 to 0.7 of the image; of turns 0.4 to 0.8 of its shorter side, square.
Box drawn_box(RandomStream& stream, RegionEdits edits, int64_t H, int64_t W) {
  const auto side = [&](float low, float high, int64_t full) {
    return std::max<int64_t>(1, static_cast<int64_t>(stream.uniform(low, high) * static_cast<float>(full)));
  };
  const bool square = edits == RegionEdits::turns;
  const int64_t h = square ? side(0.4f, 0.8f, std::min(H, W)) : side(0.3f, 0.7f, H);
  const int64_t w = square ? h : side(0.3f, 0.7f, W);
  const int64_t top = stream.below(static_cast<uint32_t>(H - h + 1)),
                left = stream.below(static_cast<uint32_t>(W - w + 1));
  return {top, left, h, w};
}

// Rises from the first pixel over a quarter of the side to 1, and falls again; smooth at both ends.
Tensor ramp(int64_t side, bool blended) {
  Tensor out = at::ones({side}, at::kFloat);
  const float width = 0.25f * static_cast<float>(side);
  auto* share = out.mutable_data_ptr<float>();
  for (int64_t i = 0; blended && i < side; ++i) {
    const float depth = static_cast<float>(std::min(i, side - 1 - i)) + 0.5f, t = std::min(1.f, depth / width);
    share[i] = t * t * (3 - 2 * t);
  }
  return out;
}

void write_box(const Box& box, float strength, int64_t H, int64_t W, float* out) {
  out[0] = (static_cast<float>(box.left) + static_cast<float>(box.width) / 2) / static_cast<float>(W);
  out[1] = (static_cast<float>(box.top) + static_cast<float>(box.height) / 2) / static_cast<float>(H);
  out[2] = static_cast<float>(box.width) / static_cast<float>(W);
  out[3] = static_cast<float>(box.height) / static_cast<float>(H);
  out[4] = strength;
}

}  // namespace

int64_t count_of(RegionEdits edits) { return edits == RegionEdits::ten ? 10 : 3; }

EditedBatch edit_regions(const Tensor& x_NCHW, const std::vector<int64_t>& samples, int64_t epoch, uint64_t seed,
                         const RegionEditing& editing) {
  const at::NoGradGuard no_grad;
  const int64_t N = x_NCHW.size(0), H = x_NCHW.size(2), W = x_NCHW.size(3);
  EditedBatch out{x_NCHW.clone(), at::empty({N}, at::kLong), at::empty({N, 5}, at::kFloat),
                  at::zeros({N, 1, H, W}, at::kFloat)};
  const bool turns = editing.edits == RegionEdits::turns;
  for (int64_t n = 0; n < N; ++n) {
    RandomStream stream(seed, RandomUse::pretext, static_cast<uint32_t>(epoch),
                        static_cast<uint32_t>(samples[static_cast<size_t>(n)]));
    const auto edit = static_cast<int64_t>(stream.below(static_cast<uint32_t>(count_of(editing.edits))));
    const float strength = turns ? 1 : stream.uniform(0.4f, 1);
    const Box box = drawn_box(stream, editing.edits, H, W);
    const Tensor share_hw = ramp(box.height, editing.blended).unsqueeze(1) * ramp(box.width, editing.blended);
    out.shares_N1HW[n][0].narrow(0, box.top, box.height).narrow(1, box.left, box.width).copy_(share_hw);
    Tensor region = out.images[n].narrow(1, box.top, box.height).narrow(2, box.left, box.width);
    const Tensor changed = turns ? region.rot90(edit + 1, {1, 2}) : edited(edit, region.clone(), stream);
    region.copy_(region + (strength * share_hw) * (changed - region));
    out.edits_N.mutable_data_ptr<int64_t>()[n] = edit;
    write_box(box, strength, H, W, out.boxes_N5.mutable_data_ptr<float>() + 5 * n);
  }
  return out;
}

}  // namespace sslbench
