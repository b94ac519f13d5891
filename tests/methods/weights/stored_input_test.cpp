// SPDX-License-Identifier: Apache-2.0
#include "methods/weights/stored_input.h"

#include <gtest/gtest.h>

namespace sslbench {
namespace {

TEST(StoredInputTest, ReadsOurOwnAndTimmsMetadata) {
  const InputFacts facts{Normalisation{{0.5f, 0.4f, 0.3f}, {0.2f, 0.2f, 0.1f}}, 98};
  const InputFacts own = stored_input({{"input", input_facts_text(facts)}});
  EXPECT_EQ(own.image_size, 98);
  EXPECT_EQ(own.normalisation->mean, facts.normalisation->mean);
  const std::string config =
      R"({"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "input_size": [3, 224, 224], "tag": "x"})";
  EXPECT_EQ(stored_input({{"pretrained_cfg", config}}).image_size, 224);
  const InputFacts plain = stored_input({{"format", "pt"}, {"mean", "[0.5, 0.5, 0.5]"}, {"std", "[0.25, 0.25, 0.25]"}});
  EXPECT_EQ(plain.normalisation->deviation[0], 0.25f);
  EXPECT_EQ(plain.image_size, 0);
}

TEST(StoredInputTest, WhatIsNoNormalisationIsNotKnown) {
  for (const char* std : {"[0, 0.5, 0.5]", "[-1, 1, 1]", "[0.5, 0.5]", "0.5", "[[[", "[1e999, 1, 1]", "\"x\""}) {
    EXPECT_FALSE(stored_input({{"mean", "[0.5, 0.5, 0.5]"}, {"std", std}}).known()) << std;
  }
  EXPECT_FALSE(stored_input({{"pretrained_cfg", "{"}}).known());
  EXPECT_FALSE(stored_input({{"format", "pt"}}).known());
  const std::string wide = R"({"mean": [0, 0, 0], "std": [1, 1, 1], "input_size": [3, 224, 448]})";
  EXPECT_EQ(stored_input({{"pretrained_cfg", wide}}).image_size, 0) << "not square";
}

}  // namespace
}  // namespace sslbench
