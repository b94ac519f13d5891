// SPDX-License-Identifier: Apache-2.0
#include "datasets/packed/stored_chunks.h"

#include <gtest/gtest.h>

#include <random>
#include <thread>

#include "datasets/packed/pack_reader.h"
#include "datasets/packed/pack_writer.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

class StoredChunksTest : public testing::Test {
 protected:
  StoredChunksTest() {
    std::mt19937 numbers(7);
    for (uint8_t& byte : bytes_) byte = static_cast<uint8_t>(numbers());
    PackWriter writer(file_);
    for (size_t first = 0; first < bytes_.size(); first += kPiece) {
      writer.append("/train/images", &bytes_[first], std::min(kPiece, bytes_.size() - first));
    }
    writer.close();
  }

  static constexpr size_t kPiece = 100'003;
  ScratchFolder folder_;
  std::filesystem::path file_ = folder_.path() / "store.h5";
  std::vector<uint8_t> bytes_ = std::vector<uint8_t>(size_t{5} << 19);  // 2.5 chunks of 1 MiB
};

TEST_F(StoredChunksTest, AnyRangeFromManyThreadsIsWhatWasWritten) {
  const PackReader reader(file_);
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (size_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (size_t k = 0; k < 60; ++k) {
        const size_t first = (t * 7919 + k * 104729) % bytes_.size(), count = std::min(kPiece, bytes_.size() - first);
        const std::vector<uint8_t> got = reader.bytes("/train/images", first, count);
        if (!std::equal(got.begin(), got.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(first))) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(reader.bytes("/train/images", 0, bytes_.size()), bytes_);
}

// The checksums stay in force: one flipped bit of the second chunk spoils it and nothing else.
TEST_F(StoredChunksTest, ADamagedChunkIsRefusedAndTheOthersAreRead) {
  std::string content = read_file(file_);
  const size_t place = content.find(std::string(&bytes_[(1 << 20) + 5], &bytes_[(1 << 20) + 69]));
  ASSERT_NE(place, std::string::npos);
  content[place] = static_cast<char>(content[place] ^ 1);
  write_atomically(file_, content);
  const PackReader reader(file_);
  EXPECT_EQ(reader.bytes("/train/images", 0, 1000), std::vector<uint8_t>(bytes_.begin(), bytes_.begin() + 1000));
  EXPECT_THROW(reader.bytes("/train/images", (1 << 20) + 500'000, 10), RunFailure);
}

TEST_F(StoredChunksTest, AFileCutOffMeanwhileIsAnErrorNotASignal) {
  const PackReader reader(file_);
  reader.bytes("/train/images", 0, 10);
  std::filesystem::resize_file(file_, 1 << 20);
  EXPECT_THROW(reader.bytes("/train/images", size_t{2} << 20, 10), RunFailure);
}

TEST(Fletcher32Test, CountsOddBytesAndFoldsLongSums) {
  const std::vector<uint8_t> few{1, 2, 3}, many(5000, 0xFF);
  EXPECT_EQ(fletcher32(few.data(), 3), (0x0102u + 0x0402u) << 16 | 0x0402u);
  EXPECT_EQ(fletcher32(few.data(), 0), 0u);
  EXPECT_EQ(fletcher32(many.data(), 5000), 0xFFFFFFFFu);
}

}  // namespace
}  // namespace sslbench
