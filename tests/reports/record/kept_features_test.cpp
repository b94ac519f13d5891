// SPDX-License-Identifier: Apache-2.0
#include "reports/record/record_samples.h"

#include <gmock/gmock.h>

#include <cmath>

#include "reports/record/record_pack.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "tests/reports/sample_record.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(KeptFeaturesTest, HalvesAreIeeeBinary16) {
  const std::vector<double> finite =
      values_of({2, 3, {0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00, 0xff, 0x7b, 0x00, 0x80, 0x55, 0x35}});
  EXPECT_THAT(finite, ElementsAre(1, -2, std::ldexp(1, -24), 65504, 0, 0.333251953125));
  const std::vector<double> strange = values_of({1, 2, {0x00, 0xfc, 0x01, 0x7c}});
  EXPECT_EQ(strange[0], -INFINITY);
  EXPECT_TRUE(std::isnan(strange[1]));
}

// Someone else's record decides neither how much memory a report takes nor what it computes on.
TEST(KeptFeaturesTest, WhatIsNoFeaturesIsRefused) {
  const ScratchFolder folder;
  const auto refusal = [&](const std::vector<uint64_t>& shape) -> std::string {
    uint64_t items = 1;
    for (const uint64_t each : shape) items *= each;
    Hdf5Writer writer;
    writer.bytes("/features/x", shape, std::vector<uint8_t>(items));
    write_atomically(folder.path() / "a.h5", writer.finish());
    try {
      read_features(Hdf5Reader(folder.path() / "a.h5"), "/features/x");
    } catch (const UserError& error) {
      return error.what();
    }
    return "read";
  };
  EXPECT_EQ(refusal({1024, 3, 2}), "read");
  EXPECT_THAT(refusal({1025, 3, 2}), HasSubstr("not the features of at most 1,024 images"));
  EXPECT_THAT(refusal({1, 8193, 2}), HasSubstr("not the features"));
  EXPECT_THAT(refusal({3, 4, 3}), HasSubstr("not the features"));
  EXPECT_THAT(refusal({24}), HasSubstr("/features/x"));
}

TEST(KeptFeaturesTest, AChildThatHandsOverFeaturesOfAnotherSizeIsRefused) {
  Record record = sample_record();
  record.stages[1].features = {2, 1, {0, 0, 0, 0}};
  EXPECT_EQ(unpack_record(pack_record(record), "a.h5").stages[1].features.images, 2);
  record.stages[1].features.images = 3;
  EXPECT_THROW(unpack_record(pack_record(record), "a.h5"), UserError);
}

}  // namespace
}  // namespace sslbench
