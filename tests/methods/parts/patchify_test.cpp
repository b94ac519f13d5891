// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/patchify.h"

#include <gtest/gtest.h>

#include "tests/golden/golden_case.h"

namespace sslbench {
namespace {

PatchOrder order_of(const nlohmann::json& settings) {
  return settings.at("order") == "pqc" ? PatchOrder::pqc : PatchOrder::cpq;
}

TEST(PatchifyTest, EqualsMaeAndPixelUnshuffleInBothDirections) {
  for (const std::string& file : golden_files("losses", "patchify")) {
    const GoldenCase golden(file);
    const auto settings = golden.settings();
    golden.expect("out.patches", patchify(golden.at("in.images"), settings.at("patch_size"), order_of(settings)));
  }
  for (const std::string& file : golden_files("losses", "unpatchify")) {
    const GoldenCase golden(file);
    const auto settings = golden.settings();
    golden.expect("out.images", unpatchify(golden.at("in.patches"), settings.at("patch_size"), settings.at("grid_h"),
                                           settings.at("grid_w"), order_of(settings)));
  }
}

TEST(PatchifyTest, UnpatchifyIsTheInverseOnWideImages) {
  const at::Tensor images = at::arange(2 * 3 * 4 * 6).view({2, 3, 4, 6});
  for (const PatchOrder order : {PatchOrder::pqc, PatchOrder::cpq}) {
    EXPECT_TRUE(unpatchify(patchify(images, 2, order), 2, 2, 3, order).equal(images));
  }
}

TEST(PatchifyTest, RefusesAPatchThatDoesNotDivideTheImage) {
  EXPECT_THROW(patchify(at::zeros({1, 3, 8, 9}), 4), c10::Error);
}

}  // namespace
}  // namespace sslbench
