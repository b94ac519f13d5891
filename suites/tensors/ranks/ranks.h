// SPDX-License-Identifier: Apache-2.0
// The processes that take one training step together, each with a share of the batch. A process is alone unless its
// launcher says otherwise, and then nothing here does anything.
//
// The rule: every rank evaluates the same loss of the whole batch, the step weighs it by the rank's share of the images
// and sums the gradients. So a mean over images needs nothing, and what looks at other images than its own gathers them
// (whole_batch.h), without communication in the backward pass; batch norm alone has one (batch_norm_over_ranks.h).
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <stdexcept>
#include <vector>

namespace sslbench {

// Another rank is gone, silent, or never came: the echo of its failure, never the cause.
class PeerLost : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// `images` shared among `size` ranks as evenly as can be: the first ones take one more.
std::vector<int64_t> even_shares(int64_t images, int64_t size);

// Consecutive rows.
struct RowRange {
  int64_t first = 0, count = 0;
};
// The rank's of such shares; those of rank r follow those of rank r - 1.
RowRange even_share(int64_t images, int64_t size, int64_t rank);

class Ranks {
 public:
  Ranks(int64_t rank, int64_t size) : rank_(rank), size_(size) {}
  virtual ~Ranks() = default;
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;

  int64_t rank() const { return rank_; }
  int64_t size() const { return size_; }
  bool alone() const { return size_ == 1; }
  bool is_first() const { return rank_ == 0; }

  // All ranks call these in the same order with tensors of equal shape, type and kind of device; PeerLost when one does
  // not. The first three work in place and leave the same bits on every rank.
  virtual void sum(const at::Tensor&) {}
  virtual void max(const at::Tensor&) {}
  virtual void copy_from_first(const at::Tensor&) {}
  // The tensor of each rank, in their order.
  virtual std::vector<at::Tensor> each(const at::Tensor& own) { return {own}; }
  // Until all are here, however long one takes; PeerLost when one is gone, stands still or is cut off.
  virtual void wait_for_all() {}
  // Host time spent in the calls above.
  virtual double seconds() const { return 0; }

  // The images of the step to come, of the whole batch; rank r's rows follow those of rank r - 1.
  void take_batch(int64_t images) { shares_ = even_shares(images, size_); }
  const std::vector<int64_t>& shares() const { return shares_; }
  int64_t own() const { return shares_.at(static_cast<size_t>(rank_)); }
  int64_t first_row() const;
  int64_t whole() const;
  // What this rank's loss counts.
  double weight() const { return static_cast<double>(own()) / static_cast<double>(whole()); }

 private:
  int64_t rank_, size_;
  std::vector<int64_t> shares_{0};
};

// Of this thread; what is started from it (autograd's, loaders') is handed them.
Ranks& ranks();

// Makes `these` the ranks of this thread while it lives.
class RanksInUse {
 public:
  explicit RanksInUse(Ranks& these);
  ~RanksInUse();
  RanksInUse(const RanksInUse&) = delete;
  RanksInUse& operator=(const RanksInUse&) = delete;

 private:
  Ranks* before_;
};

}  // namespace sslbench
