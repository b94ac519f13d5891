// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/resize_maps.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"
#include "suites/tensors/autocast.h"

namespace sslbench {
namespace {

struct Case {
  int64_t h, w, height, width;
  MapScale scale;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> kAll = {
      {5, 7, 10, 14, {}}, {14, 14, 6, 9, {}}, {7, 7, 7, 7, {}}, {1, 4, 3, 8, {}}, {14, 14, 6, 8, {6.1 / 14, 8.1 / 14}}};
  return kAll;
}

TEST(ResizeMapsTest, ProductsGiveWhatUpsamplingGivesAndItsGradient) {
  for (const MapResize how : {MapResize::bilinear, MapResize::bicubic, MapResize::bicubic_antialiased}) {
    for (const Case& at : cases()) {
      const at::Tensor a = at::randn({2, 3, at.h, at.w}).set_requires_grad(true);
      const at::Tensor b = a.detach().clone().set_requires_grad(true);
      const at::Tensor weight = at::randn({2, 3, at.height, at.width});
      const at::Tensor up = resize_maps(a, at.height, at.width, how, at.scale);
      const at::Tensor products = resize_by_products(b, at.height, at.width, how, at.scale);
      EXPECT_TRUE(products.allclose(up, 1e-5, 1e-5)) << static_cast<int>(how) << ": " << at.h << "x" << at.w;
      (up * weight).sum().backward();
      (products * weight).sum().backward();
      EXPECT_TRUE(b.grad().allclose(a.grad(), 1e-5, 1e-5)) << static_cast<int>(how) << ": " << at.h << "x" << at.w;
    }
  }
}

TEST(ResizeMapsTest, ProductsKeepTypeAndLayoutAndLoseNoBitsToAutocast) {
  const at::Tensor x = at::randn({2, 3, 5, 6}).contiguous(at::MemoryFormat::ChannelsLast);
  const at::Tensor want = resize_by_products(x, 9, 9, MapResize::bilinear);
  const Autocast autocast(at::kCPU, at::kBFloat16);
  EXPECT_TRUE(resize_by_products(x, 9, 9, MapResize::bilinear).equal(want));
  EXPECT_TRUE(want.is_contiguous(at::MemoryFormat::ChannelsLast));
  EXPECT_EQ(resize_by_products(x.to(at::kBFloat16), 9, 9, MapResize::bilinear).scalar_type(), at::kBFloat16);
}

}  // namespace
}  // namespace sslbench
