// SPDX-License-Identifier: Apache-2.0
// What methods that hide patches promise of Method::paint.
#pragma once

#include <gtest/gtest.h>

#include "methods/method.h"

namespace sslbench {

// `share`: of the pixels that the method sees. Returns what it painted.
inline Tensor expect_that_it_paints_what_it_did_not_see(Method& method, const TrainBatch& batch, double share) {
  const at::NoGradGuard no_grad;
  const auto shown = method.paint(batch);
  if (shown.size() != 2) throw std::runtime_error("not two pictures: seen and painted");
  const Tensor seen = shown[0].ne(0);
  EXPECT_TRUE(at::where(seen, batch.views[0] - shown[1], at::zeros_like(shown[1])).allclose(at::zeros_like(shown[1])));
  EXPECT_NEAR(seen.to(at::kFloat).mean().item<double>(), share, 0.06);
  EXPECT_FALSE(shown[1].allclose(shown[0])) << "nothing was painted";
  return shown[1];
}

}  // namespace sslbench
