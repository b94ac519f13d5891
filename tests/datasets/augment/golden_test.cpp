// SPDX-License-Identifier: Apache-2.0
// Augmentation against torchvision's float path: every case of tests/golden/augment.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "datasets/augment/blur.h"
#include "datasets/augment/colour_stage.h"
#include "datasets/augment/normalise.h"
#include "datasets/augment/resize.h"
#include "tests/golden/golden_file.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;

const fs::path kFolder = SSLBENCH_SOURCE_DIR "/tests/golden/augment";

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".safetensors") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Image image_of(const GoldenFile& file) {
  const auto shape = file.shape("in.image");
  return {static_cast<int32_t>(shape[0]), static_cast<int32_t>(shape[1]), file.values<uint8_t>("in.image")};
}

ColourChoice jitter_of(const json& step) {
  ColourChoice choice;
  const std::vector<std::string> names{"brightness", "contrast", "saturation", "hue"};
  for (size_t k = 0; k < 4; ++k) {
    const std::string name = step.at("order").at(k);
    choice.order[k] = static_cast<uint8_t>(std::find(names.begin(), names.end(), name) - names.begin());
  }
  const json& factors = step.at("factors");
  choice.brightness = factors.at("brightness"), choice.contrast = factors.at("contrast");
  choice.saturation = factors.at("saturation"), choice.hue = factors.at("hue");
  return choice;
}

void apply(const std::string& op, const json& step, Planes& planes) {
  ColourChoice choice;
  if (op == "brightness") choice.brightness = step.at("factor");
  if (op == "contrast") choice.contrast = step.at("factor");
  if (op == "saturation") choice.saturation = step.at("factor");
  if (op == "hue") choice.hue = step.at("factor");
  if (op == "grayscale") choice.gray = true;
  if (op == "jitter") choice = jitter_of(step);
  apply_colour(choice, planes);
  if (op == "gaussian_blur") gaussian_blur(step.at("kernel"), step.at("sigma"), planes);
  if (op == "solarize") apply_solarize(step.at("threshold").get<float>() / 255, planes);
}

// Crop and flip first (they are one pass), then the other steps in order; a flip commutes with all of them.
void run(const Image& image, const json& steps, Planes& planes) {
  CropRect crop{0, 0, image.height, image.width};
  int height = image.height, width = image.width;
  bool flip = false;
  for (const json& step : steps) {
    if (step.at("op") == "hflip") flip = true;
    if (step.at("op") != "resized_crop") continue;
    const json& rect = step.at("crop");
    crop = {rect[0], rect[1], rect[2], rect[3]};
    height = step.at("size").at(0), width = step.at("size").at(1);
  }
  planes.resize(height, width);
  resize_crop(image, crop, flip, planes);
  for (const json& step : steps) apply(step.at("op"), step, planes);
}

Normalisation normalisation_of(const json& settings) {
  Normalisation out;
  for (size_t c = 0; c < 3; ++c) out.mean[c] = settings.at("mean").at(c), out.deviation[c] = settings.at("std").at(c);
  return out;
}

class AugmentGolden : public testing::TestWithParam<std::string> {};

TEST_P(AugmentGolden, EqualsTorchvision) {
  const GoldenFile file(kFolder / (GetParam() + ".safetensors"));
  json settings = file.settings();
  json steps = settings.value("steps", json());
  if (steps.is_null()) {
    settings["op"] = GetParam().substr(0, GetParam().find("__"));
    steps = json::array({settings});
  }
  Planes planes;
  run(image_of(file), steps, planes);
  const auto pixels = static_cast<size_t>(planes.height()) * static_cast<size_t>(planes.width());
  std::vector<float> got(pixels * 3);
  if (file.has("out.f32")) {
    store_normalised(planes, {}, got.data());
    const auto expected = file.values<float>("out.f32");
    ASSERT_EQ(got.size(), expected.size());
    for (size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], expected[i], file.atol()) << "at " << i;
  }
  if (file.has("out.norm")) {  // CHW
    store_normalised(planes, normalisation_of(settings), got.data());
    const auto expected = file.values<float>("out.norm");
    ASSERT_EQ(got.size(), expected.size());
    for (size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], expected[i % 3 * pixels + i / 3], file.atol());
  }
}

INSTANTIATE_TEST_SUITE_P(AugmentGoldenTest, AugmentGolden, testing::ValuesIn(cases()), [](const auto& info) {
  std::string name = info.param;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name + "_" + std::to_string(info.index);  // "-0.1" and "_0.1" would be one name
});

}  // namespace
}  // namespace sslbench
