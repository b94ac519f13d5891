// SPDX-License-Identifier: Apache-2.0
#include "datasets/leaks/aligned_pair.h"

#include <algorithm>
#include <array>

namespace sslbench {
namespace {

constexpr float kLeastSide = 0.7f;

// Found on CIFAR-10: its own near duplicates as looked at, copies altered on purpose, and other pairs.
constexpr float kOfBusy = 0.80f, kOfPlain = 0.90f;
constexpr double kBusyCells = 32, kPlainCells = 20;  // of 64

void add_grid(std::vector<Window>& out, float side, int along) {
  for (int y = 0; y < along; ++y) {
    for (int x = 0; x < along; ++x) {
      const float step = (1 - side) / static_cast<float>(along - 1);
      out.push_back({static_cast<float>(y) * step, static_cast<float>(x) * step, side, side});
    }
  }
}

bool is_inside(const Window& w) {
  return w.top >= 0 && w.left >= 0 && w.height >= kLeastSide && w.width >= kLeastSide && w.top + w.height <= 1 &&
         w.left + w.width <= 1;
}

// The windows a step away: each edge moved, and the whole moved.
std::array<Window, 12> neighbours(const Window& w, float step) {
  return {{{w.top + step, w.left, w.height, w.width},
           {w.top - step, w.left, w.height, w.width},
           {w.top, w.left + step, w.height, w.width},
           {w.top, w.left - step, w.height, w.width},
           {w.top + step, w.left, w.height - step, w.width},
           {w.top - step, w.left, w.height + step, w.width},
           {w.top, w.left + step, w.height, w.width - step},
           {w.top, w.left - step, w.height, w.width + step},
           {w.top, w.left, w.height + step, w.width},
           {w.top, w.left, w.height - step, w.width},
           {w.top, w.left, w.height, w.width + step},
           {w.top, w.left, w.height, w.width - step}}};
}

}  // namespace

const std::vector<Window>& search_windows() {
  static const std::vector<Window> windows = [] {
    std::vector<Window> out{{}};
    add_grid(out, 0.92f, 2);
    add_grid(out, 0.84f, 3);
    return out;
  }();
  return windows;
}

float best_similarity(const FingerprintSpace& space, const StructureMap& test, const StructureMap& train,
                      const Alignment& about) {
  const StructureMap &part = about.of_train ? train : test, &whole = about.of_train ? test : train;
  const Fingerprint fixed = whole.fingerprint({});
  const Fingerprint target = space.place(about.mirrored ? mirrored(fixed) : fixed);
  const auto at = [&](const Window& window) { return similarity(space.place(part.fingerprint(window)), target); };
  Window best = search_windows()[about.window];
  float highest = at(best);
  for (const float step : {0.04f, 0.02f, 0.01f}) {
    for (bool moved = true; moved;) {
      moved = false;
      for (const Window& next : neighbours(best, step)) {
        if (!is_inside(next)) continue;
        const float value = at(next);
        if (value > highest) highest = value, best = next, moved = true;
      }
    }
  }
  return highest;
}

float least_similarity(const StructureMap& test, const StructureMap& train) {
  const double busy = std::min(test.busy_cells(), train.busy_cells());
  const double plain = std::clamp((kBusyCells - busy) / (kBusyCells - kPlainCells), 0.0, 1.0);
  return kOfBusy + static_cast<float>(plain) * (kOfPlain - kOfBusy);
}

}  // namespace sslbench
