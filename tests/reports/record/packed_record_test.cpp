// SPDX-License-Identifier: Apache-2.0
#include "reports/record/packed_record.h"

#include <gmock/gmock.h>

#include <limits>

#include "reports/record/hdf5/record_seal.h"
#include "reports/record/planned_records.h"
#include "reports/record/record_pack.h"
#include "reports/record/record_store.h"
#include "suites/files/atomic_file.h"
#include "tests/reports/sample_record.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;

class PackedRecordTest : public testing::Test {
 protected:
  // The bytes of a file that holds `record` and says of itself that it holds `told`.
  static std::string saying(const Record& record, const Record& told) {
    const ScratchFolder folder;
    const std::string with_tails = record_bytes(record);
    write_atomically(folder.path() / "a.h5", with_tails);
    uint64_t end = 0;
    std::memcpy(&end, with_tails.data() + 28, sizeof end);  // HDF5's end of file
    return with_seal(with_packed(with_tails.substr(0, end), told));
  }

  // What is handed out of a run's file, or why it is refused.
  std::string taken(const std::string& bytes, const PartsOfRow& parts) {
    RunSpec run;
    const Record record = sample_record();
    run.row = record.row, run.seed = record.seed, run.id = "0123456789ab";
    Plan plan;
    plan.runs = {run, run};
    std::filesystem::create_directories(folder_.path() / "runs");
    write_atomically(record_file(folder_.path(), run), bytes);
    std::string out;
    read_planned_records(folder_.path(), plan, parts,
                         [&](const RunSpec&, std::optional<Record> found, const std::string& refused) {
                           out = found ? found->question : refused;
                         });
    return out;
  }

  ScratchFolder folder_;
};

TEST_F(PackedRecordTest, HoldsExactlyWhatTheFileHolds) {
  Record record = sample_record();
  record.failure = "two\nlines and é";
  record.stages[0].curves["other"] = {{1}, {std::numeric_limits<double>::infinity()}};
  record.effective = {{"limit", -1.5},
                      {"protocols", {{{"row", "knn"}, {"settings", {{"k", 20}}}, {"dataset", {{"name", "a"}}}}}}};
  const std::filesystem::path file = folder_.path() / "a.h5";
  write_record(record, file);
  const auto packed = packed_parts(file);
  ASSERT_TRUE(packed.has_value());
  EXPECT_TRUE(*packed == pack_record(read_record(file, RecordParts::reported)));
}

TEST_F(PackedRecordTest, AFileWithoutItOrWithABrokenSealHasNone) {
  const std::filesystem::path file = folder_.path() / "a.h5";
  std::string bytes = record_bytes(sample_record());
  bytes[100] ^= 1;
  write_atomically(file, bytes);
  EXPECT_FALSE(packed_parts(file).has_value());
  write_atomically(file, with_seal("content"));
  EXPECT_FALSE(packed_parts(file).has_value());
  EXPECT_FALSE(packed_parts(folder_.path() / "missing").has_value());
}

TEST_F(PackedRecordTest, AReportTakesItAndWhoeverVerifiesHoldsItAgainstTheFile) {
  Record told = sample_record();
  told.question = "told";
  const PartsOfRow reported{RecordParts::reported, RecordParts::reported};
  const PartsOfRow whole{RecordParts::headline, RecordParts::headline};
  const PartsOfRow verified{RecordParts::headline, RecordParts::headline, true};
  const std::string lying = saying(sample_record(), told), honest = saying(sample_record(), sample_record());
  EXPECT_EQ(taken(lying, reported), "told");
  EXPECT_EQ(taken(lying, whole), sample_record().question);
  EXPECT_THAT(taken(lying, verified), HasSubstr("says twice what it holds, and not the same"));
  EXPECT_EQ(taken(honest, verified), sample_record().question);
}

}  // namespace
}  // namespace sslbench
