// SPDX-License-Identifier: Apache-2.0
#include "datasets/install/installed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "suites/files/atomic_file.h"
#include "suites/files/file_lock.h"
#include "suites/ground/sha256.h"
#include "tests/datasets/cifar_files.h"
#include "tests/datasets/readers/failure.h"

namespace sslbench {
namespace {
namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

class InstalledTest : public testing::Test {
 protected:
  InstalledTest() { write_cifar_folder(folder_, 12, "from/"); }
  InstalledDataset add() { return add_dataset("cifar10", from_, root_); }
  std::unique_ptr<DataSource> open(Split split, const json& settings = json::object()) {
    return open_dataset("cifar10", settings, split, root_);
  }
  ScratchFolder folder_;
  fs::path from_ = folder_.path() / "from", root_ = folder_.path() / "root";
};

TEST_F(InstalledTest, AddedSetIsFoundWithItsDigestAndOpens) {
  const InstalledDataset added = add(), found = find_dataset("cifar10", root_);
  EXPECT_EQ(found.digest, added.digest);
  EXPECT_EQ(found.files, 7);
  EXPECT_EQ(found.digest, sha256_file(root_ / "cifar10/.sslbench.sha256"));
  EXPECT_EQ(dataset_digest("cifar10", json::object(), root_), added.digest);
  EXPECT_EQ(open(Split::train)->size(), 60);
  EXPECT_EQ(open(Split::test)->size(), 12);
  EXPECT_EQ(open(Split::test)->item(3).label, 3);
}

TEST_F(InstalledTest, DigestDependsOnContentNotOnPlace) {
  const std::string digest = add().digest;
  fs::rename(from_, folder_.path() / "elsewhere");
  EXPECT_EQ(add_dataset("cifar10", folder_.path() / "elsewhere", folder_.path() / "root2").digest, digest);
}

TEST_F(InstalledTest, OneFolderAroundEverythingIsTakenOff) {
  const std::string digest = add().digest;
  const ScratchFolder wrapped;
  write_cifar_folder(wrapped, 12, "cifar-10-batches-bin/");
  EXPECT_EQ(add_dataset("cifar10", wrapped.path(), folder_.path() / "root2").digest, digest);
}

TEST_F(InstalledTest, ArchiveGivesTheSameDigestAsItsFolder) {
  const std::string digest = add().digest;
  const fs::path archive = folder_.path() / "c.tar.gz";
  ASSERT_EQ(std::system(("tar czf " + archive.string() + " -C " + folder_.path().string() + " from").c_str()), 0);
  EXPECT_EQ(add_dataset("cifar10", archive, folder_.path() / "root2").digest, digest);
}

TEST_F(InstalledTest, PackedRecordsAreUnpackedOnceAndGiveTheSameDigest) {
  const std::string digest = add().digest;
  ASSERT_EQ(std::system(("gzip " + (from_ / "data_batch_2.bin").string()).c_str()), 0);
  ASSERT_EQ(std::system(("gzip " + (from_ / "test_batch.bin").string()).c_str()), 0);
  const InstalledDataset unpacked = add_dataset("cifar10", from_, folder_.path() / "root2");
  EXPECT_EQ(unpacked.digest, digest);
  EXPECT_TRUE(fs::exists(unpacked.folder / "test_batch.bin"));
  EXPECT_FALSE(fs::exists(unpacked.folder / "test_batch.bin.gz"));
}

TEST_F(InstalledTest, PackedRecordsOfLinkedFoldersStayAndAreRead) {
  ASSERT_EQ(std::system(("gzip " + (from_ / "test_batch.bin").string()).c_str()), 0);
  EXPECT_TRUE(fs::exists(add_dataset("cifar10", from_, root_, {.link = true}).folder / "test_batch.bin.gz"));
  EXPECT_EQ(open(Split::test)->item(3).label, 3);
  EXPECT_TRUE(fs::exists(from_ / "test_batch.bin.gz"));
}

TEST_F(InstalledTest, DamagedPackedRecordsAreNamedWithTheFolderTheyComeFrom) {
  fs::remove(from_ / "test_batch.bin");
  folder_.write("from/test_batch.bin.xz", "no xz");
  const std::string said = user_error([&] { add(); });
  EXPECT_THAT(said, HasSubstr("'" + from_.string() + "' is no whole cifar10 dataset: test_batch.bin.xz"));
}

TEST_F(InstalledTest, SameContentAgainIsFineOtherContentSaysHowToReplaceIt) {
  const std::string digest = add().digest;
  EXPECT_EQ(add().digest, digest);
  folder_.write("from/note.txt", "new");
  EXPECT_THAT(user_error([&] { add(); }), HasSubstr("remove that folder and run the command again"));
  EXPECT_EQ(find_dataset("cifar10", root_).digest, digest);
}

TEST_F(InstalledTest, UnfitContentIsRefusedAndLeavesNothing) {
  folder_.write("from/data_batch_3.bin", cifar_bytes({1, 2, 3}).substr(0, 5000));
  EXPECT_THAT(user_error([&] { add(); }), HasSubstr("data_batch_3.bin: ends at byte 5000 within record 1"));
  folder_.write("from/data_batch_3.bin", cifar_bytes({1, 2, 3}));
  EXPECT_THAT(user_error([&] { add(); }), HasSubstr("holds 3 records, data_batch_1 holds 12"));
  EXPECT_FALSE(fs::exists(root_ / "cifar10"));
  EXPECT_FALSE(fs::exists(root_ / ".adding-cifar10"));
}

TEST_F(InstalledTest, RefusalsSayWhatToDo) {
  EXPECT_THAT(user_error([&] { add_dataset("cifar1", from_, root_); }), HasSubstr("did you mean 'cifar10'"));
  EXPECT_THAT(user_error([&] { add_dataset("shapes", from_, root_); }), HasSubstr("is built in"));
  EXPECT_THAT(user_error([&] { add_dataset("cifar10", "/no/such/place", root_); }), HasSubstr("/no/such/place"));
  EXPECT_THAT(user_error([&] { open(Split::train); }), HasSubstr("sslbench data add cifar10 PATH\n"));
  EXPECT_THAT(user_error([&] { check_dataset("cifar10", root_); }), HasSubstr("sslbench data add cifar10 PATH\n"));
}

TEST_F(InstalledTest, ASecondAddAtTheSameTimeSaysWhoIsAdding) {
  fs::create_directories(root_);
  std::string holder;
  const auto lock = FileLock::try_take(root_ / ".adding-cifar10.lock", holder);
  ASSERT_TRUE(lock.has_value());
  EXPECT_THAT(user_error([&] { add(); }), HasSubstr("is being added by pid " + std::to_string(::getpid())));
}

// Fault matrix: 49
TEST_F(InstalledTest, CheckFindsTheFirstDifference) {
  add();
  EXPECT_EQ(check_dataset("cifar10", root_).inspection.findings.size(), 2u);
  const fs::path file = root_ / "cifar10/test_batch.bin";
  const std::string bytes = read_file(file);
  std::string changed = bytes;
  changed[100] = static_cast<char>(changed[100] ^ 1);
  write_atomically(file, changed);
  EXPECT_THAT(user_error([&] { check_dataset("cifar10", root_); }), HasSubstr("test_batch.bin has changed"));
  fs::remove(file);
  EXPECT_THAT(user_error([&] { check_dataset("cifar10", root_); }), HasSubstr("test_batch.bin is missing"));
  write_atomically(file, bytes);
  write_atomically(root_ / "cifar10/extra", "");
  EXPECT_THAT(user_error([&] { check_dataset("cifar10", root_); }), HasSubstr("extra was not there"));
}

TEST_F(InstalledTest, FileThatIsDamagedLaterFailsTheRunNotTheProgram) {
  add();
  fs::resize_file(root_ / "cifar10/data_batch_5.bin", 1000);
  EXPECT_THAT(data_failure([&] { open(Split::train); }), HasSubstr("data_batch_5.bin"));
}

TEST_F(InstalledTest, WholeRecordsThatAreGoneAreNoticed) {
  add();
  fs::resize_file(root_ / "cifar10/data_batch_2.bin", 6 * 3073);
  EXPECT_THAT(data_failure([&] { open(Split::train); }), HasSubstr("data_batch_2.bin has changed"));
}

// Of equal size: the labels would mean other classes.
// Fault matrix: 47
TEST_F(InstalledTest, ClassesInAnotherOrderAreNoticed) {
  add();
  const fs::path list = root_ / "cifar10/batches.meta.txt";
  const std::string names = read_file(list);
  ASSERT_TRUE(names.starts_with("airplane\nautomobile\n"));
  write_atomically(list, "automobile\nairplane\n" + names.substr(20));
  EXPECT_THAT(data_failure([&] { open(Split::test); }), HasSubstr("batches.meta.txt has changed"));
}

TEST_F(InstalledTest, ValIsTakenOutOfTrain) {
  add();
  EXPECT_THROW(open(Split::val), UserError);
  const json settings = {{"val_images", 20}};
  EXPECT_EQ(open(Split::val, settings)->size(), 20);
  EXPECT_EQ(open(Split::train, settings)->size(), 40);
  EXPECT_THROW(open(Split::train, {{"val_images", 20}, {"train_images", 41}}), UserError);
  EXPECT_THROW(open(Split::train, {{"val_images", 60}}), UserError);
}

TEST_F(InstalledTest, SubsetsOfTrainAreNestedAndAvoidVal) {
  // Pixels of record i of a file are all i: with 12 records a file, a file's records are told apart by them.
  folder_.write("from/data_batch_1.bin", cifar_bytes(std::vector<int>(12, 1)));
  add();
  const auto seen = [&](Split split, const json& settings) {
    std::multiset<std::pair<int, int>> out;
    const auto source = open(split, settings);
    for (int64_t i = 0; i < source->size(); ++i) out.emplace(source->item(i).label, source->item(i).image.pixels[0]);
    return out;
  };
  const auto small = seen(Split::train, {{"train_images", 10}, {"val_images", 30}});
  const auto large = seen(Split::train, {{"train_images", 30}, {"val_images", 30}});
  auto all = seen(Split::train, json::object());
  EXPECT_TRUE(std::includes(large.begin(), large.end(), small.begin(), small.end()));
  auto together = seen(Split::val, {{"val_images", 30}});
  together.insert(large.begin(), large.end());
  EXPECT_EQ(together, all);
}

TEST(DatasetDigestTest, BuiltInSetHasOnePerSettings) {
  const std::string plain = dataset_digest("shapes", json::object(), "");
  EXPECT_EQ(plain.size(), 64u);
  EXPECT_EQ(plain, dataset_digest("shapes", {{"data_seed", 1}}, ""));  // the default, spelled out
  EXPECT_NE(plain, dataset_digest("shapes", {{"data_seed", 2}}, ""));
}

TEST(DatasetDigestTest, AbsentSetHasNone) { EXPECT_EQ(dataset_digest("bccd", json::object(), "/no/such/root"), ""); }

TEST(DataRootTest, EnvironmentSaysWhereDataLies) {
  const char* before = std::getenv("SSLBENCH_DATA");
  const std::string kept = before != nullptr ? before : "";
  ::setenv("SSLBENCH_DATA", "/some/where", 1);
  EXPECT_EQ(default_data_root(), "/some/where");
  ::unsetenv("SSLBENCH_DATA");
  ::setenv("XDG_DATA_HOME", "/xdg", 1);
  EXPECT_EQ(default_data_root(), "/xdg/sslbench");
  ::unsetenv("XDG_DATA_HOME");
  if (!kept.empty()) ::setenv("SSLBENCH_DATA", kept.c_str(), 1);
}

}  // namespace
}  // namespace sslbench
