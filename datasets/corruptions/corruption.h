// SPDX-License-Identifier: Apache-2.0
// The corruptions of ImageNet-C and CIFAR-10-C, made on the fly. Hendrycks and Dietterich, "Benchmarking Neural Network
// Robustness to Common Corruptions and Perturbations", ICLR 2019. Each is a function of a picture, the numbers of its
// severity and random fields, so that equal fields give the published pixels (goldens: tests/golden/metrics). Adding
// one is one file that registers a CorruptionEntry on its last line, and its numbers in severity_tables.cpp.
//
// Not the published code's: frost is a drawn texture, since the photographs are not ours to ship; motion_blur and snow
// of the table cifar10_c use the kernel below, where the published set was made with ImageMagick.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "datasets/corruptions/real_picture.h"
#include "datasets/image.h"
#include "suites/ground/random.h"

namespace sslbench {

// Random numbers of one corruption of one picture; what it does not use is empty.
struct CorruptionDraws {
  std::vector<double> normal;                // standard normal: [H, W, 3], of snow [H, W]
  std::vector<double> counts;                // Poisson, [H, W, 3]
  std::vector<double> flip, salt;            // uniform, [H, W, 3]
  std::vector<double> field;                 // plasma_fractal(), [H, W] of [0, 1]
  std::vector<double> uniform_x, uniform_y;  // [H, W]
  std::vector<double> uniform_affine;        // [3, 2], or empty: no affine map
  std::vector<int64_t> offsets;              // pairs dx, dy in the order of use
  double angle = 0;                          // degrees
  RealPicture frost;                         // [0, 1], of the picture's size
};

// The numbers of one severity of a corruption, as in the published code that the table is named after.
struct Severity {
  std::string table;
  std::vector<double> numbers;
  double operator[](size_t i) const { return numbers.at(i); }
};

struct CorruptionEntry {
  static constexpr const char* kind() { return "corruption"; }
  std::string name, group;  // noise, blur, weather, digital
  bool common = true;       // one of the fifteen that mCE is over; the others are "extra"
  // Empty: it takes none.
  std::function<CorruptionDraws(const RealPicture&, const Severity&, RandomStream&)> draw;
  // Of a picture in [0, 1]; what comes out may lie outside, and is cut to it.
  std::function<RealPicture(const RealPicture&, const Severity&, const CorruptionDraws&)> apply;
};

// "imagecorruptions", "imagenet_c", "cifar10_c"
const std::vector<std::string>& severity_tables();
// The numbers of a severity 1 to 5; UserError naming what is known where there is no such table, corruption or
// severity.
Severity severity_of(const std::string& table, const std::string& name, int severity);

// The fifteen of mCE in the order of the paper's table.
const std::vector<std::string>& common_corruptions();

// `draws` from elsewhere; UserError where they are fewer numbers than the corruption would draw itself.
CorruptionDraws expect_draws(const CorruptionEntry& entry, const Image& image, const Severity& severity,
                             CorruptionDraws draws);

// `image` times 1/255, corrupted, cut to [0, 1], times 255.
RealPicture corrupted(const Image& image, const CorruptionEntry& entry, const Severity& severity,
                      const CorruptionDraws& draws);
// The same as bytes, cut off as numpy.uint8 does, with draws of (seed, example): equal whoever asks, and when.
Image corrupt(const Image& image, const std::string& table, const std::string& name, int severity, uint64_t seed,
              uint32_t example);

}  // namespace sslbench
