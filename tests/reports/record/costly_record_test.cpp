// SPDX-License-Identifier: Apache-2.0
// Records whose few bytes ask for more memory or work than any record needs.
#include <gmock/gmock.h>
#include <hdf5.h>

#include <functional>

#include "reports/record/hdf5/hdf5_reader.h"
#include "reports/record/record_store.h"
#include "tests/datasets/readers/failure.h"
#include "tests/reports/sample_record.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using testing::HasSubstr;

class CostlyRecordTest : public testing::Test {
 protected:
  // A file of ours with lists of float64 of `rows` each, of which none is stored.
  void write(const std::vector<std::string>& names, hsize_t rows, hsize_t chunk,
             const std::function<void(hid_t)>& filters = {}) const {
    const std::lock_guard lock(hdf5_mutex());
    const Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose), layout(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    H5Pset_libver_bounds(access.id(), H5F_LIBVER_V110, H5F_LIBVER_V110);
    H5Pset_chunk(layout.id(), 1, &chunk);
    if (filters) filters(layout.id());
    const Hdf5Handle file_id(H5Fcreate(file().c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.id()), H5Fclose);
    const hsize_t limit = H5S_UNLIMITED;
    const Hdf5Handle space(H5Screate_simple(1, &rows, &limit), H5Sclose);
    for (const std::string& name : names) {
      const Hdf5Handle made(
          H5Dcreate2(file_id.id(), name.c_str(), H5T_IEEE_F64LE, space.id(), H5P_DEFAULT, layout.id(), H5P_DEFAULT),
          H5Dclose);
    }
  }
  std::filesystem::path file() const { return folder_.path() / "run.h5"; }

 private:
  ScratchFolder folder_;
};

TEST_F(CostlyRecordTest, NoDatasetHoldsMoreThanARecordMay) {
  write({"a"}, hsize_t{1} << 30, 1 << 13);
  EXPECT_THAT(user_error([&] { Hdf5Reader(file()).reals("/a"); }), HasSubstr("larger than 256 MiB"));
}

TEST_F(CostlyRecordTest, NorDoAllOfThemTogether) {
  std::vector<std::string> names;
  for (int i = 0; i < 20; ++i) names.push_back("list" + std::to_string(i));
  constexpr hsize_t kRows = hsize_t{4} << 20;  // 32 MiB
  write(names, kRows, 1 << 13);
  const Hdf5Reader reader(file());
  size_t read = 0;
  const std::string refused = user_error([&] {
    for (const std::string& name : names) read += reader.reals("/" + name).size();
  });
  EXPECT_THAT(refused, HasSubstr("larger than 256 MiB"));
  EXPECT_LE(read, 8 * kRows);
  EXPECT_EQ(reader.reals("/list0").size(), kRows) << "what was read once takes no more room";
}

TEST_F(CostlyRecordTest, ChunksAndFiltersThatNoRecordHasAreRefused) {
  write({"a"}, 10, hsize_t{1} << 28);
  EXPECT_THAT(user_error([&] { Hdf5Reader(file()).reals("/a"); }), HasSubstr("chunks of more than 1 MiB"));
  write({"a"}, 10, 10, [](hid_t layout) { H5Pset_deflate(layout, 9), H5Pset_deflate(layout, 9); });
  EXPECT_THAT(user_error([&] { Hdf5Reader(file()).reals("/a"); }), HasSubstr("filters that no record has"));
  write({"a"}, 10, 10, [](hid_t layout) { H5Pset_nbit(layout); });
  EXPECT_THAT(user_error([&] { Hdf5Reader(file()).reals("/a"); }), HasSubstr("filters that no record has"));
}

TEST_F(CostlyRecordTest, JsonOfTheWrongTypeIsRefusedByName) {
  for (nlohmann::json Record::*member :
       {&Record::requested, &Record::effective, &Record::facts, &Record::environment}) {
    for (const nlohmann::json& wrong : {nlohmann::json{1, 2, 3}, nlohmann::json("text"), nlohmann::json(5)}) {
      Record record = sample_record();
      record.*member = wrong;
      write_record(record, file());
      EXPECT_THAT(user_error([&] { read_record(file()); }), HasSubstr("expected an object"));
    }
    Record record = sample_record();
    record.*member = nullptr;
    write_record(record, file());
    EXPECT_NO_THROW(read_record(file()));
  }
}

TEST_F(CostlyRecordTest, TwoStagesOfOneNameAreRefused) {
  Record record = sample_record();
  record.stages.emplace_back().name = "detection";
  write_record(record, file());
  EXPECT_THAT(user_error([&] { read_record(file()); }), HasSubstr("two stages have the name 'detection'"));
}

TEST_F(CostlyRecordTest, ATextOfManyMegabytesIsNoPartOfARecord) {
  Record record = sample_record();
  record.failure = std::string(5 << 20, 'x');
  write_record(record, file());
  EXPECT_THAT(user_error([&] { read_record(file()); }), HasSubstr("more than 4 MiB"));
}

}  // namespace
}  // namespace sslbench
