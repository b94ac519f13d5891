// SPDX-License-Identifier: Apache-2.0
#include "suites/training/rank_agreement.h"

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/ranks/whole_batch.h"

namespace sslbench {

void expect_shares(int64_t images, int64_t ranks) {
  if (images >= ranks) return;
  throw UserError("a step of " + std::to_string(images) + " images cannot be shared among " + std::to_string(ranks) +
                  " ranks; take fewer, raise batch_size, or set drop_last = true where the last step of an epoch is so "
                  "small");
}

BatchPlan own_share(const BatchPlan& whole, const Ranks& group) {
  if (group.alone()) return whole;
  const auto images = static_cast<int64_t>(whole.samples.size());
  expect_shares(images, group.size());
  const RowRange own = even_share(images, group.size(), group.rank());
  return whole.rows(own.first, own.count);
}

AfterStep agreed(const AfterStep& own, Ranks& group) {
  if (group.alone()) return own;
  const at::Tensor wishes = at::tensor({int64_t{own.stop}, int64_t{own.save}});
  group.max(wishes);
  const auto* wish = wishes.const_data_ptr<int64_t>();
  return {wish[0] != 0, wish[1] != 0};
}

int64_t copied_from_first(const std::vector<NamedTensor>& state, int64_t step, Ranks& group) {
  if (group.alone()) return step;
  const at::Tensor at_step = at::tensor({step});
  group.copy_from_first(at_step);
  const int64_t out = at_step.const_data_ptr<int64_t>()[0];
  if (out == 0) return out;
  const at::NoGradGuard no_grad;
  for (const auto& [name, tensor] : state) {
    const at::Tensor dense = tensor.scalar_type() == at::kBool ? tensor.to(at::kByte) : tensor.detach().contiguous();
    group.copy_from_first(dense);
    if (!dense.is_alias_of(tensor)) tensor.copy_(dense);
  }
  return out;
}

double sum_of_shares(const Tensor& term, Ranks& group) {
  if (group.alone()) return term.item<double>();
  const Tensor sum = term.to(at::kCPU, at::kDouble).clone();
  group.sum(sum);
  return sum.item<double>();
}

Tensor of_whole_batch(const Tensor& embedding_ND, Ranks& group) {
  return embedding_ND.size(0) == group.own() ? whole_batch(embedding_ND) : embedding_ND;
}

void expect_same_state(const std::string& hash, int64_t step, Ranks& group) {
  if (group.alone()) return;
  const std::vector<uint8_t> letters(hash.begin(), hash.end());
  const at::Tensor own = at::tensor(letters, at::kByte);
  const std::vector<at::Tensor> all = group.each(own);
  for (size_t r = 0; r < all.size(); ++r) {
    if (all[r].equal(all[0])) continue;
    throw RunFailure(FailureKind::ranks, "after step " + std::to_string(step) + " rank " + std::to_string(r) +
                                             " is in another state than rank 0: they run on different processors, "
                                             "or the method does not gather what it needs of other ranks");
  }
}

}  // namespace sslbench
