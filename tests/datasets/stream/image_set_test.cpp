// SPDX-License-Identifier: Apache-2.0
#include "datasets/stream/image_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/datasets/readers/failure.h"
#include "tests/datasets/stream/jpeg_source.h"

namespace sslbench {
namespace {

using testing::HasSubstr;

std::unique_ptr<JpegSource> source(int count, std::initializer_list<int64_t> damaged = {}) {
  auto out = std::make_unique<JpegSource>(count, 60, 80);
  for (const int64_t i : damaged) out->damage(i);
  return out;
}

TEST(ImageSetTest, StaysInMemoryWhenItFits) {
  const ImageSet images(source(6));
  EXPECT_TRUE(images.resident());
  EXPECT_GT(images.resident_bytes(), 6 * 40 * 80 * 3);
  EXPECT_EQ(images.item(3).get(), images.item(3).get());
  EXPECT_TRUE(images.stored_image(3).bytes.empty());
  EXPECT_EQ(images.longest_side(), 80 + 5 * 5);
}

TEST(ImageSetTest, IsDecodedWhenAskedForWhereItDoesNotFit) {
  const ImageSet kept(source(6));
  for (const int64_t budget : {int64_t{1}, kept.resident_bytes() - 1}) {
    const ImageSet images(source(6), {.budget = budget});
    EXPECT_FALSE(images.resident());
    EXPECT_EQ(images.resident_bytes(), 0);
    EXPECT_EQ(images.longest_side(), kept.longest_side());
    EXPECT_FALSE(images.stored_image(3).bytes.empty());
    for (int64_t i = 0; i < 6; ++i) {
      EXPECT_EQ(images.item(i)->image.pixels, kept.item(i)->image.pixels);
      EXPECT_EQ(images.item(i)->label, i);
    }
  }
  EXPECT_TRUE(ImageSet(source(6), {.budget = kept.resident_bytes()}).resident());
}

TEST(ImageSetTest, ASetThatIsMuchTooLargeIsNotReadWhole) {
  auto large = source(100);
  const JpegSource& watched = *large;
  const ImageSet images(std::move(large), {.budget = 1000});
  EXPECT_LE(watched.decoded, 32);
}

TEST(ImageSetTest, ScaledDecodingKeepsNothing) {
  EXPECT_FALSE(ImageSet(source(3), {.decode = DecodeMode::scaled}).resident());
}

TEST(ImageSetTest, ACorruptImageEndsTheRunByDefault) {
  EXPECT_THAT(data_failure([] { ImageSet(source(4, {2})); }), HasSubstr("picture2.jpg"));
  const ImageSet decoded(source(4, {2}), {.budget = 1});
  EXPECT_EQ(decoded.item(1)->label, 1);
  EXPECT_THAT(data_failure([&] { decoded.item(2); }), HasSubstr("picture2.jpg"));
}

TEST(ImageSetTest, ASkippedImageIsReplacedByTheNextAndCountedOnce) {
  for (const int64_t budget : {int64_t{1}, INT64_MAX}) {
    std::vector<int64_t> told;
    const ImageSet images(source(5, {4}), {.budget = budget,
                                           .on_corrupt = OnCorrupt::skip,
                                           .on_skip = [&](int64_t i, const std::string&) { told.push_back(i); }});
    EXPECT_EQ(images.item(4)->label, 0) << "after the last comes the first";
    EXPECT_EQ(images.item(4)->label, 0);
    EXPECT_EQ(images.item(3)->label, 3);
    EXPECT_EQ(told, std::vector<int64_t>{4});
    ASSERT_EQ(images.skipped().size(), 1u);
    EXPECT_THAT(images.skipped().at(4), HasSubstr("picture4.jpg"));
    EXPECT_TRUE(images.stored_image(0).bytes.empty()) << "all of a picture must be looked at";
  }
}

TEST(ImageSetTest, WhatIsKnownToBeCorruptIsCountedAndNotReadAgain) {
  const ImageSet images(source(5), {.budget = 1, .on_corrupt = OnCorrupt::skip, .known_corrupt = {{2, "as before"}}});
  EXPECT_EQ(images.item(2)->label, 3);
  EXPECT_EQ(images.skipped().at(2), "as before");
}

TEST(ImageSetTest, MoreThanAFewCorruptImagesAreAnError) {
  const ImageSet images(source(5, {1, 2}), {.budget = 1, .on_corrupt = OnCorrupt::skip});
  EXPECT_THAT(data_failure([&] { images.item(1); }), HasSubstr("2 of 5 images are corrupt"));
}

}  // namespace
}  // namespace sslbench
