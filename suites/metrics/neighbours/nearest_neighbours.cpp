// SPDX-License-Identifier: Apache-2.0
// Two steps: rough products of all rows choose those that can be among the nearest, exact ones of these few decide.
#include "suites/metrics/neighbours/nearest_neighbours.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>
#include <limits>
#include <numeric>
#include <string>

#include "suites/ground/error.h"
#include "suites/ground/threads/row_blocks.h"

namespace sslbench {
namespace {

constexpr size_t kSideBySide = 4;  // rows of which exact products are taken together

// The places of all values that are at most `slack` below the k-th largest, value by value.
class WithinReach {
 public:
  WithinReach(size_t k, int64_t slack) : k_(k), slack_(slack), room_(4 * k) {}

  void add(const int32_t* values, size_t count, size_t first) {
    constexpr size_t kBlock = 64;  // of which vectors tell whether to look closer
    size_t at = 0;
    for (; at + kBlock <= count; at += kBlock) {
      int reaches = 0;
      for (size_t i = 0; i < kBlock; ++i) reaches |= values[at + i] >= least_ ? 1 : 0;
      if (reaches != 0) look(values + at, kBlock, first + at);
    }
    look(values + at, count - at, first + at);
  }
  // Ascending; nothing can be added any more.
  std::vector<size_t> places() {
    shrink();
    std::vector<size_t> out;
    for (const Found& each : found_) out.push_back(each.place);
    std::ranges::sort(out);
    return out;
  }

 private:
  struct Found {
    int32_t value;
    uint32_t place;
  };
  void look(const int32_t* values, size_t count, size_t first) {
    const size_t before = found_.size();
    found_.resize(before + count);
    size_t kept = before;
    for (size_t i = 0; i < count; ++i) {
      found_[kept] = {values[i], static_cast<uint32_t>(first + i)};
      kept += values[i] >= least_ ? 1 : 0;  // no branch, which could not be foretold
    }
    found_.resize(kept);
    if (kept >= room_) shrink();
  }
  void shrink() {
    if (found_.size() <= k_) return;
    const auto kth = found_.begin() + static_cast<int64_t>(k_) - 1;
    std::nth_element(found_.begin(), kth, found_.end(), [](auto& a, auto& b) { return a.value > b.value; });
    least_ = static_cast<int32_t>(std::max<int64_t>(kth->value - slack_, std::numeric_limits<int32_t>::min()));
    std::erase_if(found_, [&](const Found& each) { return each.value < least_; });
    room_ = std::max(room_, 2 * found_.size());  // many that are nearly as near
  }

