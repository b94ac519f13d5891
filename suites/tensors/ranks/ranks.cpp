// SPDX-License-Identifier: Apache-2.0
#include "suites/tensors/ranks/ranks.h"

#include <numeric>

namespace sslbench {
namespace {

Ranks alone(0, 1);
thread_local Ranks* in_use = &alone;

}  // namespace

std::vector<int64_t> even_shares(int64_t images, int64_t size) {
  std::vector<int64_t> out(static_cast<size_t>(size), images / size);
  for (int64_t i = 0; i < images % size; ++i) ++out[static_cast<size_t>(i)];
  return out;
}

RowRange even_share(int64_t images, int64_t size, int64_t rank) {
  const std::vector<int64_t> shares = even_shares(images, size);
  return {std::accumulate(shares.begin(), shares.begin() + rank, int64_t{0}), shares.at(static_cast<size_t>(rank))};
}

int64_t Ranks::first_row() const { return std::accumulate(shares_.begin(), shares_.begin() + rank_, int64_t{0}); }

int64_t Ranks::whole() const { return std::accumulate(shares_.begin(), shares_.end(), int64_t{0}); }

Ranks& ranks() { return *in_use; }

RanksInUse::RanksInUse(Ranks& these) : before_(in_use) { in_use = &these; }

RanksInUse::~RanksInUse() { in_use = before_; }

}  // namespace sslbench
