// SPDX-License-Identifier: Apache-2.0
#include "suites/protocols/parts/held_out.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "datasets/batches/sample_order.h"

namespace sslbench {
namespace {

using Ids = std::vector<int64_t>;

// `images` of each of `classes` classes, mixed.
Ids labels_of(int64_t classes, int64_t images) {
  Ids out;
  for (int64_t i = 0; i < classes * images; ++i) out.push_back(i % classes);
  return out;
}

HeldOut held(const Ids& labels, double share = 0.2) {
  return hold_out(labels, epoch_order(20, 0, std::ssize(labels)), share);
}

std::map<int64_t, int64_t> by_class(const Ids& labels, const Ids& images) {
  std::map<int64_t, int64_t> out;
  for (const int64_t image : images) ++out[labels[static_cast<size_t>(image)]];
  return out;
}

TEST(HoldOutTest, AnOrdinarySetKeepsItsRandomPart) {
  const Ids labels = labels_of(10, 400), order = epoch_order(20, 0, 4000);
  const HeldOut got = hold_out(labels, order, 0.2);
  EXPECT_EQ(got.kept, Ids(order.begin(), order.begin() + 3200));
  EXPECT_EQ(got.out, Ids(order.begin() + 3200, order.end()));
  EXPECT_EQ(got.classes_out, 10);
}

TEST(HoldOutTest, AFewShotSetGivesSomeOfEveryClass) {
  for (const int64_t shots : {2, 3, 5, 10}) {
    const Ids labels = labels_of(20, shots);
    const HeldOut got = held(labels);
    const int64_t each = std::max<int64_t>(1, shots / 5);
    EXPECT_EQ(got.classes_out, 20) << shots;
    for (const auto& [label, count] : by_class(labels, got.kept)) EXPECT_GE(count, 1) << label;
    EXPECT_EQ(by_class(labels, got.kept).size(), 20u) << shots;
    if (shots <= 5) {
      for (const auto& [label, count] : by_class(labels, got.out)) EXPECT_EQ(count, each) << shots;
    }
    Ids all = got.kept;
    all.insert(all.end(), got.out.begin(), got.out.end());
    std::sort(all.begin(), all.end());
    Ids expected(labels.size());
    std::iota(expected.begin(), expected.end(), 0);
    EXPECT_EQ(all, expected) << "every image once";
  }
}

TEST(HoldOutTest, AClassOfOneImageIsKeptWhole) {
  Ids labels = labels_of(3, 4);
  labels.push_back(3);
  const HeldOut got = held(labels);
  EXPECT_EQ(got.classes, 4);
  EXPECT_EQ(got.classes_out, 3);
  EXPECT_FALSE(by_class(labels, got.out).contains(3));
  EXPECT_EQ(by_class(labels, got.kept).at(3), 1);
}

TEST(HoldOutTest, OneImageOfEachClassLeavesNothing) {
  const HeldOut got = held(labels_of(10, 1));
  EXPECT_TRUE(got.out.empty());
  EXPECT_EQ(got.kept.size(), 10u);
  EXPECT_EQ(got.classes_out, 0);
}

}  // namespace
}  // namespace sslbench
