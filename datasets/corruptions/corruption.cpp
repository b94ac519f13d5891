// SPDX-License-Identifier: Apache-2.0
#include "datasets/corruptions/corruption.h"

#include <algorithm>

#include "suites/ground/error.h"
#include "suites/ground/registry.h"

namespace sslbench {
namespace {

RealPicture picture_of(const Image& image) {
  RealPicture out(image.height, image.width, 3);
  std::transform(image.pixels.begin(), image.pixels.end(), out.values.begin(),
                 [](uint8_t value) { return value / 255.0; });
  return out;
}

CorruptionDraws drawn(const CorruptionEntry& entry, const RealPicture& picture, const Severity& severity,
                      RandomStream& random) {
  return entry.draw ? entry.draw(picture, severity, random) : CorruptionDraws{};
}

RealPicture applied(const CorruptionEntry& entry, const RealPicture& picture, const Severity& severity,
                    const CorruptionDraws& draws) {
  RealPicture out = entry.apply(picture, severity, draws);
  for (double& value : out.values) value = std::clamp(value, 0.0, 1.0) * 255;
  return out;
}

// FNV-1a: every corruption draws numbers of its own, whichever others there are.
uint64_t number_of(const std::string& name) {
  uint64_t out = 0xCBF29CE484222325u;
  for (const char c : name) out = (out ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return out;
}

}  // namespace

const std::vector<std::string>& common_corruptions() {
  static const std::vector<std::string> names = {
      "gaussian_noise",    "shot_noise", "impulse_noise",   "defocus_blur", "glass_blur", "motion_blur",
      "zoom_blur",         "snow",       "frost",           "fog",          "brightness", "contrast",
      "elastic_transform", "pixelate",   "jpeg_compression"};
  return names;
}

CorruptionDraws expect_draws(const CorruptionEntry& entry, const Image& image, const Severity& severity,
                             CorruptionDraws draws) {
  RandomStream random(0, RandomUse::view, 0, 0);
  const CorruptionDraws own = drawn(entry, picture_of(image), severity, random);
  const auto expect = [&](const char* name, size_t given, size_t wanted) {
    if (given >= wanted) return;
    throw UserError(entry.name + " takes " + std::to_string(wanted) + " numbers of '" + name + "', got " +
                    std::to_string(given));
  };
  expect("normal", draws.normal.size(), own.normal.size());
  expect("counts", draws.counts.size(), own.counts.size());
  expect("flip", draws.flip.size(), own.flip.size());
  expect("salt", draws.salt.size(), own.salt.size());
  expect("field", draws.field.size(), own.field.size());
  expect("uniform_x", draws.uniform_x.size(), own.uniform_x.size());
  expect("uniform_y", draws.uniform_y.size(), own.uniform_y.size());
  expect("offsets", draws.offsets.size(), own.offsets.size());
  expect("frost", draws.frost.values.size(), own.frost.values.size());
  return draws;
}

RealPicture corrupted(const Image& image, const CorruptionEntry& entry, const Severity& severity,
                      const CorruptionDraws& draws) {
  return applied(entry, picture_of(image), severity, draws);
}

Image corrupt(const Image& image, const std::string& table, const std::string& name, int severity, uint64_t seed,
              uint32_t example) {
  const Severity numbers = severity_of(table, name, severity);
  const CorruptionEntry& entry = Registry<CorruptionEntry>::find(name);
  RandomStream random(seed ^ number_of(name), RandomUse::view, 0, example, static_cast<uint32_t>(severity));
  const RealPicture picture = picture_of(image);
  const RealPicture out = applied(entry, picture, numbers, drawn(entry, picture, numbers, random));
  Image bytes{image.height, image.width, std::vector<uint8_t>(out.values.size())};
  // A sum of rounded products may end just below the whole number that it is.
  std::transform(out.values.begin(), out.values.end(), bytes.pixels.begin(),
                 [](double value) { return static_cast<uint8_t>(value + 1e-9); });
  return bytes;
}

}  // namespace sslbench
