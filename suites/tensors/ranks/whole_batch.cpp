// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/ranks/whole_batch.h"

#include <algorithm>

#include "suites/ground/error.h"
#include "suites/tensors/aten.h"
#include "suites/tensors/ranks/ranks.h"

namespace sslbench {
namespace {

// `own` with a gradient that makes up for the step's weight of this rank's loss: every rank's loss is the whole one.
at::Tensor unweighted(const at::Tensor& own) { return own.detach() + (own - own.detach()) / ranks().weight(); }

}  // namespace

int64_t whole_batch_size(int64_t own) {
  const Ranks& group = ranks();
  if (group.alone()) return own;
  require(own == group.own(), "images that are not the rank's share of the batch");
  return group.whole();
}

at::Tensor whole_batch(const at::Tensor& own, int64_t dim) {
  Ranks& group = ranks();
  if (group.alone()) return own;
  require(own.size(dim) == group.own(), "rows that are not the rank's share of the batch");
  const std::vector<int64_t>& shares = group.shares();
  at::Tensor padded = own.detach().transpose(0, dim).contiguous();
  if (const int64_t missing = shares.front() - group.own(); missing > 0) {  // the first ones have the most
    std::vector<int64_t> shape = padded.sizes().vec();
    shape[0] = missing;
    padded = at::cat({padded, at::zeros(shape, padded.options())});
  }
  std::vector<at::Tensor> parts = group.each(padded);
  for (size_t i = 0; i < parts.size(); ++i) parts[i] = parts[i].narrow(0, 0, shares[i]).transpose(0, dim);
  if (own.requires_grad()) parts[static_cast<size_t>(group.rank())] = unweighted(own);
  return at::cat(parts, dim);
}

at::Tensor whole_batch_of_views(const at::Tensor& own, int64_t views) {
  if (ranks().alone()) return own;
  return whole_batch(own.unflatten(0, {views, -1}), 1).flatten(0, 1);
}

at::Tensor own_rows(const at::Tensor& whole, int64_t dim) {
  const Ranks& group = ranks();
  return group.alone() ? whole : whole.narrow(dim, group.first_row(), group.own());
}

at::Tensor own_rows_of_views(const at::Tensor& whole, int64_t views) {
  if (ranks().alone()) return whole;
  return own_rows(whole.unflatten(0, {views, -1}), 1).flatten(0, 1);
}

at::Tensor sum_over_ranks(const at::Tensor& own) {
  Ranks& group = ranks();
  if (group.alone()) return own;
  at::Tensor total = own.detach().clone(at::MemoryFormat::Contiguous);
  group.sum(total);
  return own.requires_grad() ? total + (unweighted(own) - own.detach()) : total;
}

at::Tensor mean_over_batch(const at::Tensor& own_mean) {
  return ranks().alone() ? own_mean : sum_over_ranks(own_mean * ranks().weight());
}

at::Tensor summed_over_batch(const at::Tensor& own_sum) {
  return ranks().alone() ? own_sum : own_sum / ranks().weight();
}

at::Tensor ratio_over_batch(const at::Tensor& own_sum, const at::Tensor& own_count, double least) {
  const at::Tensor count = sum_over_ranks(own_count.detach()).to(own_sum.scalar_type());
  return summed_over_batch(own_sum) / (least > 0 ? count.clamp_min(least) : count);
}

}  // namespace sslbench
