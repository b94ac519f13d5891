// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace sslbench {

// Lists of numbers put aside: the first `memory_bytes` in memory, what is beyond in a file without a name, which goes
// with the last list that lies in it. Where no such file can be written, all stays in memory.
class NumberPile;

// A pile of that size, for Replicates::put_aside().
std::shared_ptr<NumberPile> number_pile(size_t memory_bytes);

// Bootstrap replicates of a number. Of ten thousand runs they take a gigabyte, so that a report puts them aside.
class Replicates {
 public:
  Replicates() = default;
  Replicates(std::vector<double> values) : values_(std::move(values)) {}
  Replicates(std::initializer_list<double> values) : Replicates(std::vector<double>(values)) {}

  size_t size() const { return pile_ == nullptr ? values_.size() : aside_; }
  // All of them, from wherever they lie. RunFailure(storage) when the pile's file cannot be read.
  std::vector<double> all() const;
  // For changes; they lie in memory again.
  std::vector<double>& own();
  void put_aside(const std::shared_ptr<NumberPile>& pile);

  friend bool operator==(const Replicates& a, const Replicates& b) { return a.all() == b.all(); }

 private:
  std::vector<double> values_;  // empty when they lie in a pile
  std::shared_ptr<const NumberPile> pile_;
  size_t aside_ = 0;   // numbers in it
  int64_t place_ = 0;  // of them, bytes into its file
};

}  // namespace sslbench
