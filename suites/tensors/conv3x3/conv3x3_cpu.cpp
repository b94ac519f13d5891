// SPDX-License-Identifier: Apache-2.0
#include <ATen/Parallel.h>
#include <torch/library.h>

#include <algorithm>
#include <tuple>

#include "suites/tensors/aten.h"
#include "suites/tensors/conv3x3/winograd.h"
#include "suites/tensors/conv3x3/winograd_transforms.h"
#include "suites/tensors/library_threads.h"

// Shapes: N images, C channels in, K out, H W height and width.
namespace sslbench {
namespace {

using at::Tensor;

const PanelKernel& kernel() { return panel_kernels().front(); }

Tensor floats(int64_t count) { return at::empty({count}, at::TensorOptions(at::kFloat)); }

MapShape map_of(const Tensor& x) { return {x.size(0), x.size(2), x.size(3)}; }

template <class T>
Channels<T> channels_of(const Tensor& x, T* data) {
  return {data, x.size(1), x.size(1)};
}

template <class T>
KernelView<T> view_of(const Tensor& weight, T* data) {
  return {data, weight.stride(0), weight.stride(1), weight.stride(2), weight.stride(3)};
}

// As seen from the outputs.
KernelView<const float> turned(const Tensor& weight) {
  const auto w = view_of(weight, weight.const_data_ptr<float>());
  return {w.first + 2 * (w.y + w.x), w.in, w.out, -w.y, -w.x};
}

Tensor block_memory(int64_t C, int64_t K, int64_t tiles) {
  Tensor out = floats(block_scratch(C, K, tiles));
  out.narrow(0, 0, std::max(C, K)).zero_();
  return out;
}

// U of C channels in and K out.
Tensor transformed(const KernelView<const float>& weight, int64_t C, int64_t K) {
  const Tensor out = floats(K / kPanel * weight_panel(C));
  auto* U = out.mutable_data_ptr<float>();
  on_library_threads(K / kPanel, [&](int64_t first, int64_t last) {
    for (int64_t panel = first; panel < last; ++panel) transform_weights(weight, C, panel * kPanel, U);
  });
  return out;
}

Tensor convolved(const Tensor& x, const KernelView<const float>& weight, int64_t K) {
  const int64_t C = x.size(1);
  const MapShape map = map_of(x);
  const Tensor U = transformed(weight, C, K);
  Tensor y = at::empty({x.size(0), K, x.size(2), x.size(3)}, x.options().memory_format(at::MemoryFormat::ChannelsLast));
  const auto from = channels_of(x, x.const_data_ptr<float>());
  const auto to = channels_of(y, y.mutable_data_ptr<float>());
  const int64_t a_thread = (map.tiles() + at::get_num_threads() - 1) / at::get_num_threads();
  const int64_t of_block = std::min(block_tiles(C, K), a_thread);
  on_library_threads((map.tiles() + of_block - 1) / of_block, [&](int64_t begin, int64_t end) {
    const Tensor memory = block_memory(C, K, of_block);
    for (int64_t b = begin; b < end; ++b) {
      const TileRange tiles{b * of_block, std::min(of_block, map.tiles() - b * of_block)};
      convolve_tiles(kernel(), map, from, U.const_data_ptr<float>(), tiles, to, memory.mutable_data_ptr<float>());
    }
  });
  return y;
}

// How the weight's gradient is divided, by its shape alone: output channels by `channels`, tiles by `parts`, of which
// each has sums of its own: enough tiles that sums cost little beside products, and no more sums than memory for them.
struct Division {
  static constexpr int64_t kChannels = 64, kTilesOfPart = 1024, kSums = 4194304, kMostParts = 16;

  int64_t C, K, tiles;
  int64_t of_block = block_tiles(C, std::min(kChannels, K));
  int64_t blocks = (tiles + of_block - 1) / of_block;
  int64_t parts = std::clamp<int64_t>(std::min(tiles / kTilesOfPart, kSums / (kPlaces * C * K)), 1, kMostParts);
  int64_t groups = (K + kChannels - 1) / kChannels;

  int64_t first_out(int64_t group) const { return group * kChannels; }
  int64_t outs(int64_t group) const { return std::min(kChannels, K - first_out(group)); }
  int64_t part_stride(int64_t group) const { return kPlaces * C * outs(group); }
  int64_t sums_of(int64_t group) const { return kPlaces * C * first_out(group) * parts; }
  TileRange range_of(int64_t block) const { return {block * of_block, std::min(of_block, tiles - block * of_block)}; }
};

Tensor weight_sums(const Division& division, const Tensor& x, const Tensor& dy) {
  const int64_t C = division.C, K = division.K;
  Tensor out = floats(division.parts * kPlaces * C * K);
  auto* sums = out.mutable_data_ptr<float>();
  const auto from = channels_of(x, x.const_data_ptr<float>());
  const auto* gradients = dy.const_data_ptr<float>();
  on_library_threads(division.groups * division.parts, [&](int64_t begin, int64_t end) {
    const Tensor memory = block_memory(C, std::min(Division::kChannels, K), division.of_block);
    for (int64_t task = begin; task < end; ++task) {
      const int64_t group = task / division.parts, part = task % division.parts, size = division.part_stride(group);
      const Channels<const float> some{gradients + division.first_out(group), division.outs(group), K};
      float* own = sums + division.sums_of(group) + part * size;
      std::fill(own, own + size, 0.0f);
      const int64_t last = division.blocks * (part + 1) / division.parts;
      for (int64_t block = division.blocks * part / division.parts; block < last; ++block) {
        add_weight_sums(kernel(), map_of(x), from, some, division.range_of(block), own,
                        memory.mutable_data_ptr<float>());
      }
    }
  });
  return out;
}

Tensor weight_gradient(const Tensor& dy, const Tensor& x, const Tensor& weight) {
  const Division division{.C = x.size(1), .K = dy.size(1), .tiles = map_of(x).tiles()};
  const Tensor sums = weight_sums(division, x, dy);
  Tensor out = at::empty_like(weight);
  const auto gradient = view_of(out, out.mutable_data_ptr<float>());
  on_library_threads(division.groups * division.C, [&](int64_t begin, int64_t end) {
    for (int64_t task = begin; task < end; ++task) {
      const int64_t group = task / division.C;
      KernelView<float> to = gradient;
      to.first += division.first_out(group) * to.out;
      weight_gradients_of({sums.const_data_ptr<float>() + division.sums_of(group), division.parts,
                           division.part_stride(group), division.C, division.outs(group)},
                          task % division.C, to);
    }
  });
  return out;
}

Tensor conv3x3_cpu(const Tensor& x, const Tensor& weight) {
  return convolved(x, view_of(weight, weight.const_data_ptr<float>()), weight.size(0));
}

std::tuple<Tensor, Tensor> conv3x3_backward_cpu(const Tensor& dy, const Tensor& x, const Tensor& weight, bool wants_x,
                                                bool wants_weight) {
  return {wants_x ? convolved(dy, turned(weight), weight.size(1)) : Tensor(),
          wants_weight ? weight_gradient(dy, x, weight) : Tensor()};
}

}  // namespace

TORCH_LIBRARY_IMPL(sslbench, CPU, library) {
  library.impl("conv3x3", conv3x3_cpu);
  library.impl("conv3x3_backward", conv3x3_backward_cpu);
}

}  // namespace sslbench
