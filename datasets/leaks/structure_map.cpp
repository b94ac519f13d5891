// SPDX-License-Identifier: Apache-2.0
#include "datasets/leaks/structure_map.h"

#include <algorithm>
#include <cmath>

#include "datasets/augment/view.h"

namespace sslbench {
namespace {

constexpr int kSide = 32, kEntries = kSide + 1;  // px; entries of an integral image
constexpr int kChannels = 3, kParts = 3;
constexpr size_t kCellsInAll = kFingerprintCells * kFingerprintCells;
constexpr float kNoise = 1e-5f;  // of squared gradients of values in [0, 1]: below what rounding to a byte makes

size_t entry(int part, int y, int x) {
  return (static_cast<size_t>(part) * kEntries + static_cast<size_t>(y)) * kEntries + static_cast<size_t>(x);
}

// Strength and doubled direction of the edge at a pixel of a square HWC picture, summed over channels.
std::array<float, kParts> structure(const std::vector<float>& pixels, int y, int x) {
  const auto at = [&](int row, int column, int c) {
    row = std::clamp(row, 0, kSide - 1), column = std::clamp(column, 0, kSide - 1);
    return pixels[static_cast<size_t>((row * kSide + column) * kChannels + c)];
  };
  std::array<float, kParts> out{};
  for (int c = 0; c < kChannels; ++c) {
    const float across = at(y, x + 1, c) - at(y, x - 1, c), down = at(y + 1, x, c) - at(y - 1, x, c);
    out[0] += across * across + down * down;
    out[1] += across * across - down * down;
    out[2] += 2 * across * down;
  }
  return out;
}

}  // namespace

Fingerprint mirrored(const Fingerprint& fingerprint) {
  Fingerprint out;
  for (int part = 0; part < kParts; ++part) {
    const float sign = part == 2 ? -1.f : 1.f;  // across turns round, down does not
    for (int y = 0; y < kFingerprintCells; ++y) {
      const int row = (part * kFingerprintCells + y) * kFingerprintCells;
      for (int x = 0; x < kFingerprintCells; ++x) {
        out[static_cast<size_t>(row + x)] = sign * fingerprint[static_cast<size_t>(row + kFingerprintCells - 1 - x)];
      }
    }
  }
  return out;
}

StructureMap::StructureMap(const Image& image) : integral_(static_cast<size_t>(kParts) * kEntries * kEntries) {
  std::vector<float> pixels(static_cast<size_t>(kSide) * kSide * kChannels);
  render_whole(image, kSide, kSide, {{0, 0, 0}, {1, 1, 1}}, pixels.data());
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const auto values = structure(pixels, y, x);
      for (int part = 0; part < kParts; ++part) {
        integral_[entry(part, y + 1, x + 1)] = values[static_cast<size_t>(part)] + integral_[entry(part, y, x + 1)] +
                                               integral_[entry(part, y + 1, x)] - integral_[entry(part, y, x)];
      }
    }
  }
}

// The integral image between its entries is bilinear, since pixels are of one value.
float StructureMap::sum(int part, float top, float left, float bottom, float right) const {
  const auto at = [&](float y, float x) {
    const int row = std::clamp(static_cast<int>(y), 0, kSide - 1),
              column = std::clamp(static_cast<int>(x), 0, kSide - 1);
    const float down = y - static_cast<float>(row), across = x - static_cast<float>(column);
    const float upper =
        integral_[entry(part, row, column)] * (1 - across) + integral_[entry(part, row, column + 1)] * across;
    const float lower =
        integral_[entry(part, row + 1, column)] * (1 - across) + integral_[entry(part, row + 1, column + 1)] * across;
    return upper * (1 - down) + lower * down;
  };
  return at(bottom, right) - at(top, right) - at(bottom, left) + at(top, left);
}

Fingerprint StructureMap::fingerprint(const Window& window) const {
  const float height = window.height * kSide / kFingerprintCells, width = window.width * kSide / kFingerprintCells;
  const float area = height * width;
  Fingerprint out;
  for (int y = 0; y < kFingerprintCells; ++y) {
    const float top = window.top * kSide + static_cast<float>(y) * height;
    for (int x = 0; x < kFingerprintCells; ++x) {
      const float left = window.left * kSide + static_cast<float>(x) * width;
      const auto cell = static_cast<size_t>(y * kFingerprintCells + x);
      // The fourth root of the strength: with the strength itself the few strongest edges alone would count.
      const float strength = std::max(sum(0, top, left, top + height, left + width) / area, 0.f) + kNoise;
      const float root = std::sqrt(std::sqrt(strength));
      out[cell] = root;
      for (size_t part = 1; part < kParts; ++part) {
        const float direction = sum(static_cast<int>(part), top, left, top + height, left + width) / area;
        out[part * kCellsInAll + cell] = direction / strength * root;
      }
    }
  }
  return out;
}

double StructureMap::busy_cells() const {
  const Fingerprint cells = fingerprint({});
  double total = 0, squares = 0;
  for (size_t i = 0; i < kCellsInAll; ++i) {
    const double amplitude = static_cast<double>(cells[i]) * static_cast<double>(cells[i]);
    total += amplitude, squares += amplitude * amplitude;
  }
  return total * total / squares;
}

}  // namespace sslbench