  size_t k_;
  int64_t slack_;
  size_t room_;
  int32_t least_ = std::numeric_limits<int32_t>::min();
  std::vector<Found> found_;
};

// As dot(), for four rows side by side.
void exact_products(std::span<const double> query, const double* const (&rows)[kSideBySide], double* out) {
  double sums[kSideBySide] = {};
  for (size_t c = 0; c < query.size(); ++c) {
    for (size_t i = 0; i < kSideBySide; ++i) sums[i] += query[c] * rows[i][c];
  }
  std::copy(std::begin(sums), std::end(sums), out);
}

// Products of floats are exact in double. Even and odd columns are added up apart, so that vectors hold both sums; the
// order is the same everywhere.
void exact_products(std::span<const float> query, const float* const (&rows)[kSideBySide], double* out) {
  using Floats = float __attribute__((vector_size(8)));
  using Doubles = double __attribute__((vector_size(16)));
  const auto two_at = [](const float* from) {
    Floats two;
    std::memcpy(&two, from, sizeof two);
    return __builtin_convertvector(two, Doubles);
  };
  const size_t even = query.size() / 2 * 2;
  Doubles sums[kSideBySide] = {};
  for (size_t c = 0; c < even; c += 2) {
    const Doubles asked = two_at(query.data() + c);
    for (size_t i = 0; i < kSideBySide; ++i) sums[i] += asked * two_at(rows[i] + c);
  }
  for (size_t i = 0; i < kSideBySide; ++i) {
    out[i] = sums[i][0] + sums[i][1];
    if (even < query.size()) out[i] += static_cast<double>(query[even]) * static_cast<double>(rows[i][even]);
  }
}

template <class T>
std::vector<float> exact_similarities(RowsView<T> bank, std::span<const T> query, const std::vector<size_t>& places) {
  std::vector<float> out(places.size());
  for (size_t first = 0; first < places.size(); first += kSideBySide) {
    const T* rows[kSideBySide];
    for (size_t i = 0; i < kSideBySide; ++i) rows[i] = bank.row(places[std::min(first + i, places.size() - 1)]).data();
    double sums[kSideBySide];
    exact_products(query, rows, sums);
    const size_t count = std::min(kSideBySide, places.size() - first);
    for (size_t i = 0; i < count; ++i) out[first + i] = static_cast<float>(sums[i]);
  }
  return out;
}

// Writes the k nearest of `places`, which are ascending, to query i.
template <class T>
void write_nearest(RowsView<T> bank, RowsView<T> queries, size_t query, const std::vector<size_t>& places, size_t k,
                   int64_t* nearest, float* its_similarity) {
  const std::vector<float> similarity = exact_similarities(bank, queries.row(query), places);
  std::vector<size_t> order(places.size());
  std::iota(order.begin(), order.end(), size_t{0});
  for (const size_t i : order) {
    if (std::isfinite(similarity[i])) continue;
    throw UserError("the similarity of query " + std::to_string(query) + " and row " + std::to_string(places[i]) +
                    " of the bank is not finite; bring the features to unit length");
  }
  std::partial_sort(order.begin(), order.begin() + static_cast<int64_t>(k), order.end(), [&](size_t a, size_t b) {
    return similarity[a] != similarity[b] ? similarity[a] > similarity[b] : a < b;
  });
  for (size_t i = 0; i < k; ++i) {
    nearest[i] = static_cast<int64_t>(places[order[i]]);
    its_similarity[i] = similarity[order[i]];
  }
}

// Where no error bound holds, every row can be among the nearest.
std::vector<size_t> all_places(size_t rows) {
  std::vector<size_t> out(rows);
  std::iota(out.begin(), out.end(), size_t{0});
  return out;
}

}  // namespace

template <class T>
void NeighbourSearch<T>::nearest(RowsView<T> queries, size_t first, size_t last, size_t k, int64_t* index,
                                 float* similarity) const {
  require(k >= 1 && k <= bank_.rows && bank_.columns == queries.columns, "1 to all rows of a bank of the same width");
  constexpr size_t kQueries = ShortProducts::kQueriesAtOnce, kRows = ShortProducts::kRowsAtOnce;
  std::vector<int32_t> products(kQueries * kRows);
  for (size_t begin = first; begin < last; begin += kQueries) {
    const ShortQueries packed = rough_.pack(queries, begin, std::min(last, begin + kQueries));
    std::vector<WithinReach> near;
    for (const int64_t slack : packed.slack) near.emplace_back(k, slack);
    for (size_t tile = 0; tile < bank_.rows; tile += kRows) {
      rough_.products(packed, tile, products.data());
      for (size_t q = 0; q < packed.count; ++q) {
        if (packed.slack[q] != ShortProducts::kNoBound) {
          near[q].add(&products[q * kRows], std::min(kRows, bank_.rows - tile), tile);
        }
      }
    }
    for (size_t q = 0; q < packed.count; ++q, index += k, similarity += k) {
      const auto places = packed.slack[q] == ShortProducts::kNoBound ? all_places(bank_.rows) : near[q].places();
      write_nearest(bank_, queries, begin + q, places, k, index, similarity);
    }
  }
}

template class NeighbourSearch<float>;
template class NeighbourSearch<double>;

Neighbours nearest_neighbours(const Matrix& bank, const Matrix& queries, size_t k, size_t threads) {
  const NeighbourSearch<double> search(rows_of(bank));
  Neighbours out{std::vector<int64_t>(queries.rows * k), std::vector<float>(queries.rows * k)};
  for_row_blocks(queries.rows, ShortProducts::kQueriesAtOnce, threads, [&](size_t first, size_t last) {
    search.nearest(rows_of(queries), first, last, k, out.index.data() + first * k, out.similarity.data() + first * k);
  });
  return out;
}

}  // namespace sslbench
