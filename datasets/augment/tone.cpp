// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/tone.h"

#include <algorithm>
#include <array>

namespace sslbench {
namespace {

// The padding of rows stays 0.
template <class Change>
void change_rows(Planes& planes, int channel, Change change) {
  for (int y = 0; y < planes.height(); ++y) {
    float* row = planes.row(channel, y);
    for (int x = 0; x < planes.width(); ++x) row[x] = change(row[x]);
  }
}

}  // namespace

void apply_invert(Planes& planes) {
  for (int channel = 0; channel < 3; ++channel) change_rows(planes, channel, inverted);
}

void apply_posterize(int bits, Planes& planes) {
  const auto levels = static_cast<float>(1 << bits);
  for (int channel = 0; channel < 3; ++channel) {
    change_rows(planes, channel, [=](float value) { return posterized(value, levels); });
  }
}

void apply_autocontrast(Planes& planes) {
  for (int channel = 0; channel < 3; ++channel) {
    float low = planes.row(channel, 0)[0], high = low;
    for (int y = 0; y < planes.height(); ++y) {
      const float* row = planes.row(channel, y);
      for (int x = 0; x < planes.width(); ++x) low = smaller(low, row[x]), high = larger(high, row[x]);
    }
    change_rows(planes, channel, [=](float value) { return stretched(value, low, high); });
  }
}

void apply_equalize(Planes& planes) {
  for (int channel = 0; channel < 3; ++channel) {
    std::array<int, kTones> counts{}, table{};
    change_rows(planes, channel, [&](float value) { return ++counts[static_cast<size_t>(tone_of(value))], value; });
    if (!equalizing_table(counts.data(), planes.height() * planes.width(), table.data())) continue;
    change_rows(planes, channel, [&](float value) {
      return static_cast<float>(table[static_cast<size_t>(tone_of(value))]) * (1.f / 255);
    });
  }
}

}  // namespace sslbench
