// SPDX-License-Identifier: Apache-2.0
#include "methods/parts/batch_checks.h"

#include <gtest/gtest.h>

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "tests/suites/tensors/ranks/thread_ranks.h"

namespace sslbench {
namespace {

TEST(BatchChecksTest, CountTheImagesOfAllRanks) {
  const auto share = [](const Ranks& group) {
    TrainBatch out;
    for (int view = 0; view < 2; ++view) out.views.push_back(at::zeros({group.own(), 3, 4, 4}));
    return out;
  };
  run_as_ranks(3, [&](Ranks& group) {
    group.take_batch(5);
    EXPECT_NO_THROW(require_pair("simclr", share(group), 5));
    try {
      require_pair("simclr", share(group), 6);
      ADD_FAILURE() << "6 images were found among 5";
    } catch (const UserError& error) {
      EXPECT_NE(std::string(error.what()).find("needs at least 6 images, got 5"), std::string::npos) << error.what();
    }
  });
}

}  // namespace
}  // namespace sslbench
