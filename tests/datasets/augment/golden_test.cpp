// SPDX-License-Identifier: Apache-2.0
// Augmentation against torchvision's float path: every case of tests/golden/augment.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "datasets/augment/normalise.h"
#include "tests/golden/augment_steps.h"
#include "tests/golden/golden_file.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;

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

class AugmentGolden : public testing::TestWithParam<std::string> {};

TEST_P(AugmentGolden, EqualsTorchvision) {
  const GoldenFile file(kFolder / (GetParam() + ".safetensors"));
  const std::string op = GetParam().substr(0, GetParam().find("__"));
  const GoldenSettings settings(file.settings());
  const Planes planes = run_golden_steps(image_of(file), golden_steps(op, settings));
  const auto pixels = static_cast<size_t>(planes.height()) * static_cast<size_t>(planes.width());
  std::vector<float> got(pixels * 3);
  if (file.has("out.f32")) {
    store_normalised(planes, {}, got.data());
    const auto expected = file.values<float>("out.f32");
    ASSERT_EQ(got.size(), expected.size());
    for (size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], expected[i], file.atol()) << "at " << i;
  }
  if (file.has("out.norm")) {  // CHW
    store_normalised(planes, golden_normalisation(settings), got.data());
    const auto expected = file.values<float>("out.norm");
    ASSERT_EQ(got.size(), expected.size());
    for (size_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got[i], expected[i % 3 * pixels + i / 3], file.atol());
  }
  EXPECT_NO_THROW(settings.require_all_read());
}

INSTANTIATE_TEST_SUITE_P(AugmentGoldenTest, AugmentGolden, testing::ValuesIn(cases()), [](const auto& info) {
  std::string name = info.param;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name + "_" + std::to_string(info.index);  // "-0.1" and "_0.1" would be one name
});

}  // namespace
}  // namespace sslbench
