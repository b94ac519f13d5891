// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "methods/backbones/swin.h"
#include "methods/transformer.h"

namespace sslbench {

inline constexpr double kSwinEps = 1e-5;

struct Sides {
  int64_t height = 0, width = 0;
  int64_t area() const { return height * width; }
  bool operator==(const Sides&) const = default;
};

// How a map is cut into windows.
struct Windows {
  Sides window, shift;
};

// What is added to the scores of every window, [windows, A, A]: 0 between tokens of one region, -100 between tokens
// that the shift brought together. `map` is whole windows large. On the CPU.
Tensor shift_mask(const Sides& map, const Windows& windows);

// Row of the bias table for every pair of tokens of a window, int64 [A, A].
Tensor relative_position_index(const Sides& window);

class SwinAttention final : public Module {
 public:
  SwinAttention(int64_t dim, int64_t heads, const Sides& window, SwinVariant variant, at::Generator& generator);
  // x: windows of N images, [N, windows, A, C]; mask: [windows, A, A] or undefined.
  Tensor operator()(const Tensor& x_NwAC, const Tensor& mask_wAA) const;

 private:
  int64_t heads_;
  Tensor table_;  // [(2 h - 1) (2 w - 1), heads]
  Tensor index_;  // [A, A]; torchvision's files hold it flat
  Linear qkv_, proj_;
};

class SwinBlock final : public Module {
 public:
  // map: of an image of the declared size; it chooses timm's window.
  SwinBlock(int64_t dim, int64_t heads, int64_t window, bool shifted, const Sides& map, SwinVariant variant,
            at::Generator& generator);
  // keep_2N: factors of the two branches for every image (DropPath); undefined: 1.
  Tensor operator()(const Tensor& x_NHWC, const Tensor& keep_2N) const;

 private:
  Tensor attended(const Tensor& x_NHWC) const;
  Tensor mask_of(const Sides& padded, const Windows& windows, const Tensor& like) const;

  SwinVariant variant_;
  Windows windows_;
  Sides declared_;    // padded map of an image of the declared size
  Tensor attn_mask_;  // timm's, for that
  LayerNorm norm1_;
  SwinAttention attn_;
  LayerNorm norm2_;
  FeedForward mlp_;
};

}  // namespace sslbench
