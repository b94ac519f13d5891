// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/shared_text.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace sslbench {
namespace {

TEST(SharedTextTest, LiesInOnePlaceHoweverItWasMade) {
  const SharedText a = "top1", b = std::string("top") + "1";
  EXPECT_EQ(&a.text(), &b.text());
  EXPECT_EQ(a, b);
  EXPECT_EQ(a, "top1");
  EXPECT_NE(a, SharedText("top5"));
  EXPECT_TRUE(SharedText().empty());
}

TEST(SharedTextTest, IsOrderedAndJoinedAsItsText) {
  EXPECT_LT(SharedText("ap"), SharedText("ap50"));
  EXPECT_EQ("knn." + SharedText("top1") + "/cat", "knn.top1/cat");
  EXPECT_EQ(nlohmann::json(SharedText("top1")).dump(), "\"top1\"");
}

TEST(SharedTextTest, IsTheSameFromAnyThread) {
  std::vector<const std::string*> places(8);
  std::vector<std::thread> threads;
  for (const std::string*& place : places) {
    threads.emplace_back([&place] {
      for (int i = 0; i < 1000; ++i) place = &SharedText("text " + std::to_string(i)).text();
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string* place : places) EXPECT_EQ(place, places.front());
}

}  // namespace
}  // namespace sslbench
