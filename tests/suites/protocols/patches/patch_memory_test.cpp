// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/patches/patch_memory.h"

#include <gtest/gtest.h>

#include "suites/metrics/dense/patch_segmentation.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/unit_rows.h"

namespace sslbench {
namespace {

using at::Tensor;

Matrix matrix_of(const Tensor& x) {
  const Tensor wide = x.to(at::kDouble).contiguous();
  const double* first = wide.const_data_ptr<double>();
  return {static_cast<size_t>(x.size(0)), static_cast<size_t>(x.size(1)), {first, first + wide.numel()}};
}

TEST(PatchVotesTest, AreThoseOfThePlainOperation) {
  at::Generator generator = at::detail::createCPUGenerator(7);
  const Tensor bank_MD = unit_rows(at::randn({300, 16}, generator)), query_QD = at::randn({40, 16}, generator) * 3;
  const Tensor labels_MK = at::softmax(at::randn({300, 5}, generator), 1);
  const PatchVotes want = patch_votes(matrix_of(bank_MD), matrix_of(labels_MK), matrix_of(query_QD), 7, 0.05);
  const Tensor got_QK = patch_votes({bank_MD, labels_MK}, query_QD, 7, 0.05);
  for (int64_t q = 0; q < 40; ++q) {
    for (int64_t k = 0; k < 5; ++k) {
      EXPECT_NEAR(got_QK[q][k].item<double>(), want.share.at(static_cast<size_t>(q), static_cast<size_t>(k)), 1e-5);
    }
  }
}

TEST(PatchVotesTest, AllPatchesVoteWhereThereAreFewer) {
  const Tensor labels_MK = at::eye(2);
  const Tensor got_QK = patch_votes({at::eye(2), labels_MK}, at::ones({1, 2}), 30, 0.02);
  EXPECT_NEAR(got_QK[0][0].item<double>(), 0.5, 1e-6);
}

}  // namespace
}  // namespace sslbench
