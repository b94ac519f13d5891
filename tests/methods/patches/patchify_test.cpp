// SPDX-License-Identifier: Apache-2.0
#include "methods/patches/patchify.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

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
