// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/position_embedding.h"

#include <gtest/gtest.h>

#include "tests/golden/golden_case.h"

namespace sslbench {
namespace {

GridResize resize_of(const nlohmann::json& settings) {
  const std::string variant = settings.at("variant");
  if (variant == "timm") return GridResize::timm();
  if (variant == "mae") return GridResize::mae();
  if (variant == "dino") return GridResize::dino();
  return GridResize::dinov2(settings.at("interpolate_offset"), settings.at("antialias"));
}

TEST(PositionEmbeddingTest, ResizingEqualsTheFourRepositories) {
  for (const std::string& file : golden_files("backbones", "pos_embed_resize")) {
    const GoldenCase golden(file);
    const auto settings = golden.settings();
    const int64_t old = settings.at("grid");
    for (const auto dtype : {at::kFloat, at::kDouble}) {
      golden.expect("out.pos_embed",
                    pos_embed_resize(golden.at("in.pos_embed").to(dtype), 1, old, old, settings.at("new_grid")[0],
                                     settings.at("new_grid")[1], resize_of(settings)));
    }
  }
}

TEST(PositionEmbeddingTest, SincosEqualsMaeAndMocoV3) {
  for (const std::string& file : golden_files("backbones", "sincos_pos_embed")) {
    const GoldenCase golden(file);
    const auto settings = golden.settings();
    golden.expect("out.pos_embed", sincos_pos_embed(settings.at("dim"), settings.at("grid"), settings.at("grid"),
                                                    settings.at("cls_token")));
  }
  for (const std::string& file : golden_files("losses", "sincos_pos_embed")) {
    const GoldenCase golden(file);
    const auto settings = golden.settings();
    golden.expect("out.pos_embed",
                  sincos_pos_embed(settings.at("embed_dim"), settings.at("grid_h"), settings.at("grid_w"),
                                   settings.at("cls_token"),
                                   settings.at("variant") == "mae" ? SincosOrder::mae : SincosOrder::moco_v3));
  }
}

// The rule for grids that are not square: mae runs row by row, moco_v3 column by column.
TEST(PositionEmbeddingTest, SincosOrdersOfAWideGridAreTransposes) {
  const at::Tensor mae = sincos_pos_embed(8, 2, 3, false),
                   moco = sincos_pos_embed(8, 2, 3, false, SincosOrder::moco_v3);
  EXPECT_TRUE(mae.view({2, 3, 8}).transpose(0, 1).reshape({6, 8}).equal(moco));
}

}  // namespace
}  // namespace sslbench
