// SPDX-License-Identifier: Apache-2.0
#include "reports/record/hdf5/record_seal.h"

#include <gtest/gtest.h>

#include "reports/record/record_store.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "tests/reports/sample_record.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

// Where HDF5's own content ends, as its superblock says.
size_t content_end(const std::string& file) {
  uint64_t end = 0;
  std::memcpy(&end, file.data() + 28, sizeof end);
  return end;
}

// CRC-32 of "123456789" is 0xCBF43926.
TEST(RecordSealTest, IsAMarkAndTheChecksumOfAllBefore) {
  const std::string mark("sslbench\0\0\0\0", 12);
  EXPECT_EQ(with_seal("123456789"), "123456789" + mark + "\x26\x39\xF4\xCB");
}

TEST(RecordSealTest, FindsAChangeOfAnyByte) {
  const ScratchFolder folder;
  const std::filesystem::path file = folder.path() / "file";
  const std::string sealed = with_seal("some content");
  write_atomically(file, sealed);
  EXPECT_EQ(seal_of(file), Seal::intact);
  for (size_t at = 0; at < sealed.size(); ++at) {
    std::string changed = sealed;
    changed[at] ^= 4;
    write_atomically(file, changed);
    EXPECT_NE(seal_of(file), Seal::intact) << at;
  }
  write_atomically(file, "short");
  EXPECT_EQ(seal_of(file), Seal::none);
  EXPECT_THROW(seal_of(folder.path() / "missing"), UserError)
      << "what cannot be read is a mistake, not a fault of ours";
}

// Damage in a part that nobody asked for is damage of the record; sealed or, as the first files were, not.
// Fault matrix: 20
TEST(RecordSealTest, ADamagedRecordIsRefusedWhereverTheDamageLies) {
  const ScratchFolder folder;
  const std::filesystem::path file = folder.path() / "run.h5";
  write_record(sample_record(), file);
  const std::string sealed = read_file(file), bare = sealed.substr(0, content_end(sealed));
  for (const std::string& good : {sealed, bare}) {
    write_atomically(file, good);
    EXPECT_EQ(read_checked_record(file, RecordParts::headline).row, "simclr");
    std::string damaged = good;
    for (size_t at = bare.size() / 2; at < bare.size() / 2 + 200; ++at) damaged[at] = static_cast<char>(~damaged[at]);
    write_atomically(file, damaged);
    EXPECT_THROW(read_checked_record(file, RecordParts::headline), UserError);
  }
  for (size_t at = 0; at < sealed.size(); at += 211) {
    std::string damaged = sealed;
    damaged[at] ^= 1;
    write_atomically(file, damaged);
    EXPECT_THROW(read_checked_record(file, RecordParts::headline), UserError) << at;
  }
}

}  // namespace
}  // namespace sslbench
