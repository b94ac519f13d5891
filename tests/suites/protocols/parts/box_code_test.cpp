// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/box_code.h"

#include <gtest/gtest.h>

#include "suites/tensors/aten.h"

namespace sslbench {
namespace {

using at::Tensor;

Tensor boxes(std::vector<float> corners) { return at::tensor(corners).view({-1, 4}); }

TEST(BoxCodeTest, DecodingUndoesEncoding) {
  const Tensor truth = boxes({3, 4, 20, 30, 0, 0, 8, 8, -5, 2, 1, 3}),
               anchors = boxes({0, 0, 16, 16, 4, 4, 8, 12, 0, 0, 2, 2});
  const DeltaCode code{{10, 10, 5, 5}};
  EXPECT_TRUE(decode_deltas(encode_deltas(truth, anchors, code), anchors, code).allclose(truth, 1e-4, 1e-4));
  for (const bool by_size : {true, false}) {
    EXPECT_TRUE(decode_ltrb(encode_ltrb(truth, anchors, by_size), anchors, by_size).allclose(truth, 1e-5, 1e-5));
  }
}

TEST(BoxCodeTest, AHugeDeltaIsClippedToAThousandSixteenths) {
  const Tensor box = decode_deltas(boxes({0, 0, 100, 100}), boxes({0, 0, 16, 16}), {});
  EXPECT_NEAR((box[0][2] - box[0][0]).item<double>(), 1000, 0.01);
}

}  // namespace
}  // namespace sslbench
