// SPDX-License-Identifier: Apache-2.0
#include "methods/patches/patch_masks.h"

#include <cmath>
#include <numeric>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

RandomStream stream_of(uint64_t seed, const TrainBatch& batch, size_t n, int64_t view) {
  return RandomStream(seed, RandomUse::pretext, static_cast<uint32_t>(batch.epoch),
                      static_cast<uint32_t>(batch.samples[n]), static_cast<uint32_t>(view));
}

// One rectangle of at most `most` new patches, within ten attempts; returns how many it added.
int64_t add_block(RandomStream& stream, int64_t h, int64_t w, int64_t least, int64_t most, double aspect_low,
                  std::vector<bool>& mask) {
  const auto log_aspect = static_cast<float>(std::log(1 / aspect_low));
  for (int attempt = 0; attempt < 10; ++attempt) {
    const double area = stream.uniform(static_cast<float>(least), static_cast<float>(most));
    const double aspect = std::exp(stream.uniform(-log_aspect, log_aspect));
    const auto bh = static_cast<int64_t>(std::nearbyint(std::sqrt(area * aspect)));
    const auto bw = static_cast<int64_t>(std::nearbyint(std::sqrt(area / aspect)));
    if (bh < 1 || bw < 1 || bh >= h || bw >= w) continue;
    const int64_t top = stream.below(static_cast<uint32_t>(h - bh + 1));
    const int64_t left = stream.below(static_cast<uint32_t>(w - bw + 1));
    std::vector<size_t> fresh;
    for (int64_t i = 0; i < bh * bw; ++i) {
      const auto patch = static_cast<size_t>((top + i / bw) * w + left + i % bw);
      if (!mask[patch]) fresh.push_back(patch);
    }
    if (fresh.empty() || std::ssize(fresh) > most) continue;
    for (const size_t patch : fresh) mask[patch] = true;
    return std::ssize(fresh);
  }
  return 0;
}

void add_single_patches(RandomStream& stream, int64_t count, std::vector<bool>& mask) {
  std::vector<size_t> order(mask.size());
  std::iota(order.begin(), order.end(), size_t{0});
  for (size_t i = 0; i < static_cast<size_t>(count) && i < order.size(); ++i) {
    std::swap(order[i], order[i + stream.below(static_cast<uint32_t>(order.size() - i))]);
    mask[order[i]] = true;
  }
}

}  // namespace

int64_t kept_patches(int64_t patches, double mask_ratio) {
  return static_cast<int64_t>(static_cast<double>(patches) * (1 - mask_ratio));
}

Tensor uniform_noise(uint64_t seed, const TrainBatch& batch, int64_t view, int64_t count) {
  Tensor noise = at::empty({std::ssize(batch.samples), count}, at::kFloat);
  auto* out = noise.mutable_data_ptr<float>();
  for (size_t n = 0; n < batch.samples.size(); ++n) {
    RandomStream stream = stream_of(seed, batch, n, view);
    for (int64_t i = 0; i < count; ++i) *out++ = stream.uniform();
  }
  return noise;
}

RandomMasking random_masking(const Tensor& noise_NL, double mask_ratio) {
  const int64_t L = noise_NL.size(1), K = kept_patches(L, mask_ratio);
  RandomMasking out;
  out.ids_shuffle_NL = at::argsort(noise_NL, /*stable=*/true, /*dim=*/1);
  out.ids_restore_NL = at::argsort(out.ids_shuffle_NL, /*stable=*/true, /*dim=*/1);
  out.ids_keep_NK = out.ids_shuffle_NL.narrow(1, 0, K);
  out.mask_NL = out.ids_restore_NL.ge(K).to(noise_NL.scalar_type());
  out.places_NL = out.ids_restore_NL.clamp_max(K);
  return out;
}

int64_t masked_units(int64_t units, double mask_ratio) {
  return static_cast<int64_t>(std::ceil(static_cast<double>(units) * mask_ratio));
}

Tensor unit_masks(const Tensor& order_NM, int64_t side, int64_t unit, int64_t patch, double mask_ratio) {
  const int64_t N = order_NM.size(0), M = order_NM.size(1), g = side / unit, times = unit / patch;
  TORCH_CHECK(g * g == M && times * patch == unit, "unit_masks: ", M, " units of ", unit, " px on ", side, " px");
  const Tensor masked_NM = at::zeros({N, M}, order_NM.options().dtype(at::kLong))
                               .scatter(1, order_NM.narrow(1, 0, masked_units(M, mask_ratio)), 1);
  return masked_NM.view({N, g, g}).repeat_interleave(times, 1).repeat_interleave(times, 2);
}

std::vector<bool> choose_patches(RandomStream& stream, int64_t h, int64_t w, int64_t count, const PatchChoice& choice) {
  std::vector<bool> mask(static_cast<size_t>(h * w), false);
  if (!choice.blocks) {
    add_single_patches(stream, count, mask);
    return mask;
  }
  const int64_t third = std::min(h, w) / 3, least = choice.smallest_block > 0 ? choice.smallest_block : third * third;
  for (int64_t done = 0; done < count;) {
    const int64_t added = add_block(stream, h, w, least, count - done, choice.aspect_low, mask);
    if (added == 0) break;
    done += added;
  }
  return mask;
}

Tensor patch_masks(uint64_t seed, const TrainBatch& batch, int64_t view, int64_t h, int64_t w,
                   const PatchChoice& choice, const std::function<int64_t(RandomStream&)>& count) {
  Tensor masks_NL = at::empty({std::ssize(batch.samples), h * w}, at::kBool);
  bool* out = masks_NL.mutable_data_ptr<bool>();
  for (size_t n = 0; n < batch.samples.size(); ++n) {
    RandomStream stream = stream_of(seed, batch, n, view);
    const int64_t wanted = count(stream);
    for (const bool masked : choose_patches(stream, h, w, wanted, choice)) *out++ = masked;
  }
  return masks_NL;
}

}  // namespace sslbench
